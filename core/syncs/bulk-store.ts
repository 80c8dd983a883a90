import type { DataSource } from 'typeorm';
import { validate } from 'uuid';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';

export const BULK_ACTIONS = ['test', 'sync', 'pause', 'resume', 'reconnect-reminder'] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];

/** `skipped`: there was nothing to do. `cancelled`: somebody thought better of it first. */
export type BulkStatus = 'waiting' | 'done' | 'skipped' | 'failed' | 'cancelled';

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
  readonly cancelledAt: Date | null;
  readonly items: readonly BulkItem[];
}

type NewBulkJob = Pick<BulkJob, 'id' | 'storeId' | 'userId' | 'action'> & {
  readonly integrations: readonly string[];
  /** Shared by the jobs that one wish for several stores is. */
  readonly batch?: string;
};

export class BulkStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return inTransaction(this.#dataSource, work);
  }

  /** Also forgets those of a month ago. */
  async insert(sql: Sql, { id, storeId, userId, action, integrations, batch }: NewBulkJob): Promise<void> {
    await sql.query(`delete from bulk_jobs where created_at < now() - interval '30 days'`);
    await sql.query('insert into bulk_jobs (store_id, id, user_id, action, batch) values ($1, $2, $3, $4, $5)', [
      storeId,
      id,
      userId,
      action,
      batch ?? null,
    ]);
    await sql.query('insert into bulk_items (store_id, job_id, integration_id) select $1::uuid, $2::uuid, unnest($3::uuid[])', [
      storeId,
      id,
      integrations,
    ]);
  }

  /** Jobs of a store that have not ended; its row is held, so that two who ask at once are counted both. */
  async open(sql: Sql, storeId: string): Promise<number> {
    await sql.query('select id from stores where id = $1 for no key update', [storeId]);
    const [row] = await sql.query<{ count: number }>(
      'select count(*)::integer as count from bulk_jobs where store_id = $1 and ended_at is null',
      [storeId],
    );
    return row?.count ?? 0;
  }

  async find(storeId: string, id: string): Promise<BulkJob | undefined> {
    if (!validate(id)) return undefined;
    const sql = sqlOf(this.#dataSource);
    const [job] = await sql.query<Omit<BulkJob, 'items'>>(
      `select id, store_id as "storeId", user_id as "userId", action, created_at as "createdAt", ended_at as "endedAt",
         cancelled_at as "cancelledAt" from bulk_jobs where store_id = $1 and id = $2`,
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

  /** Is it still to be done? Not once the job was cancelled. */
  async isWaiting({ storeId, id }: BulkJob, { integrationId }: BulkItem): Promise<boolean> {
    const sql = `select from bulk_items where store_id = $1 and job_id = $2 and integration_id = $3 and status = 'waiting'`;
    return (await sqlOf(this.#dataSource).query(sql, [storeId, id, integrationId])).length > 0;
  }

  async settle({ storeId, id }: BulkJob, { integrationId, status, code, message }: BulkItem): Promise<void> {
    await sqlOf(this.#dataSource).query(
      'update bulk_items set status = $4, code = $5, message = $6 where store_id = $1 and job_id = $2 and integration_id = $3',
      [storeId, id, integrationId, status, code, message],
    );
  }

  async end({ storeId, id }: Pick<BulkJob, 'storeId' | 'id'>): Promise<void> {
    const sql = 'update bulk_jobs set ended_at = now() where store_id = $1 and id = $2 and ended_at is null';
    await sqlOf(this.#dataSource).query(sql, [storeId, id]);
  }

  /** What is being done at this moment is finished. @returns whether there was anything to cancel */
  async cancel(sql: Sql, { storeId, id }: Pick<BulkJob, 'storeId' | 'id'>): Promise<boolean> {
    const open = await sql.query(
      'update bulk_jobs set cancelled_at = now(), ended_at = now() where store_id = $1 and id = $2 and ended_at is null returning id',
      [storeId, id],
    );
    if (open.length === 0) return false;
    await sql.query(`update bulk_items set status = 'cancelled' where store_id = $1 and job_id = $2 and status = 'waiting'`, [
      storeId,
      id,
    ]);
    return true;
  }
}
