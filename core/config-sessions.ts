import { createHmac } from 'node:crypto';
import type { Ring } from './config-keys.ts';
import { type Env, oneOf, text, wholeNumber } from './config-values.ts';

const SECOND_FACTOR = ['nobody', 'operators', 'everybody'] as const;
const YEAR_HOURS = 366 * 24;

export type RequireSecondFactor = (typeof SECOND_FACTOR)[number];

export interface SessionSettings {
  readonly sessionSecret: string;
  /** Of the ring's other keys: what was signed under them still holds. */
  readonly formerSessionSecrets: readonly string[];
  /** How long a person stays signed in: without using it, and at most. */
  readonly sessions: { readonly idleHours: number; readonly hours: number };
  /** Who must have a second factor to do anything on the pages. */
  readonly requireSecondFactor: RequireSecondFactor;
}

export function readSessions(env: Env, keys: Ring): SessionSettings {
  const given = text(env, 'SESSION_SECRET');
  const secrets = keys.map(({ key }) => createHmac('sha256', key).update('session').digest('base64url'));
  const [sessionSecret = '', ...formerSessionSecrets] = given === undefined ? secrets : [given];
  return {
    sessionSecret,
    formerSessionSecrets,
    sessions: {
      idleHours: wholeNumber(env, 'SESSION_IDLE_HOURS', { fallback: 7 * 24, min: 1, max: YEAR_HOURS }),
      hours: wholeNumber(env, 'SESSION_HOURS', { fallback: 30 * 24, min: 1, max: YEAR_HOURS }),
    },
    requireSecondFactor: oneOf(env, 'REQUIRE_SECOND_FACTOR', {
      allowed: SECOND_FACTOR,
      fallback: 'nobody',
    }) as RequireSecondFactor,
  };
}
