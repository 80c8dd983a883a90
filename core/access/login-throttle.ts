import { createHash } from 'node:crypto';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { TryLater } from '../sdk/errors.ts';

/**
 * Slows down guessing. It counts what was typed, known or not, and answers alike for both, so that nothing can be learned
 * about which addresses have an account. Counted per host; a restart forgives.
 */
export class LoginThrottle {
  readonly #perAddress: RateLimiterMemory;
  readonly #perIp: RateLimiterMemory;

  constructor(limits: { perAddress: number; perIp: number; seconds: number } = { perAddress: 10, perIp: 100, seconds: 900 }) {
    this.#perAddress = new RateLimiterMemory({ points: limits.perAddress, duration: limits.seconds });
    this.#perIp = new RateLimiterMemory({ points: limits.perIp, duration: limits.seconds });
  }

  /**
   * Counts before `attempt` runs, so that many at once do not slip through; a success is forgiven.
   * @throws TryLater (`RATE_LIMIT_EXCEEDED`) with `afterSeconds` when there were too many
   */
  async guard<T>(who: { email: string; ip: string }, attempt: () => Promise<T | undefined>): Promise<T | undefined> {
    const key = createHash('sha256').update(`${who.email.trim().toLowerCase()}\n${who.ip}`).digest('base64url');
    await take(this.#perIp, who.ip);
    await take(this.#perAddress, key);
    const result = await attempt();
    if (result !== undefined) {
      await this.#perAddress.delete(key);
      await this.#perIp.reward(who.ip, 1);
    }
    return result;
  }
}

async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (refusal instanceof Error) throw refusal;
    const { msBeforeNext } = refusal as { msBeforeNext: number };
    const afterSeconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
    const minutes = Math.ceil(afterSeconds / 60);
    const wait = minutes === 1 ? 'a minute' : `${minutes} minutes`;
    throw new TryLater(`Too many attempts to sign in; try again in ${wait}.`, { code: 'RATE_LIMIT_EXCEEDED', afterSeconds });
  }
}
