const WINDOW_MS = 60_000;
/** Who else comes then is counted anew: forgetting is better than growing. */
const MOST = 100_000;

interface Window {
  taken: number;
  readonly until: number;
}

/** How much each of many may have in a minute. Their names must be short: this many are kept. */
export class Allowance {
  readonly #limit: number;
  readonly #windows = new Map<string, Window>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Nobody has taken anything within the last minute or more. */
  get isEmpty(): boolean {
    return this.#windows.size === 0;
  }

  /** Takes it unless it is more than is left. */
  take(who: string, amount = 1): boolean {
    const window = this.#windowOf(who);
    if (window.taken >= this.#limit) return false;
    window.taken += amount;
    return true;
  }

  /** Seconds until there is something again; 0 when there is now. */
  spent(who: string): number {
    this.#letGo();
    const window = this.#windows.get(who);
    if (!window || window.taken < this.#limit) return 0;
    return Math.max(0, Math.ceil((window.until - performance.now()) / 1000));
  }

  #windowOf(who: string): Window {
    this.#letGo();
    const known = this.#windows.get(who);
    if (known) return known;
    const window = { taken: 0, until: performance.now() + WINDOW_MS };
    this.#windows.set(who, window);
    const [oldest] = this.#windows.size > MOST ? this.#windows.keys() : [];
    if (oldest !== undefined) this.#windows.delete(oldest);
    return window;
  }

  /** Windows that are over; they stand in the order in which they end. */
  #letGo(): void {
    const now = performance.now();
    for (const [who, { until }] of this.#windows) {
      if (until > now) return;
      this.#windows.delete(who);
    }
  }
}
