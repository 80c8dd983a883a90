import OAuth2Strategy from 'passport-oauth2';
import type { Egress, RawReply } from '../egress/client.ts';
import { type Handlers, hubError, type Manifest, type OAuth2, PluginFault } from '../sdk/index.ts';
import { type Client, clientParts, TOKEN_TIMEOUT_MS } from './token-endpoint.ts';

/** Where the strategy keeps and finds what belongs to one consent. */
export interface StateKeeper {
  /** Keeps the PKCE verifier (undefined without PKCE) and gives the state to send along. */
  store(verifier: string | undefined): Promise<string>;
  /** The verifier of the consent that came back. */
  readonly verifier: string | undefined;
}

export interface StrategyFor {
  /** Its id. */
  readonly plugin: string;
  readonly manifest: Manifest;
  readonly handlers: Handlers;
  readonly auth: OAuth2;
  readonly client: Client;
  /** Names the permissions at the provider, in place of `scope`. */
  readonly configuration?: string | undefined;
  readonly callbackUrl: string;
  readonly egress: Egress;
  readonly keeper: StateKeeper;
}

/** The answer of the token endpoint. */
export interface Exchanged {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

export type Driven =
  | { readonly redirect: string }
  | { readonly exchanged: Exchanged }
  | { readonly failure: unknown; readonly reply: RawReply | undefined }
  /** What is thrown by the keeper: nothing the provider or the plugin did. */
  | { readonly ours: unknown };

/** What a strategy of passport-oauth2 holds, its plugin-made descendants included. */
interface Internals {
  _oauth2?: { _executeRequest: (library: unknown, options: RequestOptions, body: string | null, done: Answered) => void };
  _verify: unknown;
  _stateStore: unknown;
  _skipUserProfile: boolean;
  _passReqToCallback: boolean;
  authenticate(request: object, options: object): void;
}
interface RequestOptions {
  readonly host: string;
  readonly port?: string | number | null;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | number>>;
}
type Answered = (error: unknown, data?: string, response?: { statusCode: number }) => void;
type Done = (error: Error | null, ...rest: unknown[]) => void;

/** A strategy made from the manifest's data alone. */
class ManifestStrategy extends OAuth2Strategy {
  readonly #auth: OAuth2;
  readonly #configuration: string | undefined;

  constructor({ auth, client, callbackUrl, configuration }: StrategyFor) {
    const options = {
      authorizationURL: auth.authorizeUrl,
      tokenURL: auth.tokenUrl,
      clientID: client.id,
      clientSecret: client.secret,
      callbackURL: callbackUrl,
      scopeSeparator: auth.scopeSeparator ?? ' ',
      pkce: auth.pkce ?? true,
      // Replaced in `prepare`; the constructor wants to see one.
      store: { store: () => undefined, verify: () => undefined },
    };
    super(options, () => undefined);
    this.#auth = auth;
    this.#configuration = configuration;
  }

  override authorizationParams(): object {
    const { authorizeParams, scopesFrom } = this.#auth;
    return { ...authorizeParams, ...(scopesFrom && this.#configuration && { [scopesFrom.param]: this.#configuration }) };
  }

  override tokenParams(): object {
    return { ...this.#auth.tokenParams };
  }
}

/**
 * Runs a Passport strategy for one request. It is made for that request and registered nowhere, so that a plugin may be
 * swapped at any time; its own requests go out through the guarded client.
 */
export function driveStrategy(wanted: StrategyFor, query: Readonly<Record<string, string>>): Promise<Driven> {
  const strategy = wanted.handlers.strategy ? fromPlugin(wanted) : (new ManifestStrategy(wanted) as unknown as Internals);
  let reply: RawReply | undefined;
  return new Promise((resolve) => {
    const fail = (failure: unknown) => resolve({ failure, reply });
    prepare(strategy, wanted, {
      seen: (answer) => {
        reply = answer;
      },
      ours: (error) => resolve({ ours: error }),
    });
    Object.assign(strategy, {
      redirect: (redirect: string) => resolve({ redirect }),
      success: (exchanged: Exchanged) => resolve({ exchanged }),
      fail,
      error: fail,
      pass: () => fail(new PluginFault(`${wanted.manifest.name}: its sign-in strategy did nothing.`)),
    });
    const scope = wanted.configuration ? [] : wanted.auth.scopes.map(({ name }) => name);
    strategy.authenticate({ query, headers: {}, method: 'GET' }, scope.length > 0 ? { scope } : {});
  });
}

function fromPlugin({ manifest, handlers, auth, client, callbackUrl }: StrategyFor): Internals {
  const options = { clientID: client.id, clientSecret: client.secret, callbackURL: callbackUrl };
  const strategy = handlers.strategy?.(options, auth) as unknown as Internals | undefined;
  if (strategy?._oauth2) return strategy;
  throw new PluginFault(`${manifest.name}: strategy() did not return a strategy that descends from passport-oauth2.`);
}

interface Told {
  seen(reply: RawReply): void;
  ours(error: unknown): void;
}

function prepare(strategy: Internals, wanted: StrategyFor, { seen, ours }: Told): void {
  const { keeper } = wanted;
  strategy._passReqToCallback = false;
  strategy._skipUserProfile = true;
  strategy._verify = (accessToken: string, refreshToken: string | undefined, fields: object, _profile: unknown, done: Done) =>
    done(null, { accessToken, refreshToken, fields });
  // passport-oauth2 tells the forms of a state store apart by the number of their parameters.
  strategy._stateStore = {
    store: (_req: unknown, verifier: string | undefined, _state: unknown, _meta: unknown, done: Done) => {
      keeper.store(verifier).then((state) => done(null, state), ours);
    },
    verify: (_req: unknown, _state: string, _meta: unknown, done: Done) => done(null, keeper.verifier ?? true, undefined),
  };
  if (!strategy._oauth2) return;
  strategy._oauth2._executeRequest = (_library, options, body, done) => {
    exchange(wanted, options, body).then(
      (reply) => {
        seen(reply);
        if (reply.status >= 200 && reply.status < 300) done(null, reply.text, { statusCode: reply.status });
        else done({ statusCode: reply.status, data: reply.text });
      },
      (error) => done(hubError(error) ?? error),
    );
  };
}

function exchange(wanted: StrategyFor, options: RequestOptions, body: string | null): Promise<RawReply> {
  const { plugin, egress, manifest, handlers, auth, client } = wanted;
  const port = options.port && Number(options.port) !== 443 ? `:${options.port}` : '';
  const given = Object.entries(options.headers).filter(([name]) => !/^(host|content-length|user-agent)$/i.test(name));
  const headers = Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), String(value)]));
  const parts = body && !handlers.strategy ? clientParts(auth, client, Object.fromEntries(new URLSearchParams(body))) : undefined;
  return egress.send({
    plugin,
    url: `https://${options.host}${port}${options.path}`,
    method: options.method,
    headers: { ...headers, ...parts?.headers },
    ...(body && { body: parts?.body ?? body }),
    timeoutMs: TOKEN_TIMEOUT_MS,
    hosts: [new URL(auth.tokenUrl).host, ...(manifest.hosts ?? [])],
  });
}
