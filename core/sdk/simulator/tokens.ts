import { createHash, randomBytes, randomUUID } from 'node:crypto';

/** What is kept of a secret: the demo keeps none in the clear either. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** A new secret nobody can guess, 64 hexadecimal digits behind what tells its kind. */
export function newSecret(prefix = ''): string {
  return `${prefix}${randomBytes(32).toString('hex')}`;
}

/** Why a code is no good. */
export type CodeFault = 'unknown' | 'used' | 'expired' | 'redirect_uri' | 'code_verifier';

interface Code<Given> {
  readonly given: Given;
  readonly redirectUri: string;
  readonly challenge: string | undefined;
  readonly expires: number;
  used: boolean;
}

/** Authorization codes (RFC 6749, 4.1.2; PKCE: RFC 7636): bound to the redirect URI, good once and for a short time. Not saved. */
export class AuthorizationCodes<Given> {
  readonly #codes = new Map<string, Code<Given>>();
  readonly #rules: { readonly lifetimeMs: number; readonly sparesMismatch: boolean };

  /** Ten minutes by default. `sparesMismatch`: showing a code with a wrong redirect URI does not use it up. */
  constructor(rules: { readonly lifetimeMs?: number; readonly sparesMismatch?: boolean } = {}) {
    this.#rules = { lifetimeMs: 10 * 60_000, sparesMismatch: false, ...rules };
  }

  /** A code for what was allowed; times in milliseconds. */
  issue(given: Given, at: { redirectUri: string; challenge?: string | undefined; now: number; prefix?: string }): string {
    const code = newSecret(at.prefix);
    const { redirectUri, challenge, now } = at;
    this.#codes.set(hashOf(code), { given, redirectUri, challenge, expires: now + this.#rules.lifetimeMs, used: false });
    return code;
  }

  /** What was allowed, with a fault where the code is no good. Whoever shows it uses it up. */
  redeem(
    code: string,
    at: { redirectUri: string; verifier?: string | undefined; now: number },
  ):
    | { readonly given: Given; readonly fault?: Exclude<CodeFault, 'unknown'> }
    | { readonly given?: undefined; readonly fault: 'unknown' } {
    const found = this.#codes.get(hashOf(code));
    if (!found) return { fault: 'unknown' };
    const { given } = found;
    if (found.used) return { given, fault: 'used' };
    if (found.expires < at.now) return { given, fault: 'expired' };
    const isMatch = found.redirectUri === at.redirectUri;
    found.used = isMatch || !this.#rules.sparesMismatch;
    if (!isMatch) return { given, fault: 'redirect_uri' };
    if (found.challenge && hashOf(at.verifier ?? '') !== found.challenge) return { given, fault: 'code_verifier' };
    return { given };
  }
}

/** All tokens that came of one consent. Plain JSON, to be saved: of tokens only their hashes. */
export interface TokenGrant {
  readonly id: string;
  /** Whose it is, as the simulator names accounts. */
  readonly subject: string;
  readonly scopes: readonly string[];
  /** Living ones; `expires` in milliseconds, 0 for never. */
  access: { readonly hash: string; readonly expires: number }[];
  /** The one in force. */
  refresh: string | undefined;
  /** Refresh tokens that were rotated away, the latest last. */
  used: string[];
  /** In milliseconds. */
  rotatedAt?: number;
  revoked: boolean;
}

/** What a token endpoint answers with. */
export interface IssuedTokens {
  readonly accessToken: string;
  /** Not with a renewal that keeps the one there is. */
  readonly refreshToken?: string;
  readonly grant: TokenGrant;
}

/** How a provider deals with tokens. */
export interface TokenRules {
  /** How long an access token lives; 0 for ever. */
  readonly accessSeconds: number;
  /** A renewal brings a new refresh token and ends the old one; whoever shows that one again ends the grant. */
  readonly rotates?: boolean;
  /** So long after that the old one still brings a pair, in place of one that was lost; where the documents say so. Default 0. */
  readonly graceSeconds?: number;
  /** What the tokens begin with. */
  readonly prefixes?: { readonly access: string; readonly refresh: string };
  /** After each change: the time to save. */
  changed(): void;
}

const MOST_GRANTS = 40;
const MOST_LIVING = 10;
const MOST_USED = 50;

/** Access and refresh tokens: expiry, rotation, and what happens to those who try one twice. Times in milliseconds. */
export class TokenStore {
  #grants: TokenGrant[];
  readonly #rules: TokenRules;

