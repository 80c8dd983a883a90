import type { DataSource } from 'typeorm';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';

/** Whom to tell in a store that waited. */
export interface Waiting {
  readonly storeId: string;
  readonly storeName: string;
  readonly email: string;
}

/** Who asked, while they belong to the store; its owners, once they do not. */
const RECIPIENTS = `
  with waiting as (
    select w.store_id, w.user_id, s.name from plugin_wishes w join stores s on s.id = w.store_id and s.deleting_at is null
    where w.plugin_id = $1 and w.store_id = any($2::uuid[])
  ), people as (
    select w.store_id, w.name, u.email, u.id = w.user_id as asked
    from waiting w join memberships m on m.store_id = w.store_id join users u on u.id = m.user_id and u.disabled_at is null
    where u.id = w.user_id or m.role = 'owner'
    union
    select w.store_id, w.name, u.email, true from waiting w join users u on u.id = w.user_id and u.operator and u.disabled_at is null
  )
  select store_id as "storeId", name as "storeName", email from people p
  where asked or not exists (select from people o where o.store_id = p.store_id and o.asked) order by store_id, email`;

/** Which stores wait for which plugin. */
export class WishStore {
  readonly #dataSource: DataSource;
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
    this.#sql = sqlOf(dataSource);
  }

  /** False where the store waits for it already. */
  async add(wish: { storeId: string; pluginId: string; userId: string }): Promise<boolean> {
    const rows = await this.#sql.query(
      'insert into plugin_wishes (store_id, plugin_id, user_id) values ($1, $2, $3) on conflict do nothing returning plugin_id',
      [wish.storeId, wish.pluginId, wish.userId],
    );
    return rows.length > 0;
  }

  /** False where the store did not wait for it. */
  async remove(storeId: string, pluginId: string): Promise<boolean> {
    const sql = 'with gone as (delete from plugin_wishes where store_id = $1 and plugin_id = $2 returning 1) select * from gone';
    return (await this.#sql.query(sql, [storeId, pluginId])).length > 0;
  }

  async ofStore(storeId: string): Promise<ReadonlySet<string>> {
    const rows = await this.#sql.query<{ id: string }>('select plugin_id as id from plugin_wishes where store_id = $1', [
      storeId,
    ]);
    return new Set(rows.map(({ id }) => id));
  }

  /** Plugin → how many stores wait for it. */
  async counts(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#sql.query<{ id: string; count: number }>(
      'select plugin_id as id, count(*)::int as count from plugin_wishes group by plugin_id',
    );
    return new Map(rows.map(({ id, count }) => [id, count]));
  }

  /** Hands a batch of those who wait to `tell`, and forgets that they do; both or neither. @returns how many stores they were */
  take(pluginId: string, limit: number, tell: (waiting: Waiting, sql: Sql) => Promise<unknown>): Promise<number> {
    return inTransaction(this.#dataSource, async (sql) => {
      const rows = await sql.query<{ id: string }>(
        'select store_id as id from plugin_wishes where plugin_id = $1 order by store_id limit $2 for update skip locked',
        [pluginId, limit],
      );
      const stores = rows.map(({ id }) => id);
      for (const waiting of await sql.query<Waiting>(RECIPIENTS, [pluginId, stores])) await tell(waiting, sql);
      await sql.query('delete from plugin_wishes where plugin_id = $1 and store_id = any($2::uuid[])', [pluginId, stores]);
      return stores.length;
    });
  }
}
