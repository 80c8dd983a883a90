import type { Log } from '../log.ts';
import { NotFound, Rejected } from '../sdk/index.ts';
import { bundleName } from './bundle.ts';
import { contentHash } from './content-hash.ts';
import type { PluginFolder } from './discover.ts';
import type { GenerationStore, GenerationView, KeptGeneration } from './generation-store.ts';
import type { OnFault } from './life.ts';
import { loadFolder, type Outcome, packagesOf, type Source, start } from './load.ts';
import { maker } from './maker.ts';
import { isAsBefore, type Standing } from './standing.ts';
import type { TemplateRow } from './template-store.ts';

export interface GenerationsOptions {
  readonly store: GenerationStore | undefined;
  readonly log: Log;
  readonly onFault: (id: string) => OnFault;
  /** Refuses a plugin whose grade is too low. */
  readonly admit?: (outcome: Outcome) => Promise<Outcome>;
  /** Why a kept generation may not run. */
  readonly refusalOf?: (one: KeptGeneration) => string | undefined;
}

export interface Judged {
  readonly outcome: Outcome;
  readonly standing: Standing;
}

export interface Question {
  readonly folder: PluginFolder;
  readonly before: Standing | undefined;
  readonly row: TemplateRow | undefined;
  /** Something happened in the folder: a broken one is tried again though its files are the same. */
  readonly touched: boolean;
}

const UNPROVEN =
  'carries no proof that this hub kept it (it was kept by an older version, under other keys, or written by others)';

/** Decides which generation of a plugin runs: the folder's, the last good one, or the one an operator put back. */
export class Generations {
  readonly #options: GenerationsOptions;

  constructor(options: GenerationsOptions) {
    this.#options = options;
  }

