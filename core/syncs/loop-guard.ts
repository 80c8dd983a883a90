import { createHash } from 'node:crypto';
import { type Checkpoint, Rejected } from '../sdk/index.ts';
import type { CheckedPage } from './page.ts';

/** Pages in a row that bring the same records as pages before them; one or two happen where pages overlap. */
const REPEATS = 3;
/** Pages in a row without any record; streams that walk through a calendar have many. */
const EMPTY = 10_000;

/** Sees that a run gets on: a provider that repeats itself would keep it busy for ever. */
export class LoopGuard {
  readonly #provider: string;
  readonly #checkpoints = new Set<string>();
  readonly #contents = new Set<string>();
  #from: string | undefined;
  #repeats = 0;
  #empty = 0;

  constructor(provider: string, from: Checkpoint | null) {
    this.#provider = provider;
    this.#from = from ? digest(sorted(from)) : undefined;
  }

  /**
   * @returns whether the page brings records that no page of this run has brought yet
   * @throws Rejected (`CONNECTION_FAILED`) for a checkpoint that has been there before, and for pages that bring nothing new
   */
  check({ checkpoint, items, failed }: CheckedPage): { fresh: boolean } {
    const position = digest(sorted(checkpoint));
    if (this.#checkpoints.has(position)) throw this.#stuck('repeated a page instead of going on');
    this.#checkpoints.add(position);
    // The first page may stand where the last run ended: nothing has changed since. A second one may not.
    if (this.#from) this.#checkpoints.add(this.#from);
    this.#from = undefined;
    if (items.length + failed.length === 0) return this.#nothing();
    this.#empty = 0;
    const content = digest([...items, ...failed].map(({ id }) => id));
    const fresh = !this.#contents.has(content);
    this.#contents.add(content);
    this.#repeats = fresh ? 0 : this.#repeats + 1;
    if (this.#repeats >= REPEATS) throw this.#stuck(`sent the same records ${REPEATS + 1} times instead of going on`);
    return { fresh };
  }

  #nothing(): { fresh: boolean } {
    this.#empty += 1;
    if (this.#empty >= EMPTY) throw this.#stuck(`sent ${EMPTY} empty pages in a row`);
    return { fresh: true };
  }

  #stuck(what: string): Rejected {
    return new Rejected(
      `${this.#provider} ${what}. What came before is kept and the next sync goes on from there; if it happens again, the provider must mend it.`,
      { code: 'CONNECTION_FAILED' },
    );
  }
}

function sorted(checkpoint: Checkpoint): unknown {
  return Object.entries(checkpoint).sort(([a], [b]) => (a < b ? -1 : 1));
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64').slice(0, 20);
}
