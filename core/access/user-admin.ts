import { validate } from 'uuid';
import type { Sql } from '../database/transaction.ts';
import { NotFound, Rejected } from '../sdk/errors.ts';
import { publicUser, type User } from './accounts.ts';
import type { Audit } from './audit.ts';
import { type Actor, checkPerson } from './members.ts';
import type { UserRow, UserStore } from './user-store.ts';

interface UserAdminParts {
  readonly users: UserStore;
  readonly audit: Audit;
}

/** What the operator does with users, whichever store they belong to. */
export class UserAdmin {
  readonly #parts: UserAdminParts;

  constructor(parts: UserAdminParts) {
    this.#parts = parts;
  }

  /** By address. `search` is a part of it, `after` the last address of the page before. */
  async list(query: { search?: string | undefined; after?: string | undefined; limit: number }): Promise<User[]> {
    const { search = '', after = '', limit } = query;
    return (await this.#parts.users.list({ search, after, limit })).map(publicUser);
  }

  /** Also who is disabled. @throws NotFound */
  async get(id: string): Promise<User> {
    const user = validate(id) ? await this.#parts.users.byId(id) : undefined;
    if (!user) throw nobody();
    return publicUser(user);
  }

  /**
   * A disabled user's sessions end, and their keys open nothing; both ways change nothing else.
   * @throws NotFound; Rejected (`CONFLICT`) for oneself and for the last operator, (`FORBIDDEN`) for an operator by an API key
   */
  async setDisabled(id: string, disabled: boolean, actor: Actor): Promise<User> {
    if ((await this.get(id)).operator) checkPerson(actor.principal);
    return this.#change(id, actor, {
      action: disabled ? 'user.disable' : 'user.enable',
      ends: disabled,
      act: (sql) => this.#parts.users.setDisabled(id, disabled, sql),
    });
  }

  /** @throws as {@link setDisabled} does; Rejected (`FORBIDDEN`) for an API key */
  setOperator(id: string, operator: boolean, actor: Actor): Promise<User> {
    checkPerson(actor.principal);
    return this.#change(id, actor, {
      action: operator ? 'user.make-operator' : 'user.unmake-operator',
      ends: !operator,
      act: (sql) => this.#parts.users.setOperator(id, operator, sql),
    });
  }

  /** @throws NotFound */
  endSessions(id: string, actor: Actor): Promise<User> {
    return this.#change(id, actor, {
      action: 'user.end-sessions',
      ends: false,
      act: (sql) => this.#parts.users.endSessions(id, sql),
    });
  }

  async #change(
    id: string,
    { principal, ip }: Actor,
    { action, ends, act }: { action: string; ends: boolean; act: (sql: Sql) => Promise<UserRow | undefined> },
  ): Promise<User> {
    if (!validate(id)) throw nobody();
    if (ends && id === principal.userId)
      throw new Rejected('You cannot do this to yourself; ask another operator.', { code: 'CONFLICT' });
    return this.#parts.users.transaction(async (sql) => {
      if (ends) await this.#checkOperatorLeft(id, sql);
      const user = await act(sql);
      if (!user) throw nobody();
      await this.#parts.audit.record({ principal, ip, action, target: id, detail: { email: user.email } }, sql);
      return publicUser(user);
    });
  }

  async #checkOperatorLeft(id: string, sql: Sql): Promise<void> {
    const operators = await this.#parts.users.operators(sql);
    if (operators.some((other) => other !== id)) return;
    throw new Rejected('This hub needs an operator; make somebody else one first.', { code: 'CONFLICT' });
  }
}

function nobody(): NotFound {
  return new NotFound('There is no such user; list the users to see who there is.');
}
