import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../database/transaction.ts';

export interface SyncFigures {
  readonly running: number;
  /** Of the last 7 days. */
  readonly succeeded: number;
  readonly partial: number;
  readonly failed: number;
}

export interface LastFailure {
  readonly stream: string;
  readonly at: Date;
  readonly code: string | null;
  readonly message: string | null;
  /** The latest run of every stream failed: nothing is synced. */
  readonly everywhere: boolean;
}

export interface EventFigures {
  readonly pending: number;
  readonly parked: number;
  readonly dead: number;
}

/** How the runs and events of one integration went, in figures. */
export class HealthStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  async syncs(storeId: string, integrationId: string): Promise<SyncFigures> {
    const [figures] = await this.#sql.query<SyncFigures>(
      `select count(*) filter (where status in ('queued', 'running'))::integer as running,
         count(*) filter (where status = 'succeeded')::integer as succeeded,
         count(*) filter (where status = 'partial')::integer as partial,
         count(*) filter (where status = 'failed')::integer as failed
       from sync_runs where store_id = $1 and integration_id = $2 and queued_at > now() - interval '7 days'`,
      [storeId, integrationId],
    );
    return figures ?? { running: 0, succeeded: 0, partial: 0, failed: 0 };
  }

  /** The latest run of a stream failed, and this is how; a later success of that stream makes it history. */
  async lastFailure(storeId: string, integrationId: string): Promise<LastFailure | undefined> {
    const [failure] = await this.#sql.query<LastFailure>(
      `select stream, at, code, message, everywhere from (
         select latest.*, bool_and(status = 'failed') over () as everywhere from (
         select distinct on (stream) stream, status, finished_at as at, error_code as code, message from sync_runs
         where store_id = $1 and integration_id = $2 and status in ('succeeded', 'partial', 'failed')
         order by stream, queued_at desc
       ) latest) latest where status = 'failed' order by at desc nulls last limit 1`,
      [storeId, integrationId],
    );
    return failure;
  }

  async events(storeId: string, integrationId: string): Promise<EventFigures> {
    const rows = await this.#sql.query<{ state: keyof EventFigures; count: number }>(
      `select state, count(*)::integer as count from webhook_events
       where store_id = $1 and integration_id = $2 and state in ('pending', 'parked', 'dead') group by state`,
      [storeId, integrationId],
    );
    return { pending: 0, parked: 0, dead: 0, ...Object.fromEntries(rows.map(({ state, count }) => [state, count])) };
  }

  /** How long it usually is from one event to the next, by the last 50; null while there were too few to tell. */
  async usualGapMs(storeId: string, integrationId: string): Promise<number | null> {
    const [row] = await this.#sql.query<{ gap: number | null }>(
      `select case when count(*) >= 10 then extract(epoch from max(received_at) - min(received_at)) * 1000 / (count(*) - 1) end::float8 as gap
       from (select received_at from webhook_events where store_id = $1 and integration_id = $2
             order by received_at desc limit 50) latest`,
      [storeId, integrationId],
    );
    return row?.gap ?? null;
  }
}
