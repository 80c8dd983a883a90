import { createHash } from 'node:crypto';
import type { Log } from '../log.ts';
import type { PluginFolder } from './discover.ts';
import { testNames } from './files-check.ts';
import type { GenerationStore, KeptGeneration } from './generation-store.ts';
import { gradeApart } from './grade-apart.ts';
import type { GradeStore } from './grade-store.ts';
import type { Outcome } from './load.ts';
import { type Finding, type Grade, type Graded, isBelow, RULES_VERSION } from './rules.ts';

export interface GradesOptions {
  readonly store?: GradeStore;
  /** Where a generation's grade is kept with it, for the day it is put back. */
  readonly generations?: Pick<GenerationStore, 'noteGrade'>;
  readonly log: Log;
  /** `PLUGIN_MINIMUM_GRADE`: plugins below it are not loaded. */
  readonly minimum?: Grade;
  /** Quiet time after a load before anything is graded: whoever waits for the plugin goes first. */
  readonly delayMs?: number;
}

const DELAY_MS = 3_000;
/** A swap waits for a grade only where the operator demands one, and no longer than this. */
const ADMIT_MS = 20_000;

/** The grades of the plugins as they run now: computed after a load, one at a time and apart, kept by their content. */
export class Grades {
  readonly #options: GradesOptions;
  readonly #known = new Map<string, Graded & { readonly hash: string }>();
  readonly #broken = new Map<string, readonly Finding[]>();
  readonly #waiting = new Map<string, { readonly folder: PluginFolder; readonly hash: string }>();
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;

  constructor(options: GradesOptions) {
    this.#options = options;
  }

  /** What is known of the generation of this hash; findings of a folder that cannot be loaded come first. */
  of(id: string, hash: string | undefined): { readonly grade: Grade | undefined; readonly findings: readonly Finding[] } {
    const known = this.#known.get(id);
    const fits = known !== undefined && known.hash === hash;
    return {
      grade: fits ? known.grade : undefined,
      findings: [...(this.#broken.get(id) ?? []), ...(fits ? known.findings : [])],
    };
  }

  /** Notes what became of a folder, and grades it soon where it was loaded. */
  judged({ folder, hash, error, findings }: Outcome): void {
    const { id } = folder;
    if (folder.problem !== undefined) return;
    this.#broken.delete(id);
    if (error !== undefined) this.#broken.set(id, findings);
    else if (this.#known.get(id)?.hash !== hash) this.#queue(folder, hash);
  }

  /** The outcome, or a failed one where its grade is below what the operator asks for. */
  async admit(outcome: Outcome): Promise<Outcome> {
    const { minimum = 'none' } = this.#options;
    if (minimum === 'none' || outcome.plugin === undefined) return outcome;
    const { folder, hash } = outcome;
    const { grade, findings } = await this.#grade(folder, hash, ADMIT_MS);
    if (!isBelow(grade, minimum)) return outcome;
    void outcome.life?.dispose();
    const rules = [...new Set(findings.filter(({ level }) => !isBelow(minimum, level as Grade)).map(({ rule }) => rule))].join(
      ', ',
    );
    const error = `${folder.label}: ${tooLow(grade, minimum)}; mend ${rules}, which hub plugin check ${folder.label} explains`;
    const nothing = { plugin: undefined, sandbox: undefined, icon: undefined, refused: true };
    return { folder, hash, manifest: outcome.manifest, ...nothing, error, findings };
  }

  /** Why a kept generation may not run here: its grade, or that it was replaced before it had one. */
  refusalOf({ grade }: Pick<KeptGeneration, 'grade'>): string | undefined {
    const { minimum = 'none' } = this.#options;
    return isBelow(grade ?? 'none', minimum) ? tooLow(grade ?? 'none', minimum) : undefined;
  }

  /** What was said of a kept generation that runs again. */
  recall(id: string, hash: string, { grade, findings }: Pick<KeptGeneration, 'grade' | 'findings'>): void {
    if (grade) this.#known.set(id, { grade, findings: findings ?? [], hash });
  }

  /** A generation is kept from here on: so is its grade, where it has one already. Never throws. */
  async kept(id: string, hash: string): Promise<void> {
    const known = this.#known.get(id);
    if (known?.hash === hash) await this.#note(id, hash, known);
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#waiting.clear();
    this.#stop.abort();
    await this.#working;
  }

  #queue(folder: PluginFolder, hash: string): void {
    this.#waiting.set(folder.id, { folder, hash });
    if (this.#working || this.#stop.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#working = this.#work().finally(() => {
        this.#working = undefined;
      });
    }, this.#options.delayMs ?? DELAY_MS);
    this.#timer.unref();
  }

  async #work(): Promise<void> {
    for (const [id, { folder, hash }] of this.#waiting) {
      this.#waiting.delete(id);
      if (this.#stop.signal.aborted) return;
      const { grade } = await this.#grade(folder, hash);
      this.#options.log.debug({ plugin: id, grade }, 'plugin graded');
    }
  }

  async #grade(folder: PluginFolder, hash: string, timeoutMs?: number): Promise<Graded> {
    const { store, log } = this.#options;
    try {
      const key = await contentKey(folder, hash);
      const stored = await store?.get(folder.id, key);
      const graded = stored ?? (await gradeApart(folder, { signal: this.#stop.signal, ...(timeoutMs && { timeoutMs }) }));
      // It changed meanwhile, and what it is now has its own turn.
      const isOther = graded.hash !== undefined && graded.hash !== hash;
      if (this.#stop.signal.aborted || isOther) return isOther ? { grade: 'none', findings: [] } : graded;
      this.#known.set(folder.id, { ...graded, hash });
      await this.#note(folder.id, hash, graded);
      if (!stored) await store?.save(folder.id, key, graded);
      return graded;
    } catch (error) {
      log.warn({ plugin: folder.id, err: error }, 'the grade of a plugin could not be stored');
      return this.#known.get(folder.id) ?? { grade: 'none', findings: [] };
    }
  }

  async #note(id: string, hash: string, graded: Graded): Promise<void> {
    try {
      await this.#options.generations?.noteGrade(id, hash, graded);
    } catch (error) {
      this.#options.log.warn({ plugin: id, err: error }, 'the grade of a kept generation could not be stored');
    }
  }
}

function tooLow(grade: Grade, minimum: Grade): string {
  return `has ${grade === 'none' ? 'no grade' : `the grade ${grade}`}, and this hub asks for ${minimum} (PLUGIN_MINIMUM_GRADE)`;
}

/** Tests count for the grade though not for the content's hash; so does what the rules were. */
async function contentKey({ dir }: PluginFolder, hash: string): Promise<string> {
  const tests = await testNames(dir);
  return createHash('sha256')
    .update(JSON.stringify([hash, tests, RULES_VERSION]))
    .digest('hex');
}
