import { createHash } from 'node:crypto';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { TryLater } from '../sdk/errors.ts';

export interface Attempt {
  /** What is being proven: the address as it was typed, known or not, or another name. */
  readonly email: string;
  readonly ip: string;
  /** A browser this address has signed in with before: strangers who guess do not lock it out. */
  readonly device?: string | undefined;
}

/** Attempts in a window of `seconds`; those at one address from everywhere have a window of their own. */
export interface ThrottleLimits {
  readonly perAddress: number;
  readonly perIp: number;
  readonly seconds: number;
  readonly everywhere: number;
  readonly everywhereSeconds: number;
}

const LIMITS: ThrottleLimits = { perAddress: 10, perIp: 100, seconds: 900, everywhere: 30, everywhereSeconds: 3600 };

interface ThrottleOptions {
  /** The pool all hosts count in. */
  readonly database: object;
  /** What is counted; each kind by itself. */
  readonly kind?: string;
  readonly limits?: ThrottleLimits;
  /** Told when the last attempt allowed was wrong, too. */
  readonly onExhausted?: (attempt: Attempt) => Promise<void>;
}

/**
 * Slows down guessing, counted over all hosts. It counts what was typed, known or not, and answers alike for both, so that
 * nothing can be learned about which addresses have an account. Three counts stop one person, one machine with many names, and
 * many machines with one name. The last does not count a browser the person has used before, so nobody can lock anybody out
 * of their own; and each is over after its window.
 */
export class LoginThrottle {
  readonly #pair: RateLimiterPostgres;
  readonly #ip: RateLimiterPostgres;
  readonly #everywhere: RateLimiterPostgres;
  readonly #onExhausted: (attempt: Attempt) => Promise<void>;

  constructor({ database, kind = 'login', limits = LIMITS, onExhausted = async () => {} }: ThrottleOptions) {
    const { perAddress, perIp, seconds, everywhere, everywhereSeconds } = limits;
    this.#pair = limiter(database, { keyPrefix: `${kind}-pair`, points: perAddress, duration: seconds });
    this.#ip = limiter(database, { keyPrefix: `${kind}-ip`, points: perIp, duration: seconds });
    this.#everywhere = limiter(database, { keyPrefix: `${kind}-all`, points: everywhere, duration: everywhereSeconds });
    this.#onExhausted = onExhausted;
  }

  /**
   * Counts before `act` runs, so that many at once do not slip through; a success is forgiven.
   * @throws TryLater (`RATE_LIMIT_EXCEEDED`) with `afterSeconds` when there were too many
   */
  async guard<T>(attempt: Attempt, act: () => Promise<T | undefined>): Promise<T | undefined> {
    const address = attempt.email.trim().toLowerCase();
    const from = attempt.device ?? attempt.ip;
    const counts: [RateLimiterPostgres, string][] = [
      [this.#ip, keyOf(attempt.ip)],
      [this.#pair, keyOf(address, from)],
      ...(attempt.device ? [] : [[this.#everywhere, keyOf(address)] as [RateLimiterPostgres, string]]),
    ];
    const taken = [];
    for (const [limiter, key] of counts) taken.push(await take(limiter, key));
    const result = await act();
    if (result === undefined) {
      if (taken.some(({ remainingPoints }) => remainingPoints === 0)) await this.#onExhausted(attempt);
      return undefined;
    }
    await this.#pair.delete(keyOf(address, from));
    for (const [limiter, key] of counts) if (limiter !== this.#pair) await limiter.reward(key, 1);
    return result;
  }
}

interface Limits {
  readonly keyPrefix: string;
  readonly points: number;
  readonly duration: number;
}

/** Who is over the limit is turned away from memory: a flood of guesses does not reach the database. */
function limiter(database: object, limits: Limits): RateLimiterPostgres {
  return new RateLimiterPostgres({
    ...limits,
    storeClient: database,
    storeType: 'typeorm',
    tableName: 'login_attempts',
    tableCreated: true,
    clearExpiredByTimeout: limits.keyPrefix === 'login-pair',
    inMemoryBlockOnConsumed: limits.points + 1,
  });
}

async function take(limiter: RateLimiterPostgres, key: string): Promise<RateLimiterRes> {
  try {
    return await limiter.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    const afterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
    const minutes = Math.ceil(afterSeconds / 60);
    const wait = minutes === 1 ? 'a minute' : `${minutes} minutes`;
    throw new TryLater(`Too many attempts; try again in ${wait}.`, { code: 'RATE_LIMIT_EXCEEDED', afterSeconds });
  }
}

/** Nobody is to read addresses in a table of failures. */
function keyOf(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('base64url');
}
