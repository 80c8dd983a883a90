import {
  type Account,
  type Effect,
  type Grant,
  type Handlers,
  type Http,
  type HttpOptions,
  type HubError,
  type Incoming,
  type Item,
  NotFound,
  type Page,
  ReconnectNeeded,
  Rejected,
  type Reply,
  type SandboxEnv,
  type SandboxRequest,
  type SandboxResponse,
  TryLater,
} from 'patchbay';
import plugin from './index.ts';
import type { Config, Context } from './manifest.ts';
import { manifest } from './manifest.ts';
import { BLUE_FITNESS, DEMO_WEBHOOK_PUBLIC_KEY } from './sandbox/demo.ts';
import { Simulator } from './sandbox/simulator.ts';

/** For tests: the plugin against its simulator in this process, over the shortest `Http` that keeps the contract. */
export const handlers = plugin.handlers as Required<Handlers<Config>>;
export const appKeys = { app: { webhookPublicKey: DEMO_WEBHOOK_PUBLIC_KEY }, integration: {} };

export interface Seen {
  readonly req: SandboxRequest;
  readonly status: number;
}

export interface Rig {
  readonly sim: Simulator;
  readonly seen: Seen[];
  /** Webhook calls the simulator delivered, as the hub would have got them. */
  readonly hooks: Incoming[];
  /** What the hub answers the next webhooks with. */
  answer: number;
  /** Replaces the simulator's answer where it returns one. */
  intercept: ((req: SandboxRequest) => SandboxResponse | undefined) | undefined;
  saved: unknown;
  now: Date;
  http(token: string, renew?: () => Promise<string>): Http;
  ctx(given?: { token?: string; config?: Partial<Config>; method?: 'oauth' | 'manual'; account?: Account }): Context;
  press(command: string, input?: object): Promise<Record<string, unknown>>;
}

export const log = { debug() {}, info() {}, warn() {} };

export function newRig(saved?: unknown): Rig {
  const state = { saved, now: new Date(), answer: 200, hooks: [] as Incoming[] };
  const env: SandboxEnv = {
    urlOf: (host) => `http://127.0.0.1/sandbox/leadconnector/api/${host}`,
    async deliver(_path, headers, body) {
      const raw = Buffer.from(body);
      state.hooks.push({ method: 'POST', query: {}, headers, raw, receivedAt: state.now.toISOString() });
      return state.answer;
    },
    load: () => state.saved,
    save: (next) => {
      state.saved = JSON.parse(JSON.stringify(next));
    },
    now: () => state.now,
  };
  const rig = Object.assign(state, { sim: new Simulator(env), seen: [] as Seen[], intercept: undefined }) as unknown as Rig;
  rig.http = (token, renew) => httpTo(rig, { token, renew });
  rig.ctx = ({ token = BLUE_FITNESS.token, config = {}, method = 'manual', account } = {}) => ({
    http: rig.http(token),
    log,
    signal: new AbortController().signal,
    method,
    account: account ?? { externalId: BLUE_FITNESS.id, label: 'Blue Fitness', vars: { timezone: 'America/Chicago' } },
    config: { ...defaults(), ...config },
  });
  rig.press = (command, input = {}) => {
    const found = rig.sim.commands[command];
    if (!found) throw new Error(`no button ${command}`);
    return found.run(input as Record<string, unknown>);
  };
  return rig;
}

function defaults(): Config {
  const given = Object.entries(manifest.config.properties).flatMap(([name, field]) =>
    'default' in field ? [[name, field.default]] : [],
  );
  return Object.fromEntries(given);
}

