import type { SandboxEnv, SandboxInstance, SandboxPanel, SandboxRequest, SandboxResponse } from 'patchbay';
import {
  AuthorizationCodes,
  CallLog,
  type Changes,
  demoGrant,
  findOperation,
  jsonBody,
  orRefusal,
  pathParams,
  savedState,
  type TokenGrant,
  TokenStore,
} from 'patchbay/simulator';
import { accountRoutes } from './account-routes.ts';
import { type Doc, stamp } from './base.ts';
import type { Route } from './call.ts';
import { commands } from './commands.ts';
import { consent } from './consent.ts';
import { ACCOUNTS, BLUE_FITNESS, DEMO_CLIENT_ID, DEMO_TOKEN, type DemoAccount, LOGIN_HOST } from './demo.ts';
import { type Access, Concurrency, Keys, metadata, ownerOf } from './gate.ts';
import { Hooks } from './hooks.ts';
import { listRoutes } from './list-routes.ts';
import { memberRoutes } from './member-routes.ts';
import { Refusal, refusals, TRIGGERED } from './problems.ts';
import { tokenEndpoint } from './token-endpoint.ts';
import { newTrouble } from './trouble.ts';
import { webhookRoutes } from './webhook-routes.ts';
import { type Kind, World } from './world.ts';

const ROUTES: readonly Route[] = [...accountRoutes, ...listRoutes, ...memberRoutes, ...webhookRoutes];
const CODE_MS = 60_000;

interface Saved {
  readonly version: 2;
  readonly epoch: number;
  readonly changes: Changes<Kind, Doc>;
  readonly grants: readonly TokenGrant[];
  readonly disabledKeys: readonly string[];
  readonly signing: boolean;
  readonly delivered: number;
}

/** The provider, as far as its documents describe it. One object per hub; see the panel for its switches. */
export class Simulator implements SandboxInstance {
  readonly env: SandboxEnv;
  readonly hooks: Hooks;
  readonly trouble = newTrouble();
  readonly commands: SandboxInstance['commands'];
  world: World;
  tokens: TokenStore;
  keys: Keys;
  readonly #codes = new AuthorizationCodes<string>({ lifetimeMs: CODE_MS });
  readonly #log: CallLog;
  readonly #concurrency = new Concurrency();
  #delivered = 0;

  constructor(env: SandboxEnv) {
    this.env = env;
    this.#log = new CallLog(env);
    const saved = savedState<Saved>(env, 2);
    this.#delivered = saved?.delivered ?? 0;
    this.world = this.#newWorld(saved);
    this.tokens = this.#newTokens(saved);
    this.keys = new Keys(saved?.disabledKeys, () => this.save());
    this.hooks = new Hooks({
      env,
      world: () => this.world,
      log: this.#log,
      delivered: () => {
        this.#delivered += 1;
        this.save();
      },
    });
    this.hooks.signing = saved?.signing ?? true;
    this.commands = commands(this);
    if (!saved) this.save();
  }

  /** Everything as on the first day; connections made so far end. */
  reset(): void {
    this.#delivered = 0;
    this.trouble.clear();
    this.hooks.signing = true;
    this.world = this.#newWorld(undefined);
    this.tokens = this.#newTokens(undefined);
    this.keys = new Keys(undefined, () => this.save());
    this.save();
  }

  now(): string {
    return stamp(this.env.now().getTime());
  }

  async handle(req: SandboxRequest): Promise<SandboxResponse> {
    return this.#log.answered(req, await this.#concurrency.during(() => this.#answer(req)));
  }

  panel(): SandboxPanel {
    const counted = ACCOUNTS.flatMap(({ audiences }) =>
      audiences.map(({ id, name }) => [`${name}: contacts`, this.world.at('members', id).length] as const),
    );
    const others = ACCOUNTS.filter((account) => account !== BLUE_FITNESS).flatMap(({ name, apiKey, dc }) => [
      [`${name}: API key`, apiKey] as const,
      [`${name}: server prefix`, dc] as const,
    ]);
    return {
      credentials: { apiKey: BLUE_FITNESS.apiKey, serverPrefix: BLUE_FITNESS.dc },
      facts: {
        ...Object.fromEntries(counted),
        Campaigns: this.world.all('campaigns').length,
        Webhooks:
          this.world
            .all('webhooks')
            .map(({ url }) => String(url))
            .join(', ') || 'none yet: choose an audience in the settings',
        'Webhooks delivered': this.#delivered,
        'New webhooks are signed': this.hooks.signing ? 'yes' : 'no',
        'Failing now': this.trouble.words,
        'Client ID': DEMO_CLIENT_ID,
        ...Object.fromEntries(others),
      },
      log: this.#log.lines,
    };
  }

  async close(): Promise<void> {
    this.hooks.close();
  }

  save(): void {
    const { epoch, changes } = this.world;
    const { grants } = this.tokens;
    const disabledKeys = this.keys?.disabled ?? [];
    const delivered = this.#delivered;
    const state: Saved = { version: 2, epoch, changes, grants, disabledKeys, signing: this.hooks?.signing ?? true, delivered };
    this.env.save(state);
  }

  #answer(req: SandboxRequest): SandboxResponse | Promise<SandboxResponse> {
    const isLogin = req.host === LOGIN_HOST;
    if (isLogin && req.path === '/oauth2/authorize') return consent(req, { codes: this.#codes, now: this.#access.now });
    if (!isLogin && this.#concurrency.isOver) return refusals.busy().response;
    return this.trouble.answer(req, (asked) => orRefusal(() => (isLogin ? this.#login(asked) : this.#api(asked))));
  }

  get #access(): Access {
    return { tokens: this.tokens, keys: this.keys, now: this.env.now().getTime() };
  }

  #login(req: SandboxRequest): SandboxResponse {
    if (req.path === '/oauth2/token' && req.method === 'POST') return tokenEndpoint(req, { ...this.#access, codes: this.#codes });
    if (req.path === '/oauth2/metadata' && req.method === 'GET') return metadata(req, this.#access);
    throw refusals.missing();
  }

  #api(req: SandboxRequest): SandboxResponse | Promise<SandboxResponse> {
    const triggered = TRIGGERED[req.headers['x-trigger-error'] ?? ''];
    if (triggered) throw triggered();
    return this.#run(req, ownerOf(req, this.#access));
  }

  #run(req: SandboxRequest, account: DemoAccount): SandboxResponse | Promise<SandboxResponse> {
    if (!req.path.startsWith('/3.0')) throw refusals.missing();
    const path = req.path.replace(/^\/3\.0/, '').replace(/(.)\/$/, '$1') || '/';
    const operation = findOperation(ROUTES, { method: req.method, path });
    const isKnown = ROUTES.some((route) => pathParams(route.path, path));
    if (!operation) throw isKnown ? refusals.method() : refusals.missing();
    const body = jsonBody(req);
    if (!body) throw new Refusal(400, 'JSON Parse Error', 'We encountered an unspecified JSON parsing error.');
    const { found, params } = operation;
    return found.run({ req, account, params, body, world: this.world, hooks: this.hooks, now: this.now() });
  }

  #newWorld(saved: Saved | undefined): World {
    const epoch = saved?.epoch ?? this.env.now().getTime();
    return new World({ epoch, changes: saved?.changes, changed: () => this.save() });
  }

  #newTokens(saved: Saved | undefined): TokenStore {
    const first = demoGrant({ subject: BLUE_FITNESS.id, scopes: [] }, { accessToken: DEMO_TOKEN, expires: 0 });
    return new TokenStore(saved?.grants ?? [first], { accessSeconds: 0, changed: () => this.save() });
  }
}
