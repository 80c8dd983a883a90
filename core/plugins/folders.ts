import { existsSync } from 'node:fs';
import { discover, type PluginFolder } from './discover.ts';
import type { Generations, Judged } from './generations.ts';
import type { Grades } from './grades.ts';
import { inParallel } from './in-parallel.ts';
import type { Shelf } from './shelf.ts';
import type { Standing } from './standing.ts';
import type { TemplateStore } from './template-store.ts';

/** Folders where something happened, by their `path`. `patient`: one that is broken or half there is left for a later call. */
export type Touched = ReadonlyMap<string, 'patient' | 'final'>;

export interface FoldersOptions {
  readonly dirs: readonly string[];
  readonly store: TemplateStore;
  readonly generations: Generations;
  readonly grades?: Grades | undefined;
  readonly shelf: Shelf;
}

/** Folders at work at once: esbuild uses several cores by itself. */
const AT_ONCE = 4;

/** Brings the shelf in line with the folders, one pass after the other. */
export class Folders {
  readonly #options: FoldersOptions;
  readonly #standings = new Map<string, Standing>();
  /** Broken ones that may only be half there, by their path. */
  readonly #doubtful = new Map<string, Judged>();
  #found: readonly PluginFolder[] = [];

  constructor(options: FoldersOptions) {
    this.#options = options;
  }

  /** As last seen. */
  get found(): readonly PluginFolder[] {
    return this.#found;
  }

  standing(id: string): Standing | undefined {
    return this.#standings.get(id);
  }

  ids(): string[] {
    return [...this.#standings.keys()];
  }

  /** Also those that changed by what happened to another one. @returns those left for a later call */
  touch(touched: Touched): Promise<string[]> {
    return this.pass((folder) => touched.has(folder.path) || this.#isOther(folder), touched);
  }

  /** @returns those left for a later call */
  async pass(wanted: (folder: PluginFolder) => boolean, touched: Touched = new Map()): Promise<string[]> {
    const { generations, shelf } = this.#options;
    await shelf.open();
    const folders = await discover(this.#options.dirs);
    // Before any of them runs: what strays out of one while it loads must find its owner.
    this.#found = folders;
    for (const path of this.#doubtful.keys()) if (!folders.some((folder) => folder.path === path)) this.#doubtful.delete(path);
    const left = this.#dropAbsent(new Set(folders.map(idOf)), touched);
    const judged: Judged[] = [];
    await inParallel(folders.filter(wanted), AT_ONCE, async (folder) => {
      const patience = touched.get(folder.path);
      // Nothing has happened there since it was judged: a module that hangs is not run twice.
      const known = patience === 'final' ? this.#doubtful.get(folder.path) : undefined;
      this.#doubtful.delete(folder.path);
      const question = { folder, before: this.#standings.get(idOf(folder)), row: shelf.rows.get(folder.id) };
      const one = known ?? (await generations.judge({ ...question, touched: patience !== undefined }));
      if (!one) {
        const { error, putBack } = this.#standings.get(idOf(folder)) ?? {};
        if (error === undefined && putBack === undefined) this.#options.grades?.unchanged(folder.id);
        return;
      }
      if (patience && (one.outcome.torn || (patience === 'patient' && one.standing.error !== undefined))) {
        left.push(folder.path);
        if (!one.outcome.torn && !one.outcome.plugin) this.#doubtful.set(folder.path, one);
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
    const { shelf, grades } = this.#options;
    shelf.place(id, outcome, standing.putBack);
    if (standing.putBack === undefined) grades?.judged(outcome);
    if (outcome.graded) grades?.recall(id, outcome.hash, outcome.graded);
  }

  async #remember(judged: readonly Judged[]): Promise<void> {
    const valid = [...this.#standings.values()]
      .filter(({ folder }) => folder.problem === undefined)
      .map(({ folder }) => folder.id);
    await this.#options.shelf.remember(valid);
    for (const { outcome, standing } of judged) {
      await this.#endPutBack(standing);
      if (!outcome.plugin) continue;
      await this.#options.generations.keep(standing.folder.id, outcome);
      await this.#options.grades?.kept(standing.folder.id, outcome.hash);
    }
  }

  /** The folder has changed since an operator put a generation back: it counts again, for good. */
  async #endPutBack({ folder: { id }, putBack, hash }: Standing): Promise<void> {
    const row = this.#options.shelf.rows.get(id);
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
      this.#options.shelf.drop(one[0]);
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
