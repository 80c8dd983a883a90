import type { Response } from 'express';

/** Proxies close what is silent for longer. */
const BEAT_MS = 15_000;
/** Whoever still listens comes back, and is asked again who they are. */
const LONGEST_MS = 5 * 60_000;
/** What a caller who does not read may leave waiting, in bytes. */
const BACKLOG = 64 * 1024;

export interface EventStreamOptions {
  /** Asked between two events; who may no longer listen is let go. */
  readonly mayGoOn: () => Promise<boolean>;
  /** Default 15 s. */
  readonly beatMs?: number;
}

/** Server-sent events: one answer that goes on: says only what is new, and in between that it lives. */
export class EventStream {
  readonly #res: Response;
  readonly #beat: NodeJS.Timeout;
  readonly #longest: NodeJS.Timeout;
  readonly #mayGoOn: () => Promise<boolean>;
  #last = '';

  constructor(res: Response, { mayGoOn, beatMs = BEAT_MS }: EventStreamOptions) {
    this.#res = res;
    this.#mayGoOn = mayGoOn;
    res.status(200).set({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    res.flushHeaders();
    this.#write('retry: 2000\n\n');
    this.#beat = setInterval(() => void this.#goOn(), beatMs);
    this.#longest = setTimeout(() => this.end(), LONGEST_MS);
    this.onGone(() => this.#quiet());
  }

  /** Calls `after` once the caller is gone; at once where they went before anybody listened. */
  onGone(after: () => void): void {
    if (this.#res.closed) after();
    else this.#res.on('close', after);
  }

  send(event: string, data: string): void {
    if (data === this.#last) return;
    this.#last = data;
    this.#write(`event: ${event}\ndata: ${data}\n\n`);
  }

  /** Whoever listens comes back by themselves, unless told that this was the end. */
  end(event?: string): void {
    if (event) this.#write(`event: ${event}\ndata: {}\n\n`);
    this.#quiet();
    this.#res.end();
  }

  async #goOn(): Promise<void> {
    this.#write(': still here\n\n');
    if (!(await this.#mayGoOn())) this.end();
  }

  #write(text: string): void {
    if (this.#res.writableEnded || this.#res.destroyed) return;
    if (this.#res.writableLength > BACKLOG) return void this.#res.destroy();
    this.#res.write(text);
  }

  #quiet(): void {
    clearInterval(this.#beat);
    clearTimeout(this.#longest);
  }
}
