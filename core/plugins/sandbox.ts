import { join } from 'node:path';
import type { Log } from '../log.ts';
import {
  type Form,
  NotFound,
  PluginFault,
  type SandboxEnv,
  type SandboxInstance,
  type SandboxPanel,
  type SandboxRequest,
  type SandboxResponse,
} from '../sdk/index.ts';
import { FormChecker } from './form-check.ts';
import type { RunnablePlugin } from './loaded-plugin.ts';
import type { Registry } from './registry.ts';
import { ask, deliver, fault, guarded } from './sandbox-guard.ts';
import { SandboxState } from './sandbox-state.ts';

export interface SandboxHostOptions {
  readonly registry: Registry;
  /** False: nothing is simulated, every question is answered as if no plugin had a simulator. */
  readonly enabled: boolean;
  /** Where this process listens, `http://127.0.0.1:3000`: for the hub's own calls. */
  readonly baseUrl: () => string;
  /** Where people reach it: for consent pages. */
  readonly publicUrl: string;
  readonly dataDir: string;
  readonly log: Log;
}

/** A command as the panel shows it. */
export interface PanelCommand {
  readonly name: string;
  readonly title: string;
  readonly description: string | undefined;
  readonly input: Form;
}

export interface PanelView {
  readonly panel: SandboxPanel;
  readonly commands: readonly PanelCommand[];
}

interface Running {
  readonly loaded: RunnablePlugin;
  readonly instance: SandboxInstance;
  readonly state: SandboxState;
}

/** Runs the plugins' simulators: each is made on first use and keeps its state in `DATA_DIR/sandbox/<plugin>.json`. */
export class SandboxHost {
  readonly #options: SandboxHostOptions;
  readonly #running = new Map<string, Running>();
  readonly #states = new Map<string, SandboxState>();
  readonly #ended = new WeakSet<Running>();
  readonly #forms = new FormChecker();

  constructor(options: SandboxHostOptions) {
    this.#options = options;
  }

