import type { SandboxEnv } from '../sandbox.ts';
import type { CallLog } from './call-log.ts';

/** One webhook, sent until the hub has it or the provider would give up. */
export interface WebhookDelivery {
  /** How the log calls it. */
  readonly label: string;
  /** Behind `/webhooks/<plugin>`; see {@link webhookPath}. Default: the plugin's own address. */
  readonly path?: string;
  readonly body: string;
  /** Asked before each attempt: many providers sign the moment too. */
  headers(): Readonly<Record<string, string>>;
}

/** How a provider delivers. */
export interface DeliveriesOptions {
  readonly env: Pick<SandboxEnv, 'deliver'>;
  readonly log: CallLog;
  /** How long the provider waits before its second attempt, its third and so on; shorten hours to seconds. */
  readonly retryAfterMs: readonly number[];
  /** Which answers it takes for success; default: every 2xx. */
  readonly accepts?: (status: number) => boolean;
  /** Which of the others it sends again after; default: all. */
  readonly retries?: (status: number) => boolean;
  /** After each that arrived. */
  delivered(): void;
}

/** Sends webhooks: first attempts in the order of the changes, repeats when they are due. */
export class Deliveries {
  readonly #given: DeliveriesOptions;
  readonly #timers = new Set<NodeJS.Timeout>();
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(given: DeliveriesOptions) {
    this.#given = given;
  }

  send(delivery: WebhookDelivery): void {
    this.#queue = this.#queue.then(() => this.#attempt(delivery, 0));
  }

  /** Sends once, whatever comes of it, and resolves with the status the hub answered; 0 for none. */
  async once({ label, path = '', body, headers }: WebhookDelivery): Promise<number> {
    const status = await this.#given.env.deliver(path, headers(), body).catch(() => 0);
    this.#given.log.note(`webhook ${label} → ${status || 'no answer'}`);
    return status;
  }

  /** All that waits to be sent has been tried once. */
  settled(): Promise<unknown> {
    return this.#queue;
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  async #attempt(delivery: WebhookDelivery, before: number): Promise<void> {
    if (this.#closed) return;
    const { env, log, retryAfterMs, accepts = isSuccess, retries = () => true, delivered } = this.#given;
    const { label, path = '', body } = delivery;
    const status = await env.deliver(path, delivery.headers(), body).catch(() => 0);
    const done = accepts(status);
    if (done) delivered();
    const wait = done || !retries(status) ? undefined : retryAfterMs[before];
    const then = done ? '' : wait === undefined ? ', given up' : `, again in ${wait / 1000} s`;
    log.note(`webhook ${label} → ${status || 'no answer'}${then}`);
    if (wait !== undefined && !this.#closed) this.#later(wait, () => this.#attempt(delivery, before + 1));
  }

  #later(wait: number, work: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void work();
    }, wait);
    timer.unref();
    this.#timers.add(timer);
  }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/**
 * What `env.deliver` takes for a URL the simulator was given by `subscribe`: the hub is reached where it listens, whatever it
 * is called from outside. `undefined` for one that is not of a hub.
 */
export function webhookPath(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { pathname, search } = new URL(url);
  const found = /^.*?\/webhooks\/[^/]+(\/.*)?$/.exec(pathname);
  return found ? `${found[1] ?? ''}${search}` : undefined;
}
