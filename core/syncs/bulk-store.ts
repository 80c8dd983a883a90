import type { DataSource } from 'typeorm';
import { validate } from 'uuid';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';

export const BULK_ACTIONS = ['test', 'sync', 'pause', 'resume', 'reconnect-reminder'] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];

/** `skipped`: there was nothing to do. */
export type BulkStatus = 'waiting' | 'done' | 'skipped' | 'failed';

export interface BulkItem {
  readonly integrationId: string;
  readonly status: BulkStatus;
  /** An error code of the API, for `failed`. */
  readonly code: string | null;
  readonly message: string | null;
}

export interface BulkJob {
  readonly id: string;
  readonly storeId: string;
  /** Who asked for it, and in whose name it is done. */
  readonly userId: string;
  readonly action: BulkAction;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
  readonly items: readonly BulkItem[];
}

type NewBulkJob = Pick<BulkJob, 'id' | 'storeId' | 'userId' | 'action'> & { readonly integrations: readonly string[] };

export class BulkStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return inTransaction(this.#dataSource, work);
  }

  /** Also forgets those of a month ago. */
  async insert(sql: Sql, { id, storeId, userId, action, integrations }: NewBulkJob): Promise<void> {
    await sql.query(`delete from bulk_jobs where created_at < now() - interval '30 days'`);
    await sql.query('insert into bulk_jobs (store_id, id, user_id, action) values ($1, $2, $3, $4)', [
      storeId,
      id,
      userId,
      action,
    ]);
    await sql.query('insert into bulk_items (store_id, job_id, integration_id) select $1::uuid, $2::uuid, unnest($3::uuid[])', [
      storeId,
      id,
      integrations,
    ]);
  }

  async find(storeId: string, id: string): Promise<BulkJob | undefined> {
    if (!validate(id)) return undefined;
    const sql = sqlOf(this.#dataSource);
    const [job] = await sql.query<Omit<BulkJob, 'items'>>(
      `select id, store_id as "storeId", user_id as "userId", action, created_at as "createdAt", ended_at as "endedAt"
       from bulk_jobs where store_id = $1 and id = $2`,
      [storeId, id],
    );
    if (!job) return undefined;
    const items = await sql.query<BulkItem>(
      `select integration_id as "integrationId", status, code, message from bulk_items
       where store_id = $1 and job_id = $2 order by integration_id`,
      [storeId, id],
    );
    return { ...job, items };
  }

  async settle({ storeId, id }: BulkJob, { integrationId, status, code, message }: BulkItem): Promise<void> {
    await sqlOf(this.#dataSource).query(
      'update bulk_items set status = $4, code = $5, message = $6 where store_id = $1 and job_id = $2 and integration_id = $3',
      [storeId, id, integrationId, status, code, message],
    );
  }

  async end({ storeId, id }: BulkJob): Promise<void> {
    const sql = 'update bulk_jobs set ended_at = now() where store_id = $1 and id = $2 and ended_at is null';
    await sqlOf(this.#dataSource).query(sql, [storeId, id]);
  }
}
