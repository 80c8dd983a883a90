import type {
  ActionResult,
  Effect,
  Handlers,
  Item,
  Page,
  Plugin,
  Reply,
  SandboxInstance,
  SandboxRequest,
  SandboxResponse,
} from 'patchbay';
import { openRig } from 'patchbay/testing';
import { actions } from './actions.ts';
import plugin from './index.ts';
import type { Config, Context } from './manifest.ts';
import { BLUE_FITNESS, DEMO_ACCESS_TOKEN, DEMO_REFRESH_TOKEN, OWNER, SCOPES } from './sandbox/demo.ts';
import { Simulator } from './sandbox/simulator.ts';
import sandbox from './sandbox.ts';

export interface Seen {
  readonly req: SandboxRequest;
  readonly status: number;
  readonly reply: Reply;
}

/** The plugin's handlers, with everything there that this plugin has. */
export const handlers = { ...plugin.handlers, actions } as unknown as Required<Handlers<Config>>;

const whole = { ...plugin, handlers } as unknown as Plugin;

/** The keys of the demo's website, as a store owner copies them. */
export const KEYS = {
  measurementId: BLUE_FITNESS.streams[0]?.measurementId ?? '',
  apiSecret: BLUE_FITNESS.streams[0]?.secrets[0] ?? '',
};

interface Given {
  readonly method?: 'oauth' | 'manual';
  readonly config?: Partial<Config>;
  readonly account?: Context['account'];
  readonly token?: string;
  readonly keys?: Readonly<Record<string, string>>;
}

export interface Rig {
  readonly sim: Simulator;
  readonly seen: Seen[];
  /** Answers in place of the simulator where it returns something. */
  intercept: ((req: SandboxRequest) => SandboxResponse | undefined) | undefined;
  ctx(given?: Given): Context;
  press(command: string, input?: object): Promise<{ readonly message: string; readonly [key: string]: unknown }>;
}

const ACCOUNTS = {
  oauth: { externalId: OWNER.sub, label: OWNER.email },
  manual: { externalId: KEYS.measurementId, label: KEYS.measurementId, vars: { measurementId: KEYS.measurementId } },
};

/** A fresh simulator with a plugin beside it; contexts for either way to connect. */
export function newRig(): Rig {
  let sim: Simulator | undefined;
  const create = (env: ConstructorParameters<typeof Simulator>[0]): SandboxInstance => {
    sim = new Simulator(env);
    return sim;
  };
  const oauth = {
    accessToken: DEMO_ACCESS_TOKEN,
    refreshToken: DEMO_REFRESH_TOKEN,
    grant: { scope: Object.values(SCOPES).join(' ') },
  };
  const byToken = openRig(whole, { ...sandbox, create }, { oauth });
  const first = sim as unknown as Simulator;
  const byKeys = openRig(whole, { ...sandbox, create: () => first }, { credentials: KEYS });
  const rig: Rig = {
    sim: first,
    seen: [],
    intercept: undefined,
    ctx: ({ method = 'oauth', config = {}, account = ACCOUNTS[method], token, keys } = {}) => ({
      ...(method === 'oauth' ? byToken : byKeys).link({
        ...(token && { accessToken: token }),
        ...(keys && { credentials: keys }),
        async answer(req, forward) {
          const response = rig.intercept?.(req) ?? (await forward(req));
          const reply = { status: response.status, headers: response.headers ?? {}, data: response.body };
          rig.seen.push({ req, status: response.status, reply });
          return response;
        },
      }),
      account,
      config: { ...defaults(), ...(method === 'oauth' && { propertyId: BLUE_FITNESS.id }), ...config } as Config,
    }),
    press(command, input = {}) {
      const found = first.commands[command];
      if (!found) throw new Error(`no button ${command}`);
      return found.run(input as Record<string, unknown>);
    },
  };
  return rig;
}

function defaults(): Record<string, unknown> {
  const fields = Object.entries(
    (plugin.manifest as { config: { properties: Record<string, { default?: unknown }> } }).config.properties,
  );
  return Object.fromEntries(fields.flatMap(([name, field]) => (field.default === undefined ? [] : [[name, field.default]])));
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
  const notes = [...new Set(pages.flatMap((page) => page.notes ?? []))];
  return { pages, items, notes, ids: items.map(({ id }) => id), checkpoint: pages.at(-1)?.checkpoint ?? null };
}

/** What a record holds. */
export function dataOf(item: Item | undefined): Readonly<Record<string, unknown>> {
  if (!item || !('data' in item)) throw new Error('no record');
  return item.data;
}

/** Runs an action by its name. */
export function act(ctx: Context, name: keyof typeof actions, input: object, id = 'call-1'): Promise<ActionResult> {
  const found = handlers.actions[name];
  if (!found) throw new Error(`no action ${name}`);
  return found.run(ctx, input as Record<string, unknown>, { id });
}

/** The records an action writes. */
export function recordsIn(effects: readonly Effect[] | undefined): readonly Item[] {
  return (effects ?? []).flatMap((effect) => (effect.kind === 'records' ? effect.items : []));
}
