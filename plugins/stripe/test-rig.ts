import type { Account, ActionCall, Effect, Handlers, Incoming, Item, Page, SandboxRequest, SandboxResponse } from 'patchbay';
import { openRig } from 'patchbay/testing';
import plugin from './index.ts';
import { type Config, type Context, manifest } from './manifest.ts';
import { BLUE_TEST, DEMO_KEY } from './sandbox/demo.ts';
import type { Simulator } from './sandbox/simulator.ts';
import sandbox from './sandbox.ts';

/** For tests: the plugin beside its simulator, every call written down and any answer replaceable. */
export const handlers = plugin.handlers as unknown as Required<Handlers<Config>>;

export interface Seen {
  readonly req: SandboxRequest;
  readonly status: number;
}

export interface Given {
  readonly key?: string;
  readonly config?: Partial<Config>;
  readonly account?: Account;
}

export interface Rig {
  readonly sim: Simulator;
  readonly seen: Seen[];
  /** Replaces the simulator's answer where it returns one. */
  intercept: ((req: SandboxRequest) => SandboxResponse | undefined) | undefined;
  /** Webhook calls the simulator delivered, as the hub would have got them. */
  hooks(): Incoming[];
  ctx(given?: Given): Context;
  press(command: string, input?: object): Promise<Record<string, unknown>>;
}

export const blueTest: Account = {
  externalId: `${BLUE_TEST.account}:test`,
  label: BLUE_TEST.name,
  vars: { accountId: BLUE_TEST.account },
  mode: 'test',
};

const defaults = Object.fromEntries(
  Object.entries(manifest.config.properties).flatMap(([name, field]) => ('default' in field ? [[name, field.default]] : [])),
) as Config;

export function newRig(): Rig {
  let sim: Simulator | undefined;
  const create: typeof sandbox.create = (env) => {
    sim = sandbox.create(env) as Simulator;
    return sim;
  };
  const base = openRig(plugin, { ...sandbox, create }, { credentials: { secretKey: DEMO_KEY } });
  const rig: Rig = {
    sim: sim as unknown as Simulator,
    seen: [],
    intercept: undefined,
    hooks: () => base.deliveries.map(({ headers, raw }) => incoming(headers, raw)),
    ctx: ({ key = DEMO_KEY, config = {}, account = blueTest } = {}) => ({
      ...base.link({
        credentials: { secretKey: key },
        async answer(req, forward) {
          const response = rig.intercept?.(req) ?? (await forward(req));
          rig.seen.push({ req, status: response.status });
          return response;
        },
      }),
      account,
      config: { ...defaults, ...config },
    }),
    press(command, input = {}) {
      const found = base.instance.commands[command];
      if (!found) throw new Error(`no button ${command}`);
      return found.run(input as Record<string, unknown>);
    },
  };
  return rig;
}

export function incoming(
  headers: Readonly<Record<string, string>>,
  body: Uint8Array | string,
  receivedAt = new Date(),
): Incoming {
  return { method: 'POST', query: {}, headers, raw: Buffer.from(body), receivedAt: receivedAt.toISOString() };
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

let wishes = 0;

/** Runs an action by its name, each time as a wish of its own unless one is given. */
export function act(ctx: Context, name: string, given: { input: object; call?: ActionCall }) {
  const found = handlers.actions[name];
  if (!found) throw new Error(`no action ${name}`);
  wishes += 1;
  return found.run(ctx, given.input as Record<string, unknown>, given.call ?? { id: `wish-${wishes}` });
}

/** The records of a stream that an action or event changes. */
export function recordsIn(effects: readonly Effect[] | undefined, stream: string): readonly Item[] {
  return (effects ?? []).flatMap((effect) => (effect.kind === 'records' && effect.stream === stream ? effect.items : []));
}

/** What is kept of a record. */
export function dataOf(item: Item | undefined): Readonly<Record<string, unknown>> {
  if (!item || 'deleted' in item) throw new Error('there is no such record');
  return item.data;
}
