interface Kept<T> {
  readonly stamp: string;
  readonly at: number;
  readonly answer: Promise<T>;
}

/** What no stamp tells (time passes, a message waits) is this old at most. */
const LONGEST_MS = 2000;
const MOST = 500;

/** Answers that take long to make, for as long as what they were made of is the same; made once for all who ask meanwhile. */
export class KeptAnswers<T> {
  readonly #kept = new Map<string, Kept<T>>();

  of(key: string, stamp: string, make: () => Promise<T>): Promise<T> {
    const known = this.#kept.get(key);
    if (known?.stamp === stamp && performance.now() - known.at < LONGEST_MS) return known.answer;
    const answer = make();
    const kept = { stamp, at: performance.now(), answer };
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    answer.catch(() => this.#kept.get(key) === kept && this.#kept.delete(key));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST && oldest !== undefined) this.#kept.delete(oldest);
    return answer;
  }
}
