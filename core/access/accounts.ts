import { hubError, NotFound, Rejected } from '../sdk/errors.ts';
import type { MembershipStore } from './membership-store.ts';
import { checkPassword, hashPassword, isOutdated } from './password.ts';
import { PasswordCheck } from './password-check.ts';
import { checkStoreNames } from './stores.ts';
import type { UserRow, UserStore } from './user-store.ts';

export interface User {
  readonly id: string;
  readonly email: string;
  readonly operator: boolean;
  /** Changes with the password, and with whatever else ends the user's sessions. */
  readonly stamp: string;
  /** Is a code asked for after the password? */
  readonly secondFactor: boolean;
  readonly disabledAt: Date | null;
  readonly createdAt: Date;
  readonly lastLoginAt: Date | null;
}

export interface FirstAdmin {
  readonly email: string;
  readonly password: string;
  readonly storeName: string;
  readonly storeSlug: string;
}

const TAKEN = 'There is a user with this email address already.';

/** People and their passwords. */
export class Accounts {
  readonly #users: UserStore;
  readonly #memberships: MembershipStore;
  readonly #passwords = new PasswordCheck();

  constructor(users: UserStore, memberships: MembershipStore) {
    this.#users = users;
    this.#memberships = memberships;
  }

  /** @throws Rejected (`VALIDATION_FAILED` with the field at fault; `CONFLICT` when the email is taken) */
  async createUser(input: { email: string; password: string; operator: boolean }): Promise<User> {
    const user = await this.#users.insert({ ...(await prepared(input)), operator: input.operator });
    if (!user) throw new Rejected(TAKEN, { code: 'CONFLICT', fields: [{ pointer: '/email', message: TAKEN }] });
    return publicUser(user);
  }

  /** Undefined for an unknown email, a disabled user and a wrong password alike, after the same amount of work. */
  async verifyPassword(email: string, password: string): Promise<User | undefined> {
    // Nobody's address holds a NUL, and Postgres refuses to look for one.
    const user = email.includes('\0') ? undefined : await this.#users.byEmail(email.trim());
    const matches = await this.#passwords.matches(user?.passwordHash, password);
    if (!user || !matches || user.disabledAt) return undefined;
    if (isOutdated(user.passwordHash)) await this.#users.rehash(user.id, user.passwordHash, await hashPassword(password));
    return publicUser(user);
  }

  /** Notes the moment at which somebody has proven all that is asked for. */
  loggedIn(id: string): Promise<void> {
    return this.#users.loggedIn(id);
  }

  /** Undefined for nobody, and for who may not come in. */
  async find(id: string): Promise<User | undefined> {
    const user = await this.#users.byId(id);
    return user && !user.disabledAt ? publicUser(user) : undefined;
  }

  async findByEmail(email: string): Promise<User | undefined> {
    const user = email.includes('\0') ? undefined : await this.#users.byEmail(email.trim());
    return user && !user.disabledAt ? publicUser(user) : undefined;
  }

  hasUsers(): Promise<boolean> {
    return this.#users.any();
  }

  /**
   * The operator, a store and its owner, or nothing at all; of several racing calls one wins.
   * @throws Rejected (`CONFLICT`) when there are users already
   */
  async firstAdmin(input: FirstAdmin): Promise<{ user: User; storeId: string }> {
    checkStoreNames({ slug: input.storeSlug, name: input.storeName }, { slug: '/storeSlug', name: '/storeName' });
    const fresh = await prepared(input);
    return this.#users.exclusively(async (sql) => {
      if (await this.#users.any(sql)) {
        throw new Rejected('This hub has been set up already; sign in instead.', { code: 'CONFLICT' });
      }
      const user = await this.#users.insert({ ...fresh, operator: true }, sql);
      const store = await this.#memberships.insert({ slug: input.storeSlug, name: input.storeName.trim() }, sql);
      const kept = store ?? (await this.#memberships.bySlug(input.storeSlug, sql));
      if (!user || !kept) throw new Error('the first user or store could not be inserted');
      await this.#memberships.join({ storeId: kept.id, userId: user.id, role: 'owner' }, sql);
      return { user: publicUser(user), storeId: kept.id };
    });
  }

  /**
   * Makes the operator named by the settings and a store `default`, unless that user exists; a password that was changed
   * since is never set back. `demanding` false takes a short password, for a first try on one's own machine.
   * @throws Rejected naming the settings when they cannot be used
   */
  async ensureAdmin(admin: { email: string; password: string }, demanding = true): Promise<'created' | 'exists'> {
    if (await this.#users.byEmail(admin.email)) return 'exists';
    const fresh = await prepared(admin, demanding).catch((error: unknown) => {
      throw new Rejected(`ADMIN_EMAIL and ADMIN_PASSWORD cannot be used. ${hubError(error)?.message ?? ''}`, { cause: error });
    });
    return this.#users.exclusively(async (sql) => {
      const user = await this.#users.insert({ ...fresh, operator: true }, sql);
      if (!user) return 'exists';
      const made = await this.#memberships.insert({ slug: 'default', name: 'Default' }, sql);
      const store = made ?? (await this.#memberships.bySlug('default', sql));
      if (store) await this.#memberships.join({ storeId: store.id, userId: user.id, role: 'owner' }, sql);
      return 'created';
    });
  }

  /**
   * Ends the user's sessions, too.
   * @returns the user with the new stamp
   * @throws NotFound for an unknown email, Rejected for a weak password
   */
  async setPassword(email: string, password: string): Promise<User> {
    checkPassword(password, email.trim());
    const user = await this.#users.byEmail(email.trim());
    const hash = user && (await hashPassword(password));
    const done = hash && (await this.#users.transaction((sql) => this.#users.setPasswordHash(user.id, hash, sql)));
    if (!done) throw new NotFound(`There is no user ${email.trim()}; check the address.`);
    return publicUser(done);
  }

  /** @returns the user with the new stamp: every session they have ends. @throws NotFound */
  async endSessions(id: string): Promise<User> {
    const user = await this.#users.endSessions(id);
    if (!user) throw new NotFound('There is no such user.');
    return publicUser(user);
  }
}

/** @throws Rejected with the field at fault */
export async function prepared(
  input: { email: string; password: string },
  demanding = true,
): Promise<{ email: string; passwordHash: string }> {
  const email = checkEmail(input.email);
  if (demanding) checkPassword(input.password, email);
  return { email, passwordHash: await hashPassword(input.password) };
}

/** The address without what was typed around it. @throws Rejected with `/email` */
export function checkEmail(given: string): string {
  const email = given.trim();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: nobody's address holds one, and a mail's header must not.
  if (/^[^\s@\x00-\x1f]+@[^\s@\x00-\x1f]+$/.test(email) && email.length <= 254) return email;
  const message = 'Enter an email address such as owner@example.com.';
  throw new Rejected(message, { fields: [{ pointer: '/email', message }] });
}

export function publicUser({ passwordHash: _, ...user }: UserRow): User {
  return user;
}
