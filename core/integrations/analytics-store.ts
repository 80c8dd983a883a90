import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../database/transaction.ts';

export interface DayCount {
  /** UTC, `2026-01-31`. */
  readonly day: string;
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
  /** Sign-ins and links that were begun, and those that came to a connection. */
  readonly setUp: { readonly begun: number; readonly connected: number; readonly share: number | null };
  /** Of runs that ended. */
  readonly syncs: { readonly ended: number; readonly succeeded: number; readonly share: number | null };
  /** From the moment something asked for a person to when it was mended, in seconds; null when nothing was. */
  readonly repair: { readonly repaired: number; readonly medianSeconds: number | null };
  /** Oldest first, today included. */
  readonly perDay: readonly DayCount[];
}

const SINCE = `now() - $2::integer * interval '1 day'`;
const STORE = '($1::uuid is null or store_id = $1)';

/** Figures of one store, or with no store of all of them: for operators. */
export class AnalyticsStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  async of(storeId: string | undefined, days: number): Promise<Analytics> {
    const given = [storeId ?? null, days];
    const [adoption, integrations, setUp, syncs, repair, perDay] = await Promise.all([
      this.#adoption(given),
      this.#integrations(given),
      this.#setUp(given),
      this.#syncs(given),
      this.#repair(given),
      this.#perDay(given),
    ]);
    return { days, adoption, integrations, setUp, syncs, repair, perDay };
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

  async #setUp(given: unknown[]): Promise<Analytics['setUp']> {
    const [row] = await this.#sql.query<{ begun: number; connected: number }>(
      `select count(*) filter (where action = 'integration.connect-begin')::integer as begun,
         count(*) filter (where action in ('integration.connect', 'integration.reconnect'))::integer as connected
       from audit_entries where ${STORE} and at > ${SINCE}`,
      given,
    );
    const connected = row?.connected ?? 0;
    const begun = Math.max(row?.begun ?? 0, connected);
    return { begun, connected, share: shareOf(connected, begun) };
  }

  async #syncs(given: unknown[]): Promise<Analytics['syncs']> {
    const [row] = await this.#sql.query<{ ended: number; succeeded: number }>(
      `select count(*) filter (where status in ('succeeded', 'partial', 'failed'))::integer as ended,
         count(*) filter (where status = 'succeeded')::integer as succeeded
       from sync_runs where ${STORE} and queued_at > ${SINCE}`,
      given,
    );
    const { ended = 0, succeeded = 0 } = row ?? {};
    return { ended, succeeded, share: shareOf(succeeded, ended) };
  }

  async #repair(given: unknown[]): Promise<Analytics['repair']> {
    const [row] = await this.#sql.query<{ repaired: number; seconds: number | null }>(
      `select count(*)::integer as repaired, percentile_cont(0.5) within group (order by extract(epoch from mended - broke))::float8 as seconds
       from (select b.at as broke, (select min(m.at) from audit_entries m where m.store_id is not distinct from b.store_id
           and m.target = b.target and m.at > b.at and m.action in ('integration.mended', 'integration.reconnect', 'integration.configure')) as mended
         from audit_entries b where (${STORE.replace('store_id', 'b.store_id')}) and b.at > ${SINCE} and b.action in ('integration.needs-reconnect', 'integration.needs-settings')) pairs
       where mended is not null`,
      given,
    );
    return { repaired: row?.repaired ?? 0, medianSeconds: row?.seconds ?? null };
  }

  #perDay(given: unknown[]): Promise<DayCount[]> {
    return this.#sql.query<DayCount>(
      `select to_char(day, 'YYYY-MM-DD') as day,
         (select coalesce(sum(written + deleted), 0)::float8 from sync_runs where ${STORE} and queued_at >= day at time zone 'utc'
            and queued_at < (day + interval '1 day') at time zone 'utc') as records,
         (select count(*)::integer from webhook_events where ${STORE} and received_at >= day at time zone 'utc'
            and received_at < (day + interval '1 day') at time zone 'utc') as events
       from generate_series(date_trunc('day', now() at time zone 'utc') - ($2::integer - 1) * interval '1 day',
         date_trunc('day', now() at time zone 'utc'), interval '1 day') as day order by day`,
      given,
    );
  }
}

function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 1000) / 1000;
}
