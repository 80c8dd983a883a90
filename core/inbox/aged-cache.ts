import { isLater, type Soon } from './soon.ts';

export interface AgedCacheOptions {
  readonly maxAgeMs: number;
  /** Beyond it the oldest entries go. */
  readonly most: number;
}

interface Entry<T> {
  value: Soon<T>;
  readonly until: number;
  tags: readonly string[];
}

/** What was asked for lately, until one of its tags is said to have changed, or its time is over. Failures are not kept. */
export class AgedCache<T> {
  readonly #options: AgedCacheOptions;
  readonly #entries = new Map<string, Entry<T>>();
  readonly #tagged = new Map<string, Set<string>>();

  constructor(options: AgedCacheOptions) {
    this.#options = options;
  }

  /** Callers who ask at once ask once. An entry that is forgotten while it is looked up is not kept. */
  get(key: string, look: () => Promise<{ value: T; tags: readonly string[] }>): Soon<T> {
    const known = this.#entries.get(key);
    if (known && known.until > performance.now()) return known.value;
    this.#drop(key);
    const looked = look();
    const value = looked.then((found) => found.value);
    const entry: Entry<T> = { value, until: performance.now() + this.#options.maxAgeMs, tags: [] };
    this.#entries.set(key, entry);
    looked.then(
      (found) => this.#found(key, entry, found),
      () => this.#entries.get(key) === entry && this.#drop(key),
    );
    this.#evict();
    return value;
  }

  forget(tag: string): void {
    for (const key of this.#tagged.get(tag) ?? []) this.#drop(key);
    // What is being looked up has no tags yet; it may be about this one.
    for (const [key, { value }] of this.#entries) if (isLater(value)) this.#drop(key);
  }

  clear(): void {
    this.#entries.clear();
    this.#tagged.clear();
  }

  #found(key: string, entry: Entry<T>, { value, tags }: { value: T; tags: readonly string[] }): void {
    if (this.#entries.get(key) !== entry) return;
    entry.value = value;
    entry.tags = tags;
    for (const tag of tags) {
      const keys = this.#tagged.get(tag) ?? new Set();
      this.#tagged.set(tag, keys.add(key));
    }
  }

  #drop(key: string): void {
    for (const tag of this.#entries.get(key)?.tags ?? []) {
      const keys = this.#tagged.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) this.#tagged.delete(tag);
    }
    this.#entries.delete(key);
  }

  #evict(): void {
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= this.#options.most) return;
      this.#drop(key);
    }
  }
}
