import type { Log } from '../log.ts';
import { NotFound, Rejected, TryLater } from '../sdk/index.ts';
import { isComingSoon } from './check.ts';
import { contentHash } from './content-hash.ts';
import type { PluginFolder } from './discover.ts';
import { type FaultCount, Faults } from './faults.ts';
import { Folders, type Touched } from './folders.ts';
import type { GenerationStore, GenerationView } from './generation-store.ts';
import { Generations } from './generations.ts';
import type { Grades } from './grades.ts';
import type { RunnablePlugin } from './loaded-plugin.ts';
import { Shelf } from './shelf.ts';
import type { TemplateStore } from './template-store.ts';
import { byCategory, type Template } from './templates.ts';

export type { LoadedPlugin, RunnablePlugin } from './loaded-plugin.ts';
export type { Template } from './templates.ts';

export interface RegistryOptions {
  /** `PLUGIN_DIRS`; an earlier one wins an id. */
  readonly dirs: readonly string[];
  readonly store: TemplateStore;
  /** Without it nothing is kept for a restart and nothing can be put back. */
  readonly generations?: GenerationStore;
  /** Without it templates have no grade. */
  readonly grades?: Grades;
  readonly log: Log;
  readonly conceal?: Registry['conceal'];
}

/**
 * The only way to a plugin. Ask at the start of a request or job: a new generation may be put in an entry at any time,
 * whole or not at all.
 */
export class Registry {
  /** An error of this plugin's, or of nobody's, as it may be written down. */
  readonly conceal: (error: unknown, id?: string) => unknown;
  readonly #options: RegistryOptions;
  readonly #faults: Faults;
  readonly #generations: Generations;
  readonly #shelf: Shelf;
  readonly #folders: Folders;
  #busy: Promise<unknown> = Promise.resolve();

