import type { Ctx } from './context.ts';
import type { Effect } from './effect.ts';

/** A webhook call as it arrived. */
export interface Incoming {
  readonly method: 'GET' | 'POST';
  /** The whole address as the provider called it, with its query: `PUBLIC_URL` and what came. For providers that sign it. */
  readonly url: string;
  /** The `:eventType` part of the URL, where the provider has one URL per event. */
  readonly eventType?: string;
  readonly query: Readonly<Record<string, string>>;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The exact bytes: signatures are checked over these and nothing else. */
  readonly raw: Uint8Array;
  /** ISO 8601; use this and not the clock, so that a call kept for later is judged by when it came. */
  readonly receivedAt: string;
}

/** What `verify` may compare with. */
export interface WebhookKeys {
  /** The operator's `app` fields. */
  readonly app: Readonly<Record<string, string>>;
  /** Secret fields of the integration and `secrets` of its subscription, for `scope: 'integration'`. */
  readonly integration: Readonly<Record<string, string>>;
}

/** One message of a call, in the provider's terms. */
export interface HubEvent {
  /** The provider's id of the message: deliveries with the same id are one event. */
  readonly id: string;
  readonly type: string;
  /** `Account.externalId` it belongs to, or one of `Subscribed.accounts`; not needed where the URL is the integration's own. */
  readonly account?: string;
  /** Events of one object are handled in order: `contact:abc`. */
  readonly object?: string;
  /** ISO 8601, when it happened at the provider. */
  readonly at?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An answer to a webhook call. */
export interface Ack {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** How a provider calls: who may, what it says, and what that changes. */
export interface Webhook<C = unknown> {
  /** `app`: one URL per app, events carry the account. `integration`: one URL per integration. */
  readonly scope: 'app' | 'integration';
  /** The status that makes this provider send again; the hub answers it when it cannot store. */
  readonly retryStatus: number;
  /** Answers the provider's subscription handshake; `undefined` for any other call. Pure. */
  challenge?(req: Incoming, keys: WebhookKeys): Ack | undefined;
  /** Is the call really the provider's? Pure; false for anything in doubt, also when no key is set. */
  verify(req: Incoming, keys: WebhookKeys): boolean;
  /** The messages in the body. Pure; throws `Rejected` for a body the provider would never send. */
  events(req: Incoming): readonly HubEvent[];
  /** The answer once all is committed; default 200 without a body. */
  ack?(req: Incoming): Ack;
  /** Runs later, at least once per event: what the event changes. */
  onEvent?(ctx: Ctx<C>, event: HubEvent): Promise<readonly Effect[]>;
  /**
   * Registers `url` at the provider: on connect, and again (after `unsubscribe`) when a field in `follows` has changed.
   * `undefined` while there is nothing to register, such as before an audience is chosen.
   */
  subscribe?(ctx: Ctx<C>, url: string): Promise<Subscribed | undefined>;
  /** Names of config fields that decide what is subscribed. */
  readonly follows?: readonly (keyof C & string)[];
  /**
   * Takes back what `subscribe` did. `shared`: accounts among those of this connection that other connections still hear
   * of; where the provider keeps one registration for all, leave it for these.
   */
  unsubscribe?(ctx: Ctx<C>, subscription: string, shared: readonly string[]): Promise<void>;
}

/** What a provider gave back for a subscription. */
export interface Subscribed {
  /** What `unsubscribe` needs. */
  readonly id: string;
  /** Shown by the provider only now (a signing secret): sealed, and handed to `verify` in `keys.integration`. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Further ids by which events name this integration's account (its pages, say), for `scope: 'app'`. */
  readonly accounts?: readonly string[];
}