  constructor(grants: readonly TokenGrant[], rules: TokenRules) {
    this.#grants = [...grants];
    this.#rules = rules;
  }

  /** What to save. */
  get grants(): readonly TokenGrant[] {
    return this.#grants;
  }

  get living(): readonly TokenGrant[] {
    return this.#grants.filter(({ revoked }) => !revoked);
  }

  /** A new grant and its first tokens; `refreshable` for one that comes with a refresh token. */
  open(given: { subject: string; scopes: readonly string[]; refreshable: boolean }, now: number): IssuedTokens {
    const { subject, scopes, refreshable } = given;
    const grant: TokenGrant = { id: randomUUID(), subject, scopes, access: [], refresh: undefined, used: [], revoked: false };
    this.#grants = [...this.#grants, grant].slice(-MOST_GRANTS);
    return this.#issue(grant, { refreshable, now });
  }

  /** New tokens for a refresh token, or why there are none. A rotated one that is shown again after its grace revokes its grant. */
  renew(refreshToken: string, now: number): IssuedTokens | 'unknown' | 'used' {
    const hash = hashOf(refreshToken);
    const reused = this.#grants.find(({ used }) => used.includes(hash));
    if (reused) return this.#again(reused, hash, now);
    const [grant, refreshable] = [this.living.find(({ refresh }) => refresh === hash), this.#rules.rotates ?? false];
    if (!grant) return 'unknown';
    if (refreshable) Object.assign(grant, { used: [...grant.used, hash].slice(-MOST_USED), rotatedAt: now });
    return this.#issue(grant, { refreshable, now });
  }

  /** The grant a living access token belongs to. */
  grantOf(accessToken: string, now: number): TokenGrant | undefined {
    const hash = hashOf(accessToken);
    return this.living.find(({ access }) => access.some((one) => one.hash === hash && (one.expires === 0 || one.expires > now)));
  }

  /** The living grant of an access or a refresh token. */
  find(token: string): TokenGrant | undefined {
    const hash = hashOf(token);
    return this.living.find(({ access, refresh }) => refresh === hash || access.some((one) => one.hash === hash));
  }

  /** Access tokens end at once, refresh tokens stay good; how many grants that touched. */
  expire(): number {
    const hit = this.living;
    for (const grant of hit) grant.access = [];
    this.#rules.changed();
    return hit.length;
  }

  /** Ends grants with all their tokens; how many. */
  revoke(which: (grant: TokenGrant) => boolean = () => true): number {
    const hit = this.living.filter(which);
    for (const grant of hit) Object.assign(grant, { revoked: true, access: [] });
    this.#rules.changed();
    return hit.length;
  }

  #again(grant: TokenGrant, hash: string, now: number): IssuedTokens | 'used' {
    const { used, refresh, rotatedAt = 0, revoked } = grant;
    if (revoked || used.at(-1) !== hash || now >= rotatedAt + (this.#rules.graceSeconds ?? 0) * 1000) {
      this.revoke((one) => one === grant);
      return 'used';
    }
    grant.used = [...used.slice(0, -1), refresh ?? '', hash].slice(-MOST_USED);
    return this.#issue(grant, { refreshable: true, now });
  }

  #issue(grant: TokenGrant, { refreshable, now }: { refreshable: boolean; now: number }): IssuedTokens {
    const { accessSeconds, prefixes } = this.#rules;
    const accessToken = newSecret(prefixes?.access);
    const expires = accessSeconds === 0 ? 0 : now + accessSeconds * 1000;
    grant.access = [...grant.access, { hash: hashOf(accessToken), expires }].slice(-MOST_LIVING);
    const refreshToken = refreshable ? newSecret(prefixes?.refresh) : undefined;
    if (refreshToken) grant.refresh = hashOf(refreshToken);
    this.#rules.changed();
    return { accessToken, ...(refreshToken && { refreshToken }), grant };
  }
}

/** A grant that is there from the first day, for the simulator's `demo`; `expires` in milliseconds, 0 for never. */
export function demoGrant(
  given: { subject: string; scopes: readonly string[] },
  tokens: { accessToken: string; refreshToken?: string; expires: number },
): TokenGrant {
  const access = [{ hash: hashOf(tokens.accessToken), expires: tokens.expires }];
  return { id: 'demo', ...given, access, refresh: tokens.refreshToken && hashOf(tokens.refreshToken), used: [], revoked: false };
}
