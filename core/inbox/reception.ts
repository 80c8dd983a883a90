import { concealed, masking } from '../egress/conceal.ts';
import type { Integration } from '../integrations/integration-store.ts';
import type { Log } from '../log.ts';
import type { RunnablePlugin } from '../plugins/registry.ts';
import { type Ack, type HubEvent, type Incoming, NotFound, Rejected, type Webhook, type WebhookKeys } from '../sdk/index.ts';
import { type OwnersOf, rowsOf } from './event-rows.ts';
import type { NewEvent } from './event-store.ts';
import { text } from './event-text.ts';
import { Owners, type OwnersOptions, type OwnKeys } from './owners.ts';
import { andThen, isLater, type Soon } from './soon.ts';
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

/** A call and what the plugin may have proven it by. */
interface Proven extends Call {
  readonly secrets: readonly string[];
}

export type Read = { readonly handshake: Ack } | { readonly rows: NewEvent[] };

/** What it takes to check a call. */
interface Known {
  readonly own: Integration | undefined;
  readonly app: WebhookKeys['app'];
  readonly keys: OwnKeys;
}

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
   * @throws NotFound for an unknown key, Rejected (`WEBHOOK_SIGNATURE_INVALID`, or what `events` says of the body); at once
   * or as a rejection
   */
  read(call: Call): Soon<Read> {
    return andThen(this.#owner(call), (own) =>
      andThen(this.#parts.appFields(call.plugin), (app) =>
        andThen(own ? this.owners.keysOf(own) : NO_KEYS, (keys) => this.#readWith(call, { own, app, keys })),
      ),
    );
  }

  #readWith(call: Call, { own, app, keys }: Known): Soon<Read> {
    const { current, former } = keys;
    const secrets = Object.values(app).concat(Object.values(current), Object.values(former ?? NONE_GIVEN));
    const { plugin, webhook, req, key } = call;
    const proven: Proven = { plugin, webhook, req, key, secrets };
    const handshake = ask(proven, 'challenge', () => webhook.challenge?.(req, { app, integration: current }));
    if (handshake) return { handshake };
    return andThen(this.#isVerified(call, { app, integration: current }), (right) => {
      if (right) return this.#rows(proven, own);
      if (!former) throw forged(call);
      return andThen(this.#isVerified(call, { app, integration: former }), (wasRight) => {
        if (!wasRight) throw forged(call);
        return this.#rows(proven, own);
      });
    });
  }

  #rows(call: Proven, own: Integration | undefined): Soon<Read> {
    const events = ask(call, 'events', () => listed(call.webhook.events(call.req)));
    const owners = own ? () => [own] : this.#byAccount(call, events);
    return andThen(owners, (known) => ({ rows: rowsOf(call, events, known) }));
  }

  #owner({ plugin, webhook, key }: Call): Soon<Integration | undefined> {
    if (webhook.scope === 'app' && key === undefined) return undefined;
    const found = webhook.scope === 'integration' && key ? this.owners.byWebhookKey(plugin.id, text(key)) : undefined;
    return andThen(found, (own) => {
      if (own) return own;
      throw new NotFound('There is no webhook at this address; copy it again from the integration.');
    });
  }

  #isVerified({ plugin, webhook, req }: Call, keys: WebhookKeys): Soon<boolean> {
    const threw = (thrown: unknown): boolean => {
      const error = concealed(thrown, masking([...Object.values(keys.app), ...Object.values(keys.integration)]));
      this.#parts.log.warn({ plugin: plugin.id, err: error }, 'verify threw; the call is refused');
      plugin.life?.fault(error, 'webhook.verify', true);
      return false;
    };
    try {
      const right = verified(() => webhook.verify(req, keys));
      return isLater(right) ? right.catch(threw) : right;
    } catch (error) {
      return threw(error);
    }
  }

  /** Every integration of an event's account, in any store; none for an account that is not connected here. */
  #byAccount({ plugin }: Call, events: readonly HubEvent[]): Soon<OwnersOf> {
    const [only] = events;
    if (only && events.length === 1) {
      const found = only.account ? this.owners.byAccount(plugin.id, text(only.account)) : NOBODY;
      return andThen(found, (known) => () => known);
    }
    const owners = new Map<string, Soon<readonly Integration[]>>();
    let later = false;
    for (const { account } of events) {
      if (!account || owners.has(account)) continue;
      const found = this.owners.byAccount(plugin.id, text(account));
      owners.set(account, found);
      later ||= isLater(found);
    }
    if (!later) return ownersIn(owners as Map<string, readonly Integration[]>);
    return Promise.all([...owners].map(async ([account, found]) => [account, await found] as const)).then((all) =>
      ownersIn(new Map(all)),
    );
  }
}

const NONE_GIVEN: Readonly<Record<string, string>> = {};
const NOBODY: readonly Integration[] = [];
const NO_KEYS: OwnKeys = { current: {}, former: undefined };

function ownersIn(owners: ReadonlyMap<string, readonly Integration[]>): OwnersOf {
  return ({ account }) => (account && owners.get(account)) || [];
}

function forged({ plugin }: Call): Rejected {
  return new Rejected(`The signature of this call does not match what ${plugin.plugin.manifest.name} would send.`, {
    code: 'WEBHOOK_SIGNATURE_INVALID',
  });
}

/** What it throws is counted and passed on. */
function ask<T>({ plugin, secrets }: Proven, what: string, question: () => T): T {
  try {
    return question();
  } catch (thrown) {
    const error = concealed(thrown, masking(secrets));
    plugin.life?.fault(error, `webhook.${what}`, true);
    throw error;
  }
}

function listed(events: unknown): readonly HubEvent[] {
  if (Array.isArray(events)) return events as HubEvent[];
  throw new Error('events() did not return a list');
}
