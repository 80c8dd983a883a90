import { createHmac } from 'node:crypto';
import type { SandboxEnv } from 'patchbay';
import { API_VERSION, type Place } from './demo.ts';
import type { Doc } from './shapes.ts';
import type { World } from './world.ts';

/** Outside live mode a delivery is tried three times over a few hours: here within seconds. */
const RETRY_AFTER_MS = [2000, 5000, 10_000];
/** Events are kept for thirty days. */
const KEPT_SECONDS = 30 * 86_400;
/** The second secret holds for a day at most while one is rolled. */
const ROLLING_SECONDS = 86_400;

/** Endpoint → its signing secrets, the newer first. */
export type Secrets = Record<string, { secret: string; previous?: { secret: string; until: number } }>;

export interface HooksGiven {
  readonly env: SandboxEnv;
  readonly world: () => World;
  readonly secrets: () => Secrets;
  note(line: string): void;
  delivered(): void;
}

export interface Delivery {
  readonly endpoint: Doc;
  readonly body: string;
  /** Unix seconds; default now. */
  readonly signedAt?: number;
}

/** Keeps events, and signs and delivers them: first attempts in the order of the changes, repeats when they are due. */
export class Hooks {
  readonly #given: HooksGiven;
  readonly #timers = new Set<NodeJS.Timeout>();
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;
  /** Said by a person: events happen, but nobody is told. */
  muted = false;

  constructor(given: HooksGiven) {
    this.#given = given;
  }

  /** An event of a place, and where it goes. */
  emit(place: Place, event: Doc): void {
    const world = this.#given.world();
    for (const old of world.list(place.slug, 'events')) {
      if (event.created - old.created > KEPT_SECONDS) world.remove(place.slug, 'events', old.id);
    }
    const targets = this.muted ? [] : this.endpoints(place, String(event['type']));
    world.put(place.slug, 'events', { ...event, pending_webhooks: targets.length });
    for (const endpoint of targets) this.send(endpoint, event);
  }

  endpoints(place: Place, type: string): Doc[] {
    const all = this.#given.world().list(place.slug, 'webhook_endpoints');
    const wants = (types: unknown) => Array.isArray(types) && (types.includes('*') || types.includes(type));
    return all.filter((endpoint) => endpoint['status'] === 'enabled' && wants(endpoint['enabled_events']));
  }

  send(endpoint: Doc, event: Doc): void {
    const body = JSON.stringify({ ...event, api_version: endpoint['api_version'] ?? API_VERSION });
    this.#queue = this.#queue.then(() => this.#attempt({ endpoint, body }, { type: String(event['type']), before: 0 }));
  }

  /** All that waits to be sent has been tried once. */
  settled(): Promise<unknown> {
    return this.#queue;
  }

  /** Sends these bytes under these headers, once; resolves with the status the hub answered. */
  async post(endpoint: Doc, headers: Readonly<Record<string, string>>, body: string): Promise<number> {
    const path = pathOf(String(endpoint['url']));
    if (path === undefined) return 0;
    return this.#given.env.deliver(path, { 'content-type': 'application/json', ...headers }, body).catch(() => 0);
  }

  signed({ endpoint, body, signedAt }: Delivery): Record<string, string> {
    const at = signedAt ?? this.#now();
    const known = this.#given.secrets()[endpoint.id];
    const rolling = known?.previous && known.previous.until > this.#now() ? [known.previous.secret] : [];
    const secrets = [...rolling, ...(known ? [known.secret] : [])];
    return { 'stripe-signature': signatureOf(secrets, at, body), 'user-agent': 'Stripe/1.0 (sandbox)' };
  }

  roll(endpoint: Doc, secret: string): void {
    const secrets = this.#given.secrets();
    const before = secrets[endpoint.id]?.secret;
    secrets[endpoint.id] = { secret, ...(before && { previous: { secret: before, until: this.#now() + ROLLING_SECONDS } }) };
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  async #attempt(delivery: Delivery, at: { type: string; before: number }): Promise<void> {
    if (this.#closed) return;
    const status = await this.post(delivery.endpoint, this.signed(delivery), delivery.body);
    const wait = RETRY_AFTER_MS[at.before];
    const done = status >= 200 && status < 300;
    if (done) this.#given.delivered();
    const then = done ? '' : wait === undefined ? ', given up' : `, again in ${wait / 1000} s`;
    this.#given.note(`webhook ${at.type} → ${status || 'no answer'}${then}`);
    if (done || wait === undefined || this.#closed) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#attempt(delivery, { ...at, before: at.before + 1 });
    }, wait);
    timer.unref();
    this.#timers.add(timer);
  }

  #now(): number {
    return Math.floor(this.#given.env.now().getTime() / 1000);
  }
}

/** docs.stripe.com/webhooks: `v1` for each secret in force; `v0` stands for the scheme of test mode that nobody may trust. */
export function signatureOf(secrets: readonly string[], at: number, body: string): string {
  const v1 = secrets.map((secret) => `v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`);
  return [`t=${at}`, ...v1, `v0=${createHmac('sha256', 'test').update(body).digest('hex')}`].join(',');
}

/** The simulator reaches this hub only: whatever stands behind `/webhooks/<plugin>`. */
function pathOf(url: string): string | undefined {
  const { pathname, search } = new URL(url);
  const found = /^.*?\/webhooks\/[^/]+(\/.*)?$/.exec(pathname);
  return found ? `${found[1] ?? ''}${search}` : undefined;
}
