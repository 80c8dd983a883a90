import { existsSync } from 'node:fs';
import type { Log } from '../log.ts';
import { NotFound, Rejected, TryLater } from '../sdk/index.ts';
import { isComingSoon } from './check.ts';
import { contentHash } from './content-hash.ts';
import { discover, type PluginFolder } from './discover.ts';
import { type FaultCount, Faults } from './faults.ts';
import type { GenerationStore, GenerationView } from './generation-store.ts';
import { Generations, type Judged, type Standing } from './generations.ts';
import type { Grades } from './grades.ts';
import { inParallel } from './in-parallel.ts';
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
}

/** Folders where something happened, by their `path`. `patient`: one that is broken or half there is left for a later call. */
export type Touched = ReadonlyMap<string, 'patient' | 'final'>;

/** Folders at work at once: esbuild uses several cores by itself. */
const AT_ONCE = 4;

/**
 * The only way to a plugin. Ask at the start of a request or job: a new generation may be put in an entry at any time,
 * whole or not at all.
 */
export class Registry {
  readonly #options: RegistryOptions;
  readonly #faults: Faults;
  readonly #generations: Generations;
  readonly #shelf: Shelf;
  readonly #standings = new Map<string, Standing>();
  #folders: readonly PluginFolder[] = [];
  #busy: Promise<unknown> = Promise.resolve();

  constructor(options: RegistryOptions) {
    const { store, log, grades } = options;
    this.#options = options;
    this.#faults = new Faults({ store, log });
    const onFault = (id: string) => (error: unknown, where: string, logged: boolean) => {
      if (!logged) log.warn({ plugin: id, err: error, where }, 'plugin fault');
      this.#faults.count(id, error, where);
    };
    this.#generations = new Generations({
      store: options.generations,
      log,
      onFault,
      ...(grades && { admit: (one) => grades.admit(one) }),
    });
    this.#shelf = new Shelf(options);
  }

  /**
   * Brings the registry in line with the folders: new ones appear, changed ones are swapped, removed ones go. A broken one
   * keeps its last good generation, or becomes a failed template; nothing is thrown. Calls run one after the other.
   * @param except folders left alone, by their `path`
   */
  async load(except: ReadonlySet<string> = new Set()): Promise<void> {
    await this.#inTurn(() => this.#pass(new Map(), (folder) => !except.has(folder.path)));
  }

  /** The same for these folders only. @returns those left for a later call */
  async touch(touched: Touched): Promise<string[]> {
    return (await this.#inTurn(() => this.#pass(touched, (folder) => touched.has(folder.path) || this.#isOther(folder)))) ?? [];
  }

  /** Shows what operators wrote over the cards, and runs what they put back, as the database has it now. */
  async refresh(): Promise<void> {
    await this.#inTurn(async () => {
      const before = this.#shelf.rows;
      await this.#shelf.reread();
      this.#faults.learn(this.#shelf.rows.values());
      const moved = (id: string) => before.get(id)?.putBack !== this.#shelf.rows.get(id)?.putBack;
      if ([...this.#standings.keys()].some(moved)) await this.#pass(new Map(), ({ id }) => moved(id));
    });
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
    return this.#folders;
  }

  /** How often the plugin's code failed, and how last. */
  faults(id: string): FaultCount {
    return this.#faults.of(id);
  }

  /** Counts what strayed out of a plugin's code. */
  fault(id: string, error: unknown, where: string): void {
    this.#options.log.warn({ plugin: id, err: error, where }, 'plugin fault');
    this.#faults.count(id, error, where);
  }

  /** The generations that can be put back, the latest first. */
  generations(id: string): Promise<GenerationView[]> {
    return this.#generations.list(id);
  }

  /**
   * Runs a kept generation, on all hosts, until the folder's content changes; without a hash, what the folder holds.
   * @throws NotFound for a plugin without a folder, or a generation that is not kept
   */
  async putBack(id: string, hash: string | undefined): Promise<void> {
    const folder = this.#standings.get(id)?.folder;
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

  #inTurn<T>(work: () => Promise<T>): Promise<T | undefined> {
    const done = this.#busy.then(work).catch((error: unknown) => {
      this.#options.log.error({ err: error }, 'plugins could not be loaded');
      return undefined;
    });
    this.#busy = done;
    return done;
  }

  async #pass(touched: Touched, wanted: (folder: PluginFolder) => boolean): Promise<string[]> {
    await this.#shelf.open();
    const folders = await discover(this.#options.dirs);
    // Before any of them runs: what strays out of one while it loads must find its owner.
    this.#folders = folders;
    const left = this.#dropAbsent(new Set(folders.map(idOf)), touched);
    const judged: Judged[] = [];
    await inParallel(folders.filter(wanted), AT_ONCE, async (folder) => {
      const patience = touched.get(folder.path);
      const question = { folder, before: this.#standings.get(idOf(folder)), row: this.#shelf.rows.get(folder.id) };
      const one = await this.#generations.judge({ ...question, touched: patience !== undefined });
      if (!one) return;
      if (patience && (one.outcome.torn || (patience === 'patient' && one.standing.error !== undefined))) {
        left.push(folder.path);
        void one.outcome.life?.dispose();
        return;
      }
      this.#place(one);
      judged.push(one);
    });
    await this.#remember(judged);
    return left;
  }

  #place({ outcome, standing }: Judged): void {
    const id = idOf(standing.folder);
    this.#standings.set(id, standing);
    this.#shelf.place(id, outcome, standing.putBack);
    if (standing.putBack === undefined) this.#options.grades?.judged(outcome);
  }

  async #remember(judged: readonly Judged[]): Promise<void> {
    const valid = [...this.#standings.values()]
      .filter(({ folder }) => folder.problem === undefined)
      .map(({ folder }) => folder.id);
    await this.#shelf.remember(valid);
    this.#faults.learn(this.#shelf.rows.values());
    for (const { outcome, standing } of judged) {
      await this.#endPutBack(standing);
      if (outcome.plugin) await this.#generations.keep(standing.folder.id, outcome);
    }
  }

  /** The folder has changed since an operator put a generation back: it counts again, for good. */
  async #endPutBack({ folder: { id }, putBack, hash }: Standing): Promise<void> {
    const row = this.#shelf.rows.get(id);
    if (putBack !== undefined || !row?.putBack || row.putBackOver === hash) return;
    await this.#options.store.setPutBack(id, undefined);
  }

  /** @returns the folders that are there but without an index: perhaps not for long */
  #dropAbsent(present: ReadonlySet<string>, touched: Touched): string[] {
    const absent = [...this.#standings].filter(([id]) => !present.has(id));
    const half = absent.filter(([, { folder }]) => touched.get(folder.path) === 'patient' && existsSync(folder.path));
    for (const one of absent) {
      if (half.includes(one)) continue;
      this.#standings.delete(one[0]);
      this.#shelf.drop(one[0]);
    }
    return half.map(([, { folder }]) => folder.path);
  }

  #isOther(folder: PluginFolder): boolean {
    const before = this.#standings.get(idOf(folder))?.folder;
    // One that has just appeared is perhaps not whole yet; it is touched when it is.
    if (!before) return folder.problem !== undefined;
    return before.dir !== folder.dir || before.problem !== folder.problem;
  }
}

/** A folder that cannot have an id is known by its path, which no id can equal. */
function idOf({ id, label, problem }: PluginFolder): string {
  return problem === undefined ? id : label;
}
