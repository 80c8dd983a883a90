import type { SandboxEnv, SandboxInstance, SandboxPanel, SandboxRequest, SandboxResponse } from 'patchbay';
import {
  AuthorizationCodes,
  CallLog,
  type Changes,
  findOperation,
  jsonBody,
  savedState,
  type TokenGrant,
  TokenStore,
} from 'patchbay/simulator';
import { Refusal } from './answers.ts';
import type { Doc } from './base.ts';
import { calendarRoutes } from './calendar-routes.ts';
import type { Call, Route } from './call.ts';
import { commands } from './commands.ts';
import { consent } from './consent.ts';
import { contactRoutes } from './contact-routes.ts';
import { BLUE_FITNESS, HOSTS, PLACES } from './demo.ts';
import { checkScope, checkVersion, Rates, signedIn } from './gate.ts';
import { Hooks } from './hooks.ts';
import { locationRoutes } from './location-routes.ts';
import { opportunityRoutes } from './opportunity-routes.ts';
import { ACCESS_SECONDS, type Allowed, tokenEndpoint } from './token-endpoint.ts';
import { newTrouble } from './trouble.ts';
import { type Kind, World } from './world.ts';

const ROUTES: readonly Route[] = [...contactRoutes, ...calendarRoutes, ...opportunityRoutes, ...locationRoutes];
const SCOPES = [...new Set([...ROUTES.map(({ scope }) => scope), 'conversations/message.readonly'])];

interface Saved {
  readonly version: 2;
  readonly epoch: number;
  readonly changes: Changes<Kind, Doc>;
  readonly grants: readonly TokenGrant[];
  readonly issued: number;
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
  readonly #log: CallLog;
  readonly #codes = new AuthorizationCodes<Allowed>();
  #rates = new Rates();
  #issued = 0;
  #delivered = 0;

  constructor(env: SandboxEnv) {
    this.env = env;
    const saved = savedState<Saved>(env, 2);
    this.#log = new CallLog(env);
    this.#issued = saved?.issued ?? 0;
    this.#delivered = saved?.delivered ?? 0;
    this.world = this.#newWorld(saved);
    this.tokens = this.#newTokens(saved);
    this.hooks = new Hooks({ env, log: this.#log, delivered: () => this.#count() });
    this.commands = commands(this);
    if (!saved) this.#save();
  }

  /** Everything as on the first day; connections made so far end. */
  reset(): void {
    this.#issued = 0;
    this.#delivered = 0;
    this.trouble.clear();
    this.#rates = new Rates();
    this.world = this.#newWorld(undefined);
    this.tokens = this.#newTokens(undefined);
    this.#save();
  }

  now(): string {
    return this.env.now().toISOString();
  }

  async handle(req: SandboxRequest): Promise<SandboxResponse> {
    const answer = () =>
      req.host === HOSTS.consent ? this.#consent(req) : this.trouble.answer(req, (asked) => this.#api(asked));
    return this.#log.answered(req, await answer());
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
      log: this.#log.lines,
    };
  }

  async close(): Promise<void> {
    this.hooks.close();
  }

  #consent(req: SandboxRequest): SandboxResponse {
    return consent(req, {
      codes: this.#codes,
      now: this.env.now().getTime(),
      knownScopes: SCOPES,
      installed: (locationId) => this.hooks.emit(locationId, 'INSTALL', { installType: 'Location' }),
    });
  }

  #api(req: SandboxRequest): SandboxResponse {
    const now = this.env.now().getTime();
    if (req.path === '/oauth/token' && req.method === 'POST') {
      const answer = tokenEndpoint(req, { codes: this.#codes, tokens: this.tokens, now });
      if (answer.status === 200) this.#issued += 1;
      return answer;
    }
    let headers: Record<string, string> = {};
    try {
      checkVersion(req);
      const bearer = signedIn(req, this.tokens, now);
      const rate = this.#rates.take(bearer.location, now);
      headers = rate.headers;
      if (rate.over) throw new Refusal(429, 'Too many requests');
      const operation = findOperation(ROUTES, req);
      if (!operation) throw new Refusal(404, `Cannot ${req.method} ${req.path}`);
      const { found, params } = operation;
      checkScope(bearer, found.scope);
      const response = found.run(this.#call(req, bearer.location, params));
      return { ...response, headers };
    } catch (error) {
      if (error instanceof Refusal) return { ...error.response, headers };
      throw error;
    }
  }

  #call(req: SandboxRequest, location: string, params: readonly string[]): Call {
    const body = jsonBody(req);
    if (!body) throw new Refusal(400, 'Unexpected token in JSON');
    return { req, location, params, body, world: this.world, hooks: this.hooks, now: this.now() };
  }

  #sizeOf(kind: 'contacts' | 'appointments' | 'opportunities', locationId: string): number {
    if (kind !== 'appointments') return this.world.at(kind, locationId).length;
    return this.world.at('events', locationId).filter((event) => event['kind'] !== 'block').length;
  }

  #newWorld(saved: Saved | undefined): World {
    const epoch = saved?.epoch ?? this.env.now().getTime();
    return new World({ epoch, changes: saved?.changes, changed: () => this.#save() });
  }

  #newTokens(saved: Saved | undefined): TokenStore {
    return new TokenStore(saved?.grants ?? [], {
      accessSeconds: ACCESS_SECONDS,
      rotates: true,
      prefixes: { access: 'sandbox-access-', refresh: 'sandbox-refresh-' },
      changed: () => this.#save(),
    });
  }

  #count(): void {
    this.#delivered += 1;
    this.#save();
  }

  #save(): void {
    const { epoch, changes } = this.world;
    const { grants } = this.tokens;
    const state: Saved = { version: 2, epoch, changes, grants, issued: this.#issued, delivered: this.#delivered };
    this.env.save(state);
  }
}
