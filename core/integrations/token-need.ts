import type { Credential } from './credential-store.ts';

const EARLY_MS = 5 * 60_000;

export type TokenNeed = 'none' | 'soon' | 'now';

/** Must the access token be renewed? `soon`: it still works, for less than five minutes or a tenth of its life. */
export function needOf({ expiresAt, refreshedAt }: Pick<Credential, 'expiresAt' | 'refreshedAt'>, now: number): TokenNeed {
  if (!expiresAt) return 'none';
  const left = expiresAt.getTime() - now;
  if (left <= 0) return 'now';
  const life = expiresAt.getTime() - (refreshedAt?.getTime() ?? now);
  return left < Math.min(EARLY_MS, life / 10) ? 'soon' : 'none';
}
