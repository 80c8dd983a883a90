/** Enough for every form open at once; the oldest is forgotten first. */
const MOST = 1000;

/**
 * What was asked for under a key is done once, however often it is sent while this process remembers: those who come
 * second get the answer of the first. What failed is forgotten, so that it can be tried again.
 */
export class Once<T> {
  readonly #known = new Map<string, Promise<T>>();

  do(key: string, act: () => Promise<T>): Promise<T> {
    const before = this.#known.get(key);
    if (before) return before;
    const done = act();
    this.#known.set(key, done);
    done.catch(() => this.#known.delete(key));
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
    return done;
  }
}
