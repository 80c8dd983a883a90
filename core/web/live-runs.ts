import type { RunProgress } from '../syncs/run-history-store.ts';

/** A run that waits or is at work, and how fast. */
export interface LiveRun extends RunProgress {
  /** Records a second, lately; undefined while nothing can be said of it. */
  readonly perSecond: number | undefined;
}

export interface LiveRunsOptions {
  /** What waits or is at work in these stores, on whichever host. */
  readonly read: (storeIds: readonly string[]) => Promise<readonly RunProgress[]>;
  readonly onError: (error: unknown) => void;
  /** Default 1 s. */
  readonly everyMs?: number;
}

export type Told = (runs: readonly LiveRun[]) => void;

/** Seats at once: a page keeps one. */
const MOST_PER_CALLER = 4;
const MOST = 1000;

interface Sample {
  readonly at: number;
  readonly seen: number;
}

/** The speed is that of the last so many readings. */
const SAMPLES = 10;
/** From one reading to the next a page may fall or not. */
const LEAST_SECONDS = 2;

/** Reads how far runs are once a second for everybody who looks on, and only while somebody does. */
export class LiveRuns {
  readonly #options: LiveRunsOptions;
  readonly #lookers = new Map<Told, { storeId: string; ended: () => void }>();
  readonly #samples = new Map<string, Sample[]>();
  readonly #seats = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #reading = false;
  #again = false;
  #closed = false;

  constructor(options: LiveRunsOptions) {
    this.#options = options;
  }

  /** @returns what gives the seat back; undefined where the caller, or everybody, has too many, or the hub stops */
  admit(caller: string): (() => void) | undefined {
    const mine = this.#seats.get(caller) ?? 0;
    const all = [...this.#seats.values()].reduce((sum, count) => sum + count, 0);
    if (this.#closed || mine >= MOST_PER_CALLER || all >= MOST) return undefined;
    this.#seats.set(caller, mine + 1);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const left = (this.#seats.get(caller) ?? 1) - 1;
      if (left > 0) this.#seats.set(caller, left);
      else this.#seats.delete(caller);
    };
  }

  /** @param ended called when the hub stops @returns what ends it */
  look(storeId: string, told: Told, ended: () => void): () => void {
    this.#lookers.set(told, { storeId, ended });
    this.#plan(0);
    return () => void this.#lookers.delete(told);
  }

  /** Nobody is told anything any more; those who look on are let go. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const { ended } of this.#lookers.values()) ended();
    this.#lookers.clear();
  }

  #plan(inMs: number): void {
    if (this.#reading) this.#again ||= inMs === 0;
    if (this.#closed || this.#reading || (this.#timer && inMs > 0)) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#turn(), inMs);
  }

  async #turn(): Promise<void> {
    this.#timer = undefined;
    this.#reading = true;
    await this.#tell().catch(this.#options.onError);
    this.#reading = false;
    const again = this.#again;
    this.#again = false;
    if (this.#lookers.size > 0) this.#plan(again ? 0 : (this.#options.everyMs ?? 1000));
    else this.#samples.clear();
  }

  async #tell(): Promise<void> {
    const stores = [...new Set([...this.#lookers.values()].map(({ storeId }) => storeId))];
    if (stores.length === 0) return;
    const found = await this.#options.read(stores);
    const runs = found.map((run) => ({ ...run, perSecond: this.#speed(run) }));
    for (const id of this.#samples.keys()) if (!found.some((run) => run.id === id)) this.#samples.delete(id);
    // Whoever came meanwhile asked for another reading.
    for (const [told, { storeId }] of this.#lookers) {
      if (stores.includes(storeId)) told(runs.filter((run) => run.storeId === storeId));
    }
  }

  #speed({ id, status, seen }: RunProgress): number | undefined {
    if (status !== 'running') return void this.#samples.delete(id);
    const now = Date.now();
    const samples = [...(this.#samples.get(id) ?? []), { at: now, seen }].slice(-SAMPLES);
    this.#samples.set(id, samples);
    return speed(samples);
  }
}

/** Records a second by these readings; undefined while they are too few. Pure. */
export function speed(samples: readonly Sample[]): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  const seconds = first && last ? (last.at - first.at) / 1000 : 0;
  return first && last && seconds >= LEAST_SECONDS && last.seen > first.seen ? (last.seen - first.seen) / seconds : undefined;
}
