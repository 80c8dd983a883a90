/** Reads for all who ask while the reading before is under way: whoever asks gets what was read after that, and never before. */
export class AskedTogether<T> {
  readonly #read: (keys: readonly string[]) => Promise<readonly T[]>;
  #waiting = new Map<string, PromiseWithResolvers<T>>();
  #reading = false;

  /** @param read answers in the order of the keys, of which none comes twice */
  constructor(read: (keys: readonly string[]) => Promise<readonly T[]>) {
    this.#read = read;
  }

  ask(key: string): Promise<T> {
    const waiting = this.#waiting.get(key) ?? Promise.withResolvers<T>();
    this.#waiting.set(key, waiting);
    if (!this.#reading) void this.#readAll();
    return waiting.promise;
  }

  async #readAll(): Promise<void> {
    this.#reading = true;
    while (this.#waiting.size > 0) {
      const asked = this.#waiting;
      this.#waiting = new Map();
      const told = [...asked.values()];
      try {
        const found = await this.#read([...asked.keys()]);
        for (const [at, { resolve }] of told.entries()) resolve(found[at] as T);
      } catch (error) {
        for (const { reject } of told) reject(error);
      }
    }
    this.#reading = false;
  }
}
