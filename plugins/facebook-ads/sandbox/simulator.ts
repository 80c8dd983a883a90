import { createHmac } from 'node:crypto';
import {
  type SandboxEnv,
  type SandboxInstance,
  type SandboxPanel,
  type SandboxRequest,
  type SandboxResponse,
  sameText,
} from 'patchbay';
import { bearerOf, CallLog, orRefusal, savedState } from 'patchbay/simulator';
import { adRoutes } from './ad-routes.ts';
import { Refusal } from './answers.ts';
import { type Call, needsScope, type Route } from './call.ts';
import { commands } from './commands.ts';
import { consent } from './consent.ts';
import { DEMO_APP_SECRET, HOSTS, personOf } from './demo.ts';
import { Hooks } from './hooks.ts';
import { pageRoutes } from './page-routes.ts';
import { panelOf } from './panel.ts';
import { Reports } from './reports.ts';
import type { Saved } from './state.ts';
import { debugToken, tokenEndpoint } from './token-endpoint.ts';
import { Tokens } from './tokens.ts';
import { newTrouble } from './trouble.ts';
import { CALM, checkUsage, type Usage, usageHeaders } from './usage.ts';
import { nodeRoutes, userRoutes } from './user-routes.ts';
import { World } from './world.ts';

const ROUTES: readonly Route[] = [...userRoutes, ...adRoutes, ...pageRoutes, ...nodeRoutes];
const VERSION = /^\/v(?:2[4-6])\.0\//;

/** The provider, as far as its documents describe it. One object per hub; see the panel for its switches. */
export class Simulator implements SandboxInstance {
  readonly env: SandboxEnv;
  readonly trouble = newTrouble();
  readonly commands: SandboxInstance['commands'];
  /** Refuse calls without `appsecret_proof`, as an app may ask for. */
  requireProof = false;
  usage: Usage = { ...CALM };
  world!: World;
  tokens!: Tokens;
  reports!: Reports;
  hooks!: Hooks;
  readonly #log: CallLog;

  constructor(env: SandboxEnv) {
    this.env = env;
    this.#log = new CallLog(env);
    const saved = savedState<Saved>(env, 1);
    this.#begin(saved);
    this.commands = commands(this);
    if (!saved) this.#save();
  }

  /** Everything as on the first day; connections made so far end. */
  reset(): void {
    this.hooks.close();
    this.trouble.clear();
    this.usage = { ...CALM };
    this.requireProof = false;
    this.#begin(undefined);
    this.#save();
  }

  now(): number {
    return this.env.now().getTime();
  }

  async handle(req: SandboxRequest): Promise<SandboxResponse> {
    if (req.host === HOSTS.consent) return this.#log.answered(req, consent(req, this.tokens, this.now()));
    return this.#log.answered(req, await this.trouble.answer(req, (asked) => orRefusal(() => this.#graph(asked))));
  }

  panel(): SandboxPanel {
    return panelOf(this, this.#log.lines);
  }

  async close(): Promise<void> {
    this.hooks.close();
  }

  #graph(req: SandboxRequest): SandboxResponse {
    const path = req.path.replace(VERSION, '');
    if (path === req.path)
      throw new Refusal({ code: 2635, message: '(#2635) You are calling a deprecated version of the Ads API.' });
    if (path === 'oauth/access_token') return tokenEndpoint(req, this.tokens, this.now());
    if (path === 'debug_token') return debugToken(req, this.tokens, this.now());
    return this.#answer(req, path);
  }

  #answer(req: SandboxRequest, path: string): SandboxResponse {
    const params = new URLSearchParams([...req.query, ...formOf(req)]);
    const bearer = bearerOf(req) ?? params.get('access_token');
    if (!bearer) {
      const message = 'An active access token must be used to query information about the current user.';
      throw new Refusal({ code: 2500, message });
    }
    const token = this.tokens.require(bearer, this.now());
    this.#checkProof(bearer, params.get('appsecret_proof'));
    const { route, id } = routeOf(req.method, path);
    const person = personOf(token.user);
    if (!person) throw new Error(`The simulator has no login ${token.user}.`);
    const scopes = this.tokens.granted(token.user);
    const call: Call = { req, token, person, scopes, id, params, ...this.#parts(), now: this.now() };
    needsScope(call, route.scopes);
    const used = { ...(route.useCase && { account: this.#owner(id) }), useCase: route.useCase ?? 'pages' } as const;
    checkUsage(this.usage, used);
    const response = route.run(call);
    return { ...response, headers: { 'facebook-api-version': 'v26.0', ...usageHeaders(this.usage, used), ...response.headers } };
  }

  #parts() {
    return { world: this.world, tokens: this.tokens, hooks: this.hooks, reports: this.reports };
  }

  /** Whose limit a call counts against. */
  #owner(id: string): string {
    const account = this.world.adObject(id)?.doc['account_id'];
    return account ? `act_${String(account)}` : (this.reports.find(id)?.account ?? id);
  }

  #checkProof(token: string, proof: string | null): void {
    const right = createHmac('sha256', DEMO_APP_SECRET).update(token).digest('hex');
    if (proof !== null && !sameText(proof, right)) {
      throw new Refusal({
        code: 100,
        type: 'GraphMethodException',
        message: 'Invalid appsecret_proof provided in the API argument',
      });
    }
    if (proof === null && this.requireProof) {
      const message = 'API calls from the server require an appsecret_proof argument';
      throw new Refusal({ code: 100, type: 'GraphMethodException', message });
    }
  }

  #begin(saved: Saved | undefined): void {
    const changed = () => this.#save();
    this.world = new World({ epoch: saved?.epoch ?? this.now(), changes: saved?.changes, changed });
    this.tokens = new Tokens(saved?.tokens, { now: this.now(), changed });
    this.reports = new Reports(saved?.reports, changed);
    this.hooks = new Hooks({ env: this.env, log: this.#log, changed }, saved);
  }

  #save(): void {
    const { epoch, changes } = this.world;
    const state: Saved = {
      version: 1,
      epoch,
      changes,
      tokens: this.tokens.saved,
      reports: this.reports.saved,
      pages: [...this.hooks.pages],
      delivered: this.hooks.delivered,
    };
    this.env.save(state);
  }
}

function formOf(req: SandboxRequest): URLSearchParams {
  const isForm = req.headers['content-type']?.includes('application/x-www-form-urlencoded');
  return new URLSearchParams(isForm ? req.body : '');
}

function routeOf(method: string, path: string): { route: Route; id: string } {
  for (const route of ROUTES) {
    const found = route.method === method ? route.path.exec(path) : null;
    if (found) return { route, id: found[1] ?? '' };
  }
  throw new Refusal({ code: 2500, message: `Unknown path components: /${path}` });
}
