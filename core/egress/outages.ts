import type { Log } from '../log.ts';
import type { Outage, OutageStore } from './outage-store.ts';

/** Told of circuits that open, and of the first call that goes well. */
export interface OutageWatch {
  began(plugin: string, host: string): void;
  ended(plugin: string, host: string): void;
}

/** Raises one alarm when a provider fails for everybody, however many hosts and calls notice, and one word when it is back. */
export class Outages implements OutageWatch {
  readonly #store: OutageStore;
  readonly #log: Log;
  #onEnded: (plugin: string) => Promise<unknown> = async () => undefined;

  constructor({ store, log }: { readonly store: OutageStore; readonly log: Log }) {
    this.#store = store;
    this.#log = log;
  }

  /** What is done once for each outage when it is over. */
  set onEnded(work: (plugin: string) => Promise<unknown>) {
    this.#onEnded = work;
  }

  began(plugin: string, host: string): void {
    this.#noted({ plugin, host }, async () => {
      if (await this.#store.begin(plugin, host))
        this.#log.error({ plugin, host }, 'a provider fails for everybody; its calls are held back until it answers again');
    });
  }

  ended(plugin: string, host: string): void {
    this.#noted({ plugin, host }, async () => {
      const seconds = await this.#store.end(plugin, host);
      if (seconds === undefined) return;
      this.#log.info({ plugin, host, seconds }, 'a provider answers again; what waited for it goes on');
      await this.#onEnded(plugin);
    });
  }

  /** Those that last, longest first. */
  async current(): Promise<Outage[]> {
    return this.#store.current();
  }

  /** No call waits for this, nor fails by it. */
  #noted(about: object, work: () => Promise<void>): void {
    work().catch((error: unknown) => this.#log.warn({ ...about, err: error }, 'an outage could not be noted'));
  }
}
