/**
 * What `make`, which is pure, says of the few texts that callers use. With more of them than `most` it begins anew: anybody may
 * send others.
 */
export class Memo<T extends object | string | number | boolean | null> {
  readonly #most: number;
  readonly #make: (text: string) => T;
  readonly #known = new Map<string, T>();

  constructor(most: number, make: (text: string) => T) {
    this.#most = most;
    this.#make = make;
  }

  /** @throws what `make` does; that is not kept */
  of(text: string): T {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const made = this.#make(text);
    if (this.#known.size >= this.#most) this.#known.clear();
    this.#known.set(text, made);
    return made;
  }
}
