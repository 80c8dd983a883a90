import type { Sql } from '../database/transaction.ts';
import { NotFound, Rejected } from '../sdk/errors.ts';
import { publicUser, type User } from './accounts.ts';
import type { Audit } from './audit.ts';
import type { Actor } from './members.ts';
import { checkPassword, hashPassword } from './password.ts';
import type { PasswordResetStore } from './password-reset-store.ts';
import { newToken, tokenHash } from './token.ts';
import type { UserStore } from './user-store.ts';

interface PasswordResetsParts {
  readonly resets: PasswordResetStore;
  readonly users: UserStore;
  readonly audit: Audit;
  readonly publicUrl: string;
  readonly send: (mail: { to: string; url: string; minutes: number }, sql: Sql) => Promise<unknown>;
}

const MINUTES = 60;
/** Handed over by a person, who may be asleep. */
const BY_HAND_MINUTES = 24 * 60;

/** A new password for who forgot theirs: a link that works once. It does not take the second factor's place. */
export class PasswordResets {
  readonly #parts: PasswordResetsParts;

  constructor(parts: PasswordResetsParts) {
    this.#parts = parts;
  }

  /** Mails a link where the address has a login; says nothing either way. */
  async request(email: string, ip: string | undefined): Promise<void> {
    const user = email.includes('\0') ? undefined : await this.#parts.users.byEmail(email.trim());
    if (!user || user.disabledAt) return;
    const { token, hash } = newToken();
    await this.#parts.resets.transaction(async (sql) => {
      await this.#parts.resets.insert({ tokenHash: hash, userId: user.id, minutes: MINUTES }, sql);
      await this.#parts.audit.record({ actor: 'nobody', action: 'password.forgotten', target: user.id, ip }, sql);
      await this.#parts.send({ to: user.email, url: this.#url(token), minutes: MINUTES }, sql);
    });
  }

  /** A link for the operator to hand over, for a day. @throws NotFound; Rejected (`CONFLICT`) for a disabled user */
  async issue(userId: string, { principal, ip }: Actor): Promise<{ url: string; hours: number }> {
    const user = await this.#parts.users.byId(userId);
    if (!user) throw new NotFound('There is no such user.');
    if (user.disabledAt) throw new Rejected(`${user.email} is disabled; enable them first.`, { code: 'CONFLICT' });
    const { token, hash } = newToken();
    await this.#parts.resets.transaction(async (sql) => {
      await this.#parts.resets.insert({ tokenHash: hash, userId, minutes: BY_HAND_MINUTES }, sql);
      await this.#parts.audit.record({ principal, ip, action: 'password.reset-link', target: userId }, sql);
    });
    return { url: this.#url(token), hours: BY_HAND_MINUTES / 60 };
  }

  /** Whose password a link sets. @throws NotFound for one that is used or ended */
  async read(token: string): Promise<{ email: string }> {
    const userId = await this.#parts.resets.find(tokenHash(token));
    const user = userId && (await this.#parts.users.byId(userId));
    if (!user || user.disabledAt) throw ended();
    return { email: user.email };
  }

  /** Ends every session and every other link of the user. @throws as {@link read} does; Rejected for a weak password */
  async redeem(token: string, password: string, ip: string | undefined): Promise<User> {
    const { email } = await this.read(token);
    checkPassword(password, email);
    const passwordHash = await hashPassword(password);
    return this.#parts.resets.transaction(async (sql) => {
      const userId = await this.#parts.resets.take(tokenHash(token), sql);
      const user = userId && (await this.#parts.users.setPasswordHash(userId, passwordHash, sql));
      if (!user) throw ended();
      await this.#parts.audit.record({ actor: user.email, action: 'password.reset', target: user.id, ip }, sql);
      return publicUser(user);
    });
  }

  #url(token: string): string {
    return `${this.#parts.publicUrl}/reset/${token}`;
  }
}

function ended(): NotFound {
  return new NotFound('This link is not valid any more: it was used, or its time is over. Ask for a new one.');
}
