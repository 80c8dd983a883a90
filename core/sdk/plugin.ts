import type { Strategy } from 'passport';
import type { Account } from './account.ts';
import type { Action } from './action.ts';
import type { Ctx, Link } from './context.ts';
import type { Authorization, OAuthTokens, Outgoing } from './credential.ts';
import type { HubError } from './errors.ts';
import type { Form, Option, Values } from './form.ts';
import type { Reply } from './http.ts';
import type { ComingSoonManifest, Manifest, OAuth2 } from './manifest.ts';
import type { Stream } from './stream.ts';
import type { Webhook } from './webhook.ts';

/** The token response without its tokens (OAuth), or the manual fields that are not secret. */
export type Grant = Readonly<Record<string, unknown>>;

/** That the connection works, in words. */
export interface TestResult {
  /** `Connected to Blue Fitness, 3,412 contacts.` */
  readonly message: string;
  /** It works, but was not allowed everything: shown as a warning. The message ends in what is missing and the step that mends it. */
  readonly partly?: boolean;
  /** Stream → how many records the provider says it holds. */
  readonly counts?: Readonly<Record<string, number>>;
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
