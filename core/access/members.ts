import { validate } from 'uuid';
import type { Sql } from '../database/transaction.ts';
import { NotFound, Rejected } from '../sdk/errors.ts';
import type { Audit } from './audit.ts';
import type { MemberRow, MembershipStore } from './membership-store.ts';
import type { Principal, Role } from './principal.ts';
import type { StoreView } from './stores.ts';
import type { UserStore } from './user-store.ts';

/** Who does something to people, and from where. */
export interface Actor {
  readonly principal: Principal;
  readonly ip: string | undefined;
}

interface MembersParts {
  readonly memberships: MembershipStore;
  readonly users: UserStore;
  readonly audit: Audit;
}

/** Who belongs to a store, and as what. */
export class Members {
  readonly #parts: MembersParts;

  constructor(parts: MembersParts) {
    this.#parts = parts;
  }

  list(storeId: string): Promise<MemberRow[]> {
    return this.#parts.memberships.members(storeId);
  }

  /** @throws NotFound; Rejected (`CONFLICT`) for the last owner, (`FORBIDDEN`) for a key that would hand out more than it has */
  setRole(store: StoreView, userId: string, role: Role, actor: Actor): Promise<void> {
    return this.#parts.users.transaction(async (sql) => {
      await this.#parts.memberships.lock(store.id, sql);
      const before = await this.#roleOf(store, userId, sql);
      if (before === role) return;
      if (before === 'owner' || role === 'owner') checkPerson(actor.principal);
      if (before === 'owner') await this.#checkOwnerLeft(store, userId, sql);
      await this.#parts.memberships.join({ storeId: store.id, userId, role }, sql);
      await this.#parts.audit.record(
        { ...of(actor, store), action: 'member.role', target: userId, detail: { before, role } },
        sql,
      );
    });
  }

  /** Also how somebody leaves by themselves. @throws as {@link setRole} does */
  remove(store: StoreView, userId: string, actor: Actor): Promise<{ email: string }> {
    return this.#parts.users.transaction(async (sql) => {
      await this.#parts.memberships.lock(store.id, sql);
      const role = await this.#roleOf(store, userId, sql);
      const own = actor.principal.userId === userId;
      if (role === 'owner') {
        checkPerson(actor.principal);
        await this.#checkOwnerLeft(store, userId, sql);
      }
      const gone = await this.#parts.memberships.leave(store.id, userId, sql);
      if (!gone) throw nobody();
      const action = own ? 'member.leave' : 'member.remove';
      await this.#parts.audit.record({ ...of(actor, store), action, target: userId, detail: { ...gone } }, sql);
      return gone;
    });
  }

  async #roleOf(store: StoreView, userId: string, sql: Sql): Promise<Role> {
    const role = validate(userId) ? await this.#parts.memberships.roleOf(store.id, userId, sql) : undefined;
    if (!role) throw nobody();
    return role;
  }

  async #checkOwnerLeft(store: StoreView, userId: string, sql: Sql): Promise<void> {
    const owners = await this.#parts.memberships.owners(store.id, sql);
    if (owners.some((id) => id !== userId)) return;
    throw new Rejected(`${store.name} needs an owner; make somebody else an owner first.`, { code: 'CONFLICT' });
  }
}

/** A key must not make somebody who may do more than it may: that is for a person who is signed in. */
export function checkPerson(principal: Principal): void {
  if (principal.kind === 'session') return;
  throw new Rejected('An API key may not make or remove owners and operators; sign in and do it on the page.', {
    code: 'FORBIDDEN',
  });
}

function of({ principal, ip }: Actor, { id: storeId }: StoreView) {
  return { principal, ip, storeId };
}

function nobody(): NotFound {
  return new NotFound('There is no such person in this store; they may have left.');
}
