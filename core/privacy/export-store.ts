import type { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { cutPage, type Paging, type Position } from '../database/list-page.ts';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';

export type ExportStatus = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** An export of a store, under way or ended. */
export interface StoreExport {
  readonly storeId: string;
  readonly id: string;
  readonly requestedBy: string;
  readonly status: ExportStatus;
  /** The file being written. */
  readonly kind: string | null;
  readonly rows: number;
  readonly rowsInAll: number | null;
  /** Of the archive so far. */
  readonly bytes: number;
  readonly sha256: string | null;
  readonly message: string | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
  /** It is gone then. */
  readonly expiresAt: Date | null;
}

/** Which try at an export: whoever was taken for dead writes no more. */
export interface Attempt {
  readonly storeId: string;
  readonly id: string;
  readonly attempt: number;
}

interface Made {
  readonly rows: number;
  readonly sha256: string;
  /** For who asked for it. */
  readonly message: string | undefined;
}

const SELECTION = `store_id as "storeId", id, requested_by as "requestedBy", status, kind, rows::float8 as rows,
  rows_in_all::float8 as "rowsInAll", bytes::float8 as bytes, sha256, message, created_at as "createdAt",
  finished_at as "finishedAt", expires_at as "expiresAt"`;
const KEPT_HOURS = 24;

/** Exports and their pieces, in the database: whichever host is asked has them. */
export class ExportStore {
  readonly #dataSource: DataSource;
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
    this.#sql = sqlOf(dataSource);
  }

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return inTransaction(this.#dataSource, work);
  }

  /** Undefined while another is under way. */
  async insert(sql: Sql, storeId: string, requestedBy: string): Promise<StoreExport | undefined> {
    const [row] = await sql.query<StoreExport>(
      `insert into store_exports (store_id, id, requested_by) values ($1, $2, $3)
       on conflict (store_id) where status in ('queued', 'running') do nothing returning ${SELECTION}`,
      [storeId, v7(), requestedBy],
    );
    return row;
  }

  async countKept(sql: Sql, storeId: string): Promise<number> {
    const [row] = await sql.query<{ count: number }>(
      `select count(*)::int as count from store_exports where store_id = $1 and status = 'done' and expires_at > now()`,
      [storeId],
    );
    return row?.count ?? 0;
  }

  async find(storeId: string, id: string): Promise<StoreExport | undefined> {
    const [row] = await this.#sql.query<StoreExport>(`select ${SELECTION} from store_exports where store_id = $1 and id = $2`, [
      storeId,
      id,
    ]);
    return row;
  }

  /** Latest first, those of the last month. */
  async page(storeId: string, { limit, after }: Paging): Promise<{ exports: StoreExport[]; next: Position | undefined }> {
    const rows = await this.#sql.query<StoreExport & { mark: string }>(
      `select ${SELECTION}, created_at::text as mark from store_exports
       where store_id = $1 and ($2::timestamptz is null or (created_at, id) < ($2, $3::uuid))
       order by created_at desc, id desc limit $4`,
      [storeId, after?.at ?? null, after?.id ?? null, limit + 1],
    );
    const { page, next } = cutPage(rows, limit, ({ id }) => id);
    return { exports: page.map(({ mark: _, ...made }) => made), next };
  }

  /** Begins anew, whatever a worker that died had written. Undefined when it was cancelled meanwhile. */
  async begin(storeId: string, id: string): Promise<Attempt | undefined> {
    return this.transaction(async (sql) => {
      const [row] = await sql.query<Attempt>(
        `update store_exports set status = 'running', attempt = attempt + 1, rows = 0, bytes = 0, kind = null
         where store_id = $1 and id = $2 and status in ('queued', 'running') returning store_id as "storeId", id, attempt`,
        [storeId, id],
      );
      if (row) await sql.query('delete from store_export_parts where store_id = $1 and export_id = $2', [storeId, id]);
      return row;
    });
  }

  /** False when it was cancelled, or another worker took over. */
  async keepPart({ storeId, id, attempt }: Attempt, part: { number: number; bytes: Buffer }): Promise<boolean> {
    const rows = await this.#sql.query(
      `with mine as (update store_exports set bytes = bytes + $6 where store_id = $1 and id = $2 and attempt = $3
         and status = 'running' returning id)
       insert into store_export_parts (store_id, export_id, number, bytes) select $1, id, $4, $5 from mine returning 1`,
      [storeId, id, attempt, part.number, part.bytes, part.bytes.length],
    );
    return rows.length > 0;
  }

  async progress({ storeId, id, attempt }: Attempt, at: { kind: string; rows: number; rowsInAll: number }): Promise<boolean> {
    const rows = await this.#sql.query(
      `update store_exports set kind = $4, rows = $5, rows_in_all = $6
       where store_id = $1 and id = $2 and attempt = $3 and status = 'running' returning 1`,
      [storeId, id, attempt, at.kind, at.rows, at.rowsInAll],
    );
    return rows.length > 0;
  }

  async finish({ storeId, id, attempt }: Attempt, { rows, sha256, message }: Made): Promise<void> {
    await this.#sql.query(
      `update store_exports set status = 'done', kind = null, rows = $4, rows_in_all = $4, sha256 = $5, message = $6, finished_at = now(),
         expires_at = now() + interval '${KEPT_HOURS} hours'
       where store_id = $1 and id = $2 and attempt = $3 and status = 'running'`,
      [storeId, id, attempt, rows, sha256, message ?? null],
    );
  }

  async fail({ storeId, id, attempt }: Attempt, message: string): Promise<void> {
    await this.#sql.query(
      `update store_exports set status = 'failed', message = $4, finished_at = now()
       where store_id = $1 and id = $2 and attempt = $3 and status = 'running'`,
      [storeId, id, attempt, message],
    );
  }

  /** False when it had ended. */
  async cancel(storeId: string, id: string): Promise<boolean> {
    const rows = await this.#sql.query(
      `update store_exports set status = 'cancelled', finished_at = now(), expires_at = null
       where store_id = $1 and id = $2 and status in ('queued', 'running') returning 1`,
      [storeId, id],
    );
    return rows.length > 0;
  }

  /** Piece after piece, none held longer than it takes to send. */
  async *parts(storeId: string, id: string): AsyncGenerator<Buffer, void> {
    for (let number = 0; ; number += 1) {
      const [row] = await this.#sql.query<{ bytes: Buffer }>(
        'select bytes from store_export_parts where store_id = $1 and export_id = $2 and number = $3',
        [storeId, id, number],
      );
      if (!row) return;
      yield row.bytes;
    }
  }

  /**
   * Across all stores, for the worker: gives up what no worker has in hand any more, and lets go of archives whose time is
   * over and of what was never finished.
   */
  async sweep(): Promise<void> {
    await this.#sql.query(
      `update store_exports set status = 'failed', finished_at = now(), message = 'It did not come to an end in two days; make another one.'
       where status in ('queued', 'running') and created_at < now() - interval '2 days'`,
    );
    await this.#sql.query(
      `delete from store_export_parts p using store_exports e where e.store_id = p.store_id and e.id = p.export_id
         and (e.expires_at <= now() or e.status in ('failed', 'cancelled'))`,
    );
    await this.#sql.query(`delete from store_exports where finished_at < now() - interval '30 days'`);
  }
}
