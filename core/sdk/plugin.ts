import type { Strategy } from 'passport';
import type { Account } from './account.ts';
import type { HubError } from './errors.ts';
import type { Form, Option, Values } from './form.ts';
import type { Http, Reply } from './http.ts';
import type { Auth, ComingSoonManifest, Manifest, OAuth2 } from './manifest.ts';
import type { Model } from './models.ts';

/** Logs under the plugin's and integration's name; secrets are redacted. */
export interface PluginLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** What a handler gets before the account is known. */
export interface Link {
  readonly http: Http;
  readonly log: PluginLog;
  /** Aborts when the caller gives up, the hub stops, or the deadline passes. */
  readonly signal: AbortSignal;
  readonly method: 'oauth' | 'manual';
}

/** What a handler gets afterwards; `C` is the type of the manifest's `config` form. */
export interface Ctx<C = unknown> extends Link {
  readonly account: Account;
  readonly config: C;
}

/** The token response without its tokens (OAuth), or the manual fields that are not secret. */
export type Grant = Readonly<Record<string, unknown>>;

/** That the connection works, in words. */
export interface TestResult {
  /** `Connected to Blue Fitness, 3,412 contacts.` */
  readonly message: string;
  /** Stream → how many records the provider says it holds. */
  readonly counts?: Readonly<Record<string, number>>;
}

/** A resume position: flat, so that it can be stored and shown. */
export type Checkpoint = Readonly<Record<string, string | number | boolean | null>>;

/** One record as it is now, or that it is gone. An older `updatedAt` than the stored one changes nothing. */
export type Item =
  | { readonly id: string; readonly data: Readonly<Record<string, unknown>> /** ISO 8601 */; readonly updatedAt?: string }
  | { readonly id: string; readonly deleted: true };

/** What a stream yields: written in one transaction with its checkpoint. */
export interface Page {
  readonly items: readonly Item[];
  /** Where to resume if the run dies after this page; must differ from the previous page's. */
  readonly checkpoint: Checkpoint;
  /** Records that could not be read: counted and shown, never lost silently. */
  readonly failed?: readonly { readonly id: string; readonly reason: string }[];
  /** Sentences on what the provider withheld or estimated (thresholds, sampling): each is shown once with the run's outcome. */
  readonly notes?: readonly string[];
  /** How many records the provider says this run will meet, where it tells. */
  readonly total?: number;
}

/** A kind of record. Without `sync` its records come from webhooks and actions only. */
export interface Stream<C = unknown> {
  readonly title: string;
  /** The shared shape of these records, where one fits. */
  readonly model?: Model;
  /** Where records may be changed in the hub: how that reaches the provider. */
  readonly edit?: Edit;
  /** The ways of connecting that can read it; default all. A connection made another way neither lists nor syncs it. */
  readonly methods?: readonly Auth['method'][];
  /**
   * `incremental`: a run resumes from the last checkpoint and sees changes only. `full`: every run starts from `null` and
   * meets every record; those it does not meet are marked deleted once it has succeeded.
   */
  readonly mode?: 'incremental' | 'full';
  /**
   * Names of config fields that choose whose records are read (a property, an audience). When somebody saves another choice a
   * sync begins at once; it reads everything anew, and the records for which `covers` says `'unchosen'` go.
   */
  readonly follows?: readonly (keyof C & string)[];
  /** One page per `yield`. `from` is `null` for a first or full run. */
  sync?(ctx: Ctx<C>, from: Checkpoint | null): AsyncGenerator<Page, void>;
  /**
   * Should a run that began at `startedAt` (ISO 8601) from the checkpoint `from` have met this record? What it should have
   * met and did not is marked deleted once it has succeeded. Default: yes in a `full` run, and incremental runs delete
   * nothing. Streams that read a window of time, or a part the settings name, say no for records outside it; incremental
   * ones that re-read their last days say yes for those days, so that figures the provider has taken back go.
   *
   * `'unchosen'`: the settings choose others than this one. It goes as well; and where a run stops and asks because so much
   * has gone at the provider, such records do not count.
   */
  covers?(data: Readonly<Record<string, unknown>>, startedAt: string, config?: C, from?: Checkpoint | null): boolean | 'unchosen';
}

