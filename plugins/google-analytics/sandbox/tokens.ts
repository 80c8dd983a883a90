import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { DEMO_ACCESS_TOKEN, DEMO_REFRESH_TOKEN, OWNER, SCOPES } from './demo.ts';

export const ACCESS_SECONDS = 3599;
const CODE_MS = 10 * 60_000;

/** All tokens that came of one consent. The refresh token never changes; revoking one ends every grant of that person. */
export interface Grant {
  readonly id: string;
  readonly sub: string;
  readonly scopes: readonly string[];
  /** Hashes: the demo keeps no token in the clear either. */
  access: { hash: string; expires: number }[];
  refresh: string | undefined;
}

interface Code {
  readonly redirectUri: string;
  readonly sub: string;
  readonly scopes: readonly string[];
  readonly challenge: string | undefined;
  readonly offline: boolean;
  readonly expires: number;
}

export interface Issued {
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly grant: Grant;
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url');

/** Codes and tokens as Google deals with them. */
export class Tokens {
  #grants: Grant[];
  readonly #codes = new Map<string, Code>();
  readonly #changed: () => void;

  constructor(given: { grants: Grant[] | undefined; now: number; changed: () => void }) {
    this.#grants = given.grants ?? [demoGrant(given.now)];
    this.#changed = given.changed;
  }

  get grants(): readonly Grant[] {
    return this.#grants;
  }

  newCode(given: Omit<Code, 'expires'>, now: number): string {
    const code = `4/0${randomBytes(24).toString('base64url')}`;
    this.#codes.set(hashOf(code), { ...given, expires: now + CODE_MS });
    return code;
  }

  /** A sentence for `error_description` where the code is no good. A code works once, good verifier or not. */
  redeem(given: { code: string; redirectUri: string; verifier: string | undefined }, now: number): Issued | string {
    const found = this.#codes.get(hashOf(given.code));
    this.#codes.delete(hashOf(given.code));
    if (!found || found.expires < now) return 'Malformed auth code.';
    if (found.redirectUri !== given.redirectUri) return 'Bad Request';
    if (found.challenge && !given.verifier) return 'Missing code verifier.';
    if (found.challenge && hashOf(given.verifier ?? '') !== found.challenge) return 'Invalid code verifier.';
    const { sub, scopes, offline } = found;
    const grant: Grant = { id: randomUUID(), sub, scopes, access: [], refresh: undefined };
    this.#grants = [...this.#grants, grant].slice(-40);
    if (!offline) return this.#issue(grant, now);
    const refreshToken = `1//0${randomBytes(32).toString('base64url')}`;
    grant.refresh = hashOf(refreshToken);
    return { ...this.#issue(grant, now), refreshToken };
  }

  refresh(token: string, now: number): Issued | undefined {
    const grant = this.#grants.find(({ refresh }) => refresh === hashOf(token));
    return grant && this.#issue(grant, now);
  }

  /** The grant a living access token belongs to. */
  grantOf(token: string, now: number): Grant | undefined {
    const hash = hashOf(token);
    return this.#grants.find(({ access }) => access.some((one) => one.hash === hash && one.expires > now));
  }

  hasConsented(sub: string): boolean {
    return this.#grants.some((grant) => grant.sub === sub && grant.refresh !== undefined);
  }

  /** Access tokens end at once, refresh tokens stay good; how many consents that touched. */
  expire(): number {
    for (const grant of this.#grants) grant.access = [];
    this.#changed();
    return this.#grants.length;
  }

  /** Every grant of the person whose token this is; `undefined`: nobody's. */
  revoke(token: string): string | undefined {
    const hash = hashOf(token);
    const owner = this.#grants.find((grant) => grant.refresh === hash || grant.access.some((one) => one.hash === hash));
    if (owner) this.revokeAll(owner.sub);
    return owner?.sub;
  }

  revokeAll(sub?: string): number {
    const before = this.#grants.length;
    this.#grants = this.#grants.filter((grant) => sub !== undefined && grant.sub !== sub);
    this.#changed();
    return before - this.#grants.length;
  }

  #issue(grant: Grant, now: number): Issued {
    const accessToken = `ya29.${randomBytes(40).toString('base64url')}`;
    grant.access = [...grant.access, { hash: hashOf(accessToken), expires: now + ACCESS_SECONDS * 1000 }].slice(-10);
    this.#changed();
    return { accessToken, grant };
  }
}

/** What the checker and the contract suite come in with. */
function demoGrant(now: number): Grant {
  return {
    id: 'demo',
    sub: OWNER.sub,
    scopes: Object.values(SCOPES),
    access: [{ hash: hashOf(DEMO_ACCESS_TOKEN), expires: now + 365 * 86_400_000 }],
    refresh: hashOf(DEMO_REFRESH_TOKEN),
  };
}
