import type { SandboxEnv, SandboxInstance, SandboxPanel, SandboxRequest, SandboxResponse } from 'patchbay';
import { Refusal } from './answers.ts';
import { calendarRoutes } from './calendar-routes.ts';
import { type Body, type Call, match, type Route } from './call.ts';
import { commands } from './commands.ts';
import { consent } from './consent.ts';
import { contactRoutes } from './contact-routes.ts';
import { BLUE_FITNESS, HOSTS, PLACES } from './demo.ts';
import { bearerOf, checkScope, checkVersion, Rates } from './gate.ts';
import { Hooks } from './hooks.ts';
import { locationRoutes } from './location-routes.ts';
import { opportunityRoutes } from './opportunity-routes.ts';
import { tokenEndpoint } from './token-endpoint.ts';
import { type Family, Tokens } from './tokens.ts';
import { Trouble } from './trouble.ts';
import { type Changes, World } from './world.ts';

const ROUTES: readonly Route[] = [...contactRoutes, ...calendarRoutes, ...opportunityRoutes, ...locationRoutes];
const SCOPES = [...new Set([...ROUTES.map(({ scope }) => scope), 'conversations/message.readonly'])];
const LOG_LINES = 200;

interface Saved {
  readonly version: 1;
  readonly epoch: number;
  readonly changes: Changes;
  readonly families: Family[];
  readonly issued: number;
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
  #rates = new Rates();
  #issued = 0;
  #delivered = 0;

  constructor(env: SandboxEnv) {
    this.env = env;
    const saved = readSaved(env.load());
    this.#issued = saved?.issued ?? 0;
    this.#delivered = saved?.delivered ?? 0;
    this.world = this.#newWorld(saved);
    this.tokens = new Tokens(saved?.families, () => this.#save());
    this.hooks = new Hooks({ env, note: (line) => this.note(line), delivered: () => this.#count() });
    this.commands = commands(this);
    if (!saved) this.#save();
  }

  /** Everything as on the first day; connections made so far end. */
  reset(): void {
    this.#issued = 0;
    this.#delivered = 0;
    this.trouble.slowMs = 0;
    this.trouble.clear();
    this.#rates = new Rates();
    this.world = this.#newWorld(undefined);
    this.tokens = new Tokens(undefined, () => this.#save());
    this.#save();
  }

  now(): string {
    return this.env.now().toISOString();
  }

  note(line: string): void {
    this.#log.unshift({ at: this.now(), line });
    if (this.#log.length > LOG_LINES) this.#log.pop();
  }

  async handle(req: SandboxRequest): Promise<SandboxResponse> {
    const response = req.host === HOSTS.consent ? this.#consent(req) : await this.#api(req);
    this.note(`${req.method} ${req.path} → ${response.hangUp ? 'hung up' : response.status}`);
    return response;
  }

  panel(): SandboxPanel {
    const counted = PLACES.flatMap((place) =>
      (['contacts', 'appointments', 'opportunities'] as const).map(
        (kind) => [`${place.name}: ${kind}`, this.#sizeOf(kind, place.id)] as const,
      ),
    );
    const others = PLACES.filter((place) => place !== BLUE_FITNESS).flatMap((place) => [
      [`${place.name}: Location ID`, place.id] as const,
      [`${place.name}: private token`, place.token] as const,
    ]);
    return {
      credentials: { token: BLUE_FITNESS.token, locationId: BLUE_FITNESS.id },
      facts: {
        ...Object.fromEntries(counted),
        'Tokens issued': this.#issued,
        'Webhooks delivered': this.#delivered,
        'Webhooks go out for': 'every location, also to a private token (the real app must be installed there)',
        'Failing now': this.trouble.words,
        ...Object.fromEntries(others),
      },
      log: this.#log,
    };
  }

  async close(): Promise<void> {
    this.hooks.close();
  }

  #consent(req: SandboxRequest): SandboxResponse {
    return consent(req, {
      tokens: this.tokens,
      now: this.env.now().getTime(),
      knownScopes: SCOPES,
      installed: (locationId) => this.hooks.emit(locationId, 'INSTALL', { installType: 'Location' }),
    });
  }

  async #api(req: SandboxRequest): Promise<SandboxResponse> {
    await this.trouble.wait(req.signal);
    const bad = this.trouble.strike();
    if (bad) return bad;
    if (req.path === '/oauth/token' && req.method === 'POST') {
      const answer = tokenEndpoint(req, this.tokens, this.env.now().getTime());
      if (answer.status === 200) this.#issued += 1;
      return answer;
    }
    let headers: Record<string, string> = {};
    try {
      checkVersion(req);
      const now = this.env.now().getTime();
      const bearer = bearerOf(req, this.tokens, now);
      const rate = this.#rates.take(bearer.location, now);
      headers = rate.headers;
      if (rate.over) throw new Refusal(429, 'Too many requests');
      const { route, params } = routeOf(req);
      checkScope(bearer, route.scope);
      const response = route.run(this.#call(req, bearer.location, params));
      return { ...response, headers };
    } catch (error) {
      if (error instanceof Refusal) return { ...error.response, headers };
      throw error;
    }
  }

  #call(req: SandboxRequest, location: string, params: readonly string[]): Call {
    return { req, location, params, body: bodyOf(req), world: this.world, hooks: this.hooks, now: this.now() };
  }

  #sizeOf(kind: 'contacts' | 'appointments' | 'opportunities', locationId: string): number {
    if (kind !== 'appointments') return this.world.all(kind, locationId).length;
    return this.world.all('events', locationId).filter((event) => event['kind'] !== 'block').length;
  }

  #newWorld(saved: Saved | undefined): World {
    const epoch = saved?.epoch ?? this.env.now().getTime();
    return new World({ epoch, changes: saved?.changes, changed: () => this.#save() });
  }

  #count(): void {
    this.#delivered += 1;
    this.#save();
  }

  #save(): void {
    const { epoch, changes } = this.world;
    const families = [...this.tokens.families];
    const state: Saved = { version: 1, epoch, changes, families, issued: this.#issued, delivered: this.#delivered };
    this.env.save(state);
  }
}

function readSaved(state: unknown): Saved | undefined {
  return typeof state === 'object' && state !== null && (state as Saved).version === 1 ? (state as Saved) : undefined;
}

function routeOf(req: SandboxRequest): { route: Route; params: string[] } {
  for (const route of ROUTES) {
    const params = match(route, req.method, req.path);
    if (params) return { route, params };
  }
  throw new Refusal(404, `Cannot ${req.method} ${req.path}`);
}

function bodyOf(req: SandboxRequest): Body {
  if (req.body === '') return {};
  try {
    const body: unknown = JSON.parse(req.body);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Body;
  } catch {
    // Falls through to the refusal below.
  }
  throw new Refusal(400, 'Unexpected token in JSON');
}
