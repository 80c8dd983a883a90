import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { type HubError, TryLater } from '../sdk/errors.ts';
import { HeldBack } from './held-back.ts';

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

/** Why a call may not go just now, and for how long. */
interface Obstacle {
  readonly ms: number;
  readonly error: (ms: number) => HubError;
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
   * @throws HubError `RATE_LIMIT_EXCEEDED` with `afterSeconds` when it is not; HeldBack while the provider asked for a pause
   */
  async take(key: string, rate: Rate, { signal, priority = 'interactive' }: TakeOptions): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const obstacle = await this.#reached(() => this.#tryTake(key, rate, priority));
      if (!obstacle) return;
      if (obstacle.ms > LONGEST_WAIT_MS) throw obstacle.error(obstacle.ms);
      // The jitter keeps waiting hosts from starting the next window all at once.
      await pause(obstacle.ms + Math.random() * 200, undefined, { signal });
    }
  }

  /** Background work leaves the account alone for so long, on every host; a rest that lasts longer already goes on. */
  async rest(key: string, seconds: number): Promise<void> {
    await this.#keepUntil(restKey(key), seconds);
  }

  /** Nobody calls the account for so long, on any host: the provider said when it may be called again. */
  async hold(key: string, seconds: number): Promise<void> {
    await this.#keepUntil(holdKey(key), seconds);
  }

  async #keepUntil(key: string, seconds: number): Promise<void> {
    const until = Date.now() + Math.min(seconds, LONGEST_REST_SECONDS) * 1000;
    await this.#dataSource.query(
      `insert into rate_budgets (key, points, expire) values ($1, 1, $2)
       on conflict (key) do update set expire = greatest(rate_budgets.expire, excluded.expire)`,
      [key, Math.ceil(until)],
    );
  }

  async #tryTake(key: string, rate: Rate, priority: Priority): Promise<Obstacle | undefined> {
    const limit = priority === 'background' ? Math.max(1, Math.floor(rate.requests * 0.9)) : rate.requests;
    // Asked first, because a refused `consume` counts all the same and would eat what is kept for others.
    const before = await this.#state(key);
    if (before.holdMs > 0) return { ms: before.holdMs, error: held };
    if (priority === 'background' && before.restMs > 0) return { ms: before.restMs, error: resting };
    const error = (ms: number) => exhausted(rate, ms);
    if (before.taken >= limit) return { ms: before.windowMs, error };
    const limiter = this.#limiter(rate);
    const taken = await consume(limiter, shortKey(key));
    if (taken.consumedPoints <= limit) return undefined;
    // Given back, but not into the next window, where it would be one too many.
    if (taken.msBeforeNext > 100) await limiter.reward(shortKey(key));
    return { ms: Math.max(1, taken.msBeforeNext), error };
  }

  async #state(key: string): Promise<{ holdMs: number; restMs: number; windowMs: number; taken: number }> {
    const keys = [holdKey(key), restKey(key), shortKey(key)];
    const found = await this.#dataSource.query('select key, points, expire from rate_budgets where key = any($1)', [keys]);
    const rows = new Map((found as { key: string; points: number; expire: string }[]).map((row) => [row.key, row]));
    const [holdMs = 0, restMs = 0, windowMs = 0] = keys.map((one) =>
      Math.max(0, Number(rows.get(one)?.expire ?? 0) - Date.now()),
    );
    return { holdMs, restMs, windowMs, taken: windowMs > 0 ? (rows.get(shortKey(key))?.points ?? 0) : 0 };
  }

  async #reached<T>(asked: () => Promise<T>): Promise<T> {
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

function holdKey(key: string): string {
  return shortKey(`~hold:${key}`);
}

function held(waitMs: number): HubError {
  const afterSeconds = Math.ceil(waitMs / 1000);
  return new HeldBack('The provider asks for a rest of this account. It goes on by itself.', {
    code: 'RATE_LIMIT_EXCEEDED',
    afterSeconds,
  });
}

function resting(waitMs: number): TryLater {
  const afterSeconds = Math.ceil(waitMs / 1000);
  return new TryLater('This account is close to what its provider allows. It rests for a while and goes on by itself.', {
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
