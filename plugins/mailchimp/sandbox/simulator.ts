import type { SandboxEnv, SandboxInstance, SandboxPanel, SandboxRequest, SandboxResponse } from 'patchbay';
import { accountRoutes } from './account-routes.ts';
import { stamp } from './base.ts';
import { bodyOf, match, type Route } from './call.ts';
import { commands } from './commands.ts';
import { consent } from './consent.ts';
import { ACCOUNTS, BLUE_FITNESS, DEMO_CLIENT_ID, type DemoAccount, LOGIN_HOST } from './demo.ts';
import { Concurrency, metadata, ownerOf } from './gate.ts';
import { Hooks } from './hooks.ts';
import { listRoutes } from './list-routes.ts';
import { memberRoutes } from './member-routes.ts';
import { Refusal, refusals, TRIGGERED } from './problems.ts';
import { tokenEndpoint } from './token-endpoint.ts';
import { type Grant, Tokens } from './tokens.ts';
import { Trouble } from './trouble.ts';
import { webhookRoutes } from './webhook-routes.ts';
import { type Changes, World } from './world.ts';

const ROUTES: readonly Route[] = [...accountRoutes, ...listRoutes, ...memberRoutes, ...webhookRoutes];
const LOG_LINES = 200;

interface Saved {
  readonly version: 1;
  readonly epoch: number;
  readonly changes: Changes;
  readonly grants: readonly Grant[];
  readonly disabledKeys: readonly string[];
  readonly signing: boolean;
  readonly delivered: number;
}

/** The provider, as far as its documents describe it. One object per hub; see the panel for its switches. */
export class Simulator implements SandboxInstance {
  readonly env: SandboxEnv;
  readonly hooks: Hooks;
  readonly trouble = new Trouble();
  readonly commands: SandboxInstance['commands'];
  world: World;
  tokens: Tokens;
  readonly #log: { at: string; line: string }[] = [];
  readonly #concurrency = new Concurrency();
  #delivered = 0;

  constructor(env: SandboxEnv) {
    this.env = env;
    const saved = readSaved(env.load());
    this.#delivered = saved?.delivered ?? 0;
    this.world = this.#newWorld(saved);
    this.tokens = this.#newTokens(saved);
    this.hooks = new Hooks({
      env,
      world: () => this.world,
      note: (line) => this.note(line),
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
    this.trouble.slowMs = 0;
    this.trouble.clear();
    this.hooks.signing = true;
    this.world = this.#newWorld(undefined);
    this.tokens = this.#newTokens(undefined);
    this.save();
  }

  now(): string {
    return stamp(this.env.now().getTime());
  }

  note(line: string): void {
    this.#log.unshift({ at: this.env.now().toISOString(), line });
    if (this.#log.length > LOG_LINES) this.#log.pop();
  }

  async handle(req: SandboxRequest): Promise<SandboxResponse> {
    const response = await this.#concurrency.during(() => (req.host === LOGIN_HOST ? this.#login(req) : this.#api(req)));
    this.note(`${req.method} ${req.path} → ${response.hangUp ? 'hung up' : response.status}`);
    return response;
  }

  panel(): SandboxPanel {
    const counted = ACCOUNTS.flatMap(({ audiences }) =>
      audiences.map(({ id, name }) => [`${name}: contacts`, this.world.all('members', id).length] as const),
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
      log: this.#log,
    };
  }

  async close(): Promise<void> {
    this.hooks.close();
  }

  save(): void {
    const { epoch, changes } = this.world;
    const { grants, disabledKeys } = this.tokens;
    const delivered = this.#delivered;
    const state: Saved = { version: 1, epoch, changes, grants, disabledKeys, signing: this.hooks?.signing ?? true, delivered };
    this.env.save(state);
  }

  async #login(req: SandboxRequest): Promise<SandboxResponse> {
    const now = this.env.now().getTime();
    if (req.path === '/oauth2/authorize') return consent(req, { tokens: this.tokens, now });
    await this.trouble.wait(req.signal);
    const bad = this.trouble.strike();
    if (bad) return bad;
    if (req.path === '/oauth2/token' && req.method === 'POST') return tokenEndpoint(req, this.tokens, now);
    if (req.path === '/oauth2/metadata' && req.method === 'GET') return metadata(req, this.tokens);
    return refusals.missing().response;
  }

  async #api(req: SandboxRequest): Promise<SandboxResponse> {
    if (this.#concurrency.isOver) return refusals.busy().response;
    await this.trouble.wait(req.signal);
    const bad = this.trouble.strike();
    if (bad) return bad;
    try {
      const triggered = TRIGGERED[req.headers['x-trigger-error'] ?? ''];
      if (triggered) throw triggered();
      return await this.#answer(req, ownerOf(req, this.tokens));
    } catch (error) {
      if (error instanceof Refusal) return error.response;
      throw error;
    }
  }

  async #answer(req: SandboxRequest, account: DemoAccount): Promise<SandboxResponse> {
    const path = req.path.replace(/^\/3\.0/, '') || '/';
    if (!req.path.startsWith('/3.0')) throw refusals.missing();
    const fitting = ROUTES.flatMap((route) => {
      const params = match(route, path);
      return params ? [{ route, params }] : [];
    });
    const found = fitting.find(({ route }) => route.method === req.method);
    if (!found) throw fitting.length > 0 ? refusals.method() : refusals.missing();
    const { world, hooks } = this;
    return found.route.run({ req, account, params: found.params, body: bodyOf(req), world, hooks, now: this.now() });
  }

  #newWorld(saved: Saved | undefined): World {
    const epoch = saved?.epoch ?? this.env.now().getTime();
    return new World({ epoch, changes: saved?.changes, changed: () => this.save() });
  }

  #newTokens(saved: Saved | undefined): Tokens {
    return new Tokens({ grants: saved?.grants, disabledKeys: saved?.disabledKeys }, () => this.save());
  }
}

function readSaved(state: unknown): Saved | undefined {
  return typeof state === 'object' && state !== null && (state as Saved).version === 1 ? (state as Saved) : undefined;
}
