import { createHmac, randomUUID } from 'node:crypto';
import { ADMIN, type Answer, call } from '../hub.ts';
import type { SeededIntegration } from '../sealed-credentials.ts';
import type { KeysProvider } from './keys-provider.ts';

/** What the hub opens a secret for, and how what it answers says whose secret that was. */
const ASKED: readonly (readonly [method: string, path: string, body: object | undefined, told: (answer: Answer) => unknown])[] = [
  ['POST', 'test', undefined, ({ body }) => body.message?.replace('It is ', '')],
  ['POST', 'actions/whose', {}, ({ body }) => body.data?.id],
  ['GET', 'options/people', undefined, ({ body }) => body.options?.[0]?.value],
];
const RENEWED = 0.2;
/** Some are asked for again and again: a renewed token that was lost shows at the next call. */
const OFTEN = 20;

/** Callers outside the hubs who make them open and renew secrets of any connection, and remember what went wrong. */
export class KeysCallers {
  readonly counts = { calls: 0, webhooks: 0 };
  readonly failures: string[] = [];
  readonly #seeded: readonly SeededIntegration[];
  readonly #provider: KeysProvider;
  /** Nobody else asks for these: two calls that meet a renewal are another test's. */
  readonly #busy = new Set<string>();
  #stopping = false;
  #running: Promise<unknown> = Promise.resolve();

  constructor(seeded: readonly SeededIntegration[], provider: KeysProvider) {
    this.#seeded = seeded;
    this.#provider = provider;
  }

  /** So many at once, each with a hub and an API key of its own. */
  async start(hubs: readonly string[], callers: number): Promise<void> {
    const each = Array.from({ length: callers }, (_, at) => hubs[at % hubs.length] as string);
    const keyed: (readonly [hub: string, key: string])[] = [];
    for (const hub of each) keyed.push([hub, await keyFor(hub, this.#seeded[0]?.storeId ?? '')]);
    this.#running = Promise.all(keyed.map(([hub, key]) => this.#call(hub, key)));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#running;
  }

  async #call(hub: string, key: string): Promise<void> {
    while (!this.#stopping) {
      const among = Math.random() < 0.3 ? OFTEN : this.#seeded.length;
      const one = this.#seeded[Math.floor(Math.random() * among)] as SeededIntegration;
      if (this.#busy.has(one.id)) continue;
      this.#busy.add(one.id);
      await (one.signs && Math.random() < 0.5 ? this.#deliver(hub, one) : this.#ask(hub, key, one)).catch((error: unknown) => {
        this.failures.push(String(error));
      });
      this.#busy.delete(one.id);
    }
  }

  async #ask(hub: string, key: string, { storeId, id, signs }: SeededIntegration): Promise<void> {
    const [method, path, body, told] = ASKED[Math.floor(Math.random() * ASKED.length)] as (typeof ASKED)[number];
    // What a webhook leads to may be asking with the same token at this moment.
    if (!signs && Math.random() < RENEWED) this.#provider.expire(id);
    const url = `${hub}/api/stores/${storeId}/integrations/${id}/${path}`;
    const answer = await call(method, url, { body, headers: { authorization: `Bearer ${key}` } });
    if (answer.status !== 200 || told(answer) !== id)
      this.failures.push(`${path} of ${id}: ${answer.status} ${JSON.stringify(answer.body)}`);
    this.counts.calls += 1;
  }

  async #deliver(hub: string, { id, signs }: SeededIntegration): Promise<void> {
    const body = JSON.stringify({ id: randomUUID() });
    const signature = createHmac('sha256', signs ?? '')
      .update(body)
      .digest('hex');
    const headers = { 'content-type': 'application/json', 'x-acme-signature': signature };
    const { status } = await fetch(`${hub}/webhooks/acme/c/${id}`, { method: 'POST', body, headers });
    if (status !== 200) this.failures.push(`webhook of ${id}: ${status}`);
    this.counts.webhooks += 1;
  }
}

/** A new API key of the first admin, for this store. */
export async function keyFor(hub: string, store: string): Promise<string> {
  const authorization = `Basic ${Buffer.from(`${ADMIN.email}:${ADMIN.password}`).toString('base64')}`;
  const { status, body } = await call('POST', `${hub}/api/api-keys`, {
    body: { name: 'keys', store },
    headers: { authorization },
  });
  if (status !== 201) throw new Error(`no API key: ${status} ${JSON.stringify(body)}`);
  return body.key;
}
