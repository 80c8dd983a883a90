import type { DataSource } from 'typeorm';
import { withoutNulls } from '../database/rows.ts';
import { type Sql, sqlOf } from '../database/transaction.ts';
import type { Run } from './run.ts';
import type { RunStatus } from './run-entity.ts';
import { runColumns } from './run-store.ts';

export interface RunFilter {
  readonly stream?: string | undefined;
  /** Any of these. */
  readonly statuses?: readonly RunStatus[] | undefined;
  /** Asked for then or later. */
  readonly since?: Date | undefined;
}

export interface RunPage {
  readonly runs: readonly Run[];
  /** How many fit the filter at all. */
  readonly total: number;
}

/** How far one run is; enough to show it moving. */
export type RunProgress = Pick<
  Run,
  'storeId' | 'integrationId' | 'id' | 'stream' | 'status' | 'pages' | 'seen' | 'total' | 'failed' | 'message' | 'startedAt'
> & { readonly cancelling: boolean };

/** How one stream of an integration fares. */
export interface StreamFigures {
  readonly stream: string;
  /** Runs that ended in the last 7 days, cancelled ones aside, and those of them that brought everything. */
  readonly ended: number;
  readonly succeeded: number;
  /** When the latest run that brought everything had begun: what it read is at least as new as that. */
  readonly freshAt: Date | undefined;
  readonly lastSuccessAt: Date | undefined;
  /** Since when a run is waiting or at work. */
  readonly activeSince: Date | undefined;
}

/** One day, in UTC. */
export interface DayFigures {
  /** `2026-01-31` */
  readonly day: string;
  readonly succeeded: number;
  readonly partial: number;
  readonly failed: number;
  readonly cancelled: number;
  /** New, changed or removed here. */
  readonly records: number;
}

type Scope = Pick<Run, 'storeId' | 'integrationId'>;

/** Runs as their history is told: pages of them, figures per stream and per day, and how far those at work are. */
export class RunHistoryStore {
  readonly #dataSource: DataSource;
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
    this.#sql = sqlOf(dataSource);
  }

  /** Latest first. */
  async page({ storeId, integrationId }: Scope, filter: RunFilter, at: { limit: number; offset: number }): Promise<RunPage> {
    const where = `store_id = $1 and integration_id = $2 and ($3::text is null or stream = $3)
      and ($4::text[] is null or status = any($4)) and ($5::timestamptz is null or queued_at >= $5)`;
    const { stream = null, statuses = null, since = null } = filter;
    const values = [storeId, integrationId, stream, statuses, since];
    const columns = runColumns(this.#dataSource);
    const [rows, [counted]] = await Promise.all([
      this.#sql.query(`select ${columns} from sync_runs where ${where} order by queued_at desc, id desc limit $6 offset $7`, [
        ...values,
        at.limit,
        at.offset,
      ]),
      this.#sql.query<{ total: number }>(`select count(*)::integer as total from sync_runs where ${where}`, values),
    ]);
    return { runs: rows.map((row) => withoutNulls<Run>(row)), total: counted?.total ?? 0 };
  }

  /** What waits or is at work in these stores. */
  async active(storeIds: readonly string[]): Promise<RunProgress[]> {
    const rows = await this.#sql.query(
      `select store_id as "storeId", integration_id as "integrationId", id, stream, status, pages, seen, total, failed, message,
         started_at as "startedAt", cancel_requested_at is not null as cancelling
       from sync_runs where store_id = any($1) and status in ('queued', 'running') order by queued_at desc, id desc`,
      [storeIds],
    );
    return rows.map((row) => withoutNulls<RunProgress>(row));
  }

  async streams({ storeId, integrationId }: Scope): Promise<StreamFigures[]> {
    const rows = await this.#sql.query(
      `select stream,
         count(*) filter (where status in ('succeeded', 'partial', 'failed') and queued_at > now() - interval '7 days')::integer as ended,
         count(*) filter (where status = 'succeeded' and queued_at > now() - interval '7 days')::integer as succeeded,
         max(started_at) filter (where status = 'succeeded') as "freshAt",
         max(finished_at) filter (where status = 'succeeded') as "lastSuccessAt",
         min(queued_at) filter (where status in ('queued', 'running')) as "activeSince"
       from sync_runs where store_id = $1 and integration_id = $2 group by stream order by stream`,
      [storeId, integrationId],
    );
    return rows.map((row) => withoutNulls<StreamFigures>(row));
  }

  /** The last so many days, oldest first, today included; a day without runs is there too. */
  async days({ storeId, integrationId }: Scope, count: number): Promise<DayFigures[]> {
    return this.#sql.query<DayFigures>(
      `select to_char(day, 'YYYY-MM-DD') as day,
         count(id) filter (where status = 'succeeded')::integer as succeeded,
         count(id) filter (where status = 'partial')::integer as partial,
         count(id) filter (where status = 'failed')::integer as failed,
         count(id) filter (where status = 'cancelled')::integer as cancelled,
         coalesce(sum(written + deleted), 0)::float8 as records
       from generate_series(date_trunc('day', now() at time zone 'utc') - ($3::integer - 1) * interval '1 day',
         date_trunc('day', now() at time zone 'utc'), interval '1 day') as day
       left join sync_runs on store_id = $1 and integration_id = $2
         and queued_at >= day at time zone 'utc' and queued_at < (day + interval '1 day') at time zone 'utc'
       group by day order by day`,
      [storeId, integrationId, count],
    );
  }
}
