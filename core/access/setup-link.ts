import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Rejected } from '../sdk/errors.ts';
import type { Accounts, FirstAdmin, User } from './accounts.ts';

/** The one-time link that makes the first admin: printed once per start, while there are no users. */
export class SetupLink {
  readonly #accounts: Accounts;
  #hash: Buffer | undefined;

  constructor(accounts: Accounts) {
    this.#accounts = accounts;
  }

  /** The path to print, or undefined when there are users. A link issued earlier by this process ends. */
  async issue(): Promise<string | undefined> {
    if (await this.#accounts.hasUsers()) return undefined;
    const token = randomBytes(24).toString('base64url');
    this.#hash = digest(token);
    return `/setup?token=${token}`;
  }

  valid(token: string): boolean {
    return this.#hash !== undefined && timingSafeEqual(this.#hash, digest(token));
  }

  /**
   * Input that is refused does not use the link up.
   * @throws Rejected (`FORBIDDEN`) when the link is wrong or used, or as {@link Accounts.firstAdmin} does
   */
  async claim(token: string, admin: FirstAdmin): Promise<{ user: User; storeId: string }> {
    if (!this.valid(token)) {
      throw new Rejected('This setup link is not valid any more; restart the hub to get a new one.', { code: 'FORBIDDEN' });
    }
    const made = await this.#accounts.firstAdmin(admin);
    this.#hash = undefined;
    return made;
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
