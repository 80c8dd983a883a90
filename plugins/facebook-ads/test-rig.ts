import type { Account, Effect, Handlers, Incoming, Item, Page, SandboxRequest, SandboxResponse } from 'patchbay';
import { type LinkChanges, openRig, type RigOptions } from 'patchbay/testing';
import plugin from './index.ts';
import type { Config, Context } from './manifest.ts';
import {
  DEMO_APP_ID,
  DEMO_APP_SECRET,
  DEMO_LOGIN_TOKEN,
  DEMO_SYSTEM_TOKEN,
  DEMO_VERIFY_TOKEN,
  NORA,
  REPORTS,
} from './sandbox/demo.ts';
import type { Simulator } from './sandbox/simulator.ts';
import sandbox from './sandbox.ts';

/** For tests: the plugin beside its simulator, every call written down and any answer replaceable. */
export const handlers = plugin.handlers as unknown as Required<Handlers<Config>>;
export const appKeys = {
  app: { clientId: DEMO_APP_ID, clientSecret: DEMO_APP_SECRET, verifyToken: DEMO_VERIFY_TOKEN },
  integration: {},
};

export interface Seen {
  readonly req: SandboxRequest;
  readonly status: number;
}

export interface Given {
  readonly config?: Partial<Config>;
  readonly method?: 'oauth' | 'manual';
  readonly changes?: LinkChanges;
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

const KEYS = {
  adAccountId: REPORTS.accounts[0] ?? '',
  accessToken: DEMO_SYSTEM_TOKEN,
  appId: DEMO_APP_ID,
  appSecret: DEMO_APP_SECRET,
};
const ACCOUNTS: Readonly<Record<'oauth' | 'manual', Account>> = {
  oauth: { externalId: NORA.id, label: NORA.name },
  manual: { externalId: KEYS.adAccountId, label: 'Blue Fitness' },
};

export function newRig(): Rig {
  let sim: Simulator | undefined;
  // Both ways of connecting lead into the same simulator.
  const create: typeof sandbox.create = (env) => {
    sim ??= sandbox.create(env) as Simulator;
    return sim;
  };
  const open = (way: RigOptions) => openRig(plugin, { ...sandbox, create }, way);
  const rigs = { oauth: open({ oauth: { accessToken: DEMO_LOGIN_TOKEN, grant: {} } }), manual: open({ credentials: KEYS }) };
  const defaults = Object.entries(rigs.oauth.manifest.config.properties).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, value]],
  );
  const rig: Rig = {
    sim: sim as unknown as Simulator,
    seen: [],
    intercept: undefined,
    hooks: () =>
      rigs.oauth.deliveries.map(({ headers, raw }) => ({
        method: 'POST',
        query: {},
        headers,
        raw,
        receivedAt: new Date().toISOString(),
      })),
    ctx: ({ config = {}, method = 'oauth', changes = {} } = {}) => ({
      ...rigs[method].link({
        ...changes,
        async answer(req, forward) {
          const response = rig.intercept?.(req) ?? (await forward(req));
          rig.seen.push({ req, status: response.status });
          return response;
        },
      }),
      method,
      account: ACCOUNTS[method],
      config: { ...Object.fromEntries(defaults), ...config },
    }),
    press(command, input = {}) {
      const found = rigs.oauth.instance.commands[command];
      if (!found) throw new Error(`no button ${command}`);
      return found.run(input as Record<string, unknown>);
    },
  };
  return rig;
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
  return found.run(ctx, input as Record<string, unknown>, { id: 'a-wish' });
}

/** The first record an action or event changes. */
export function recordIn(effects: readonly Effect[] | undefined): Item | undefined {
  const effect = effects?.find(({ kind }) => kind === 'records');
  return effect?.kind === 'records' ? effect.items[0] : undefined;
}

/** Paths asked for so far, without the version. */
export function paths(rig: Rig): string[] {
  return rig.seen.map(({ req }) => `${req.method} ${req.path.replace('/v26.0', '')}`);
}
