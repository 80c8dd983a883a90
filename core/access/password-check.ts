import { createHmac, randomBytes } from 'node:crypto';
import { passwordMatches } from './password.ts';

const KEPT_MS = 60_000;
const MOST_KEPT = 1000;

/**
 * Holds passwords against what is stored of them. One that was right a moment ago is not worked out again, so that a caller
 * who sends it with every call does not keep the hub busy. It is remembered with the hash it was right for, which changes
 * with the password; what is remembered is an HMAC under a key of this process.
 */
export class PasswordCheck {
  readonly #key = randomBytes(32);
  readonly #right = new Map<string, number>();
  readonly #matches: typeof passwordMatches;
  readonly #now: () => number;

  constructor({ matches = passwordMatches, now = () => performance.now() } = {}) {
    this.#matches = matches;
    this.#now = now;
  }

  /** @param stored undefined for an unknown user, for whom it takes as long as for a wrong password */
  async matches(stored: string | undefined, password: string): Promise<boolean> {
    if (stored === undefined) return this.#matches(stored, password);
    const mark = createHmac('sha256', this.#key)
      .update(JSON.stringify([stored, password]))
      .digest('base64url');
    const until = this.#right.get(mark);
    if (until !== undefined && this.#now() < until) return true;
    const matches = await this.#matches(stored, password);
    if (matches) this.#keep(mark);
    return matches;
  }

  #keep(mark: string): void {
    this.#right.delete(mark);
    this.#right.set(mark, this.#now() + KEPT_MS);
    const [oldest] = this.#right.keys();
    if (this.#right.size > MOST_KEPT && oldest !== undefined) this.#right.delete(oldest);
  }
}
