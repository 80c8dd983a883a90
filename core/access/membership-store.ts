import type { DataSource } from 'typeorm';
import { v7, validate } from 'uuid';
import { prepared } from '../database/prepared.ts';
import { type Sql, sqlOf } from '../database/transaction.ts';
import type { Role } from './principal.ts';

export interface StoreRow {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
}

const KNOWN_MS = 1000;
const MOST_KNOWN = 1000;

export interface MemberRow {
  readonly userId: string;
  readonly email: string;
  readonly role: Role;
  readonly secondFactor: boolean;
  readonly disabled: boolean;
  readonly joinedAt: Date;
  readonly lastLoginAt: Date | null;
}

/** Stores and who belongs to them; one that is being deleted is found by nobody. */
export class MembershipStore {
  readonly #sql: Sql;
  readonly #known = new Map<string, { readonly row: StoreRow; readonly at: number }>();
  readonly #named: { readonly id: Sql; readonly slug: Sql };
  /** Asked with every page. */
  readonly #listed: { readonly all: Sql; readonly own: Sql };

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
    this.#named = { id: prepared(dataSource, 'store_by_id'), slug: prepared(dataSource, 'store_by_slug') };
    this.#listed = { all: prepared(dataSource, 'stores_all'), own: prepared(dataSource, 'stores_of_user') };
  }

  async byId(id: string): Promise<StoreRow | undefined> {
    const [row] = await this.#named.id.query<StoreRow>(
      'select id, slug, name from stores where id = $1 and deleting_at is null',
      [id],
    );
    return row;
  }

  async bySlug(slug: string, sql = this.#named.slug): Promise<StoreRow | undefined> {
    const [row] = await sql.query<StoreRow>('select id, slug, name from stores where slug = $1 and deleting_at is null', [slug]);
    return row;
  }

  /** By id or slug, as it was a moment ago at most: asked with every call about a store. */
  async named(idOrSlug: string): Promise<StoreRow | undefined> {
    const known = this.#known.get(idOrSlug);
    if (known && performance.now() - known.at < KNOWN_MS) return known.row;
    const row = validate(idOrSlug) ? await this.byId(idOrSlug) : await this.bySlug(idOrSlug);
    this.#known.delete(idOrSlug);
    if (row) this.#known.set(idOrSlug, { row, at: performance.now() });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    return row;
  }

  all(): Promise<StoreRow[]> {
    return this.#listed.all.query<StoreRow>('select id, slug, name from stores where deleting_at is null order by slug');
  }

  ofUser(userId: string): Promise<(StoreRow & { role: Role })[]> {
    return this.#listed.own.query(
      `select s.id, s.slug, s.name, m.role from stores s join memberships m on m.store_id = s.id
       where m.user_id = $1 and s.deleting_at is null order by s.slug`,
      [userId],
    );
  }

  async roleOf(storeId: string, userId: string, sql = this.#sql): Promise<Role | undefined> {
    const [row] = await sql.query<{ role: Role }>('select role from memberships where store_id = $1 and user_id = $2', [
      storeId,
      userId,
    ]);
    return row?.role;
  }

  members(storeId: string): Promise<MemberRow[]> {
    return this.#sql.query(
      `select u.id as "userId", u.email, m.role, m.created_at as "joinedAt", u.last_login_at as "lastLoginAt",
              u.disabled_at is not null as disabled,
              exists (select from second_factors f where f.user_id = u.id and f.confirmed_at is not null) as "secondFactor"
       from memberships m join users u on u.id = m.user_id where m.store_id = $1 order by lower(u.email)`,
      [storeId],
    );
  }

  /** One change at a time of who belongs to a store: what is asked before it still holds when it is made. */
  async lock(storeId: string, sql: Sql): Promise<void> {
    await sql.query('select from stores where id = $1 for no key update', [storeId]);
  }

  /** Those who may come in. */
  async owners(storeId: string, sql: Sql): Promise<string[]> {
    const rows = await sql.query<{ userId: string }>(
      `select m.user_id as "userId" from memberships m join users u on u.id = m.user_id
       where m.store_id = $1 and m.role = 'owner' and u.disabled_at is null`,
      [storeId],
    );
    return rows.map(({ userId }) => userId);
  }

  /** What they were; undefined for who does not belong to the store. */
  async leave(storeId: string, userId: string, sql: Sql): Promise<{ role: Role; email: string } | undefined> {
    const [row] = await sql.query<{ role: Role; email: string }>(
      `delete from memberships m using users u where m.store_id = $1 and m.user_id = $2 and u.id = m.user_id
       returning m.role, u.email`,
      [storeId, userId],
    );
    return row;
  }

  /** As it is called and how many belong to it, by slug. */
  overview(): Promise<(StoreRow & { createdAt: Date; members: number; integrations: number })[]> {
    return this.#sql.query(
      `select s.id, s.slug, s.name, s.created_at as "createdAt",
              (select count(*)::int from memberships m where m.store_id = s.id) as members,
              (select count(*)::int from integrations i where i.store_id = s.id and i.status <> 'disconnected') as integrations
       from stores s where s.deleting_at is null order by s.slug`,
    );
  }

  /** Undefined when there is no such store. */
  async rename(id: string, name: string): Promise<StoreRow | undefined> {
    const [row] = await this.#sql.query<StoreRow>(
      'update stores set name = $2, updated_at = now() where id = $1 and deleting_at is null returning id, slug, name',
      [id, name],
    );
    this.#known.clear();
    return row;
  }

  /** Undefined when the slug is taken. */
  async insert(store: { slug: string; name: string }, sql = this.#sql): Promise<StoreRow | undefined> {
    const [row] = await sql.query<StoreRow>(
      'insert into stores (id, slug, name) values ($1, $2, $3) on conflict do nothing returning id, slug, name',
      [v7(), store.slug, store.name],
    );
    return row;
  }

  /** Sets the role anew for someone who belongs to the store already. */
  async join(member: { storeId: string; userId: string; role: Role }, sql = this.#sql): Promise<void> {
    await sql.query(
      `insert into memberships (store_id, user_id, role) values ($1, $2, $3)
       on conflict (store_id, user_id) do update set role = excluded.role`,
      [member.storeId, member.userId, member.role],
    );
  }
}
