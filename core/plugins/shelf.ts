import type { Log } from '../log.ts';
import { isComingSoon } from './check.ts';
import type { Outcome } from './load.ts';
import type { LoadedPlugin } from './loaded-plugin.ts';
import type { TemplateState } from './template-entity.ts';
import type { SeenTemplate, TemplateRow, TemplateStore } from './template-store.ts';
import { type Template, type TemplateParts, toTemplate } from './templates.ts';

interface Placed {
  readonly parts: TemplateParts;
  /** Undefined for a folder that cannot have an id. */
  readonly seen: SeenTemplate | undefined;
}

/** What is in place now: one generation and one card per plugin, each exchanged in one step. */
export class Shelf {
  readonly #store: TemplateStore;
  readonly #log: Log;
  readonly #loaded = new Map<string, LoadedPlugin>();
  /** Never start anew, so that a plugin that goes and returns is told apart from itself. */
  readonly #counters = new Map<string, number>();
  readonly #placed = new Map<string, Placed>();
  readonly #listeners = new Set<(id: string) => unknown>();
  #templates = new Map<string, Template>();
  #rows: ReadonlyMap<string, TemplateRow> = new Map();
  #opened = false;
  #reading: Promise<void> = Promise.resolve();

  constructor({ store, log }: { readonly store: TemplateStore; readonly log: Log }) {
    this.#store = store;
    this.#log = log;
  }

  /** The database's view of the cards, as last read. */
  get rows(): ReadonlyMap<string, TemplateRow> {
    return this.#rows;
  }

  loaded(id: string): LoadedPlugin | undefined {
    return this.#loaded.get(id);
  }

  template(id: string): Template | undefined {
    return this.#templates.get(id);
  }

  templates(): Template[] {
    return [...this.#templates.values()];
  }

  onLoaded(listener: (id: string) => unknown): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Puts a new generation in its place, or notes why there is none; the one before lives on until its calls have ended. */
  place(id: string, outcome: Outcome, putBack: string | undefined): void {
    const { folder, hash, plugin, error } = outcome;
    const before = this.#loaded.get(id);
    const log = this.#log.child({ plugin: id });
    if (plugin) {
      const generation = (this.#counters.get(id) ?? 0) + 1;
      this.#counters.set(id, generation);
      this.#loaded.set(id, toLoaded(id, generation, outcome));
      before?.life?.retire();
      log.info({ generation, hash: hash.slice(0, 12), putBack: putBack !== undefined }, 'plugin loaded');
    }
    if (error !== undefined && error !== this.#placed.get(id)?.parts.error) {
      log.error({ reason: error, kept: this.#loaded.get(id)?.generation }, 'plugin failed');
    }
    const loaded = this.#loaded.get(id);
    const parts = { id, state: stateOf(loaded), error, manifest: loaded?.plugin.manifest ?? outcome.manifest, loaded, putBack };
    const { state, manifest } = parts;
    const seen = { pluginId: id, manifest, contentHash: loaded?.hash ?? hash, state, error };
    this.#placed.set(id, { parts, seen: folder.problem === undefined ? seen : undefined });
    this.#templates.set(id, toTemplate(parts, this.#rows.get(id)));
    if (plugin) for (const listener of this.#listeners) void this.#tell(listener, id);
  }

  /** The folder is gone. */
  drop(id: string): void {
    this.#loaded.get(id)?.life?.retire();
    this.#loaded.delete(id);
    this.#placed.delete(id);
    this.#show();
    this.#log.info({ plugin: id }, 'plugin removed');
  }

  /** Brings the database's view up to date; one that is away costs the cards their overrides, not the plugins. */
  async remember(present: readonly string[]): Promise<void> {
    try {
      await this.#store.save([...this.#placed.values()].flatMap(({ seen }) => seen ?? []));
      await this.#store.markMissing(present);
      await this.reread();
    } catch (error) {
      this.#log.warn({ err: error }, 'plugin templates could not be stored');
    }
  }

  /** Reads what the database knows, once, before anything is judged by it. */
  async open(): Promise<void> {
    if (this.#opened) return;
    try {
      await this.reread();
    } catch (error) {
      this.#log.warn({ err: error }, 'plugin templates could not be read');
    }
  }

  /** One after the other, so that what was read last is what is shown. @throws Error while the database is away */
  reread(): Promise<void> {
    const read = async () => {
      this.#rows = new Map((await this.#store.all()).map((row) => [row.pluginId, row]));
      this.#opened = true;
      this.#show();
    };
    this.#reading = this.#reading.then(read, read);
    return this.#reading;
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await Promise.all([...this.#loaded.values()].map(({ life }) => life?.dispose()));
  }

  #show(): void {
    const parts = [...absent(this.#rows, this.#placed), ...[...this.#placed.values()].map((one) => one.parts)];
    this.#templates = new Map(parts.map((part) => [part.id, toTemplate(part, this.#rows.get(part.id))]));
  }

  async #tell(listener: (id: string) => unknown, id: string): Promise<void> {
    try {
      await listener(id);
    } catch (error) {
      this.#log.warn({ err: error, plugin: id }, 'what follows a load of this plugin failed');
    }
  }
}

function toLoaded(id: string, generation: number, { folder, hash, plugin, icon, sandbox, life }: Outcome): LoadedPlugin {
  if (!plugin) throw new Error(`${id} has nothing to load`);
  return { id, dir: folder.dir, hash, generation, plugin, icon, sandbox, loadedAt: new Date(), ...(life && { life }) };
}

function stateOf(loaded: LoadedPlugin | undefined): TemplateState {
  if (!loaded) return 'failed';
  return isComingSoon(loaded.plugin) ? 'coming-soon' : 'ready';
}

/** Cards without a folder: plugins that were here once, and coming-soon cards an operator wrote. */
function absent(rows: ReadonlyMap<string, TemplateRow>, present: ReadonlyMap<string, unknown>): TemplateParts[] {
  return [...rows.values()]
    .filter(({ pluginId }) => !present.has(pluginId))
    .map(({ pluginId, state, manifest }) => ({
      id: pluginId,
      state: state === 'coming-soon' ? state : 'missing',
      error:
        state === 'coming-soon'
          ? undefined
          : 'The folder of this plugin is gone, or holds no index.ts or index.js any more; put it back or remove the card.',
      manifest: manifest ?? undefined,
      loaded: undefined,
    }));
}
