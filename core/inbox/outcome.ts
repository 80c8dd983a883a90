import { isConflict, isDatabaseAway } from '../database/transaction.ts';
import { whyInactive } from '../integrations/integration.ts';
import type { Integration } from '../integrations/integration-store.ts';
import { type HubError, hubError } from '../sdk/index.ts';
import type { Outcome } from './claim.ts';

export const MAX_ATTEMPTS = 10;

/** Why an integration's events must wait; undefined when they need not. */
export function whyParked(integration: Integration): string | undefined {
  const why = whyInactive(integration);
  return why && `${why} The live change waits until then.`;
}

/** Seconds before the next attempt, the 1st to 9th failure spread over 22 hours; ±20 % so that a backlog does not return as one. */
export function backoffSeconds(attempts: number, random: () => number = Math.random): number {
  return 5 * 3.2 ** (attempts - 1) * (0.8 + 0.4 * random());
}

/** What to do with an event whose handling threw. */
export function outcomeOf(error: unknown, attempts: number, random: () => number = Math.random): Outcome {
  const known = hubError(error);
  if (!known) return ofOurs(error, attempts, random);
  const reason = known.message;
  if (known.consequence === 'reconnect-needed' || known.code === 'INTEGRATION_NOT_ACTIVE') return { kind: 'parked', reason };
  if (known.code === 'PLUGIN_UNAVAILABLE') return { kind: 'retry', reason, afterSeconds: 60, counted: false };
  if (known.consequence === 'rejected' || known.consequence === 'not-found') return { kind: 'dead', reason };
  return again({ reason, attempts, random, atLeast: asked(known) });
}

/** Not the plugin's doing: the database is away, or a mistake of the hub's. */
function ofOurs(error: unknown, attempts: number, random: () => number): Outcome {
  if (isDatabaseAway(error)) return { kind: 'retry', reason: 'The database was away.', afterSeconds: 2, counted: false };
  // Undone so that another could go on, which is done in a moment.
  if (attempts < MAX_ATTEMPTS && isConflict(error))
    return { kind: 'retry', reason: 'Another change was in the way.', afterSeconds: 1, counted: true };
  return again({ reason: 'The hub could not keep what the event changes; the log says why.', attempts, random, atLeast: 0 });
}

function again(how: { reason: string; attempts: number; random: () => number; atLeast: number }): Outcome {
  const { reason, attempts, random, atLeast } = how;
  if (attempts >= MAX_ATTEMPTS) return { kind: 'dead', reason: `Given up after ${attempts} attempts: ${reason}` };
  return { kind: 'retry', reason, afterSeconds: Math.max(atLeast, backoffSeconds(attempts, random)), counted: true };
}

/** A provider may ask for an absurd wait; a day is as long as we try at all. */
function asked({ afterSeconds }: HubError): number {
  return Math.min(Math.max(afterSeconds ?? 0, 0), 86_400);
}
