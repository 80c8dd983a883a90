/** Nothing more can be taken in now; the caller is asked to send again. */
export class Full extends Error {
  override readonly name = 'Full';
}

export interface GroupCommitOptions<T> {
  /** Commits these. What it throws may leave some committed, which must do no harm when they come again. */
  readonly flush: (items: readonly T[]) => Promise<unknown>;
  readonly bytesOf: (item: T) => number;
  /** Whose they are: of what may wait, one owner may have half. */
  readonly ownerOf: (item: T) => string;
  /** What may wait, beside what is being flushed. Default 20,000 items, 64 MB. */
  readonly most?: { readonly items: number; readonly bytes: number };
  /** Items of one flush. Default 512. */
  readonly flushItems?: number;
  /** Flushes under way at once. Default 1. */
  readonly atOnce?: number;
  /** What must be committed one after another; items without may overtake each other where several flushes are under way. */
  readonly laneOf?: (item: T) => string | undefined;
  /** Whether a failed flush is nobody's fault in particular, so that trying one by one would not help. */
  readonly isOutage: (error: unknown) => boolean;
}

interface Group<T> {
  readonly items: readonly T[];
  readonly bytes: number;
  readonly lanes: readonly string[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

const NOBODY = (): void => undefined;

/**
 * One flush at a time, or a few; whatever comes meanwhile is the next one. The busier it is, the more share a commit, and
 * alone nobody waits for company. What makes a flush fail fails alone.
 */
export class GroupCommit<T> {
  readonly #options: GroupCommitOptions<T>;
  readonly #most: { readonly items: number; readonly bytes: number };
  readonly #owners = new Map<string, number>();
  #waiting: Group<T>[] = [];
  #items = 0;
  #bytes = 0;
  readonly #running = new Set<Promise<void>>();
  #flights = 0;
  /** Of what is being flushed. */
  readonly #lanes = new Set<string>();

  constructor(options: GroupCommitOptions<T>) {
    this.#options = options;
    this.#most = options.most ?? { items: 20_000, bytes: 64 * 2 ** 20 };
  }

  /** Whether somebody waits for a commit just now. */
  get busy(): boolean {
    return this.#flights > 0;
  }

  /**
   * Resolves once `items` are committed, together.
   * @throws Full at once, or why they could not be committed
   */
  add(items: readonly T[]): Promise<void> {
    if (items.length === 0) return Promise.resolve();
    let bytes = 0;
    for (const item of items) bytes += this.#options.bytesOf(item);
    if (!this.#hasRoom(items, bytes)) return Promise.reject(new Full('Too much waits to be stored.'));
    return new Promise((done, failed) => {
      this.#waiting.push({ items, bytes, lanes: this.#lanesOf(items), done, failed });
      this.#count(items, bytes, 1);
      if (this.#flights < (this.#options.atOnce ?? 1)) this.#start();
    });
  }

  #lanesOf(items: readonly T[]): string[] {
    const lanes: string[] = [];
    for (const item of items) {
      const lane = this.#options.laneOf?.(item);
      if (lane !== undefined) lanes.push(lane);
    }
    return lanes;
  }

  /** Resolves once nothing waits any more. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #hasRoom(items: readonly T[], bytes: number): boolean {
    const { items: most, bytes: mostBytes } = this.#most;
    // Alone it may be as large as it likes.
    if (this.#waiting.length === 0) return true;
    if (this.#items + items.length > most || this.#bytes + bytes > mostBytes) return false;
    const [first] = items;
    return !first || (this.#owners.get(this.#options.ownerOf(first)) ?? 0) + items.length <= most / 2;
  }

  #start(): void {
    this.#flights += 1;
    const running = this.#run().finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #run(): Promise<void> {
    // Calls that were read in the same turn of the loop go together.
    await new Promise((turn) => setImmediate(turn));
    let tell = NOBODY;
    for (let groups = this.#next(); groups.length > 0; groups = this.#next()) {
      const flushed = this.#commit(groups);
      // Those of the flush before are told while this one is under way: the database need not wait for their answers.
      process.nextTick(tell);
      tell = await flushed;
      for (const { lanes } of groups) for (const lane of lanes) this.#lanes.delete(lane);
    }
    tell();
    // At once: whoever was just told may add more before anything else happens.
    this.#flights -= 1;
  }

  /** All that need not wait for what is under way, nor for what waits for that. */
  #next(): Group<T>[] {
    const { flushItems = 512 } = this.#options;
    const held = new Set<string>();
    const isHeld = (lane: string) => this.#lanes.has(lane) || held.has(lane);
    const groups: Group<T>[] = [];
    const left: Group<T>[] = [];
    let size = 0;
    for (const group of this.#waiting) {
      const { items, lanes } = group;
      const isTooMuch = groups.length > 0 && size + items.length > flushItems;
      if (isTooMuch || lanes.some(isHeld)) {
        for (const lane of lanes) held.add(lane);
        left.push(group);
        continue;
      }
      groups.push(group);
      size += items.length;
    }
    this.#waiting = left;
    for (const { items, bytes, lanes } of groups) {
      this.#count(items, bytes, -1);
      for (const lane of lanes) this.#lanes.add(lane);
    }
    return groups;
  }

  /** @returns what tells those who wait for these */
  async #commit(groups: readonly Group<T>[]): Promise<() => void> {
    const { flush, isOutage } = this.#options;
    try {
      await flush(groups.flatMap(({ items }) => items));
    } catch (error) {
      if (groups.length === 1 || isOutage(error)) return () => groups.forEach(({ failed }) => void failed(error));
      for (const group of groups) (await this.#commit([group]))();
      return NOBODY;
    }
    return () => groups.forEach(({ done }) => void done());
  }

  #count(items: readonly T[], bytes: number, sign: 1 | -1): void {
    this.#items += sign * items.length;
    this.#bytes += sign * bytes;
    for (const item of items) {
      const owner = this.#options.ownerOf(item);
      const left = (this.#owners.get(owner) ?? 0) + sign;
      if (left > 0) this.#owners.set(owner, left);
      else this.#owners.delete(owner);
    }
  }
}
