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
}

/** What answers SQL: a data source or anything with its `query`. */
interface Queryable {
  query(sql: string, params?: unknown[]): Promise<unknown>;
}

const LONGEST_WAIT_MS = 5_000;

/** Rate budgets of provider accounts, shared by all hosts through the table `rate_budgets`. */
export class Budgets {
  readonly #client: object;
  readonly #limiters = new Map<string, RateLimiterPostgres>();

  constructor({ dataSource }: { readonly dataSource: Queryable }) {
    this.#client = pgClient(dataSource);
  }

  /**
   * Takes one call from the budget of `key`; waits when the next window is near.
   * @throws HubError `RATE_LIMIT_EXCEEDED` with `afterSeconds` when it is not
   */
  async take(key: string, rate: Rate, { signal, priority = 'interactive' }: TakeOptions): Promise<void> {
    const limiter = this.#limiter(rate);
    const limit = priority === 'background' ? Math.max(1, Math.floor(rate.requests * 0.9)) : rate.requests;
    for (;;) {
      signal.throwIfAborted();
      const waitMs = await this.#tryTake(limiter, shortKey(key), limit);
      if (waitMs === 0) return;
      if (waitMs > LONGEST_WAIT_MS) throw exhausted(rate, waitMs);
      // The jitter keeps waiting hosts from starting the next window all at once.
      await pause(waitMs + Math.random() * 200, undefined, { signal });
    }
  }

  /** Milliseconds to wait for the next window; 0 when the call may go. */
  async #tryTake(limiter: RateLimiterPostgres, key: string, limit: number): Promise<number> {
    try {
      // Asked first, because a refused `consume` counts all the same and would eat what is kept for others.
      const before = await limiter.get(key);
      if (before && before.consumedPoints >= limit) return Math.max(1, before.msBeforeNext);
      const taken = await consume(limiter, key);
      if (taken.consumedPoints <= limit) return 0;
      // Given back, but not into the next window, where it would be one too many.
      if (taken.msBeforeNext > 100) await limiter.reward(key);
      return Math.max(1, taken.msBeforeNext);
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

function exhausted({ requests, seconds }: Rate, waitMs: number): TryLater {
  const afterSeconds = Math.ceil(waitMs / 1000);
  return new TryLater(
    `The budget of ${requests} calls in ${seconds} s for this account is used up; try again in ${afterSeconds} s.`,
    { code: 'RATE_LIMIT_EXCEEDED', afterSeconds },
  );
}
