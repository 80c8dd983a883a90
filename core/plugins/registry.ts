import type { Log } from '../log.ts';
import { NotFound, Rejected, TryLater } from '../sdk/index.ts';
import { isComingSoon } from './check.ts';
import { contentHash } from './content-hash.ts';
import { discover, type PluginFolder } from './discover.ts';
import { loadFolder, type Outcome } from './load.ts';
import type { LoadedPlugin, RunnablePlugin } from './loaded-plugin.ts';
import type { TemplateState } from './template-entity.ts';
import type { TemplateRow, TemplateStore } from './template-store.ts';
import { byCategory, type Template, type TemplateParts, toTemplate } from './templates.ts';

export type { LoadedPlugin, RunnablePlugin } from './loaded-plugin.ts';
export type { Template } from './templates.ts';

export interface RegistryOptions {
  /** `PLUGIN_DIRS`; an earlier one wins an id. */
  readonly dirs: readonly string[];
  readonly store: TemplateStore;
  readonly log: Log;
}

/**
 * The only way to a plugin. Ask at the start of a request or job: {@link load} may put a new generation in an entry at any
 * time, whole or not at all.
 */
export class Registry {
  readonly #options: RegistryOptions;
  readonly #loaded = new Map<string, LoadedPlugin>();
  /** Cards as the folders make them, before what operators wrote over them. */
  #parts: readonly TemplateParts[] = [];
  #templates = new Map<string, Template>();
  #loading: Promise<void> = Promise.resolve();

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /**
   * Brings the registry in line with the folders: new ones appear, changed ones are swapped, removed ones go. A broken one
   * keeps its last good generation, or becomes a failed template; nothing is thrown. Calls run one after the other.
   */
  load(): Promise<void> {
    this.#loading = this.#loading
      .then(() => this.#load())
      .catch((error: unknown) => {
        this.#options.log.error({ err: error }, 'plugins could not be loaded');
      });
    return this.#loading;
  }

  /** Shows what operators wrote over the cards as it stands in the database now; no plugin is touched. */
  refresh(): Promise<void> {
    this.#loading = this.#loading
      .then(async () => this.#show(this.#parts, await this.#rows()))
      .catch((error: unknown) => {
        this.#options.log.warn({ err: error }, 'plugin templates could not be read again');
      });
    return this.#loading;
  }

  /** The plugin as it is now, or undefined when it is unknown, broken or coming soon. */
  get(id: string): RunnablePlugin | undefined {
    const loaded = this.#loaded.get(id);
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
    return this.#templates.has(id);
  }

  template(id: string): Template | undefined {
    return this.#templates.get(id);
  }

  templates(): Template[] {
    return [...this.#templates.values()].sort(byCategory);
  }

  async #load(): Promise<void> {
    const folders = await discover(this.#options.dirs);
    const outcomes = await Promise.all(folders.map((folder) => this.#prepare(folder)));
    const parts = outcomes.map((outcome) => this.#swap(outcome));
    const present = new Set(parts.map(({ id }) => id));
    for (const id of this.#loaded.keys()) if (!present.has(id)) this.#loaded.delete(id);
    this.#show(parts, await this.#remember(outcomes, parts));
  }

  #show(parts: readonly TemplateParts[], rows: ReadonlyMap<string, TemplateRow>): void {
    const all = [...absent(rows, new Set(parts.map(({ id }) => id))), ...parts];
    this.#parts = parts;
    this.#templates = new Map(all.map((part) => [part.id, toTemplate(part, rows.get(part.id))]));
  }

  async #rows(): Promise<Map<string, TemplateRow>> {
    return new Map((await this.#options.store.all()).map((row) => [row.pluginId, row]));
  }

  /** A folder that is as it was keeps its generation. */
  async #prepare(folder: PluginFolder): Promise<Outcome> {
    const current = this.#loaded.get(folder.id);
    if (!current || folder.problem !== undefined || current.dir !== folder.dir) return loadFolder(folder);
    const hash = await contentHash(folder.dir).catch(() => undefined);
    if (hash !== current.hash) return loadFolder(folder);
    const { plugin, sandbox, icon } = current;
    return { folder, hash, manifest: plugin.manifest, plugin, sandbox, icon, error: undefined, findings: [] };
  }

  #swap(outcome: Outcome): TemplateParts & { state: TemplateState } {
    const { folder, hash, plugin, sandbox, icon, error } = outcome;
    const id = folder.problem === undefined ? folder.id : folder.label;
    const before = this.#loaded.get(id);
    const log = this.#options.log.child({ plugin: id });
    if (plugin && before?.plugin !== plugin) {
      const generation = (before?.generation ?? 0) + 1;
      this.#loaded.set(id, { id, dir: folder.dir, hash, generation, plugin, icon, sandbox, loadedAt: new Date() });
      log.info({ generation, hash: hash.slice(0, 12) }, 'plugin loaded');
    }
    if (error !== undefined) log.error({ reason: error, kept: before?.generation }, 'plugin failed');
    const loaded = this.#loaded.get(id);
    return { id, state: stateOf(loaded), error, manifest: loaded?.plugin.manifest ?? outcome.manifest, loaded };
  }

  /** The database's view, brought up to date; a database that is away costs the cards their overrides, not the plugins. */
  async #remember(outcomes: readonly Outcome[], parts: readonly TemplateParts[]): Promise<Map<string, TemplateRow>> {
    const { store, log } = this.#options;
    const seen = parts.flatMap(({ id, state, error, manifest, loaded }, i) => {
      const outcome = outcomes[i];
      if (!outcome || outcome.folder.problem !== undefined) return [];
      return [{ pluginId: id, manifest, contentHash: loaded?.hash ?? outcome.hash, state, error }];
    });
    try {
      await store.save(seen);
      await store.markMissing(seen.map(({ pluginId }) => pluginId));
      return await this.#rows();
    } catch (error) {
      log.warn({ err: error }, 'plugin templates could not be stored');
      return new Map();
    }
  }
}

function stateOf(loaded: LoadedPlugin | undefined): TemplateState {
  if (!loaded) return 'failed';
  return isComingSoon(loaded.plugin) ? 'coming-soon' : 'ready';
}

/** Cards without a folder: plugins that were here once, and coming-soon cards an operator wrote. */
function absent(rows: ReadonlyMap<string, TemplateRow>, present: ReadonlySet<string>): TemplateParts[] {
  return [...rows.values()]
    .filter(({ pluginId }) => !present.has(pluginId))
    .map(({ pluginId, state, manifest }) => ({
      id: pluginId,
      state: state === 'coming-soon' ? state : 'missing',
      error:
        state === 'coming-soon' ? undefined : 'The folder of this plugin is no longer there; put it back or remove the card.',
      manifest: manifest ?? undefined,
      loaded: undefined,
    }));
}