  /** Ids of the plugins that have a simulator; none while the sandbox is off. */
  plugins(): string[] {
    if (!this.#options.enabled) return [];
    return this.#options.registry.templates().flatMap(({ id }) => (this.#options.registry.get(id)?.sandbox ? [id] : []));
  }

  /** Where a plugin's calls to a host go; undefined where its own simulator is not for it: another's knows none of its tokens. */
  hostFor(host: string, plugin: string): string | undefined {
    return this.#urlOf(this.#options.baseUrl(), host, plugin);
  }

  /** The same for a person's browser. */
  browserHostFor(host: string, plugin: string): string | undefined {
    return this.#urlOf(this.#options.publicUrl, host, plugin);
  }

  /** The simulator's values for the manifest's `app` fields. */
  appFields(plugin: string): Readonly<Record<string, string>> {
    return this.#options.enabled ? (this.#options.registry.get(plugin)?.sandbox?.app ?? {}) : {};
  }

  /** @throws NotFound when the plugin has no simulator for this host; PluginFault when it fails */
  async handle(plugin: string, req: SandboxRequest): Promise<SandboxResponse> {
    if (!this.#simulates(plugin, req.host.toLowerCase())) {
      throw new NotFound(`The simulator of ${plugin} does not answer for ${req.host}.`);
    }
    const { instance, loaded } = this.#require(plugin);
    const response = await guarded(loaded, `on ${req.method} ${req.host}${req.path}`, () => instance.handle(req));
    if (!Number.isInteger(response?.status) || response.status < 100 || response.status > 599) {
      throw new PluginFault(`The simulator of ${plugin} answered ${req.method} ${req.host}${req.path} without a status.`);
    }
    return response;
  }

  /** @throws NotFound when the plugin has no simulator */
  panel(plugin: string): PanelView {
    const { instance, loaded } = this.#require(plugin);
    const commands = Object.entries(instance.commands).map(([name, { title, description, input }]) => ({
      name,
      title,
      description,
      input,
    }));
    try {
      return { panel: instance.panel(), commands };
    } catch (error) {
      throw fault(loaded, 'while showing its panel', error);
    }
  }

  /**
   * Presses a button of the panel. Always answers with a `message`.
   * @throws NotFound for an unknown command; Rejected with `fields` for input its form refuses
   */
  async command(plugin: string, name: string, input: unknown): Promise<{ readonly message: string } & Record<string, unknown>> {
    const { instance, loaded } = this.#require(plugin);
    const command = Object.hasOwn(instance.commands, name) ? instance.commands[name] : undefined;
    if (!command) {
      const known = Object.keys(instance.commands).join(', ');
      throw new NotFound(`The simulator of ${plugin} has no command "${name.slice(0, 60)}"; it knows ${known}.`);
    }
    const values = this.#forms.check(command.input, input ?? {});
    const answer = await guarded(loaded, `on the command ${name}`, () => command.run(values));
    return { ...answer, message: typeof answer?.message === 'string' ? answer.message : `${command.title}: done.` };
  }

  /** Keeps every state and ends every simulator. */
  async close(): Promise<void> {
    const running = [...this.#running];
    this.#running.clear();
    await Promise.all(running.map(([plugin, one]) => this.#end(plugin, one)));
  }

  #urlOf(base: string, host: string, plugin: string): string | undefined {
    const name = host.toLowerCase();
    return this.#simulates(plugin, name) ? `${base.replace(/\/+$/, '')}/sandbox/${plugin}/api/${name}` : undefined;
  }

  #simulates(plugin: string, host: string): boolean {
    if (!this.#options.enabled) return false;
    const hosts = this.#options.registry.get(plugin)?.sandbox?.hosts ?? [];
    return hosts.some((pattern) => (pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern));
  }

  #require(plugin: string): Running {
    const loaded = this.#options.enabled ? this.#options.registry.get(plugin) : undefined;
    if (!loaded?.sandbox) throw new NotFound(`There is no simulator for "${plugin.slice(0, 60)}".`);
    const running = this.#running.get(plugin);
    if (running?.loaded === loaded) return running;
    const next = this.#start(loaded);
    this.#running.set(plugin, next);
    // Ends with its generation, once the calls under way have been answered.
    loaded.life?.onEnd(() => this.#end(plugin, next));
    if (running && !running.loaded.life) void this.#end(plugin, running);
    return next;
  }

  /** A new generation goes on with the state of the one before. */
  #start(loaded: RunnablePlugin): Running {
    const { id, sandbox, life } = loaded;
    const log = this.#options.log.child({ plugin: id, sandbox: true });
    const state = this.#states.get(id) ?? new SandboxState(join(this.#options.dataDir, 'sandbox', `${id}.json`), log);
    this.#states.set(id, state);
    const create = () => sandbox?.create(this.#env(id, state, log));
    try {
      const instance = life ? life.inside(create) : create();
      if (instance) return { loaded, instance, state };
      throw new Error('create() answered nothing');
    } catch (error) {
      throw fault(loaded, 'while starting', error);
    }
  }

  #env(plugin: string, state: SandboxState, log: Log): SandboxEnv {
    const webhooks = () => `${this.#options.baseUrl()}/webhooks/${plugin}`;
    return {
      urlOf: (host) => `${this.#options.publicUrl}/sandbox/${plugin}/api/${host}`,
      deliver: (path, headers, body) => deliver(`${webhooks()}${path}`, { headers, body, log }),
      ask: (path) => ask(`${webhooks()}${path}`, log),
      load: () => state.load(),
      save: (value) => state.save(value),
      now: () => new Date(),
    };
  }

  async #end(plugin: string, one: Running): Promise<void> {
    if (this.#running.get(plugin) === one) this.#running.delete(plugin);
    if (this.#ended.has(one)) return;
    this.#ended.add(one);
    const { instance, state } = one;
    try {
      await instance.close?.();
    } catch (error) {
      this.#options.log.warn({ err: error, plugin }, 'a simulator did not close');
    }
    await state.flush();
  }
}
