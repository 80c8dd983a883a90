import { Client } from 'pg';
import type { Log } from '../log.ts';

export interface ListenerOptions {
  readonly url: string;
  readonly channel: string;
  /** Also called, without a payload, after each (re)connection: whatever was notified meanwhile went unheard. */
  readonly onNotify: (payload?: string) => void;
  /** From now on nothing is heard, until `onNotify` is called again. */
  readonly onDeaf?: () => void;
  readonly log: Log;
}

const LONGEST_PAUSE_MS = 5000;

/** LISTEN on a connection of its own that comes back by itself; a database that is away only makes it deaf. */
export class Listener {
  readonly #options: ListenerOptions;
  #client: Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #stopped = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  start(): void {
    void this.#connect();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const { url, channel, onNotify, log } = this.#options;
    const client = new Client({
      connectionString: url,
      application_name: 'patchbay-listener',
      keepAlive: true,
      connectionTimeoutMillis: 5000,
    });
    // Without a listener an 'error' event would end the process.
    client.on('error', () => undefined);
    client.on('end', () => this.#lost(client));
    client.on('notification', ({ payload }) => onNotify(payload ?? ''));
    this.#client = client;
    try {
      await client.connect();
      await client.query(`listen ${client.escapeIdentifier(channel)}`);
      if (this.#failures > 0) log.info({ channel }, 'listening again');
      this.#failures = 0;
      onNotify();
    } catch (error) {
      if (this.#failures === 0 && !this.#stopped)
        log.warn({ channel, err: error }, 'cannot listen; polling until it works again');
      client.end().catch(() => undefined);
      this.#lost(client);
    }
  }

  #lost(client: Client): void {
    if (this.#stopped || this.#client !== client) return;
    this.#client = undefined;
    this.#options.onDeaf?.();
    this.#timer = setTimeout(() => void this.#connect(), Math.min(100 * 2 ** this.#failures, LONGEST_PAUSE_MS));
    this.#failures += 1;
  }
}
