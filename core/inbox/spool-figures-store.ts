import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../database/transaction.ts';

/** Accepted messages that are not sorted in yet: on disk, and in no list. */
export interface Unsorted {
  readonly count: number;
  /** When the first of them came; null where there is none. */
  readonly since: Date | null;
  /** Further ones that this version cannot read. */
  readonly unread: number;
}

/** Messages of one integration that this version cannot read. */
export interface Unread {
  readonly storeId: string;
  readonly store: string;
  readonly integrationId: string;
  readonly integration: string;
  readonly pluginId: string;
  readonly problem: string;
  readonly count: number;
  readonly oldest: Date;
}

/** A moment of a store's spool. */
export interface SpoolMark {
  readonly storeId: string;
  /** Of the latest row there was. */
  readonly last: string;
}

const UNSORTED = `select coalesce(sum(count) filter (where problem is null), 0)::int as count,
  min(received_at) filter (where problem is null) as since,
  coalesce(sum(count) filter (where problem is not null), 0)::int as unread from webhook_spool`;
const NONE: Unsorted = { count: 0, since: null, unread: 0 };

/** What the spool holds, for who looks at the inbox; `SpoolStore` sorts it in. */
export class SpoolFiguresStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  /** Of one integration. */
  async of(storeId: string, integrationId: string): Promise<Unsorted> {
    const [found] = await this.#sql.query<Unsorted>(`${UNSORTED} where store_id = $1 and integration_id = $2`, [
      storeId,
      integrationId,
    ]);
    return found ?? NONE;
  }

  /** Of all stores, for operators. */
  async all(): Promise<Unsorted> {
    const [found] = await this.#sql.query<Unsorted>(UNSORTED);
    return found ?? NONE;
  }

  /** Of all stores, for operators. */
  unread(): Promise<Unread[]> {
    return this.#sql.query<Unread>(
      `select u.*, s.name as store, i.name as integration, i.plugin_id as "pluginId" from (
         select store_id as "storeId", integration_id as "integrationId", problem, sum(count)::int as count, min(received_at) as oldest
         from webhook_spool where problem is not null group by 1, 2, 3) u
       join stores s on s.id = u."storeId" join integrations i on i.store_id = u."storeId" and i.id = u."integrationId"
       order by u.count desc, u.oldest`,
    );
  }

  /** Undefined where nothing of the store is to be sorted in. */
  async mark(storeId: string): Promise<SpoolMark | undefined> {
    const [row] = await this.#sql.query<{ last: string | null }>(
      'select max(id)::text as last from webhook_spool where store_id = $1 and problem is null',
      [storeId],
    );
    return row?.last ? { storeId, last: row.last } : undefined;
  }

  /** Whether any of what was there then is still to be sorted in, and stands behind nothing that nobody can read. */
  async holds({ storeId, last }: SpoolMark): Promise<boolean> {
    const rows = await this.#sql.query(
      `select 1 from webhook_spool s where store_id = $1 and id <= $2::bigint and problem is null and not exists (
         select from webhook_spool p where p.store_id = $1 and p.integration_id = s.integration_id and p.id < s.id
           and p.problem is not null) limit 1`,
      [storeId, last],
    );
    return rows.length > 0;
  }
}
