import type { Manifest } from '../sdk/index.ts';
import { type Credential, KEY_WARN_DAYS } from './credential-store.ts';
import { renewalOf } from './renewals.ts';
import { isInterrupted } from './token-need.ts';

export interface TokenHealth {
  readonly state: 'good' | 'ending' | 'ended';
  /** Null: it does not end. */
  readonly expiresAt: Date | null;
  readonly refreshedAt: Date | null;
  /** The hub renews it by itself. */
  readonly renewable: boolean;
  /** Renewals in a row that did not succeed. */
  readonly failures: number;
  /** Null for keys, which the hub does not renew. */
  readonly renewal: RenewalHealth | null;
}

/** Where the renewal of a token stands, on whichever host. */
export interface RenewalHealth {
  /**
   * `idle`: nothing to do. `renewing`: a host is at it. `waiting`: it did not work, and is tried again at `nextTryAt`.
   * `interrupted`: the host that was at it is gone; another goes on. `refused`: a person has to connect again.
   */
  readonly state: 'idle' | 'renewing' | 'waiting' | 'interrupted' | 'refused';
  /** The host that renews it, by the name it gave itself when it started. */
  readonly by: string | null;
  readonly since: Date | null;
  /** Begun since the token was last renewed. */
  readonly attempts: number;
  readonly lastOutcome: Credential['refreshOutcome'];
  readonly lastOutcomeAt: Date | null;
  /** Why it did not work. */
  readonly message: string | null;
  readonly nextTryAt: Date | null;
}

const DAY_MS = 86_400_000;
const ENDING_MS = 10 * 60_000;

/** Null for what has no end. */
export function tokenHealth(credential: Credential | undefined, manifest: Manifest | undefined, now: Date): TokenHealth | null {
  if (!credential || (credential.method === 'manual' && !credential.expiresAt)) return null;
  const { method, expiresAt, refreshedAt, secrets, refreshFailures: failures } = credential;
  const left = expiresAt ? expiresAt.getTime() - now.getTime() : Number.POSITIVE_INFINITY;
  const near = method === 'manual' ? KEY_WARN_DAYS * DAY_MS : warnMsOf(manifest);
  const state = left <= 0 ? 'ended' : left < near ? 'ending' : 'good';
  const renewable = method === 'oauth' && secrets['refreshToken'] !== undefined;
  const renewal = method === 'oauth' ? renewalHealth(credential) : null;
  return { state, expiresAt, refreshedAt, renewable, failures, renewal };
}

function renewalHealth(credential: Credential): RenewalHealth {
  const state = stateOf(credential);
  return {
    state,
    by: credential.leaseOwner,
    since: credential.leaseSince,
    attempts: credential.refreshAttempts,
    lastOutcome: credential.refreshOutcome,
    lastOutcomeAt: credential.refreshOutcomeAt,
    message: credential.refreshMessage,
    nextTryAt: state === 'waiting' ? credential.leaseUntil : null,
  };
}

function stateOf(credential: Credential): RenewalHealth['state'] {
  if (credential.refreshOutcome === 'refused') return 'refused';
  if (isInterrupted(credential)) return 'interrupted';
  if (credential.leaseMs === null) return 'idle';
  return credential.leaseOwner === null ? 'waiting' : 'renewing';
}

/** Where its owner has to renew it, the end is near when the card begins to ask for it. */
function warnMsOf(manifest: Manifest | undefined): number {
  const renewal = manifest && renewalOf(manifest);
  return renewal ? renewal.warnDays * DAY_MS : ENDING_MS;
}