  /** @returns undefined when everything stays as it is. Never throws. */
  async judge(question: Question): Promise<Judged | undefined> {
    const { folder, before } = question;
    if (folder.problem !== undefined) return this.#fromFolder(question, '');
    const over = await contentHash(folder.dir).catch(() => '');
    const putBack = this.#putBack(question.row, over);
    if (before && putBack === before.putBack && (await isAsBefore(before, question, over))) return undefined;
    if (putBack === undefined) return this.#fromFolder(question, over);
    return (await this.#fromStore(question, { hash: putBack, over })) ?? this.#fromFolder(question, over);
  }

  /** What an operator may put back, the latest first. */
  list(id: string): Promise<GenerationView[]> {
    return this.#options.store?.list(id) ?? Promise.resolve([]);
  }

  /** @throws NotFound for a generation that is not kept (any more), Rejected for one whose grade is too low, or unproven */
  async require(id: string, hash: string): Promise<KeptGeneration> {
    const one = await this.#options.store?.get(id, hash);
    const name = `generation ${hash.slice(0, 12)} of ${id}`;
    if (!one) throw new NotFound(`No ${name} is kept; only the last five are.`);
    const refusal = this.#refusalOf(one);
    if (refusal !== undefined) throw new Rejected(`The ${name} ${refusal}; it cannot be put back.`, { code: 'CONFLICT' });
    return one;
  }

  /** So that it runs again after a restart, should the folder be broken by then. Never throws. */
  async keep(id: string, { hash, manifest, source, isKept = false }: Outcome): Promise<void> {
    if (!source || !manifest) return;
    const { index, sandbox, icon } = source;
    try {
      if (isKept) return await this.#options.store?.again(id, hash);
      await this.#options.store?.keep(id, {
        hash,
        manifest,
        code: index.code,
        sandboxCode: sandbox?.code ?? null,
        icon: icon ?? null,
        madeBy: await maker(),
      });
    } catch (error) {
      this.#options.log.warn({ plugin: id, err: error }, 'this generation could not be kept for later');
    }
  }

  /** A choice holds for the content it was made over and no other. */
  #putBack(row: TemplateRow | undefined, over: string): string | undefined {
    return row?.putBack && row.putBackOver === over ? row.putBack : undefined;
  }

  async #fromFolder(question: Question, over: string): Promise<Judged> {
    const { folder, before } = question;
    const loaded =
      (await this.#asKept(question, over)) ?? (await loadFolder(folder, { onFault: this.#options.onFault(folder.id) }));
    const found = (await this.#options.admit?.(loaded)) ?? loaded;
    const hash = found.hash;
    const packages = found.source ? packagesOf(found.source) : [];
    const standing = { folder, hash, packages, error: found.error, putBack: undefined };
    if (found.plugin) return { outcome: found, standing: { ...standing, running: hash } };
    // What was kept before the operator asked for a grade may be as bad.
    if (before?.running !== undefined || folder.problem !== undefined || found.refused) {
      return { outcome: found, standing: { ...standing, running: before?.running } };
    }
    const kept = await this.#lastGood(folder);
    const outcome = kept ? { ...kept, error: found.error, findings: found.findings } : found;
    return { outcome, standing: { ...standing, running: kept?.hash } };
  }

  /** After a restart: what was made of this very content before runs at once. One with packages of its own is made anew. */
  async #asKept({ folder, before, touched }: Question, over: string): Promise<Outcome | undefined> {
    if (before || touched || over === '') return undefined;
    const one = await this.#read(folder, (store) => store.get(folder.id, over));
    if (!one || one.madeBy !== (await maker()) || !this.#isProven(folder, one)) return undefined;
    const { graded: _, ...outcome } = await this.#start(folder, one, true);
    return outcome.plugin && { ...outcome, isKept: true };
  }

  async #fromStore({ folder }: Question, { hash, over }: { hash: string; over: string }): Promise<Judged | undefined> {
    const one = await this.#read(folder, (store) => store.get(folder.id, hash));
    const outcome = one && this.#mayRun(folder, one) ? await this.#start(folder, one) : undefined;
    if (!outcome?.plugin) return undefined;
    return { outcome, standing: { folder, hash: over, packages: [], error: undefined, putBack: hash, running: hash } };
  }

  async #lastGood(folder: PluginFolder): Promise<Outcome | undefined> {
    const kept = await this.#read(folder, (store) => store.latest(folder.id));
    for (const one of kept ?? []) {
      if (!this.#mayRun(folder, one)) continue;
      const outcome = await this.#start(folder, one);
      if (outcome.plugin) return outcome;
      this.#options.log.warn(
        { plugin: folder.id, hash: one.hash, reason: outcome.error },
        'a kept generation does not run any more',
      );
    }
    return undefined;
  }

  /** A database that is away costs what is kept, not the plugin. */
  #read<T>({ id }: PluginFolder, ask: (store: GenerationStore) => Promise<T>): Promise<T | undefined> | undefined {
    const { store, log } = this.#options;
    return (
      store &&
      ask(store).catch((error: unknown) => {
        log.warn({ plugin: id, err: error }, 'what is kept of a plugin could not be read');
        return undefined;
      })
    );
  }

  #refusalOf(one: KeptGeneration): string | undefined {
    return one.proven ? this.#options.refusalOf?.(one) : UNPROVEN;
  }

  /** One without is made anew from its folder. */
  #isProven({ id }: PluginFolder, { proven, hash }: KeptGeneration): boolean {
    if (!proven) this.#options.log.warn({ plugin: id, hash, reason: UNPROVEN }, 'a kept generation is made anew');
    return proven;
  }

  /** The operator may ask for more than when it was kept. */
  #mayRun({ id }: PluginFolder, one: KeptGeneration): boolean {
    const reason = this.#refusalOf(one);
    if (reason !== undefined)
      this.#options.log.warn({ plugin: id, hash: one.hash, reason }, 'a kept generation is not good enough');
    return reason === undefined;
  }

  async #start(folder: PluginFolder, one: KeptGeneration, passed = false): Promise<Outcome> {
    const { hash, code, sandboxCode, icon, grade, findings } = one;
    const made = (file: string, text: string) => ({
      code: text,
      filename: bundleName(folder, file, hash),
      packages: [],
      warnings: [],
    });
    const sandbox = sandboxCode === null ? undefined : made('sandbox.ts', sandboxCode);
    const source: Source = { index: made('index.ts', code), sandbox, icon: icon ?? undefined };
    const outcome = await start(folder, { hash, source }, { onFault: this.#options.onFault(folder.id), passed });
    return { ...outcome, graded: { grade, findings } };
  }
}
