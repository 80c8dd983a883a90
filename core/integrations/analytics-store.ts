import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../database/transaction.ts';
import { SetUpStore } from './set-up-store.ts';

export interface DayCount {
  /** UTC, `2026-01-31`. */
  readonly day: string;
  /** Syncs that were asked for that day and have ended. */
  readonly syncs: number;
  /** Of those, how many did all they should. */
  readonly succeeded: number;
  /** Records written or removed by syncs that were asked for that day. */
  readonly records: number;
  /** Messages received. */
  readonly events: number;
}

/** How integrations are taken up and fare, over `days` days. */
export interface Analytics {
  readonly days: number;
  /** `withIntegration`: stores that hold at least one that is not disconnected. */
  readonly adoption: { readonly stores: number; readonly withIntegration: number; readonly share: number | null };
  /** Integrations by status. */
  readonly integrations: Readonly<Record<string, number>>;
  /** Set-ups that were begun on the pages, those that came to a connection, and those that came to their end: something was synced. */
  readonly setUp: {
    readonly begun: number;
    readonly connected: number;
    readonly finished: number;
    /** Of those begun, how many came to their end. */
    readonly share: number | null;
  };
  /** Of runs that ended. */
  readonly syncs: { readonly ended: number; readonly succeeded: number; readonly share: number | null };
  /** From the moment something asked for a person to when it was mended, in seconds; null when nothing was. */
  readonly repair: { readonly repaired: number; readonly medianSeconds: number | null };
  /** Oldest first, today included. */
  readonly perDay: readonly DayCount[];
}

const STORE = '($1::uuid is null or store_id = $1)';
/** Whole days in UTC, today included. */
const SINCE = `(date_trunc('day', now() at time zone 'utc') - ($2::integer - 1) * interval '1 day') at time zone 'utc'`;

/**
 * Figures of one store, or with no store of all of them: for operators. Each question is one walk over the runs, messages or
 * changes of those days, and who asks while the same is being found out gets the same answer.
 */
export class AnalyticsStore {
  readonly #sql: Sql;
  readonly #setUps: SetUpStore;
  readonly #asked = new Map<string, Promise<Analytics>>();

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
    this.#setUps = new SetUpStore(dataSource);
  }

  of(storeId: string | undefined, days: number): Promise<Analytics> {
    const key = `${storeId ?? 'all'} ${days}`;
    const asked = this.#asked.get(key);
    if (asked) return asked;
    const found = this.#read(storeId, days).finally(() => this.#asked.delete(key));
    this.#asked.set(key, found);
    return found;
  }

  async #read(storeId: string | undefined, days: number): Promise<Analytics> {
    const given = [storeId ?? null, days];
    const [adoption, integrations, setUp, repair, perDay] = await Promise.all([
      this.#adoption(given),
      this.#integrations(given),
      this.#setUp(storeId, days),
      this.#repair(given),
      this.#perDay(given),
    ]);
    return { days, adoption, integrations, setUp, syncs: syncsOf(perDay), repair, perDay };
  }

  async #adoption([storeId]: unknown[]): Promise<Analytics['adoption']> {
    const [row] = await this.#sql.query<{ stores: number; held: number }>(
      `select count(*)::integer as stores, count(*) filter (where exists (
         select from integrations i where i.store_id = s.id and i.status <> 'disconnected'))::integer as held
       from stores s where $1::uuid is null or s.id = $1`,
      [storeId],
    );
    const { stores = 0, held = 0 } = row ?? {};
    return { stores, withIntegration: held, share: shareOf(held, stores) };
  }

  async #integrations([storeId]: unknown[]): Promise<Analytics['integrations']> {
    const rows = await this.#sql.query<{ status: string; count: number }>(
      `select status, count(*)::integer as count from integrations where ${STORE} group by status order by status`,
      [storeId],
    );
    return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
  }

  async #setUp(storeId: string | undefined, days: number): Promise<Analytics['setUp']> {
    const plugins = await this.#setUps.figures(storeId, days);
    const sum = (of: 'begun' | 'connected' | 'finished') => plugins.reduce((total, plugin) => total + plugin[of], 0);
    const [begun, connected, finished] = [sum('begun'), sum('connected'), sum('finished')];
    return { begun, connected, finished, share: shareOf(finished, begun) };
  }

  /** To each that broke the first that mended it afterwards; latest first, as only a frame that grows is counted in one pass. */
  async #repair(given: unknown[]): Promise<Analytics['repair']> {
    const [row] = await this.#sql.query<{ repaired: number; seconds: number | null }>(
      `select count(*)::integer as repaired, percentile_cont(0.5) within group (order by extract(epoch from mended - at))::float8 as seconds
       from (select at, broke, min(case when not broke then at end) over (
           partition by store_id, target order by at desc, id desc rows between unbounded preceding and 1 preceding) as mended
         from (select id, store_id, target, at, action in ('integration.needs-reconnect', 'integration.needs-settings') as broke
           from audit_entries where ${STORE} and at >= ${SINCE} and action in ('integration.needs-reconnect',
             'integration.needs-settings', 'integration.mended', 'integration.reconnect', 'integration.configure')) steps) pairs
       where broke and mended is not null`,
      given,
    );
    return { repaired: row?.repaired ?? 0, medianSeconds: row?.seconds ?? null };
  }

  #perDay(given: unknown[]): Promise<DayCount[]> {
    return this.#sql.query<DayCount>(
      `with ran as (select date_trunc('day', queued_at at time zone 'utc') as day, sum(written + deleted)::float8 as records,
           count(*) filter (where status in ('succeeded', 'partial', 'failed'))::integer as syncs,
           count(*) filter (where status = 'succeeded')::integer as succeeded
         from sync_runs where ${STORE} and queued_at >= ${SINCE} group by 1),
       heard as (select date_trunc('day', received_at at time zone 'utc') as day, sum(count)::integer as events from (
           select received_at, 1 as count from webhook_events where ${STORE} and received_at >= ${SINCE}
           union all select received_at, count from webhook_spool where ${STORE} and received_at >= ${SINCE}) came group by 1)
       select to_char(day, 'YYYY-MM-DD') as day, coalesce(syncs, 0) as syncs, coalesce(succeeded, 0) as succeeded,
         coalesce(records, 0) as records, coalesce(events, 0) as events
       from generate_series(${SINCE} at time zone 'utc', now() at time zone 'utc', interval '1 day') as day
       left join ran using (day) left join heard using (day) order by day`,
      given,
    );
  }
}

function syncsOf(perDay: readonly DayCount[]): Analytics['syncs'] {
  const ended = perDay.reduce((sum, { syncs }) => sum + syncs, 0);
  const succeeded = perDay.reduce((sum, day) => sum + day.succeeded, 0);
  return { ended, succeeded, share: shareOf(succeeded, ended) };
}

function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 1000) / 1000;
}
