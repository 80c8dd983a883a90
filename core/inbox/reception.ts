import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import type { Integration } from '../integrations/integration-store.ts';
import type { Log } from '../log.ts';
import type { RunnablePlugin } from '../plugins/registry.ts';
import { type Ack, type HubEvent, type Incoming, NotFound, Rejected, type Webhook, type WebhookKeys } from '../sdk/index.ts';
import type { NewEvent } from './event-store.ts';
import { harmlessHeaders, indexed, text } from './event-text.ts';
import { whyParked } from './outcome.ts';
import { Owners, type OwnersOptions } from './owners.ts';
import { verified } from './verify.ts';

export interface ReceptionOptions extends OwnersOptions {
  readonly appFields: (plugin: RunnablePlugin) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  readonly log: Log;
}

export interface Call {
  readonly plugin: RunnablePlugin;
  readonly webhook: Webhook;
  readonly req: Incoming;
  /** The key in the URL, where it is the integration's own. */
  readonly key: string | undefined;
}

/** Together the rows of one call may hold this much of its body; beyond that each keeps its own part of it. */
const BODIES_LIMIT = 1_000_000;

/** Asks the plugin, signature first, what a call is, and whose. Stores nothing. */
export class Reception {
  readonly #parts: ReceptionOptions;
  readonly owners: Owners;

  constructor(parts: ReceptionOptions) {
    this.#parts = parts;
    this.owners = new Owners(parts);
  }

  /**
   * The answer to a handshake, or the rows to store.
   * @throws NotFound for an unknown key, Rejected (`WEBHOOK_SIGNATURE_INVALID`, or what `events` says of the body)
   */
  async read(call: Call): Promise<{ handshake: Ack } | { rows: NewEvent[] }> {
    const own = await this.#owner(call);
    const app = await this.#parts.appFields(call.plugin);
    const { current: integration = {}, former } = own ? await this.owners.keysOf(own) : {};
    const keys: WebhookKeys = { app, integration };
    const handshake = ask(call, 'challenge', () => call.webhook.challenge?.(call.req, keys));
    if (handshake) return { handshake };
    if (!(await this.#isVerified(call, keys)) && !(former && (await this.#isVerified(call, { app, integration: former })))) {
      throw new Rejected(`The signature of this call does not match what ${call.plugin.plugin.manifest.name} would send.`, {
        code: 'WEBHOOK_SIGNATURE_INVALID',
      });
    }
    const events = ask(call, 'events', () => listed(call.webhook.events(call.req)));
    const owners = own ? () => [own] : await this.#byAccount(call, events);
    return { rows: rowsOf(call, events, owners) };
  }

  async #owner({ plugin, webhook, key }: Call): Promise<Integration | undefined> {
    if (webhook.scope === 'app' && key === undefined) return undefined;
    const own = webhook.scope === 'integration' && key ? await this.owners.byWebhookKey(plugin.id, text(key)) : undefined;
    if (own) return own;
    throw new NotFound('There is no webhook at this address; copy it again from the integration.');
  }

  async #isVerified({ plugin, webhook, req }: Call, keys: WebhookKeys): Promise<boolean> {
    try {
      return await verified(() => webhook.verify(req, keys));
    } catch (error) {
      this.#parts.log.warn({ plugin: plugin.id, err: error }, 'verify threw; the call is refused');
      plugin.life?.fault(error, 'webhook.verify', true);
      return false;
    }
  }

  /** Every integration of an event's account, in any store; none for an account that is not connected here. */
  async #byAccount({ plugin }: Call, events: readonly HubEvent[]): Promise<OwnersOf> {
    const accounts = [...new Set(events.flatMap(({ account }) => (account ? [account] : [])))];
    const found = await Promise.all(accounts.map((account) => this.owners.byAccount(plugin.id, text(account))));
    const owners = new Map(accounts.map((account, at) => [account, found[at] ?? []]));
    return ({ account }) => (account && owners.get(account)) || [];
  }
}

/** What it throws is counted and passed on. */
function ask<T>({ plugin }: Call, what: string, question: () => T): T {
  try {
    return question();
  } catch (error) {
    plugin.life?.fault(error, `webhook.${what}`, true);
    throw error;
  }
}

function listed(events: unknown): readonly HubEvent[] {
  if (Array.isArray(events)) return events as HubEvent[];
  throw new Error('events() did not return a list');
}

type OwnersOf = (event: HubEvent) => readonly Integration[];

function rowsOf({ plugin, req }: Call, events: readonly HubEvent[], ownersOf: OwnersOf): NewEvent[] {
  const routed = events.map((event) => ({ event, places: placesOf(event, ownersOf(event)) }));
  const raw = Buffer.from(req.raw.buffer, req.raw.byteOffset, req.raw.byteLength);
  const keepsAll = mayKeepAll(
    routed.flatMap(({ places }) => places),
    raw.length,
  );
  const headers = {
    ...harmlessHeaders(req.headers),
    ':method': req.method,
    ...(req.eventType !== undefined && { ':event-type': text(req.eventType) }),
  };
  return routed.flatMap(({ event, places }, at): NewEvent[] => {
    const shared = {
      ...inOurTerms(event, { req, at }),
      pluginId: plugin.id,
      raw: keepsAll ? raw : Buffer.from(JSON.stringify(event.data)),
      headers,
      receivedAt: new Date(req.receivedAt),
    };
    return places.map((place) => ({ ...shared, ...place, id: v7() }));
  });
}

/** A row is read by its store, so the whole body is for calls that are about one store, or one account nobody has yet. */
function mayKeepAll(places: readonly Place[], bytes: number): boolean {
  const readers = new Set(places.map(({ storeId, scope }) => storeId ?? `account ${scope}`));
  return readers.size <= 1 && (places.length === 1 || bytes * places.length <= BODIES_LIMIT);
}

/** An event without an id is named by the bytes it came in: sent again, it is the same. */
function inOurTerms({ id, type, account, object, at: happened, data }: HubEvent, { req, at }: { req: Incoming; at: number }) {
  if (typeof type !== 'string' || type === '' || typeof data !== 'object' || data === null) {
    throw new Error('events() returned an event without type or data');
  }
  const time = happened === undefined ? Number.NaN : Date.parse(happened);
  return {
    eventId: id ? indexed(id) : `sha256:${createHash('sha256').update(req.raw).digest('hex')}:${at}`,
    type: text(type),
    account: account ? indexed(account) : undefined,
    object: object ? indexed(object) : undefined,
    at: Number.isNaN(time) ? undefined : new Date(time),
    data,
  };
}

type Place = Pick<NewEvent, 'scope' | 'storeId' | 'integrationId' | 'state' | 'reason'>;

function placesOf(event: HubEvent, owners: readonly Integration[]): Place[] {
  return owners.length > 0 ? owners.map(forOwner) : [forTray(event)];
}

function forOwner(owner: Integration): Place {
  const reason = whyParked(owner);
  const state = reason ? 'parked' : 'pending';
  return { scope: owner.id, storeId: owner.storeId, integrationId: owner.id, state, reason };
}

function forTray({ account }: HubEvent): Place {
  const reason = account ? 'No integration here has this account.' : 'The message does not say which account it is about.';
  return {
    scope: account ? indexed(account) : '',
    storeId: undefined,
    integrationId: undefined,
    state: 'unmatched',
    reason,
  };
}
