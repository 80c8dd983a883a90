import { createHash, randomBytes, randomUUID } from 'node:crypto';

const ACCESS_SECONDS = 86_399;
const CODE_MS = 10 * 60_000;

/** All tokens that came of one consent: a refresh token used twice ends them all. */
export interface Family {
  readonly id: string;
  readonly locationId: string;
  readonly scopes: readonly string[];
  /** Hashes: the demo keeps no token in the clear either. */
  access: { hash: string; expires: number }[];
  refresh: string;
  used: string[];
  revoked: boolean;
}

export interface Issued {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresIn: number;
  readonly family: Family;
}

interface Code {
  readonly redirectUri: string;
  readonly locationId: string;
  readonly scopes: readonly string[];
  readonly expires: number;
  family: string | undefined;
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url');

/** Codes and tokens: single use, rotation, and what happens to those who try twice. */
export class Tokens {
  readonly #families: Family[];
  readonly #codes = new Map<string, Code>();
  readonly #changed: () => void;

  constructor(families: Family[] | undefined, changed: () => void) {
    this.#families = families ?? [];
    this.#changed = changed;
  }

  get families(): readonly Family[] {
    return this.#families;
  }

  newCode(given: { redirectUri: string; locationId: string; scopes: readonly string[] }, now: number): string {
    const code = randomBytes(20).toString('hex');
    this.#codes.set(hashOf(code), { ...given, expires: now + CODE_MS, family: undefined });
    return code;
  }

  /** A sentence for `error_description` where the code is no good. */
  redeem(code: string, redirectUri: string, now: number): Issued | string {
    const found = this.#codes.get(hashOf(code));
    if (!found) return 'Invalid grant: authorization code is invalid';
    if (found.family) {
      this.#revoke((family) => family.id === found.family);
      return 'Invalid grant: authorization code has already been used';
    }
    if (found.expires < now) return 'Invalid grant: authorization code has expired';
    if (found.redirectUri !== redirectUri) return 'Invalid grant: `redirect_uri` does not match';
    const { locationId, scopes } = found;
    const family: Family = { id: randomUUID(), locationId, scopes, access: [], refresh: '', used: [], revoked: false };
    found.family = family.id;
    this.#families.push(family);
    if (this.#families.length > 40) this.#families.shift();
    return this.#issue(family, now);
  }

  refresh(token: string, now: number): Issued | string {
    const hash = hashOf(token);
    const reused = this.#families.find((family) => family.used.includes(hash));
    if (reused) {
      this.#revoke((family) => family === reused);
      return 'Invalid grant: refresh token has already been used';
    }
    const family = this.#families.find((one) => one.refresh === hash && !one.revoked);
    if (!family) return 'Invalid grant: refresh token is invalid';
    family.used = [...family.used, hash].slice(-50);
    return this.#issue(family, now);
  }

  /** The family a living access token belongs to. */
  familyOf(token: string, now: number): Family | undefined {
    const hash = hashOf(token);
    return this.#families.find(
      (family) => !family.revoked && family.access.some((access) => access.hash === hash && access.expires > now),
    );
  }

  /** Access tokens end at once, refresh tokens stay good; how many consents that touched. */
  expire(): number {
    const living = this.#families.filter((family) => !family.revoked);
    for (const family of living) family.access = [];
    this.#changed();
    return living.length;
  }

  /** Refresh tokens end too. */
  revoke(locationId?: string): number {
    return this.#revoke((family) => locationId === undefined || family.locationId === locationId);
  }

  #revoke(which: (family: Family) => boolean): number {
    const hit = this.#families.filter((family) => !family.revoked && which(family));
    for (const family of hit) {
      family.revoked = true;
      family.access = [];
    }
    this.#changed();
    return hit.length;
  }

  #issue(family: Family, now: number): Issued {
    const accessToken = `sandbox-access-${randomBytes(32).toString('base64url')}`;
    const refreshToken = `sandbox-refresh-${randomBytes(32).toString('base64url')}`;
    family.access = [...family.access, { hash: hashOf(accessToken), expires: now + ACCESS_SECONDS * 1000 }].slice(-5);
    family.refresh = hashOf(refreshToken);
    this.#changed();
    return { accessToken, refreshToken, expiresIn: ACCESS_SECONDS, family };
  }
}
