import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { TryLater } from '../sdk/errors.ts';

/** `requests` calls in each window of `seconds`. */
export interface Rate {
  readonly requests: number;
  readonly seconds: number;
}

export type Priority = 'interactive' | 'background';

export interface TakeOptions {
  readonly signal: AbortSignal;
  /** Background work leaves the last tenth of a window to people who wait. Default `interactive`. */
  readonly priority?: Priority;
  /** Does the account ever rest? Background work then asks before each call. */
  readonly rests?: boolean;
}

/** What answers SQL: a data source or anything with its `query`. */
interface Queryable {
  query(sql: string, params?: unknown[]): Promise<unknown>;
}

const LONGEST_WAIT_MS = 5_000;
/** The longest quota window providers have. */
const LONGEST_REST_SECONDS = 86_400;

/** Rate budgets of provider accounts, shared by all hosts through the table `rate_budgets`. */
export class Budgets {
  readonly #dataSource: Queryable;
  readonly #client: object;
  readonly #limiters = new Map<string, RateLimiterPostgres>();

  constructor({ dataSource }: { readonly dataSource: Queryable }) {
    this.#dataSource = dataSource;
    this.#client = pgClient(dataSource);
  }

  /**
   * Takes one call from the budget of `key`; waits when the next window is near.
   * @throws HubError `RATE_LIMIT_EXCEEDED` with `afterSeconds` when it is not
   */
  async take(key: string, rate: Rate, { signal, priority = 'interactive', rests = false }: TakeOptions): Promise<void> {
    const limiter = this.#limiter(rate);
    const background = priority === 'background';
    const limit = background ? Math.max(1, Math.floor(rate.requests * 0.9)) : rate.requests;
    for (;;) {
      signal.throwIfAborted();
      const restMs = background && rests ? await this.#reached(() => this.#restMs(key)) : 0;
      const waitMs = restMs || (await this.#reached(() => this.#tryTake(limiter, shortKey(key), limit)));
      if (waitMs === 0) return;
      if (waitMs > LONGEST_WAIT_MS) throw restMs ? resting(restMs) : exhausted(rate, waitMs);
      // The jitter keeps waiting hosts from starting the next window all at once.
      await pause(waitMs + Math.random() * 200, undefined, { signal });
    }
  }

  /** Background work leaves the account alone for so long, on every host; a rest that lasts longer already goes on. */
  async rest(key: string, seconds: number): Promise<void> {
    const until = Date.now() + Math.min(seconds, LONGEST_REST_SECONDS) * 1000;
    await this.#dataSource.query(
      `insert into rate_budgets (key, points, expire) values ($1, 1, $2)
       on conflict (key) do update set expire = greatest(rate_budgets.expire, excluded.expire)`,
      [restKey(key), Math.ceil(until)],
    );
  }

  async #restMs(key: string): Promise<number> {
    const rows = await this.#dataSource.query('select expire from rate_budgets where key = $1', [restKey(key)]);
    const [row] = rows as { readonly expire: string }[];
    return Math.max(0, Number(row?.expire ?? 0) - Date.now());
  }

  /** Milliseconds to wait for the next window; 0 when the call may go. */
  async #tryTake(limiter: RateLimiterPostgres, key: string, limit: number): Promise<number> {
    // Asked first, because a refused `consume` counts all the same and would eat what is kept for others.
    const before = await limiter.get(key);
    if (before && before.consumedPoints >= limit) return Math.max(1, before.msBeforeNext);
    const taken = await consume(limiter, key);
    if (taken.consumedPoints <= limit) return 0;
    // Given back, but not into the next window, where it would be one too many.
    if (taken.msBeforeNext > 100) await limiter.reward(key);
    return Math.max(1, taken.msBeforeNext);
  }

  async #reached(asked: () => Promise<number>): Promise<number> {
    try {
      return await asked();
    } catch (cause) {
      throw new TryLater('The hub cannot reach its database to check the rate budget; the call was not made.', { cause });
    }
  }

  #limiter({ requests, seconds }: Rate): RateLimiterPostgres {
    const name = `${requests}/${seconds}`;
    const known = this.#limiters.get(name);
    if (known) return known;
    const limiter = new RateLimiterPostgres({
      storeClient: this.#client,
      storeType: 'client',
      tableName: 'rate_budgets',
      tableCreated: true,
      keyPrefix: '',
      points: requests,
      duration: seconds,
      clearExpiredByTimeout: this.#limiters.size === 0,
    });
    this.#limiters.set(name, limiter);
    return limiter;
  }
}

/** What is left after taking one, whether or not that was still allowed: the library throws the answer when it was not. */
async function consume(limiter: RateLimiterPostgres, key: string): Promise<RateLimiterRes> {
  try {
    return await limiter.consume(key);
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return refused;
    throw refused;
  }
}

/** The limiter speaks to pg; TypeORM's pool is behind `query`, which answers rows. */
function pgClient(dataSource: Queryable): object {
  return {
    query: async ({ text, values }: { text: string; values: unknown[] }) => {
      const answer = (await dataSource.query(text, values)) as unknown[];
      // DELETE alone answers `[rows, count]` in TypeORM.
      const [rows, rowCount] = Array.isArray(answer[0]) ? (answer as [unknown[], number]) : [answer, answer.length];
      return { rows, rowCount };
    },
  };
}

/** The column holds 255 characters. */
function shortKey(key: string): string {
  return key.length <= 200 ? key : `${key.slice(0, 150)}#${createHash('sha256').update(key).digest('hex')}`;
}

/** No plugin's id begins so. */
function restKey(key: string): string {
  return shortKey(`~rest:${key}`);
}

function resting(waitMs: number): TryLater {
  const afterSeconds = Math.ceil(waitMs / 1000);
  return new TryLater(`This account is close to the provider's limit and rests; trying again in ${afterSeconds} s.`, {
    code: 'RATE_LIMIT_EXCEEDED',
    afterSeconds,
  });
}

function exhausted({ requests, seconds }: Rate, waitMs: number): TryLater {
  const afterSeconds = Math.ceil(waitMs / 1000);
  return new TryLater(
    `The budget of ${requests} calls in ${seconds} s for this account is used up; try again in ${afterSeconds} s.`,
    { code: 'RATE_LIMIT_EXCEEDED', afterSeconds },
  );
}
