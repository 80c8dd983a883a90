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

/** Stores and who belongs to them; one that is being deleted is found by nobody. */
export class MembershipStore {
  readonly #sql: Sql;
  readonly #known = new Map<string, { readonly row: StoreRow; readonly at: number }>();
  readonly #named: { readonly id: Sql; readonly slug: Sql };

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
    this.#named = { id: prepared(dataSource, 'store_by_id'), slug: prepared(dataSource, 'store_by_slug') };
  }

  async byId(id: string): Promise<StoreRow | undefined> {
    const [row] = await this.#named.id.query<StoreRow>('select id, slug, name from stores where id = $1 and deleting_at is null', [id]);
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
    return this.#sql.query<StoreRow>('select id, slug, name from stores where deleting_at is null order by slug');
  }

  ofUser(userId: string): Promise<(StoreRow & { role: Role })[]> {
    return this.#sql.query(
      `select s.id, s.slug, s.name, m.role from stores s join memberships m on m.store_id = s.id
       where m.user_id = $1 and s.deleting_at is null order by s.slug`,
      [userId],
    );
  }

  async roleOf(storeId: string, userId: string): Promise<Role | undefined> {
    const [row] = await this.#sql.query<{ role: Role }>('select role from memberships where store_id = $1 and user_id = $2', [
      storeId,
      userId,
    ]);
    return row?.role;
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
