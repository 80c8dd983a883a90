import { BrokenCircuitError, type CircuitBreakerPolicy, ConsecutiveBreaker, circuitBreaker, handleWhenResult } from 'cockatiel';
import { HeldBack } from './held-back.ts';
import type { OutageWatch } from './outages.ts';
import { isFailure, type NetworkFailure, type RawReply } from './transport.ts';

export interface BreakerOptions {
  /** Failures in a row that open the circuit. Default 10. */
  readonly failures?: number;
  /** How long it stays open before one call may try. Default 10,000. */
  readonly pauseMs?: number;
  /** Told of outages and their ends. */
  readonly watch?: OutageWatch;
}

interface Circuit {
  readonly policy: CircuitBreakerPolicy;
  /** A call has gone well in this process. */
  proven: boolean;
}

type Outcome = RawReply | NetworkFailure;

/** More than any hub has providers; keeps tenant-given hosts from filling the memory. */
const MOST = 2_000;

/** One circuit per plugin and host: an outage there is not made worse, nor waited for by everyone. */
export class Breakers {
  readonly #circuits = new Map<string, Circuit>();
  readonly #watch: OutageWatch | undefined;
  readonly #failures: number;
  readonly #pauseMs: number;

  constructor({ failures = 10, pauseMs = 10_000, watch }: BreakerOptions = {}) {
    this.#watch = watch;
    this.#failures = failures;
    this.#pauseMs = pauseMs;
  }

  /** `name` is what people call the provider. @throws HeldBack without a call while the circuit is open */
  async run(
    { plugin, name = plugin }: { plugin: string; name?: string },
    host: string,
    exchange: () => Promise<Outcome>,
  ): Promise<Outcome> {
    const circuit = this.#circuit(plugin, host);
    try {
      const outcome = await circuit.policy.execute(exchange);
      // Once in a process: an outage may have been noted by one that is gone.
      if (!circuit.proven && !isOutage(outcome)) this.#watch?.ended(plugin, host);
      circuit.proven ||= !isOutage(outcome);
      return outcome;
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      const afterSeconds = Math.ceil(this.#pauseMs / 1000);
      throw new HeldBack(`${name} failed ${this.#failures} times in a row; it is left alone for ${afterSeconds} s.`, {
        afterSeconds,
      });
    }
  }

  #circuit(plugin: string, host: string): Circuit {
    const key = `${plugin} ${host}`;
    const known = this.#circuits.get(key);
    if (known) return known;
    const handled = handleWhenResult((outcome) => isOutage(outcome as Outcome));
    const policy = circuitBreaker(handled, { breaker: new ConsecutiveBreaker(this.#failures), halfOpenAfter: this.#pauseMs });
    policy.onBreak(() => this.#watch?.began(plugin, host));
    policy.onReset(() => this.#watch?.ended(plugin, host));
    const [oldest] = this.#circuits.keys();
    if (this.#circuits.size >= MOST && oldest !== undefined) this.#circuits.delete(oldest);
    const circuit = { policy, proven: false };
    this.#circuits.set(key, circuit);
    return circuit;
  }
}

function isOutage(outcome: Outcome): boolean {
  return isFailure(outcome) || outcome.status >= 500;
}
