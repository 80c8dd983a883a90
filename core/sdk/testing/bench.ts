import type { Account, Ctx, Incoming, Plugin, Sandbox, SandboxInstance, SandboxRequest, SandboxResponse } from '../index.ts';
import { toIncoming } from './deliveries.ts';
import { calledAt, type LinkChanges, openRig, type Rig, type RigOptions, waysOf } from './rig.ts';
import { defaultsOf } from './rig-values.ts';

type Method = 'oauth' | 'manual';

/** A call the plugin made, and what it was answered. */
export interface Seen {
  readonly req: SandboxRequest;
  readonly status: number;
  readonly response: SandboxResponse;
}

export interface BenchOptions<Config> {
  /** Whom the contexts are connected to. */
  readonly account: Account | Readonly<Record<Method, Account>>;
  /** How, where a context does not say; default: the first way of the simulator's `demo`, keys before OAuth. */
  readonly method?: Method;
  /** What opens the simulator; default: its `demo`. */
  readonly ways?: RigOptions;
  /** Settings over the form's defaults. */
  readonly config?: Partial<Config>;
}

/** What one context has of its own. */
export interface CtxChanges<Config> extends Omit<LinkChanges, 'answer'> {
  readonly method?: Method;
  readonly account?: Account;
  /** Over the bench's. */
  readonly config?: Partial<Config>;
}

/** A plugin beside one simulator, for tests of its own handlers: each call is written down, any answer can be replaced. */
export interface Bench<Config, Sim extends SandboxInstance> {
  readonly sim: Sim;
  readonly seen: Seen[];
  /** Answers in place of the simulator where it returns something. */
  intercept: ((req: SandboxRequest) => SandboxResponse | undefined) | undefined;
  /** A connected context; nobody was asked for the account. */
  ctx(changes?: CtxChanges<Config>): Ctx<Config>;
  /** How a way connects; default: the usual one. Its `link()` and `grant` are what `identify` is given. */
  rigFor(method?: Method): Rig;
  /** Presses a button of the panel. */
  press(command: string, input?: object): Promise<{ readonly message: string; readonly [key: string]: unknown }>;
  /** The webhooks sent so far, as the hub would have got them. */
  webhooks(): Incoming[];
}

/**
 * Opens a fresh simulator and the plugin beside it; every way to connect leads into the same simulator.
 * `openBench<Config, Simulator>(plugin, sandbox, { account })`
 */
export function openBench<Config, Sim extends SandboxInstance = SandboxInstance>(
  plugin: Plugin,
  sandbox: Sandbox,
  options: BenchOptions<Config>,
): Bench<Config, Sim> {
  const { rigs, sim } = openRigs<Sim>(plugin, sandbox, options.ways);
  const [first] = rigs;
  const usual = options.method ?? (first.link().method as Method);
  const rigFor = (method = usual) => rigs.find((one) => one.link().method === method) ?? first;
  const bench: Bench<Config, Sim> = {
    sim,
    seen: [],
    intercept: undefined,
    ctx({ method = usual, account = accountFor(options.account, method), config, ...changes } = {}) {
      const rig = rigFor(method);
      const answer: LinkChanges['answer'] = async (req, forward) => {
        const response = bench.intercept?.(req) ?? (await forward(req));
        bench.seen.push({ req, status: response.status, response });
        return response;
      };
      const settings = { ...defaultsOf(rig.manifest), ...options.config, ...config } as Config;
      const link = rig.link({ ...(account.vars && { vars: account.vars }), ...changes, answer });
      return { ...link, ...calledAt(rig.handlers), method, account, config: settings };
    },
    rigFor,
    async press(command, input = {}) {
      const found = sim.commands[command];
      if (!found) throw new Error(`The panel has no button ${command}.`);
      return found.run(input as Readonly<Record<string, unknown>>);
    },
    webhooks: () => first.deliveries.map(toIncoming),
  };
  return bench;
}

function openRigs<Sim>(plugin: Plugin, sandbox: Sandbox, options?: RigOptions): { rigs: [Rig, ...Rig[]]; sim: Sim } {
  const ways = waysOf(plugin, sandbox, options);
  if (!ways) throw new Error('Name what opens the simulator: `ways`, or `demo` in sandbox.ts.');
  let sim: SandboxInstance | undefined;
  const create: Sandbox['create'] = (env) => {
    sim ??= sandbox.create(env);
    return sim;
  };
  const [way, ...others] = ways;
  const open = (one: RigOptions) => openRig(plugin, { ...sandbox, create }, one);
  const rigs: [Rig, ...Rig[]] = [open(way), ...others.map(open)];
  return { rigs, sim: sim as unknown as Sim };
}

function accountFor(account: Account | Readonly<Record<Method, Account>>, method: Method): Account {
  return 'externalId' in account ? account : account[method];
}
