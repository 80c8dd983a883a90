import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import type { SandboxEnv } from 'patchbay';
import { DEMO_APP_ID, DEMO_WEBHOOK_PRIVATE_KEY } from './demo.ts';

/** The provider sends again on 429 only, six times, ten minutes apart: here in seconds. */
const RETRY_AFTER_MS = [1000, 2000, 3000, 5000, 8000, 13_000];
const key = createPrivateKey({ key: Buffer.from(DEMO_WEBHOOK_PRIVATE_KEY, 'base64'), format: 'der', type: 'pkcs8' });

/** What the deliveries need of the simulator around them. */
export interface Desk {
  readonly env: SandboxEnv;
  note(line: string): void;
  delivered(): void;
}

/** Signs and delivers webhooks: first attempts in the order of the changes, repeats when they are due. */
export class Hooks {
  readonly #desk: Desk;
  readonly #timers = new Set<NodeJS.Timeout>();
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  emit(locationId: string, type: string, payload: object): void {
    const body = JSON.stringify({
      type,
      locationId,
      ...payload,
      timestamp: this.#desk.env.now().toISOString(),
      webhookId: randomUUID(),
      appId: DEMO_APP_ID,
      versionId: DEMO_APP_ID,
    });
    this.#queue = this.#queue.then(() => this.#attempt(type, body, 0));
  }

  /** A signed webhook with one byte changed on the way; resolves with the status the hub answered. */
  async sendTampered(locationId: string): Promise<number> {
    const payload = {
      type: 'ContactDelete',
      locationId,
      id: 'TamperedTamperedTamp',
      timestamp: this.#desk.env.now().toISOString(),
    };
    const body = JSON.stringify({ ...payload, webhookId: randomUUID() });
    const status = await this.#desk.env.deliver('', signedHeaders(body), body.replace('Tampered', 'tampered'));
    this.#desk.note(`webhook with a changed byte → ${status}`);
    return status;
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  async #attempt(type: string, body: string, before: number): Promise<void> {
    if (this.#closed) return;
    const status = await this.#desk.env.deliver('', signedHeaders(body), body).catch(() => 0);
    const wait = RETRY_AFTER_MS[before];
    if (status >= 200 && status < 300) this.#desk.delivered();
    const again = status === 429 && wait !== undefined;
    this.#desk.note(`webhook ${type} → ${status || 'no answer'}${outcome(status, again ? wait : undefined)}`);
    if (!again || this.#closed) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#attempt(type, body, before + 1);
    }, wait);
    timer.unref();
    this.#timers.add(timer);
  }
}

function outcome(status: number, wait: number | undefined): string {
  if (wait !== undefined) return `, again in ${wait / 1000} s`;
  return status >= 200 && status < 300 ? '' : ', lost';
}

function signedHeaders(body: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'LeadConnector-Webhooks (sandbox)',
    'x-ghl-signature': sign(null, Buffer.from(body), key).toString('base64'),
  };
}
