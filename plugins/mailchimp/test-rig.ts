import type { Effect, Handlers, Incoming, Item, Page, SandboxRequest, SandboxResponse, Webhook } from 'patchbay';
import { type Rig as BaseRig, openRig } from 'patchbay/testing';
import plugin from './index.ts';
import type { Config, Context } from './manifest.ts';
import { BLUE_FITNESS, DEMO_TOKEN } from './sandbox/demo.ts';
import type { Simulator } from './sandbox/simulator.ts';
import sandbox from './sandbox.ts';

/** For tests: the plugin beside its simulator, every call written down and any answer replaceable. */
export const handlers = plugin.handlers as unknown as Required<Handlers<Config>>;
export const webhook = handlers.webhook as Required<Webhook<Config>>;
export const [MEMBERS, PARTNERS] = BLUE_FITNESS.audiences.map(({ id }) => id) as [string, string];
export const URL_OF_HOOK = 'http://127.0.0.1:3000/webhooks/mailchimp/c/test-key';
export const MINUTE = 60_000;

export interface Seen {
  readonly req: SandboxRequest;
  readonly status: number;
}

export interface Rig {
  readonly base: BaseRig;
  readonly sim: Simulator;
  readonly seen: Seen[];
  /** Replaces the simulator's answer where it returns one. */
  intercept: ((req: SandboxRequest) => SandboxResponse | undefined) | undefined;
  /** Webhook calls the simulator delivered, as the hub would have got them. */
  hooks(): Promise<Incoming[]>;
  ctx(config?: Partial<Config>): Context;
  press(command: string, input?: object): Promise<Record<string, unknown>>;
}

export interface Given {
  readonly method?: 'oauth' | 'manual';
  readonly credentials?: Readonly<Record<string, string>>;
}

export const DEMO_KEYS = { apiKey: BLUE_FITNESS.apiKey, serverPrefix: BLUE_FITNESS.dc };

export function newRig({ method = 'manual', credentials = DEMO_KEYS }: Given = {}): Rig {
  let sim: Simulator | undefined;
  const create: typeof sandbox.create = (env) => {
    sim = sandbox.create(env) as Simulator;
    return sim;
  };
  const oauth = { accessToken: DEMO_TOKEN, grant: { expires_in: 0, scope: null } };
  const base = openRig(plugin, { ...sandbox, create }, method === 'oauth' ? { oauth } : { credentials });
  const rig: Rig = {
    base,
    sim: sim as unknown as Simulator,
    seen: [],
    intercept: undefined,
    hooks: async () => {
      // The simulator sends its webhooks one after the other, a moment after the change.
      await new Promise((resolve) => setImmediate(resolve));
      return base.deliveries.map(({ headers, raw }) => incoming(raw, headers));
    },
    ctx: (config = {}) => ({
      ...base.link({ vars: { dc: BLUE_FITNESS.dc }, answer: (req, forward) => answered(rig, req, forward) }),
      account: { externalId: BLUE_FITNESS.id, label: 'Blue Fitness', vars: { dc: BLUE_FITNESS.dc } },
      config: { ...defaults(), audienceId: MEMBERS, ...config },
    }),
    press(command, input = {}) {
      const found = base.instance.commands[command];
      if (!found) throw new Error(`no button ${command}`);
      return found.run(input as Record<string, unknown>);
    },
  };
  return rig;
}

async function answered(rig: Rig, req: SandboxRequest, forward: Simulator['handle']): Promise<SandboxResponse> {
  const response = rig.intercept?.(req) ?? (await forward(req));
  rig.seen.push({ req, status: response.status });
  return response;
}

function defaults(): Partial<Config> {
  const given = Object.entries(plugin.manifest.comingSoon ? {} : plugin.manifest.config.properties);
  return Object.fromEntries(given.flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value]])));
}

export function incoming(body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): Incoming {
  return { method: 'POST', query: {}, headers, raw: Buffer.from(body), receivedAt: new Date().toISOString() };
}

/** Runs a stream to its end (or `pages`), as the engine does: pages in order, a checkpoint that never stands still. */
export async function run(ctx: Context, stream: string, given: { from?: Page['checkpoint'] | null; pages?: number } = {}) {
  const pages: Page[] = [];
  const sync = handlers.streams[stream]?.sync;
  if (!sync) throw new Error(`${stream} has no sync`);
  let last = '';
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
  return found.run(ctx, input as Record<string, unknown>, { id: 'test' });
}

/** The records of one stream that an action or event changes. */
export function recordsIn(effects: readonly Effect[] | undefined, stream = 'members'): readonly Item[] {
  return (effects ?? []).flatMap((effect) => (effect.kind === 'records' && effect.stream === stream ? effect.items : []));
}

export function dataOf(item: Item | undefined): Readonly<Record<string, unknown>> | undefined {
  return item && 'data' in item ? item.data : undefined;
}
