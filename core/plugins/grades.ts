import { createHash } from 'node:crypto';
import type { Log } from '../log.ts';
import { contentHash } from './content-hash.ts';
import { testNames } from './files-check.ts';
import type { GenerationStore, KeptGeneration } from './generation-store.ts';
import { gradeApart } from './grade-apart.ts';
import type { GradeStore } from './grade-store.ts';
import { type Outcome, packagesOf, type Source } from './load.ts';
import { type Finding, type Grade, type Graded, isBelow, RULES_VERSION } from './rules.ts';
import type { Template } from './templates.ts';

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

/** Exactly what is to be graded: a folder holds something else as soon as somebody saves. */
type Content = Pick<Outcome, 'folder' | 'hash'> & { readonly source?: Source | undefined };

const DELAY_MS = 3_000;
/** A swap waits for a grade only where the operator demands one, and no longer than this. */
const ADMIT_MS = 20_000;

/** The grades of the plugins as they run now: computed after a load, one at a time and apart, kept by their content. */
export class Grades {
  readonly #options: GradesOptions;
  readonly #known = new Map<string, Graded & { readonly hash: string }>();
  readonly #broken = new Map<string, readonly Finding[]>();
  readonly #waiting = new Map<string, Content>();
  /** What its folder did not hold any more when its turn came. */
  readonly #missed = new Map<string, Content>();
  #now: Content | undefined;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;

  constructor(options: GradesOptions) {
    this.#options = options;
  }

  /** What is known of the generation of this hash; findings of a folder that cannot be loaded come first. */
  of(id: string, hash: string | undefined): Pick<Template, 'grade' | 'isBeingGraded'> & Pick<Graded, 'findings'> {
    const known = this.#known.get(id);
    const fits = known !== undefined && known.hash === hash;
    const next = this.#waiting.get(id) ?? (this.#now?.folder.id === id ? this.#now : undefined);
    return {
      grade: fits ? known.grade : undefined,
      isBeingGraded: !fits && next !== undefined && next.hash === hash,
      findings: [...(this.#broken.get(id) ?? []), ...(fits ? known.findings : [])],
    };
  }

  /** Notes what became of a folder, and grades it soon where it was loaded. */
  judged(outcome: Outcome): void {
    const { folder, hash, error, findings } = outcome;
    const { id } = folder;
    if (folder.problem !== undefined) return;
    this.#broken.delete(id);
    if (error !== undefined) this.#broken.set(id, findings);
    else if (this.#known.get(id)?.hash !== hash) this.#queue(outcome);
  }

  /** The folder holds what was loaded from it (again): it is graded where that was missed. */
  unchanged(id: string): void {
    const missed = this.#missed.get(id);
    if (missed) this.#queue(missed);
  }

  /** The outcome, or a failed one where its grade is below what the operator asks for. */
  async admit(outcome: Outcome): Promise<Outcome> {
    const { minimum = 'none' } = this.#options;
    if (minimum === 'none' || outcome.plugin === undefined) return outcome;
    const { folder, hash } = outcome;
    const graded = await this.#grade(outcome, ADMIT_MS);
    if (graded && !isBelow(graded.grade, minimum)) return outcome;
    void outcome.life?.dispose();
    const nothing = { plugin: undefined, sandbox: undefined, icon: undefined };
    const part = { folder, hash, manifest: outcome.manifest, ...nothing };
    if (!graded) return { ...part, error: `${folder.label}: changed before it had a grade`, findings: [], torn: true };
    const { grade, findings } = graded;
    const rules = [...new Set(findings.filter(({ level }) => !isBelow(minimum, level as Grade)).map(({ rule }) => rule))].join(
      ', ',
    );
    const error = `${folder.label}: ${tooLow(grade, minimum)}; mend ${rules}, which hub plugin check ${folder.label} explains`;
    return { ...part, refused: true, error, findings };
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

  #queue({ folder, hash, source }: Content): void {
    this.#missed.delete(folder.id);
    this.#waiting.set(folder.id, { folder, hash, source });
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
    for (const [id, content] of this.#waiting) {
      this.#waiting.delete(id);
      if (this.#stop.signal.aborted) return;
      this.#now = content;
      const graded = await this.#grade(content);
      this.#now = undefined;
      if (!graded) this.#missed.set(id, content);
      this.#options.log.debug({ plugin: id, grade: graded?.grade }, 'plugin graded');
    }
  }

  /** @returns undefined where the folder holds something else by now, which has its own turn */
  async #grade(content: Content, timeoutMs?: number): Promise<Graded | undefined> {
    const { store, log } = this.#options;
    const { folder, hash } = content;
    try {
      const key = await keyOf(content);
      if (key === undefined) return undefined;
      const stored = await store?.get(folder.id, key);
      const graded = stored ?? (await gradeApart(folder, { signal: this.#stop.signal, ...(timeoutMs && { timeoutMs }) }));
      const isOther = (graded.hash ?? hash) !== hash || (await keyOf(content)) !== key;
      if (this.#stop.signal.aborted || isOther) return undefined;
      if (!stored) await this.#save(folder.id, key, graded);
      this.#known.set(folder.id, { ...graded, hash });
      await this.#note(folder.id, hash, graded);
      return graded;
    } catch (error) {
      log.warn({ plugin: folder.id, err: error }, 'the grade of a plugin could not be read');
      return undefined;
    }
  }

  async #save(id: string, key: string, graded: Graded): Promise<void> {
    try {
      await this.#options.store?.save(id, key, graded);
    } catch (error) {
      this.#options.log.warn({ plugin: id, err: error }, 'the grade of a plugin could not be stored');
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

/**
 * Tests count for the grade though not for the content's hash; so does what the rules were.
 * @returns undefined where the folder does not hold this content (any more)
 */
async function keyOf({ folder: { dir }, hash, source }: Content): Promise<string | undefined> {
  const now = await contentHash(dir, source ? packagesOf(source) : []).catch(() => '');
  if (now !== hash) return undefined;
  const tests = await testNames(dir);
  return createHash('sha256')
    .update(JSON.stringify([hash, tests, RULES_VERSION]))
    .digest('hex');
}
