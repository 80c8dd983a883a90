import type { Log } from '../log.ts';
import type { SpoolStore } from './spool-store.ts';

export interface SortingOptions {
  readonly spool: Pick<SpoolStore, 'sort'>;
  readonly log: Log;
  /** Called when it is time to look again. */
  readonly again: () => void;
}

/** While enough is sorted in, or another host sorts, it is looked so often. */
const EVERY_MS = 50;
/** Where claims find more than they can take, it is looked so often: what others have queued keeps nobody in the spool. */
const AT_LATEST_MS = 250;
/** Behind a failure. */
const RETRY_MS = 1000;

/** When a worker sorts in what was spooled: as it runs short of what is sorted in. */
export class Sorting {
  readonly #options: SortingOptions;
  #mayBeSpooled = false;
  /** By `performance.now()`: when it is looked next, and when even though there is enough to do. */
  #next = 0;
  #latest = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SortingOptions) {
    this.#options = options;
  }

  /** Something was stored. */
  told(): void {
    this.#mayBeSpooled = true;
  }

  /**
   * Never throws: what could not be sorted in now is in the spool.
   * @param isShort whether there is less to do than could be done
   * @param except integrations that have enough to do
   * @returns whether something was sorted in
   */
  async run(isShort: boolean, except: () => readonly string[]): Promise<boolean> {
    const now = performance.now();
    if (!this.#mayBeSpooled || !(isShort || now >= this.#latest)) return false;
    if (now < this.#next) {
      this.#later(this.#next - now);
      return false;
    }
    // Whatever is told of from now on may not be found any more.
    this.#mayBeSpooled = false;
    try {
      const { sorted, waits, busy } = await this.#options.spool.sort(except());
      this.#mayBeSpooled ||= waits;
      if (busy) this.#later(EVERY_MS);
      if (sorted === 0) this.#next = performance.now() + EVERY_MS;
      return sorted > 0;
    } catch (error) {
      this.#mayBeSpooled = true;
      this.#next = performance.now() + RETRY_MS;
      this.#later(RETRY_MS);
      this.#options.log.warn({ err: error }, 'what was accepted could not be sorted in; it is tried again');
      return false;
    } finally {
      this.#latest = performance.now() + AT_LATEST_MS;
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #later(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#options.again();
    }, ms);
  }
}
