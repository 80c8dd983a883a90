import type { Credential } from './credential-store.ts';

const EARLY_MS = 5 * 60_000;

export type TokenNeed = 'none' | 'soon' | 'now';

type Judged = Pick<Credential, 'expiresAt' | 'refreshedAt' | 'leaseOwner' | 'leaseMs'>;

/**
 * Must the access token be renewed? `soon`: it still works, for less than five minutes or a tenth of its life, or for all we
 * know: a renewal was interrupted, and the provider may have ended the pair while its answer was lost. Where such an answer
 * can be had once more, that is a matter of seconds.
 */
export function needOf(credential: Judged, now: number): TokenNeed {
  const { expiresAt, refreshedAt } = credential;
  const left = expiresAt ? expiresAt.getTime() - now : Number.POSITIVE_INFINITY;
  if (left <= 0) return 'now';
  if (isInterrupted(credential)) return 'soon';
  if (!expiresAt) return 'none';
  const life = expiresAt.getTime() - (refreshedAt?.getTime() ?? now);
  return left < Math.min(EARLY_MS, life / 10) ? 'soon' : 'none';
}

/** Whoever had the lease was never heard of again. */
export function isInterrupted({ leaseOwner, leaseMs }: Pick<Credential, 'leaseOwner' | 'leaseMs'>): boolean {
  return leaseOwner !== null && leaseMs === null;
}
