import type { SandboxEnv, SandboxInstance, SandboxPanel, SandboxRequest, SandboxResponse } from 'patchbay';
import { adminRoutes } from './admin-routes.ts';
import { json, Refusal } from './answers.ts';
import { type Body, checkAccess, match, type Route, signedIn } from './call.ts';
import { collect } from './collect.ts';
import { commands } from './commands.ts';
import { consent } from './consent.ts';
import { dataRoutes } from './data-routes.ts';
import { HOSTS } from './demo.ts';
import { panelOf } from './panel.ts';
import { Quotas } from './quota.ts';
import { firstState, readState, type State } from './state.ts';
import { oauthHost } from './token-endpoint.ts';
import { Tokens } from './tokens.ts';
import { Trouble } from './trouble.ts';
import { World } from './world.ts';

const ROUTES: readonly Route[] = [...adminRoutes, ...dataRoutes];
const LOG_LINES = 200;

/** Google, as far as its documents describe it. One object per hub; see the panel for its switches. */
export class Simulator implements SandboxInstance {
  readonly env: SandboxEnv;
  readonly trouble = new Trouble();
  readonly quotas = new Quotas();
  readonly commands: SandboxInstance['commands'];
  world: World;
  tokens: Tokens;
  readonly #log: { at: string; line: string }[] = [];

  constructor(env: SandboxEnv) {
    this.env = env;
    const saved = readState(env.load());
    this.world = this.#newWorld(saved ?? firstState());
    this.tokens = this.#newTokens(saved);
    this.commands = commands(this);
    if (!saved) this.#save();
  }

  /** Everything as on the first day; connections made so far end. */
  reset(): void {
    this.trouble.slowMs = 0;
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
    this.note(`${req.method} ${req.host}${req.path} → ${response.hangUp ? 'hung up' : response.status}${leaked}`);
    return response;
  }

  note(line: string): void {
    this.#log.unshift({ at: this.env.now().toISOString(), line });
    if (this.#log.length > LOG_LINES) this.#log.pop();
  }

  panel(): SandboxPanel {
    return panelOf(this, this.#log);
  }

  async #answer(req: SandboxRequest): Promise<SandboxResponse> {
    const now = this.now();
    if (req.host === HOSTS.consent) return consent(req, this.tokens, now);
    if (req.host === HOSTS.oauth) return oauthHost(req, this.tokens, now);
    await this.trouble.wait(req.signal);
    const response = await this.trouble.answer(req, (asked) =>
      this.#collects(req) ? collect(asked, this.world, now) : this.#api(asked, now),
    );
    if (response.status >= 500) this.#countError(req, now);
    return response;
  }

  #collects({ host }: SandboxRequest): boolean {
    return host === HOSTS.collect || host === HOSTS.collectEu;
  }

  #api(req: SandboxRequest, now: number): SandboxResponse {
    try {
      const { login, scopes } = signedIn(req, { tokens: this.tokens, now });
      if (req.host === HOSTS.userinfo) return userinfo(req, login);
      const { route, params } = routeOf(req);
      checkAccess(route, { scopes, disabled: this.world.state.disabled });
      if (route.host === HOSTS.data) this.quotas.check(params[0] ?? '', now);
      return route.run({ req, login, params, body: bodyOf(req), world: this.world, quotas: this.quotas, now });
    } catch (error) {
      if (error instanceof Refusal) return error.response;
      throw error;
    }
  }

  #countError(req: SandboxRequest, now: number): void {
    const propertyId = /\/properties\/(\d+)/.exec(req.path)?.[1];
    if (req.host === HOSTS.data && propertyId) this.quotas.serverError(propertyId, now);
  }

  #newWorld(state: State): World {
    return new World(state, () => this.#save());
  }

  #newTokens(saved: State | undefined): Tokens {
    return new Tokens({ grants: saved && [...saved.grants], now: this.now(), changed: () => this.#save() });
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

function routeOf(req: SandboxRequest): { route: Route; params: string[] } {
  for (const route of ROUTES) {
    const params = match(route, req);
    if (params) return { route, params };
  }
  throw new Refusal(404, `The requested URL ${req.path} was not found on this server.`);
}

function bodyOf(req: SandboxRequest): Body {
  if (req.body === '') return {};
  try {
    const body: unknown = JSON.parse(req.body);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Body;
  } catch {
    // Falls through to the refusal below.
  }
  throw new Refusal(400, 'Invalid JSON payload received. Unexpected token.');
}
