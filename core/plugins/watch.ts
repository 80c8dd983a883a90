import { realpathSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import type { Log } from '../log.ts';
import { isLeftOut, isWithin } from './content-hash.ts';
import type { Registry } from './registry.ts';

export interface PluginWatchOptions {
  /** `PLUGIN_DIRS`; one that is not there yet is waited for. */
  readonly dirs: readonly string[];
  readonly registry: Pick<Registry, 'load' | 'touch' | 'folders'>;
  readonly log: Log;
  /** A folder in which nothing happened for so long is looked at. Default 80. */
  readonly quietMs?: number;
  /** One that is broken or half there is given so long to change before that is said. Default 1 s. */
  readonly patienceMs?: number;
  /** How often everything is compared, in case a change went unseen. Default 30 s. */
  readonly reconcileMs?: number;
}

interface Stir {
  /** When something last happened in the folder. */
  readonly last: number;
  readonly timer: NodeJS.Timeout;
}

/** Below a package of a plugin's own, files this deep are watched; what lies deeper is seen at the next comparison. */
const PACKAGE_DEPTH = 2;

/** It takes the watcher less than this to take in a folder. */
const LINK_MS = 500;

/** Sees what happens in the plugin folders and has the registry look at those where it did, once they are quiet. */
export class PluginWatch {
  readonly #options: Required<PluginWatchOptions>;
  readonly #roots = new Set<string>();
  readonly #stirs = new Map<string, Stir>();
  readonly #due = new Map<string, 'patient' | 'final'>();
  /** Plugin folders that are symbolic links: where they lead → where they stand. */
  readonly #linked = new Map<string, string>();
  #watcher: FSWatcher | undefined;
  #reconciling: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #closed = false;

  constructor(options: PluginWatchOptions) {
    this.#options = { quietMs: 80, patienceMs: 1000, reconcileMs: 30_000, ...options };
  }

  /** From here on changes are seen; those since the registry was loaded as well. */
  async start(): Promise<void> {
    for (const dir of this.#options.dirs) {
      this.#roots.add(resolve(dir));
      this.#roots.add(realOf(resolve(dir)));
    }
    const watcher = watch([...this.#roots], {
      ignoreInitial: true,
      followSymlinks: false,
      ignorePermissionErrors: true,
      atomic: false,
      ignored: (path) => this.#isIgnored(path),
    });
    this.#watcher = watcher;
    watcher.on('all', (_, path) => this.#onEvent(path));
    watcher.on('error', (error) => this.#options.log.warn({ err: error }, 'a plugin folder could not be watched'));
    await new Promise<void>((ready) => watcher.once('ready', ready));
    await this.#reconcile();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#reconciling);
    for (const { timer } of this.#stirs.values()) clearTimeout(timer);
    this.#stirs.clear();
    await this.#watcher?.close();
    await this.#working;
  }

  async #reconcile(): Promise<void> {
    // What is being written just now has its turn when it is quiet.
    await this.#options.registry.load(new Set(this.#stirs.keys()));
    this.#followLinks();
    if (!this.#closed) this.#reconciling = setTimeout(() => void this.#reconcile(), this.#options.reconcileMs).unref();
  }

  #onEvent(path: string): void {
    const folders = this.#foldersOf(path);
    // A whole directory came or went.
    if (folders.length === 0) folders.push(...this.#options.registry.folders().map((folder) => folder.path));
    for (const folder of folders) this.#stir(folder, 'patient', Date.now() + this.#options.quietMs);
  }

  #stir(folder: string, how: 'patient' | 'final', due: number): void {
    if (this.#closed) return;
    const before = this.#stirs.get(folder);
    clearTimeout(before?.timer);
    const timer = setTimeout(() => {
      this.#due.set(folder, how);
      this.#working ??= this.#work().finally(() => {
        this.#working = undefined;
      });
    }, due - Date.now());
    const last = how === 'patient' ? Date.now() : (before?.last ?? Date.now());
    this.#stirs.set(folder, { last, timer });
  }

  async #work(): Promise<void> {
    while (this.#due.size > 0 && !this.#closed) {
      const batch = new Map(this.#due);
      this.#due.clear();
      const stirs = new Map([...batch.keys()].map((folder) => [folder, this.#stirs.get(folder)]));
      const left = new Set(await this.#options.registry.touch(batch));
      for (const folder of batch.keys()) {
        // Something has happened there meanwhile: that has its own turn.
        if (this.#stirs.get(folder) !== stirs.get(folder)) continue;
        const last = stirs.get(folder)?.last ?? Date.now();
        if (left.has(folder))
          this.#stir(folder, 'final', Math.max(Date.now() + this.#options.quietMs, last + this.#options.patienceMs));
        else this.#stirs.delete(folder);
      }
      this.#followLinks();
    }
  }

  /** chokidar follows no link, so that one to `/` costs nothing; plugin folders that are links are watched by themselves. */
  #followLinks(): void {
    for (const { dir, path } of this.#options.registry.folders()) {
      if (dir === path || this.#linked.has(dir)) continue;
      this.#linked.set(dir, path);
      this.#watcher?.add(dir);
      // What changed there before it was watched.
      this.#stir(path, 'patient', Date.now() + LINK_MS);
    }
  }

  /** The plugin folders a path belongs to, as the registry names them; none for a root or what is above one. */
  #foldersOf(path: string): string[] {
    const linked = [...this.#linked].filter(([dir]) => isWithin(dir, path)).map(([, folder]) => folder);
    const direct = [...this.#roots].flatMap((root) => {
      const name = isWithin(root, path) ? relative(root, path).split(sep)[0] : undefined;
      return name ? [join(realOf(root), name)] : [];
    });
    return [...new Set([...linked, ...direct])];
  }

  #isIgnored(path: string): boolean {
    const home = [...this.#linked.keys(), ...this.#roots].find((one) => isWithin(one, path));
    if (home === undefined) return false;
    const parts = relative(home, path).split(sep).filter(Boolean);
    const [first = '', ...inner] = this.#linked.has(home) ? ['', ...parts] : parts;
    if (/^[._]|^node_modules$/.test(first)) return true;
    if (inner[0] !== 'node_modules') return inner.some(isLeftOut);
    const depth = inner[1]?.startsWith('@') ? PACKAGE_DEPTH + 1 : PACKAGE_DEPTH;
    return inner.length > depth + 1 || inner.slice(1).some((name) => name.startsWith('.'));
  }
}

/** It may have come into being, or moved, since it was last asked for. */
function realOf(dir: string): string {
  try {
    return realpathSync(dir);
  } catch {
    return dir;
  }
}
