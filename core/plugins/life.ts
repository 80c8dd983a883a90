import { AsyncLocalStorage } from 'node:async_hooks';
import { hubError } from '../sdk/index.ts';
import { Builtins } from './builtins.ts';
import { Timers } from './timers.ts';

/**
 * @param where what was being done: `a timer`, `sync of contacts`
 * @param logged whoever met it has written it down already
 */
export type OnFault = (error: unknown, where: string, logged: boolean) => void;

export interface Drain {
  /** No call for so long counts as none left: between two calls of one piece of work there may be a moment. */
  readonly lingerMs: number;
  /** A generation that is still busy then is disposed of anyway. */
  readonly boundMs: number;
}

const DRAIN: Drain = { lingerMs: 1000, boundMs: 600_000 };
/** How long `dispose` of a plugin may take. */
const ENDING_MS = 5000;
/** The id only: what is made in here may outlive the generation and must not hold it. */
const running = new AsyncLocalStorage<string>();

/** The plugin whose code led to the present moment, as far as Node can tell. */
export function currentPlugin(): string | undefined {
  return running.getStore();
}

/** What one generation of a plugin is doing and holds open, from its loading to its end. */
export class Life {
  readonly id: string;
  readonly #timers: Timers;
  readonly #builtins: Builtins;
  readonly #onFault: OnFault;
  readonly #endings = new Set<() => unknown>();
  readonly #modules: object[] = [];
  #calls = 0;
  #disposed = false;
  #timer: NodeJS.Timeout | undefined;
  #bound: NodeJS.Timeout | undefined;
  #drain: Drain | undefined;

  constructor(id: string, onFault: OnFault = () => undefined) {
    this.id = id;
    this.#onFault = onFault;
    const fault = (error: unknown) => this.fault(error, 'a timer');
    this.#timers = new Timers({ mayRun: () => !this.#disposed || this.#calls > 0, fault });
    this.#builtins = new Builtins(this.#timers);
  }

  /** What stands in for the globals of the same names in a bundle. */
  get globals(): Readonly<Record<string, unknown>> {
    const { setTimeout, setInterval, setImmediate, clear } = this.#timers;
    const { process } = this.#builtins;
    return { setTimeout, setInterval, setImmediate, clearTimeout: clear, clearInterval: clear, clearImmediate: clear, process };
  }

  /** Holds a module for as long as this: with it Node forgets its source map, and stacks would name lines of the bundle. */
  hold(module: object): void {
    this.#modules.push(module);
  }

  builtin(specifier: string): unknown {
    return this.#builtins.module(specifier);
  }

  /** Runs code of this generation, so that whatever strays from it can be traced back. */
  inside<T>(work: () => T): T {
    return running.run(this.id, work);
  }

  /** The same for a call that keeps the generation from being disposed of while it lasts. */
  async during<T>(work: () => T | Promise<T>): Promise<T> {
    this.#calls += 1;
    clearTimeout(this.#timer);
    try {
      return await this.inside(work);
    } finally {
      this.#calls -= 1;
      if (this.#calls === 0) this.#idle();
    }
  }

  /** Counts what went wrong by the plugin's fault; what a plugin may rightly throw is none. */
  fault(error: unknown, where: string, logged = false): void {
    const known = hubError(error);
    if (!known || known.consequence === 'plugin-fault') this.#onFault(error, where, logged);
  }

  /** Also to be ended with the generation: `dispose` of the handlers, a running simulator. */
  onEnd(ending: () => unknown): void {
    this.#endings.add(ending);
  }

  /** Its successor is in place (or nobody is): lets the calls under way finish, then lets go of everything. */
  retire(drain: Drain = DRAIN): void {
    if (this.#drain) return;
    this.#drain = drain;
    this.#bound = setTimeout(() => void this.dispose(), drain.boundMs).unref();
    if (this.#calls === 0) this.#idle();
  }

  /** At once, whatever is under way. Never rejects. */
  async dispose(): Promise<void> {
    clearTimeout(this.#timer);
    clearTimeout(this.#bound);
    if (this.#disposed) return;
    this.#disposed = true;
    const endings = [...this.#endings];
    this.#endings.clear();
    const ended = Promise.all(endings.map((ending) => this.#end(ending)));
    const late = new Promise((done) => setTimeout(done, ENDING_MS).unref());
    await Promise.race([ended, late]);
    this.#release();
  }

  async #end(ending: () => unknown): Promise<void> {
    try {
      await this.inside(ending);
    } catch (error) {
      this.fault(error, 'dispose');
    }
  }

  #idle(): void {
    if (this.#disposed) this.#release();
    else if (this.#drain) this.#timer = setTimeout(() => void this.dispose(), this.#drain.lingerMs).unref();
  }

  #release(): void {
    this.#timers.release();
    this.#builtins.release();
  }
}

/** A call into a loaded plugin, counted among those its generation waits for. */
export function during<T>(plugin: { readonly life?: Life | undefined }, work: () => T | Promise<T>): Promise<T> {
  return plugin.life ? plugin.life.during(work) : Promise.resolve().then(work);
}