/** How a change made in the hub to a record of a stream is written to the provider. Both actions answer with the record as it is then, among their effects. */
export interface Edit {
  /** The action that writes a change. */
  readonly write: string;
  /** The action that reads one record as it is now, given `input(id, {})`: asked first, so that no change there is overwritten unseen. */
  readonly read: string;
  /**
   * The action's input for a record and the fields that are to change. Pure; throw `Rejected` naming each field
   * (`/data/<name>`) that cannot be written.
   */
  input(id: string, change: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
}

/** A webhook call as it arrived. */
export interface Incoming {
  readonly method: 'GET' | 'POST';
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

/** What an event or action changes in the hub; committed together with the event's state. */
export type Effect =
  | { readonly kind: 'records'; readonly stream: string; readonly items: readonly Item[] }
  | { readonly kind: 'resync'; readonly stream: string }
  | { readonly kind: 'disconnect'; readonly reason: string };

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

/** What an action gives back to its caller, and what it changes in the hub. */
export interface ActionResult {
  readonly data: Readonly<Record<string, unknown>>;
  readonly effects?: readonly Effect[];
}

/** A write to (or a live question of) the provider, with a form of its own. */
export interface Action<C = unknown> {
  readonly title: string;
  readonly description?: string;
  /** The ways of connecting that can do it; default all. A connection made another way neither lists nor does it. */
  readonly methods?: readonly Auth['method'][];
  readonly input: Form;
  run(ctx: Ctx<C>, input: Readonly<Record<string, unknown>>, call: ActionCall): Promise<ActionResult>;
}

/** One wish to act, however often it is tried. */
export interface ActionCall {
  /** The caller's `Idempotency-Key`, made unique to the integration, or a fresh one: pass it on where the provider takes one. */
  readonly id: string;
}

/** Types `input` by the action's form. */
export function action<C, const F extends Form>(definition: {
  readonly title: string;
  readonly description?: string;
  readonly methods?: readonly Auth['method'][];
  readonly input: F;
  run(ctx: Ctx<C>, input: Values<F>, call: ActionCall): Promise<ActionResult>;
}): Action<C> {
  return definition as unknown as Action<C>;
}

/** A call about to go out, for `authorize`. */
export interface Outgoing {
  readonly method: 'oauth' | 'manual';
  /** Where it goes. */
  readonly host: string;
  readonly path: string;
  /** OAuth: `accessToken`. Manual: every field of the form, secret or not. The `token` of a call is `accessToken` in both. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The operator's `app` fields. */
  readonly app: Readonly<Record<string, string>>;
}

/** How a call shows who it is from. Values are never logged. */
export interface Authorization {
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
}

/** What `refresh` gives back; without a refresh token the one before stays. */
export interface OAuthTokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly expiresInSeconds?: number;
}

/** What an owner has still to choose before a connection does what it is for. */
export interface Todo<C = unknown> {
  /** One sentence: `Choose the property whose reports are read.` */
  readonly text: string;
  /** The words of the button that leads there: `Choose a property`. */
  readonly step: string;
  /** The setting to choose in. */
  readonly field: keyof C & string;
}

/** What a plugin does. Called by the hub, each with a deadline; throw the SDK's errors. */
export interface Handlers<C = unknown> {
  /** Who is this? The only required handler; runs with the new credential before anything is kept. */
  identify(link: Link, grant: Grant): Promise<Account>;
  /** Proves that the connection works, in words. Default: identify again and compare. */
  test?(ctx: Ctx<C>): Promise<TestResult>;
  /**
   * What its owner has still to choose, the most needed first. Pure and at once, as it is asked for each time a card is
   * shown; the card asks for the first of them and turns green when there are none. `config` is without secrets.
   */
  todo?(about: Pick<Ctx<C>, 'account' | 'config' | 'method'>): readonly Todo<C>[];
  readonly streams?: Readonly<Record<string, Stream<C>>>;
  readonly webhook?: Webhook<C>;
  readonly actions?: Readonly<Record<string, Action<C>>>;
  /** Loaders named by `x-options`; `draft` is the form as filled in so far. */
  readonly options?: Readonly<
    Record<string, (ctx: Ctx<C>, draft: Readonly<Record<string, unknown>>) => Promise<readonly Option[]>>
  >;
  /**
   * Names what an error answer means where the status alone misleads: `'expired'` renews the token and repeats the call,
   * an error is thrown as it is, `undefined` leaves it to the hub.
   */
  explain?(reply: Reply): 'expired' | HubError | undefined;
  /**
   * How a credential goes into a call, where `Authorization: Bearer` and the `headers` of {@link Keys} do not do: a proof
   * signed with the app's secret, a key in the query, another scheme (or nothing) for one of the hosts. Pure, and asked for
   * every call; its `query` takes the place of what the address carries by those names. Throw `Rejected` with `fields` for a
   * key that cannot be right.
   */
  authorize?(call: Outgoing): Authorization;
  /** Seconds the account should rest after this answer, an error or not, by the provider's usage headers; background work waits. */
  pace?(reply: Reply): number | undefined;
  /** Only where OAuth2 data is not enough. */
  strategy?(options: StrategyOptions, auth: OAuth2): Strategy;
  /** Only where the provider departs from RFC 6749 section 6. The one handler that sees a token. */
  refresh?(link: Link, tokens: { readonly accessToken: string; readonly refreshToken?: string }): Promise<OAuthTokens>;
  /**
   * Settings as they were saved in version `from` of the manifest's `configVersion`, in the present one; secrets are among
   * them, fields the form does not ask for are dropped. Pure, at once, called at each reading until somebody saves them.
   * Throw `Rejected` in words for the store owner where only they can decide: the integration then needs attention.
   */
  migrateConfig?(config: Readonly<Record<string, unknown>>, from: number): Readonly<Record<string, unknown>>;
  /** Revokes at the provider, where it can; not called while another connection by consent holds the same account. */
  disconnect?(ctx: Ctx<C>): Promise<void>;
  /**
   * Called once, after the last call into this generation has ended and another has taken its place, or the hub stops.
   * Timers, sockets, servers and listeners on `process` end by themselves: this is for what the hub cannot see.
   */
  dispose?(): void | Promise<void>;
}

/** What a strategy of Passport is made from. */
export interface StrategyOptions {
  readonly clientID: string;
  readonly clientSecret: string;
  readonly callbackURL: string;
}

/** What a plugin folder's `index.ts` exports by default. */
export type Plugin =
  | { readonly manifest: Manifest; readonly handlers: Handlers }
  | { readonly manifest: ComingSoonManifest; readonly handlers?: never };

const DEFINED = Symbol.for('patchbay.plugin');

/** The type of `ctx.config` for a manifest declared `as const satisfies Manifest`. */
export type ConfigOf<M extends { readonly config: Form }> = Values<M['config']>;

/** Declares a plugin: `export default definePlugin(manifest, { identify, … })`. */
export function definePlugin<const M extends Manifest>(manifest: M, handlers: Handlers<ConfigOf<NoInfer<M>>>): Plugin;
/** Declares a coming-soon card. */
export function definePlugin(manifest: ComingSoonManifest): Plugin;
export function definePlugin(manifest: Manifest | ComingSoonManifest, handlers?: Handlers<never>): Plugin {
  return Object.defineProperty({ manifest, handlers }, DEFINED, { value: true }) as Plugin;
}

/** Was it made by {@link definePlugin}? Whichever realm or copy of the SDK made it. */
export function isPlugin(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && DEFINED in value;
}
