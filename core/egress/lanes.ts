/** How many calls of one account are under way in this process at a time; the longest waiting goes next. */
export class Lanes {
  readonly #busy = new Map<string, { count: number; readonly waiting: (() => void)[] }>();

  /** @throws the signal's reason while waiting */
  async run<T>(key: string, { most, signal }: { most: number; signal: AbortSignal }, work: () => Promise<T>): Promise<T> {
    await this.#enter(key, most, signal);
    try {
      return await work();
    } finally {
      this.#leave(key);
    }
  }

  #enter(key: string, most: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const lane = this.#busy.get(key) ?? { count: 0, waiting: [] };
    this.#busy.set(key, lane);
    if (lane.count < most) {
      lane.count += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const goes = () => {
        signal.removeEventListener('abort', gives);
        resolve();
      };
      const gives = () => {
        lane.waiting.splice(lane.waiting.indexOf(goes), 1);
        reject(signal.reason);
      };
      lane.waiting.push(goes);
      signal.addEventListener('abort', gives, { once: true });
    });
  }

  /** The place is handed on rather than given back, so that nobody who comes later takes it. */
  #leave(key: string): void {
    const lane = this.#busy.get(key);
    if (!lane) return;
    const next = lane.waiting.shift();
    if (next) next();
    else lane.count -= 1;
    if (lane.count === 0) this.#busy.delete(key);
  }
}
