import type { DataSource } from 'typeorm';
import { validate } from 'uuid';
import { type Sql, sqlOf } from '../database/transaction.ts';
import type { BulkAction, BulkStatus } from './bulk-store.ts';

/** What an operator asked for in one store, as part of a wish for several. */
export interface BatchJob {
  readonly storeId: string;
  readonly id: string;
  readonly action: BulkAction;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
  readonly cancelledAt: Date | null;
}

/** What became of one integration. */
export interface BatchItem {
  readonly storeId: string;
  readonly store: string;
  readonly integrationId: string;
  /** Null once it is gone. */
  readonly name: string | null;
  readonly pluginId: string | null;
  readonly status: BulkStatus;
  readonly message: string | null;
}

export interface BatchView {
  readonly jobs: readonly BatchJob[];
  readonly counts: Readonly<Partial<Record<BulkStatus, number>>>;
  /** Those with an answer, what failed first. */
  readonly items: readonly BatchItem[];
}

/** A wish as lists show it. */
export interface BatchSummary {
  readonly batch: string;
  readonly action: BulkAction;
  readonly createdAt: Date;
  readonly total: number;
  readonly waiting: number;
}

/** Items of one page. */
const MOST = 200;
const LATEST = 5;

/** Bulk jobs over several stores, for operators. */
export class BulkBatchStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  /** Undefined for one nobody asked for, or that was a month ago. */
  async find(batch: string): Promise<BatchView | undefined> {
    if (!validate(batch)) return undefined;
    const jobs = await this.#sql.query<BatchJob>(
      `select store_id as "storeId", id, action, created_at as "createdAt", ended_at as "endedAt", cancelled_at as "cancelledAt"
       from bulk_jobs where batch = $1`,
      [batch],
    );
    if (jobs.length === 0) return undefined;
    const [counts, items] = await Promise.all([
      this.#sql.query<{ status: BulkStatus; count: number }>(
        `select b.status, count(*)::integer as count from bulk_jobs j join bulk_items b on b.store_id = j.store_id and b.job_id = j.id
         where j.batch = $1 group by 1`,
        [batch],
      ),
      this.#sql.query<BatchItem>(
        `select b.store_id as "storeId", s.name as store, b.integration_id as "integrationId", i.name, i.plugin_id as "pluginId",
           b.status, b.message
         from bulk_jobs j join bulk_items b on b.store_id = j.store_id and b.job_id = j.id join stores s on s.id = j.store_id
         left join integrations i on i.store_id = b.store_id and i.id = b.integration_id
         where j.batch = $1 and b.status <> 'waiting'
         order by array_position('{failed,skipped,done,cancelled}'::text[], b.status), s.name, i.name, b.integration_id limit ${MOST}`,
        [batch],
      ),
    ]);
    return { jobs, counts: Object.fromEntries(counts.map(({ status, count }) => [status, count])), items };
  }

  latest(): Promise<BatchSummary[]> {
    return this.#sql.query<BatchSummary>(
      `with latest as (select batch, min(action) as action, min(created_at) as at from bulk_jobs where batch is not null
         group by batch order by at desc limit ${LATEST})
       select latest.batch, latest.action, latest.at as "createdAt", count(*)::integer as total,
         count(*) filter (where b.status = 'waiting')::integer as waiting
       from latest join bulk_jobs j on j.batch = latest.batch join bulk_items b on b.store_id = j.store_id and b.job_id = j.id
       group by 1, 2, 3 order by latest.at desc`,
    );
  }
}
