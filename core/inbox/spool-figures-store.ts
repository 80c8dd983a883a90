import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../database/transaction.ts';
import { type Counted, MOST, type Top, topOf } from './desk-store.ts';

/** Accepted messages that are not sorted in yet: on disk, and in no list. */
export interface Unsorted {
  readonly count: number;
  /** When the first of them came; null where there is none. */
  readonly since: Date | null;
  /** Further ones that this version cannot read. */
  readonly unreadable: number;
}

/** The same of all stores. */
export interface AllUnsorted extends Unsorted {
  /** `count` comes from a sample, right to some percent and rounded. */
  readonly isEstimate: boolean;
}

/** Messages of one integration that this version cannot read. */
export interface UnreadableMessages {
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
interface SpoolMark {
  readonly storeId: string;
  /** Of the latest row there was. */
  readonly last: string;
}

const UNSORTED_OF_ONE = `select coalesce(sum(count) filter (where problem is null), 0)::int as count,
  min(received_at) filter (where problem is null) as since,
  coalesce(sum(count) filter (where problem is not null), 0)::int as unreadable from webhook_spool where store_id = $1 and integration_id = $2`;
/** So many rows are counted one by one. Where there are more, as many pages are a sample. */
const EACH = 2000;
/**
 * Of each integration the first row says since when: rows behind one that cannot be read are no worker's to sort in, so their
 * age says nothing of workers. What is counted from a sample is rounded, so that nobody takes it for exact.
 */
const UNSORTED_OF_ALL = `
  with recursive firsts as (
    (select store_id, integration_id, received_at, problem from webhook_spool order by store_id, integration_id, id limit 1)
    union all
    select next.* from firsts f cross join lateral (
      select store_id, integration_id, received_at, problem from webhook_spool
      where (store_id, integration_id) > (f.store_id, f.integration_id) order by store_id, integration_id, id limit 1) next),
  share as materialized (
    select least(100, 100.0 * ${EACH} * current_setting('block_size')::int / greatest(pg_relation_size('webhook_spool'), 1))::real as percent),
  each as (
    select coalesce(sum(count), 0) as count, count(*) = ${EACH} as more from (
      select count from webhook_spool where problem is null order by store_id, integration_id, id limit ${EACH}) e),
  sampled as (
    select coalesce(sum(count), 0) as count from webhook_spool tablesample system ((select percent from share)) where problem is null)
  select (select case when more then round(greatest(count, (select s.count * 100 / percent from sampled s, share))::numeric, -3) else count end::int
      from each) as count, (select more from each) as "isEstimate",
    (select min(received_at) from firsts where problem is null) as since,
    (select coalesce(sum(count), 0)::int from webhook_spool where problem is not null) as unreadable`;
const NONE: Unsorted = { count: 0, since: null, unreadable: 0 };

/** What the spool holds, for who looks at the inbox; `SpoolStore` sorts it in. */
export class SpoolFiguresStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  /** Of one integration. */
  async of(storeId: string, integrationId: string): Promise<Unsorted> {
    const [found] = await this.#sql.query<Unsorted>(UNSORTED_OF_ONE, [storeId, integrationId]);
    return found ?? NONE;
  }

  /** Of all stores, for operators; `since` without what stands behind messages that cannot be read. */
  async all(): Promise<AllUnsorted> {
    const [found] = await this.#sql.query<AllUnsorted>(UNSORTED_OF_ALL);
    return found ?? { ...NONE, isEstimate: false };
  }

  /** Of all stores, for operators; the most first. */
  async unreadable(): Promise<Top<UnreadableMessages>> {
    const rows = await this.#sql.query<Counted<UnreadableMessages>>(
      `select u.*, s.name as store, i.name as integration, i.plugin_id as "pluginId" from (
         select store_id as "storeId", integration_id as "integrationId", problem, sum(count)::int as count, min(received_at) as oldest,
           (count(*) over ())::int as total
         from webhook_spool where problem is not null group by 1, 2, 3 order by sum(count) desc, min(received_at) limit ${MOST}) u
       join stores s on s.id = u."storeId" join integrations i on i.store_id = u."storeId" and i.id = u."integrationId"
       order by u.count desc, u.oldest`,
    );
    return topOf(rows);
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
