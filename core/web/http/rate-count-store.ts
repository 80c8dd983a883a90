import { createHash } from 'node:crypto';
import type { ClientRateLimitInfo, Store } from 'express-rate-limit';
import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../../database/transaction.ts';
import type { Log } from '../../log.ts';

export const WINDOW_MS = 60_000;
/** Within so long a host learns what others have counted. */
const TELL_EVERY_MS = 1000;
/** Callers remembered; who comes beyond that is counted anew: forgetting is better than growing. */
const MOST = 100_000;
/** Told in one statement; the busiest first. */
const MOST_TOLD = 2000;

interface Count {
  readonly minute: number;
  /** Came to this host, and how many of these the others can know of. */
  own: number;
  told: number;
  others: number;
}

export interface RateCountsOptions {
  readonly dataSource: DataSource;
  readonly log: Pick<Log, 'warn'>;
  /** Default a second. */
  readonly tellEveryMs?: number;
}

/**
 * How often each caller came in this minute, over all hosts. A call is counted in memory and never waits; once a second, and
 * only if somebody called, a host tells the table `rate_counts` what came and learns what came elsewhere. So a limit may be
 * passed by what the other hosts take within that second. While the database is away each host counts alone.
 */
export class RateCountStore {
  readonly #sql: Sql;
  readonly #log: Pick<Log, 'warn'>;
  readonly #tellEveryMs: number;
  readonly #counts = new Map<string, Count>();
  #timer: NodeJS.Timeout | undefined;
  #swept = 0;

  constructor({ dataSource, log, tellEveryMs = TELL_EVERY_MS }: RateCountsOptions) {
    this.#sql = sqlOf(dataSource);
    this.#log = log;
    this.#tellEveryMs = tellEveryMs;
  }

  /** For one limiter; `name` keeps its callers apart from those of others. */
  of(name: string): Store {
    return {
      localKeys: false,
      increment: (key) => this.#take(`${name} ${key}`, 1),
      decrement: (key) => void this.#take(`${name} ${key}`, -1),
      resetKey: (key) => void this.#counts.delete(`${name} ${key}`),
    };
  }

  /** Tells what has come since the last time, and learns. Never rejects. */
  async exchange(): Promise<void> {
    const minute = minuteNow();
    for (const [key, count] of this.#counts) if (count.minute < minute) this.#counts.delete(key);
    const untold = [...this.#counts].filter(([, { own, told }]) => own !== told);
    const news = untold.sort(([, one], [, other]) => other.own - other.told - (one.own - one.told)).slice(0, MOST_TOLD);
    try {
      if (news.length > 0) await this.#tell(news);
      if (this.#swept < minute) await this.#sql.query('delete from rate_counts where minute < $1', [minute - 1]);
      this.#swept = minute;
    } catch (error) {
      this.#log.warn({ err: error }, 'rate limits are counted by this host alone while the database is away');
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #take(key: string, by: number): ClientRateLimitInfo {
    const minute = minuteNow();
    let count = this.#counts.get(key);
    if (count?.minute !== minute) {
      count = { minute, own: 0, told: 0, others: 0 };
      this.#counts.delete(key);
      this.#counts.set(key, count);
      const [oldest] = this.#counts.size > MOST ? this.#counts.keys() : [];
      if (oldest !== undefined) this.#counts.delete(oldest);
    }
    count.own = Math.max(0, count.own + by);
    this.#soon();
    return { totalHits: count.own + count.others, resetTime: new Date((minute + 1) * WINDOW_MS) };
  }

  async #tell(news: readonly (readonly [string, Count])[]): Promise<void> {
    // In one order on every host, or two of them would wait for each other's rows.
    const rows = news.map(([key, count]) => ({ caller: hashOf(key), count, own: count.own }));
    rows.sort((one, other) => (one.caller < other.caller ? -1 : 1));
    const totals = await this.#sql.query<{ caller: string; minute: string; hits: number }>(
      `insert into rate_counts as known (caller, minute, hits)
       select * from unnest($1::text[], $2::bigint[], $3::int[])
       on conflict (caller, minute) do update set hits = known.hits + excluded.hits
       returning caller, minute, hits`,
      [rows.map(({ caller }) => caller), rows.map(({ count }) => count.minute), rows.map(({ count, own }) => own - count.told)],
    );
    const hits = new Map(totals.map((row) => [`${row.caller} ${row.minute}`, row.hits]));
    for (const { caller, count, own } of rows) {
      count.told = own;
      count.others = Math.max(0, (hits.get(`${caller} ${count.minute}`) ?? own) - own);
    }
  }

  #soon(): void {
    this.#timer ??= setTimeout(async () => {
      await this.exchange();
      this.#timer = undefined;
      if ([...this.#counts.values()].some(({ own, told }) => own !== told)) this.#soon();
    }, this.#tellEveryMs).unref();
  }
}

function minuteNow(): number {
  return Math.floor(Date.now() / WINDOW_MS);
}

/** Nobody's address, and nothing of a key, stands in the table. */
function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
