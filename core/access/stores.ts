import { validate } from 'uuid';
import { NotFound, Rejected } from '../sdk/errors.ts';
import type { MembershipStore, StoreRow } from './membership-store.ts';
import { covers, type Principal, type Role, type Scope } from './principal.ts';

/** A store as one caller sees it. */
export interface StoreView {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly role: Role;
}

export type Need = 'view' | 'sync' | 'manage';

/** Stores of one name that get a number each. */
const MOST_ALIKE = 50;

const SCOPE_FOR: Readonly<Record<Need, Scope>> = { view: 'read', sync: 'sync', manage: 'write' };

/** The tenants, and who may do what in them. */
export class Stores {
  readonly #memberships: MembershipStore;

  constructor(memberships: MembershipStore) {
    this.#memberships = memberships;
  }

  /** Ordered by slug; the first is the default where a caller names none. */
  async list(principal: Pick<Principal, 'userId' | 'operator' | 'storeId'>): Promise<StoreView[]> {
    const stores = principal.operator
      ? (await this.#memberships.all()).map((store) => ({ ...store, role: 'owner' as const }))
      : await this.#memberships.ofUser(principal.userId);
    return principal.storeId === undefined ? stores : stores.filter(({ id }) => id === principal.storeId);
  }

  /**
   * @throws NotFound when the store is unknown or not the caller's (the two look the same), Rejected (`FORBIDDEN`) when the
   * caller's role or API key does not allow `need`
   */
  async resolve(principal: Principal, idOrSlug: string, need: Need): Promise<StoreView> {
    const store = await this.#visible(principal, idOrSlug);
    if (!store) throw new NotFound(`There is no store "${idOrSlug}" here; check its id or slug.`);
    if (need === 'manage' && store.role !== 'owner') {
      throw new Rejected(`Only an owner of ${store.name} may do this; ask one of them.`, { code: 'FORBIDDEN' });
    }
    if (!covers(principal.scopes, SCOPE_FOR[need])) {
      throw new Rejected(`This API key lacks the scope "${SCOPE_FOR[need]}"; use one that has it.`, { code: 'FORBIDDEN' });
    }
    return store;
  }

  /** With a slug made of the name. @throws Rejected (`VALIDATION_FAILED`, or `CONFLICT` when all that fit are taken) */
  async createNamed(name: string): Promise<StoreRow> {
    const plain = slugOf(name);
    checkStoreNames({ slug: plain, name }, { slug: '/slug', name: '/name' });
    for (const slug of [plain, ...Array.from({ length: MOST_ALIKE }, (_, at) => `${plain.slice(0, 59)}-${at + 2}`)]) {
      const store = await this.#memberships.insert({ slug, name: name.trim() });
      if (store) return store;
    }
    throw new Rejected(`There is a store "${plain}" already; choose another slug.`, { code: 'CONFLICT' });
  }

  /** @throws Rejected (`VALIDATION_FAILED`, or `CONFLICT` when the slug is taken) */
  async create(input: { slug: string; name: string }): Promise<StoreRow> {
    checkStoreNames(input, { slug: '/slug', name: '/name' });
    const store = await this.#memberships.insert({ slug: input.slug, name: input.name.trim() });
    if (!store) throw new Rejected(`There is a store "${input.slug}" already; choose another slug.`, { code: 'CONFLICT' });
    return store;
  }

  /** The slug stays: addresses that programs know hold it. @throws NotFound, Rejected (`VALIDATION_FAILED`) */
  async rename(id: string, name: string): Promise<StoreRow> {
    checkStoreNames({ slug: 'kept', name }, { slug: '/slug', name: '/name' });
    const store = validate(id) ? await this.#memberships.rename(id, name.trim()) : undefined;
    if (!store) throw new NotFound('There is no such store; list the stores to see which there are.');
    return store;
  }

  /** All there are, for the operator. */
  overview(): ReturnType<MembershipStore['overview']> {
    return this.#memberships.overview();
  }

  async #visible(principal: Principal, idOrSlug: string): Promise<StoreView | undefined> {
    const store = await this.#memberships.named(idOrSlug);
    if (!store || (principal.storeId !== undefined && principal.storeId !== store.id)) return undefined;
    const role = principal.operator ? 'owner' : await this.#memberships.roleOf(store.id, principal.userId);
    return role && { ...store, role };
  }
}

/** `harbour-dental` of `Harbour Dental`; empty where a name has no letter or digit that fits. */
function slugOf(name: string): string {
  const plain = name.normalize('NFKD').replaceAll('ß', 'ss').toLowerCase();
  return plain
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
}

/** @throws Rejected naming the field at fault by the given pointers */
export function checkStoreNames(store: { slug: string; name: string }, pointers: { slug: string; name: string }): void {
  const fields = [];
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(store.slug)) {
    fields.push({ pointer: pointers.slug, message: 'Use 1 to 63 lower-case letters, digits and inner hyphens.' });
  }
  if (!/^.{1,100}$/u.test(store.name.trim())) fields.push({ pointer: pointers.name, message: 'Use 1 to 100 characters.' });
  if (fields[0]) throw new Rejected(`The store cannot be named like this. ${fields[0].message}`, { fields });
}
