import type { SandboxEnv, SandboxInstance, SandboxPanel, SandboxRequest, SandboxResponse } from 'patchbay';
import {
  AuthorizationCodes,
  CallLog,
  demoGrant,
  findOperation,
  jsonBody,
  orRefusal,
  savedState,
  TokenStore,
} from 'patchbay/simulator';
import { adminRoutes } from './admin-routes.ts';
import { json, Refusal } from './answers.ts';
import { checkAccess, type Route, signedIn } from './call.ts';
import { collect } from './collect.ts';
import { commands } from './commands.ts';
import { consent } from './consent.ts';
import { dataRoutes } from './data-routes.ts';
import { DEMO_ACCESS_TOKEN, DEMO_REFRESH_TOKEN, HOSTS, OWNER, SCOPES } from './demo.ts';
import { panelOf } from './panel.ts';
import { Quotas } from './quota.ts';
import { firstState, type State } from './state.ts';
import { ACCESS_SECONDS, type Allowed, oauthHost } from './token-endpoint.ts';
import { newTrouble } from './trouble.ts';
import { World } from './world.ts';

const ROUTES: readonly Route[] = [...adminRoutes, ...dataRoutes];
const YEAR_MS = 365 * 86_400_000;

/** Google, as far as its documents describe it. One object per hub; see the panel for its switches. */
export class Simulator implements SandboxInstance {
  readonly env: SandboxEnv;
  readonly trouble = newTrouble();
  readonly quotas = new Quotas();
  readonly commands: SandboxInstance['commands'];
  world: World;
  tokens: TokenStore;
  readonly #codes = new AuthorizationCodes<Allowed>();
  readonly #log: CallLog;

  constructor(env: SandboxEnv) {
    this.env = env;
    this.#log = new CallLog(env);
    const saved = savedState<State>(env, 2);
    this.world = this.#newWorld(saved ?? firstState());
    this.tokens = this.#newTokens(saved);
    this.commands = commands(this);
    if (!saved) this.#save();
  }

  /** Everything as on the first day; connections made so far end. */
  reset(): void {
    this.trouble.clear();
    this.quotas.clear();
    this.world = this.#newWorld(firstState());
    this.tokens = this.#newTokens(undefined);
    this.#save();
  }

  now(): number {
    return this.env.now().getTime();
  }

  async handle(req: SandboxRequest): Promise<SandboxResponse> {
    const response = await this.#answer(req);
    // A token has no business at the collecting hosts.
    const leaked = this.#collects(req) && req.headers['authorization'] ? ' (a token came along!)' : '';
    this.#log.note(`${req.method} ${req.host}${req.path} → ${response.hangUp ? 'hung up' : response.status}${leaked}`);
    return response;
  }

  panel(): SandboxPanel {
    return panelOf(this, this.#log.lines);
  }

  async #answer(req: SandboxRequest): Promise<SandboxResponse> {
    const now = this.now();
    const oauth = { codes: this.#codes, tokens: this.tokens, now };
    if (req.host === HOSTS.consent) return consent(req, oauth);
    if (req.host === HOSTS.oauth) return oauthHost(req, oauth);
    const response = await this.trouble.answer(req, (asked) =>
      this.#collects(req) ? collect(asked, this.world, now) : orRefusal(() => this.#api(asked, now)),
    );
    if (response.status >= 500) this.#countError(req, now);
    return response;
  }

  #collects({ host }: SandboxRequest): boolean {
    return host === HOSTS.collect || host === HOSTS.collectEu;
  }

  #api(req: SandboxRequest, now: number): SandboxResponse {
    const { login, scopes } = signedIn(req, { tokens: this.tokens, now });
    if (req.host === HOSTS.userinfo) return userinfo(req, login);
    const operation = findOperation(ROUTES, req);
    if (!operation) throw new Refusal(404, `The requested URL ${req.path} was not found on this server.`);
    const { found, params } = operation;
    checkAccess(found, { scopes, disabled: this.world.state.disabled });
    if (found.host === HOSTS.data) this.quotas.check(params[0] ?? '', now);
    const body = jsonBody(req);
    if (!body) throw new Refusal(400, 'Invalid JSON payload received. Unexpected token.');
    return found.run({ req, login, params, body, world: this.world, quotas: this.quotas, now });
  }

  #countError(req: SandboxRequest, now: number): void {
    const propertyId = /\/properties\/(\d+)/.exec(req.path)?.[1];
    if (req.host === HOSTS.data && propertyId) this.quotas.serverError(propertyId, now);
  }

  #newWorld(state: State): World {
    return new World(state, () => this.#save());
  }

  #newTokens(saved: State | undefined): TokenStore {
    const expires = this.now() + YEAR_MS;
    const demo = { accessToken: DEMO_ACCESS_TOKEN, refreshToken: DEMO_REFRESH_TOKEN, expires };
    const first = demoGrant({ subject: OWNER.sub, scopes: Object.values(SCOPES) }, demo);
    return new TokenStore(saved?.grants ?? [first], {
      accessSeconds: ACCESS_SECONDS,
      prefixes: { access: 'ya29.', refresh: '1//0' },
      changed: () => this.#save(),
    });
  }

  #save(): void {
    const state: State = { ...this.world.state, grants: this.tokens.grants };
    this.env.save(state);
  }
}

function userinfo(req: SandboxRequest, { sub, email }: { sub: string; email: string }): SandboxResponse {
  if (req.path !== '/v1/userinfo') throw new Refusal(404, 'Not found.');
  return json({ sub, email, email_verified: true });
}