function httpTo(rig: Rig, credential: { token: string; renew: (() => Promise<string>) | undefined }): Http {
  let token = credential.token;
  const call = async (method: string, url: string, options: HttpOptions = {}): Promise<Reply<never>> => {
    const send = async () => replyOf(await ask(rig, request(method, url, { options, token })));
    let reply = await send();
    if (reply.status === 401 && credential.renew && handlers.explain(reply) === 'expired') {
      token = await credential.renew();
      reply = await send();
    }
    if (reply.status >= 200 && reply.status < 300) return reply as Reply<never>;
    throw errorOf(reply);
  };
  return {
    get: (url, options) => call('GET', url, options),
    post: (url, options) => call('POST', url, options),
    put: (url, options) => call('PUT', url, options),
    patch: (url, options) => call('PATCH', url, options),
    delete: (url, options) => call('DELETE', url, options),
  };
}

function request(method: string, path: string, given: { options: HttpOptions; token: string }): SandboxRequest {
  const { query = {}, json, headers } = given.options;
  const url = new URL(path, manifest.baseUrl);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) for (const one of [value].flat()) url.searchParams.append(name, String(one));
  }
  const all = { ...manifest.headers, authorization: `Bearer ${given.token}`, ...headers };
  return {
    method,
    host: url.host,
    path: url.pathname,
    query: url.searchParams,
    headers: {
      ...Object.fromEntries(Object.entries(all).map(([name, value]) => [name.toLowerCase(), value])),
      ...(json !== undefined && { 'content-type': 'application/json' }),
    },
    body: json === undefined ? '' : JSON.stringify(json),
    signal: new AbortController().signal,
  };
}

async function ask(rig: Rig, req: SandboxRequest): Promise<SandboxResponse> {
  const response = rig.intercept?.(req) ?? (await rig.sim.handle(req));
  rig.seen.push({ req, status: response.status });
  if (response.hangUp) throw new TryLater('The connection broke.');
  return response;
}

function replyOf(response: SandboxResponse): Reply {
  const data = typeof response.body === 'string' ? response.body : JSON.parse(JSON.stringify(response.body ?? null));
  return { status: response.status, headers: response.headers ?? {}, data };
}

function errorOf(reply: Reply): HubError {
  const meaning = handlers.explain(reply);
  if (meaning && meaning !== 'expired') return meaning;
  if (reply.status === 401) return new ReconnectNeeded('The credential is refused.');
  if (reply.status === 404 || reply.status === 410) return new NotFound('Not found.');
  if (reply.status === 429 || reply.status >= 500) return new TryLater(`The provider answered ${reply.status}.`);
  return new Rejected(`The provider answered ${reply.status}.`);
}

/** Runs a stream to its end (or `pages`), as the engine does: pages in order, a checkpoint that never stands still. */
export async function run(ctx: Context, stream: string, given: { from?: Page['checkpoint'] | null; pages?: number } = {}) {
  const pages: Page[] = [];
  const sync = handlers.streams[stream]?.sync;
  if (!sync) throw new Error(`${stream} has no sync`);
  let last = JSON.stringify(given.from ?? null);
  for await (const page of sync(ctx, given.from ?? null)) {
    const checkpoint = JSON.stringify(page.checkpoint);
    if (checkpoint === last) throw new Error(`the checkpoint stands still: ${checkpoint}`);
    last = checkpoint;
    pages.push(page);
    if (pages.length === given.pages) break;
  }
  const items = pages.flatMap((page) => page.items);
  return { pages, items, ids: items.map(({ id }) => id), checkpoint: pages.at(-1)?.checkpoint ?? null };
}

/** Runs an action by its name. */
export function act(ctx: Context, name: string, input: object) {
  const found = handlers.actions[name];
  if (!found) throw new Error(`no action ${name}`);
  return found.run(ctx, input as Record<string, unknown>);
}

/** The first record an action or event changes. */
export function recordIn(effects: readonly Effect[] | undefined): Item | undefined {
  const effect = effects?.find(({ kind }) => kind === 'records');
  return effect?.kind === 'records' ? effect.items[0] : undefined;
}

/** The grant of a manual connection. */
export function link(rig: Rig, given: { token: string; grant: Grant }) {
  return handlers.identify(
    { http: rig.http(given.token), log, signal: new AbortController().signal, method: 'manual' },
    given.grant,
  );
}
