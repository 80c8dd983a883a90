import { BrokenCircuitError, type CircuitBreakerPolicy, ConsecutiveBreaker, circuitBreaker, handleWhenResult } from 'cockatiel';
import { TryLater } from '../sdk/errors.ts';
import { isFailure, type NetworkFailure, type RawReply } from './transport.ts';

export interface BreakerOptions {
  /** Failures in a row that open the circuit. Default 10. */
  readonly failures?: number;
  /** How long it stays open before one call may try. Default 10,000. */
  readonly pauseMs?: number;
}

type Outcome = RawReply | NetworkFailure;

/** More than any hub has providers; keeps tenant-given hosts from filling the memory. */
const MOST = 2_000;

/** One circuit per plugin and host: an outage there is not made worse, nor waited for by everyone. */
export class Breakers {
  readonly #circuits = new Map<string, CircuitBreakerPolicy>();
  readonly #failures: number;
  readonly #pauseMs: number;

  constructor({ failures = 10, pauseMs = 10_000 }: BreakerOptions = {}) {
    this.#failures = failures;
    this.#pauseMs = pauseMs;
  }

  /** `name` is what people call the provider. @throws HubError `try-later` without a call while the circuit is open */
  async run(
    { plugin, name = plugin }: { plugin: string; name?: string },
    host: string,
    exchange: () => Promise<Outcome>,
  ): Promise<Outcome> {
    try {
      return await this.#circuit(`${plugin} ${host}`).execute(exchange);
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      const afterSeconds = Math.ceil(this.#pauseMs / 1000);
      throw new TryLater(`${name} failed ${this.#failures} times in a row; it is left alone for ${afterSeconds} s.`, {
        afterSeconds,
      });
    }
  }

  #circuit(key: string): CircuitBreakerPolicy {
    const known = this.#circuits.get(key);
    if (known) return known;
    const policy = handleWhenResult((outcome) => isOutage(outcome as Outcome));
    const circuit = circuitBreaker(policy, { breaker: new ConsecutiveBreaker(this.#failures), halfOpenAfter: this.#pauseMs });
    const [oldest] = this.#circuits.keys();
    if (this.#circuits.size >= MOST && oldest !== undefined) this.#circuits.delete(oldest);
    this.#circuits.set(key, circuit);
    return circuit;
  }
}

function isOutage(outcome: Outcome): boolean {
  return isFailure(outcome) || outcome.status >= 500;
}
