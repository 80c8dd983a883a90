import type { DataSource } from 'typeorm';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';

export interface ScheduleRow {
  readonly storeId: string;
  readonly integrationId: string;
  readonly stream: string;
  /** Null: switched off. */
  readonly everyMinutes: number | null;
  readonly nextRunAt: Date | null;
}

export const DEFAULT_MINUTES = 60;

/** ±10 %, so that what was connected together does not call together for ever. */
const NEXT = `now() + every_minutes * (0.9 + 0.2 * random()) * interval '1 minute'`;
const COLUMNS =
  's.store_id as "storeId", s.integration_id as "integrationId", s.stream, s.every_minutes as "everyMinutes", s.next_run_at as "nextRunAt"';

/** When each stream of an integration is synced by itself. */
export class ScheduleStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async of(storeId: string, integrationId: string): Promise<ScheduleRow[]> {
    return this.#sql().query<ScheduleRow>(
      `select ${COLUMNS} from schedules s where store_id = $1 and integration_id = $2 order by stream`,
      [storeId, integrationId],
    );
  }

  async set(storeId: string, integrationId: string, { stream, everyMinutes }: { stream: string; everyMinutes: number | null }) {
    const [row] = await this.#sql().query<ScheduleRow>(
      `insert into schedules as s (store_id, integration_id, stream, every_minutes, next_run_at)
       values ($1, $2, $3, $4, now() + $4::int * random() * interval '1 minute')
       on conflict (store_id, integration_id, stream) do update set every_minutes = excluded.every_minutes,
         next_run_at = case when s.every_minutes is not distinct from excluded.every_minutes then s.next_run_at else excluded.next_run_at end
       returning ${COLUMNS}`,
      [storeId, integrationId, stream, everyMinutes],
    );
    return row as ScheduleRow;
  }

  /** Gives every active integration of a plugin the default for streams it has no schedule for. */
  async addDefaults(pluginId: string, streams: readonly string[]): Promise<void> {
    await this.#sql().query(
      `insert into schedules (store_id, integration_id, stream, every_minutes, next_run_at)
       select i.store_id, i.id, stream, $3, now() + $3::int * (0.5 + random() / 2) * interval '1 minute'
       from integrations i cross join unnest($2::text[]) stream
       where i.plugin_id = $1 and i.status = 'active' and not exists (
         select 1 from schedules s where s.store_id = i.store_id and s.integration_id = i.id and s.stream = stream.stream)
       on conflict do nothing`,
      [pluginId, streams, DEFAULT_MINUTES],
    );
  }

  /**
   * Takes schedules that are due, of integrations that work, and sets their next time; `work` runs in the same transaction.
   * Hosts that ask at once get different ones.
   */
  async takeDue(limit: number, work: (due: readonly ScheduleRow[], sql: Sql) => Promise<void>): Promise<number> {
    return inTransaction(this.#dataSource, async (sql) => {
      const due = await sql.query<ScheduleRow>(
        `with due as (
           select d.store_id, d.integration_id, d.stream from schedules d
           join integrations i on i.store_id = d.store_id and i.id = d.integration_id
           where d.every_minutes is not null and d.next_run_at <= now() and i.status = 'active' and i.enabled
           order by d.next_run_at limit $1 for update of d skip locked)
         update schedules s set next_run_at = ${NEXT} from due
         where s.store_id = due.store_id and s.integration_id = due.integration_id and s.stream = due.stream
         returning ${COLUMNS}`,
        [limit],
      );
      if (due.length > 0) await work(due, sql);
      return due.length;
    });
  }

  #sql(): Sql {
    return sqlOf(this.#dataSource);
  }
}
