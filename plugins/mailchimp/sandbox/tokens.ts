import { createHash, randomBytes } from 'node:crypto';
import { BLUE_FITNESS, DEMO_TOKEN } from './demo.ts';

const CODE_MS = 60_000;

/** A token never expires; it ends when its user removes the app. Only its hash is kept. */
export interface Grant {
  readonly hash: string;
  readonly account: string;
  revoked: boolean;
}

interface Code {
  readonly redirectUri: string;
  readonly account: string;
  readonly expires: number;
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url');

/** Codes, tokens and keys, and what became of them. */
export class Tokens {
  readonly #grants: Grant[];
  readonly #disabledKeys: Set<string>;
  readonly #codes = new Map<string, Code>();
  readonly #changed: () => void;

  constructor(given: { grants: readonly Grant[] | undefined; disabledKeys: readonly string[] | undefined }, changed: () => void) {
    this.#grants = [...(given.grants ?? [{ hash: hashOf(DEMO_TOKEN), account: BLUE_FITNESS.id, revoked: false }])];
    this.#disabledKeys = new Set(given.disabledKeys);
    this.#changed = changed;
  }

  get grants(): readonly Grant[] {
    return this.#grants;
  }

  get disabledKeys(): readonly string[] {
    return [...this.#disabledKeys];
  }

  newCode(given: { redirectUri: string; account: string }, now: number): string {
    const code = randomBytes(16).toString('hex');
    this.#codes.set(hashOf(code), { ...given, expires: now + CODE_MS });
    return code;
  }

  /** The token, or a sentence for `error_description`. A code is good once. */
  redeem(code: string, redirectUri: string, now: number): { token: string } | string {
    const found = this.#codes.get(hashOf(code));
    this.#codes.delete(hashOf(code));
    if (!found) return 'invalid grant, code is unknown or was used';
    if (found.expires < now) return 'invalid grant, code has expired';
    if (found.redirectUri !== redirectUri) return 'invalid grant, redirect_uri does not match';
    const token = randomBytes(16).toString('hex');
    this.#grants.push({ hash: hashOf(token), account: found.account, revoked: false });
    if (this.#grants.length > 40) this.#grants.splice(1, 1);
    this.#changed();
    return { token };
  }

  accountOf(token: string): string | undefined {
    const hash = hashOf(token);
    return this.#grants.find((grant) => grant.hash === hash && !grant.revoked)?.account;
  }

  isDisabled(key: string): boolean {
    return this.#disabledKeys.has(hashOf(key));
  }

  setKey(key: string, enabled: boolean): void {
    if (enabled) this.#disabledKeys.delete(hashOf(key));
    else this.#disabledKeys.add(hashOf(key));
    this.#changed();
  }

  /** How many sign-ins ended. */
  revoke(account: string): number {
    const hit = this.#grants.filter((grant) => !grant.revoked && grant.account === account);
    for (const grant of hit) grant.revoked = true;
    this.#changed();
    return hit.length;
  }
}
