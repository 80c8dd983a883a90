import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../database/transaction.ts';
import { type AllUnsorted, SpoolFiguresStore } from '../inbox/spool-figures-store.ts';

export interface Counted {
  readonly of: string;
  readonly state: string;
  readonly count: number;
}

export interface Waiting {
  readonly queue: string;
  readonly count: number;
  /** Since the one that has been due for longest was; 0 where none is. */
  readonly oldestSeconds: number;
}

/** What waits and what there is, over all hosts and stores. */
export interface HubFigures {
  /** By plugin. */
  readonly integrations: readonly Counted[];
  /** Waiting and at work, by plugin. */
  readonly runs: readonly Counted[];
  /** Webhook messages that are not done with, by plugin. */
  readonly inbox: readonly Counted[];
  /** `inbox`, and the job queues by name; what is due only. Accepted messages that are not sorted in yet are due. */
  readonly waiting: readonly Waiting[];
  /** Accepted messages that are not in the lists yet. */
  readonly unsorted: AllUnsorted;
  /** Providers that fail for everybody, by plugin. */
  readonly outages: readonly Counted[];
}

/** What there is in the whole hub. */
export interface HubTotals {
  readonly stores: number;
  readonly users: number;
  readonly waitingEvents: number;
  /** Failed, kept, or nobody's. */
  readonly strandedEvents: number;
  readonly runningSyncs: number;
}

const NO_TOTALS: HubTotals = { stores: 0, users: 0, waitingEvents: 0, strandedEvents: 0, runningSyncs: 0 };

/** Figures for `/metrics`. Each question is answered by what is under way, never by walking over all there ever was. */
export class HubFiguresStore {
  readonly #sql: Sql;
  readonly #spool: SpoolFiguresStore;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
    this.#spool = new SpoolFiguresStore(dataSource);
  }

  async read(): Promise<HubFigures> {
    const [integrations, runs, inbox, outages, due, unsorted] = await Promise.all([
      this.#count('select plugin_id as of, status as state, count(*)::integer from integrations group by 1, 2'),
      this.#count(
        `select i.plugin_id as of, r.status as state, count(*)::integer from sync_runs r
         join integrations i on i.store_id = r.store_id and i.id = r.integration_id where r.status in ('queued', 'running') group by 1, 2`,
      ),
      // One branch for each partial index.
      this.#count(
        `select plugin_id as of, state, count(*)::integer from webhook_events where state in ('parked', 'dead') group by 1, 2
         union all select plugin_id, state, count(*)::integer from webhook_events where state = 'unmatched' group by 1, 2
         union all select plugin_id, state, count(*)::integer from webhook_events where state = 'unverified' group by 1, 2`,
      ),
      this.#count(
        `select plugin_id as of, 'lasts' as state, count(*)::integer from provider_outages where ended_at is null group by 1`,
      ),
      this.#waiting(),
      this.#spool.all(),
    ]);
    const waiting = due.map((one) => (one.queue === 'inbox' ? withUnsorted(one, unsorted) : one));
    return { integrations, runs, inbox, outages, waiting, unsorted };
  }

  async totals(): Promise<HubTotals> {
    const [[sorted = NO_TOTALS], { count, unreadable }] = await Promise.all([
      this.#sql.query<HubTotals>(
        `select (select count(*)::int from stores) as stores, (select count(*)::int from users) as users,
           (select count(*)::int from webhook_events where state in ('pending', 'parked', 'unverified')) as "waitingEvents",
           (select count(*)::int from webhook_events where state in ('dead', 'parked', 'unmatched', 'unverified')) as "strandedEvents",
           (select count(*)::int from sync_runs where status in ('queued', 'running')) as "runningSyncs"`,
      ),
      this.#spool.all(),
    ]);
    return {
      ...sorted,
      waitingEvents: sorted.waitingEvents + count + unreadable,
      strandedEvents: sorted.strandedEvents + unreadable,
    };
  }

  /** How long the database takes to answer nothing. */
  async answersInMs(): Promise<number> {
    const from = performance.now();
    await this.#sql.query('select 1');
    return performance.now() - from;
  }

  async #waiting(): Promise<Waiting[]> {
    const [made] = await this.#sql.query<{ there: boolean }>(`select to_regclass('pgboss.job') is not null as there`);
    const [inbox, jobs] = await Promise.all([
      this.#sql.query<Waiting>(
        `select 'inbox' as queue, count(*)::integer as count, coalesce(extract(epoch from now() - min(run_after)), 0)::float8 as "oldestSeconds"
         from webhook_queue where run_after <= now()`,
      ),
      // The queues are made by the first host that works.
      made?.there
        ? this.#sql.query<Waiting>(
            `select q.name as queue, count(j.id)::integer as count,
               coalesce(extract(epoch from now() - min(j.start_after)), 0)::float8 as "oldestSeconds"
             from pgboss.queue q left join pgboss.job j on j.name = q.name and j.state in ('created', 'retry') and j.start_after <= now()
             where q.name not like '\\_\\_%' group by 1`,
          )
        : [],
    ]);
    return [...inbox, ...jobs];
  }

  #count(sql: string): Promise<Counted[]> {
    return this.#sql.query<Counted>(sql);
  }
}

function withUnsorted({ queue, count, oldestSeconds }: Waiting, unsorted: AllUnsorted): Waiting {
  const seconds = unsorted.since ? (Date.now() - unsorted.since.getTime()) / 1000 : 0;
  return { queue, count: count + unsorted.count, oldestSeconds: Math.max(oldestSeconds, seconds) };
}
