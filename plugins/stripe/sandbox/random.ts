const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** How long the provider's ids are, by what stands before them. */
const TAIL: Readonly<Record<string, number>> = { cus: 14, prod: 14, si: 14, ch: 24, pi: 24 };

/** A source of numbers that says the same every time (mulberry32): a demo connection survives restarts. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** `cus_` and fourteen letters and digits, and the like. */
  id(prefix: string): string {
    const tail = Array.from({ length: TAIL[prefix] ?? 24 }, () => LETTERS[this.below(LETTERS.length)]).join('');
    return `${prefix}_${tail}`;
  }
}
