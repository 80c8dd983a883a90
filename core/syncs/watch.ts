import type { Log } from '../log.ts';
import { RunLost, type Work } from './run-work.ts';
import type { RunWorkStore } from './run-work-store.ts';

export type WhyStopped = 'cancelled' | 'lost' | 'hub';

/** Keeps a run's heartbeat going and ends its work when it was cancelled, taken over, or the hub stops. */
export class Watch {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #hub: AbortSignal;
  #why: WhyStopped | undefined;

  constructor(parts: { work: Work; store: RunWorkStore; hub: AbortSignal; log: Log; beatMs: number }) {
    const { work, store, hub, log, beatMs } = parts;
    this.#hub = hub;
    this.signal = AbortSignal.any([hub, this.#controller.signal]);
    this.#timer = setInterval(() => {
      store.beat(work).then(
        ({ cancelled }) => cancelled && this.stop('cancelled'),
        (error: unknown) => (error instanceof RunLost ? this.stop('lost') : log.debug({ err: error }, 'no heartbeat')),
      );
    }, beatMs);
  }

  get why(): WhyStopped | undefined {
    return this.#why ?? (this.#hub.aborted ? 'hub' : undefined);
  }

  stop(why: WhyStopped): void {
    this.#why ??= why;
    this.#controller.abort(new Error(`The sync was stopped (${why}).`));
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
