import type { DataSource } from 'typeorm';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';

/** Days that are made ahead: a worker that is down for a week costs nothing but the order of days. */
const AHEAD = 7;
const BATCH = 5000;
/** Of all hosts one keeps house at a time. */
const LOCK = 7_240_018;

/** What went with a day: state → how many. */
export interface DroppedDay {
  readonly day: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** The first id an event of this time can have: ids begin with the milliseconds since 1970. */
export function firstIdOf(time: Date): string {
  const hex = time.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** Days of the inbox that come and go. */
export class UpkeepStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  /** @returns the names of the partitions that were made */
  async prepareDays(): Promise<string[]> {
    const missing = await sqlOf(this.#dataSource).query<{ day: string }>(
      `select day::date::text as day from generate_series(date_trunc('day', now() at time zone 'utc'),
         now() at time zone 'utc' + interval '${AHEAD} days', '1 day') day
       where to_regclass('webhook_events_' || to_char(day, 'YYYYMMDD')) is null`,
    );
    const made: string[] = [];
    for (const { day } of missing) {
      const rows = await this.#alone((sql) =>
        sql.query<{ name: string | null }>('select webhook_events_day($1::date) as name', [day]),
      );
      made.push(...(rows ?? []).flatMap(({ name }) => name ?? []));
    }
    return made;
  }

  /** Drops the days no store keeps any more; a day of which something still waits to be handled stays. */
  async dropDays(): Promise<DroppedDay[]> {
    const old = await sqlOf(this.#dataSource).query<{ name: string; day: string }>(
      `select c.relname as name, to_date(right(c.relname, 8), 'YYYYMMDD')::text as day
       from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where i.inhparent = 'webhook_events'::regclass and c.relname ~ '^webhook_events_\\d{8}$'
         and to_date(right(c.relname, 8), 'YYYYMMDD') < (now() at time zone 'utc')::date - (select coalesce(max(event_days), 30) from stores)
       order by 1`,
    );
    const dropped: DroppedDay[] = [];
    for (const { name, day } of old) {
      const counts = await this.#alone(async (sql) => {
        const rows = await sql.query<{ state: string; count: number }>(
          `select state, count(*)::int as count from ${name} group by state`,
        );
        if (rows.some(({ state }) => state === 'pending')) return undefined;
        await sql.query(`drop table ${name}`);
        return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
      });
      if (counts) dropped.push({ day, counts });
    }
    return dropped;
  }

  /** Removes what single stores keep for a shorter time than others. @returns how many */
  async removeOld(): Promise<number> {
    const stores = await sqlOf(this.#dataSource).query<{ id: string; days: number }>('select id, event_days as days from stores');
    let removed = 0;
    for (const { id, days } of stores) {
      removed += await this.#inBatches(
        `delete from webhook_events where store_id = $1 and id in (
           select id from webhook_events where store_id = $1 and id < $2 and state <> 'pending' limit ${BATCH}) returning 1`,
        [id, firstIdOf(new Date(Date.now() - days * 86_400_000))],
      );
      removed += await this.#inBatches(
        `delete from webhook_set_aside where store_id = $1 and (integration_id, id) in (
           select integration_id, id from webhook_set_aside where store_id = $1
             and set_aside_at < now() - $2::integer * interval '1 day' limit ${BATCH}) returning 1`,
        [id, days],
      );
    }
    return removed;
  }

  /** Forgets messages after the 8 days in which they are recognised. */
  async forgetSeen(): Promise<void> {
    await this.#inBatches(
      `delete from webhook_dedupe where ctid = any(array(
         select ctid from webhook_dedupe where received_at < now() - interval '8 days' limit ${BATCH})) returning 1`,
    );
  }

  /** Runs a statement for as long as it finds a whole batch, so that none of them takes long. @returns how many rows in all */
  async #inBatches(statement: string, params: unknown[] = []): Promise<number> {
    const sql = sqlOf(this.#dataSource);
    for (let total = 0; ; ) {
      const { length } = await sql.query(statement, params);
      total += length;
      if (length < BATCH) return total;
    }
  }

  /** Without waiting for long where others are at work: the next hour tries again. Undefined: another host is at it. */
  #alone<T>(work: (sql: Sql) => Promise<T>): Promise<T | undefined> {
    return inTransaction(this.#dataSource, async (sql) => {
      await sql.query("set local lock_timeout = '2s'");
      const [got] = await sql.query<{ locked: boolean }>('select pg_try_advisory_xact_lock($1) as locked', [LOCK]);
      return got?.locked ? work(sql) : undefined;
    });
  }
}
