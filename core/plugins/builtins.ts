import type { Timers } from './timers.ts';

/** What of a built-in makes something that stays open until somebody closes it. */
const MAKERS: Readonly<Record<string, readonly string[]>> = {
  net: ['createServer', 'connect', 'createConnection', 'Server', 'Socket'],
  tls: ['createServer', 'connect', 'Server', 'TLSSocket'],
  http: ['createServer', 'request', 'get', 'Server', 'Agent'],
  https: ['createServer', 'request', 'get', 'Server', 'Agent'],
  http2: ['createServer', 'createSecureServer', 'connect'],
  dgram: ['createSocket', 'Socket'],
  fs: ['watch', 'watchFile'],
  worker_threads: ['Worker', 'BroadcastChannel'],
  child_process: ['spawn', 'exec', 'execFile', 'fork'],
};
const ENDINGS = ['destroy', 'terminate', 'kill', 'stop', 'close'] as const;
const LISTENING = new Set(['on', 'once', 'addListener', 'prependListener', 'prependOnceListener']);
/** A slip that would take everybody down with the plugin. */
const REFUSED = new Set([
  'exit',
  'reallyExit',
  'abort',
  'disconnect',
  'removeAllListeners',
  'setUncaughtExceptionCaptureCallback',
]);

type Listener = (...args: unknown[]) => void;
type Key = string | symbol;

/** Node's built-ins as a generation of a plugin gets them: what they make for it can be ended with it. */
export class Builtins {
  readonly process: NodeJS.Process;
  readonly #timers: Timers;
  readonly #open = new Set<WeakRef<object>>();
  readonly #listeners: (readonly [Key, Listener])[] = [];
  readonly #made = new Map<string, unknown>();

  constructor(timers: Timers) {
    this.#timers = timers;
    this.process = new Proxy(process, { get: (target, key) => this.#ofProcess(target, key) });
  }

  /** The built-in module of this name, with or without `node:`. */
  module(specifier: string): unknown {
    const name = specifier.replace(/^node:/, '');
    if (name === 'process') return this.process;
    if (name === 'timers') return this.#timers.module;
    if (name === 'timers/promises') return this.#timers.promises;
    const names = MAKERS[name];
    const original: unknown = process.getBuiltinModule(specifier);
    if (!names || typeof original !== 'object' || original === null) return original;
    if (!this.#made.has(name)) this.#made.set(name, this.#watched(original, new Set(names)));
    return this.#made.get(name);
  }

  /** Ends what is still open and takes every listener away from the process. */
  release(): void {
    for (const [event, listener] of this.#listeners.splice(0)) process.removeListener(event, listener);
    for (const ref of this.#open) end(ref.deref());
    this.#open.clear();
  }

  #watched(original: object, names: ReadonlySet<string>): object {
    const makers = new Map<Key, unknown>();
    return new Proxy(original, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key);
        if (typeof key !== 'string' || !names.has(key) || typeof value !== 'function') return value;
        if (!makers.has(key)) makers.set(key, this.#maker(value));
        return makers.get(key);
      },
    });
  }

  #maker(make: object): object {
    return new Proxy(make, {
      apply: (target, self, args) => this.#keep(Reflect.apply(target as never, self, args)),
      construct: (target, args, derived) => this.#keep(Reflect.construct(target as never, args, derived)),
    });
  }

  #keep<T>(made: T): T {
    if (typeof made !== 'object' || made === null) return made;
    const ref = new WeakRef(made);
    this.#open.add(ref);
    const { once } = made as { once?: unknown };
    if (typeof once === 'function') once.call(made, 'close', () => this.#open.delete(ref));
    return made;
  }

  #ofProcess(target: NodeJS.Process, key: Key): unknown {
    const value: unknown = Reflect.get(target, key);
    if (typeof key !== 'string' || typeof value !== 'function') return value;
    if (REFUSED.has(key)) return refused(key);
    if (key === 'getBuiltinModule') return (name: string) => this.module(name);
    if (!LISTENING.has(key)) return value;
    return (event: Key, listener: Listener) => {
      this.#listeners.push([event, listener]);
      Reflect.apply(value, target, [event, listener]);
      return this.process;
    };
  }
}

function refused(name: string): () => never {
  return () => {
    throw new Error(`process.${name}() is not for plugins: it would end the hub for everybody; throw an error instead`);
  };
}

function end(made: object | undefined): void {
  if (!made) return;
  const name = ENDINGS.find((one) => typeof Reflect.get(made, one) === 'function');
  try {
    // A server lets its connections live on unless they are ended too.
    (made as { closeAllConnections?: () => void }).closeAllConnections?.();
    if (name) Reflect.apply(Reflect.get(made, name) as () => void, made, []);
  } catch {
    // Closed already.
  }
}