  constructor(options: RegistryOptions) {
    const { store, log, grades, conceal = (error) => error } = options;
    this.conceal = conceal;
    this.#options = options;
    this.#faults = new Faults({ store, log });
    const onFault = (id: string) => (thrown: unknown, where: string, logged: boolean) => {
      const error = conceal(thrown, id);
      if (!logged) log.warn({ plugin: id, err: error, where }, 'plugin fault');
      this.#faults.count(id, error, where);
    };
    this.#generations = new Generations({
      store: options.generations,
      log,
      onFault,
      ...(grades && { admit: (one) => grades.admit(one), refusalOf: (one) => grades.refusalOf(one) }),
    });
    this.#shelf = new Shelf(options);
    this.#folders = new Folders({ ...options, generations: this.#generations, shelf: this.#shelf });
  }

  /**
   * Brings the registry in line with the folders: new ones appear, changed ones are swapped, removed ones go. A broken one
   * keeps its last good generation, or becomes a failed template; nothing is thrown. Calls run one after the other.
   * @param except folders left alone, by their `path`
   */
  async load(except: ReadonlySet<string> = new Set()): Promise<void> {
    await this.#inTurn(() => this.#passed(this.#folders.pass((folder) => !except.has(folder.path))));
  }

  /** The same for these folders only. @returns those left for a later call */
  async touch(touched: Touched): Promise<string[]> {
    return (await this.#inTurn(() => this.#passed(this.#folders.touch(touched)))) ?? [];
  }

  /**
   * Shows what operators wrote over the cards, and runs what they put back, as the database has it now. Words do not wait
   * for folders that are being loaded; a generation has its turn after them.
   */
  async refresh(): Promise<void> {
    try {
      await this.#shelf.reread();
    } catch (error) {
      this.#options.log.error({ err: error }, 'plugin templates could not be read');
      return;
    }
    this.#faults.learn(this.#shelf.rows.values());
    const moved = (id: string) => (this.#shelf.rows.get(id)?.putBack ?? undefined) !== this.#folders.standing(id)?.putBack;
    if (!this.#folders.ids().some(moved)) return;
    await this.#inTurn(() => this.#passed(this.#folders.pass(({ id }) => moved(id))));
  }

  /** The plugin as it is now, or undefined when it is unknown, broken or coming soon. */
  get(id: string): RunnablePlugin | undefined {
    const loaded = this.#shelf.loaded(id);
    return loaded && !isComingSoon(loaded.plugin) ? (loaded as RunnablePlugin) : undefined;
  }

  /** @throws NotFound for an id nobody has; a HubError with code `PLUGIN_UNAVAILABLE` for one that cannot run now */
  require(id: string): RunnablePlugin {
    const loaded = this.get(id);
    if (loaded) return loaded;
    const template = this.template(id);
    if (!template) throw new NotFound(`There is no plugin "${id.slice(0, 60)}".`);
    if (template.state === 'coming-soon') {
      throw new Rejected(`${template.name} is coming soon and cannot be connected yet.`, { code: 'PLUGIN_UNAVAILABLE' });
    }
    throw new TryLater(`${template.name} is not available at the moment; the operator of this hub can see why.`, {
      code: 'PLUGIN_UNAVAILABLE',
    });
  }

  /** Has there ever been a plugin of this id? True also for a failed or missing one. */
  known(id: string): boolean {
    return this.template(id) !== undefined;
  }

  template(id: string): Template | undefined {
    const template = this.#shelf.template(id);
    return template && this.#withGrade(template);
  }

  templates(): Template[] {
    return this.#shelf
      .templates()
      .map((template) => this.#withGrade(template))
      .sort(byCategory);
  }

  #withGrade(template: Template): Template {
    const { grades } = this.#options;
    return grades ? { ...template, ...grades.of(template.id, template.loaded?.hash) } : template;
  }

  /** The folders as last seen. */
  folders(): readonly PluginFolder[] {
    return this.#folders.found;
  }

  /** How often the plugin's code failed, and how last. */
  faults(id: string): FaultCount {
    return this.#faults.of(id);
  }

  /** Counts what strayed out of a plugin's code. */
  fault(id: string, thrown: unknown, where: string): void {
    const error = this.conceal(thrown, id);
    this.#options.log.warn({ plugin: id, err: error, where }, 'plugin fault');
    this.#faults.count(id, error, where);
  }

  /** The generations that can be put back, the latest first. */
  generations(id: string): Promise<GenerationView[]> {
    return this.#generations.list(id);
  }

  /**
   * Runs a kept generation, on all hosts, until the folder's content changes; without a hash, what the folder holds.
   * @throws NotFound for a plugin without a folder, or a generation that is not kept; Rejected for one whose grade is too low
   */
  async putBack(id: string, hash: string | undefined): Promise<void> {
    const folder = this.#folders.standing(id)?.folder;
    if (!folder || folder.problem !== undefined) throw new NotFound(`There is no folder of a plugin "${id.slice(0, 60)}".`);
    if (hash !== undefined) await this.#generations.require(id, hash);
    const over = await contentHash(folder.dir);
    await this.#options.store.setPutBack(id, hash === undefined ? undefined : { hash, over });
    await this.refresh();
  }

  /** Called after each swap with the plugin's id; a failing listener is logged. @returns how to stop it */
  onLoaded(listener: (id: string) => unknown): () => void {
    return this.#shelf.onLoaded(listener);
  }

  /** Ends what the plugins hold open. Nothing may call them any more. */
  async close(): Promise<void> {
    await this.#busy;
    await this.#options.grades?.close();
    await this.#shelf.close();
    await this.#faults.flush();
  }

  async #passed<T>(pass: Promise<T>): Promise<T> {
    const result = await pass;
    this.#faults.learn(this.#shelf.rows.values());
    return result;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T | undefined> {
    const done = this.#busy.then(work).catch((error: unknown) => {
      this.#options.log.error({ err: error }, 'plugins could not be loaded');
      return undefined;
    });
    this.#busy = done;
    return done;
  }
}
