import * as real from 'node:timers';
import { promisify } from 'node:util';

type Callback = (...args: unknown[]) => void;
type Handle = NodeJS.Timeout | NodeJS.Immediate;
type Settings = { readonly signal?: AbortSignal; readonly ref?: boolean } | undefined;

/** How the timers of one generation fail and whether they may still be set. */
export interface TimerOwner {
  /** Is any of its code supposed to run? False once it is disposed of. */
  mayRun(): boolean;
  fault(error: unknown): void;
}

/** Timers as a generation of a plugin gets them: all can be stopped at once, and none throws into the process. */
export class Timers {
  readonly #owner: TimerOwner;
  readonly #waiting = new Set<Handle>();

  constructor(owner: TimerOwner) {
    this.#owner = owner;
  }

  readonly setTimeout = Object.assign(
    (callback: Callback, ms?: number, ...args: unknown[]): NodeJS.Timeout => {
      const handle: NodeJS.Timeout = real.setTimeout(() => this.#fire(callback, args, handle), ms);
      return this.#keep(handle);
    },
    { [promisify.custom]: (ms?: number, value?: unknown) => this.#sleep(ms, value, undefined) },
  );

  readonly setInterval = (callback: Callback, ms?: number, ...args: unknown[]): NodeJS.Timeout =>
    this.#keep(real.setInterval(() => this.#fire(callback, args), ms));

  readonly setImmediate = Object.assign(
    (callback: Callback, ...args: unknown[]): NodeJS.Immediate => {
      const handle: NodeJS.Immediate = real.setImmediate(() => this.#fire(callback, args, handle));
      return this.#keep(handle);
    },
    { [promisify.custom]: (value?: unknown) => this.#soon(value) },
  );

  /** For `clearTimeout`, `clearInterval` and `clearImmediate` alike. */
  readonly clear = (handle: unknown): void => {
    this.#waiting.delete(handle as Handle);
    stop(handle);
  };

  /** `node:timers` */
  get module(): object {
    const { setTimeout, setInterval, setImmediate, clear, promises } = this;
    return {
      ...real,
      setTimeout,
      setInterval,
      setImmediate,
      clearTimeout: clear,
      clearInterval: clear,
      clearImmediate: clear,
      promises,
    };
  }

  /** `node:timers/promises` */
  get promises(): object {
    const sleep = (ms?: number, value?: unknown, settings?: Settings) => this.#sleep(ms, value, settings);
    async function* every(ms?: number, value?: unknown, settings?: Settings) {
      for (;;) yield await sleep(ms, value, settings);
    }
    return {
      setTimeout: sleep,
      setInterval: every,
      setImmediate: (value?: unknown) => this.#soon(value),
      scheduler: {
        wait: (ms?: number, settings?: Settings) => sleep(ms, undefined, settings),
        yield: () => this.#soon(undefined),
      },
    };
  }

  /** Stops them all; who waits for one waits for ever and is forgotten. */
  release(): void {
    for (const handle of this.#waiting) stop(handle);
    this.#waiting.clear();
  }

  #keep<T extends Handle>(handle: T): T {
    if (this.#owner.mayRun()) this.#waiting.add(handle);
    else stop(handle);
    return handle;
  }

  #fire(callback: Callback, args: unknown[], done?: Handle): void {
    if (done) this.#waiting.delete(done);
    try {
      callback(...args);
    } catch (error) {
      this.#owner.fault(error);
    }
  }

  #sleep(ms: number | undefined, value: unknown, settings: Settings): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const signal = settings?.signal;
      if (signal?.aborted) return reject(signal.reason);
      const handle = this.setTimeout(() => {
        signal?.removeEventListener('abort', stopped);
        resolve(value);
      }, ms);
      if (settings?.ref === false) handle.unref();
      const stopped = () => {
        this.clear(handle);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', stopped, { once: true });
    });
  }

  #soon(value: unknown): Promise<unknown> {
    return new Promise((resolve) => this.setImmediate(() => resolve(value)));
  }
}

function stop(handle: unknown): void {
  real.clearTimeout(handle as NodeJS.Timeout);
  real.clearImmediate(handle as NodeJS.Immediate);
}
