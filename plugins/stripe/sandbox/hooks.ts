import { createHmac } from 'node:crypto';
import type { SandboxEnv } from 'patchbay';
import { type CallLog, Deliveries, webhookPath } from 'patchbay/simulator';
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
  readonly log: CallLog;
  delivered(): void;
}

export interface Delivery {
  readonly endpoint: Doc;
  readonly body: string;
  /** Unix seconds; default now. */
  readonly signedAt?: number;
}

/** One call to an endpoint. */
export interface Posting {
  readonly endpoint: Doc;
  /** How the log calls it. */
  readonly label: string;
  readonly body: string;
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** Keeps events, and signs and delivers them: first attempts in the order of the changes, repeats when they are due. */
export class Hooks {
  readonly #given: HooksGiven;
  readonly #deliveries: Deliveries;
  /** Said by a person: events happen, but nobody is told. */
  muted = false;

  constructor(given: HooksGiven) {
    this.#given = given;
    this.#deliveries = new Deliveries({ ...given, retryAfterMs: RETRY_AFTER_MS });
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
    const path = webhookPath(String(endpoint['url']));
    if (path === undefined) return;
    const headers = () => ({ ...JSON_TYPE, ...this.signed({ endpoint, body }) });
    this.#deliveries.send({ label: String(event['type']), path, body, headers });
  }

  /** All that waits to be sent has been tried once. */
  settled(): Promise<unknown> {
    return this.#deliveries.settled();
  }

  /** Sends these bytes under these headers, once; resolves with the status the hub answered. */
  async post({ endpoint, label, body }: Posting, headers: Readonly<Record<string, string>>): Promise<number> {
    const path = webhookPath(String(endpoint['url']));
    return path === undefined ? 0 : this.#deliveries.once({ label, path, body, headers: () => ({ ...JSON_TYPE, ...headers }) });
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
    this.#deliveries.close();
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
