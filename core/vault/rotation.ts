import { setTimeout as sleep } from 'node:timers/promises';
import { census } from './census.ts';
import type { KeyRing } from './key-ring.ts';
import type { RotationState, RotationStore } from './rotation-store.ts';
import { SEALED_PLACES, type SealedPlace } from './sealed-places.ts';
import { ciphertextsOf, type FreshRow, type SealedRow, type SealedStore, type SealedValue } from './sealed-store.ts';
import { kidOf, type Vault } from './secret.ts';

export interface RotationOptions {
  readonly ring: KeyRing;
  readonly vault: Vault;
  readonly sealed: SealedStore;
  readonly rotations: RotationStore;
  /** Brings what else hangs on a key under the one that seals now. */
  readonly also: () => Promise<unknown>;
}

export interface RotationRun {
  readonly signal?: AbortSignal;
  readonly onProgress?: (state: RotationState) => void;
  /** Share of the time it works, for a process that has other things to do. Default 1. */
  readonly share?: number;
}

const ROWS = 200;
/** Rows that others were writing, or wrote back from before, are found by a further look. */
const PASSES = 20;

/**
 * Brings every ciphertext of the database under the key that seals now, while everybody goes on reading and writing. What
 * is done is done: one that was interrupted goes on where it was, and two at once only share the work.
 */
export class Rotation {
  readonly #parts: RotationOptions;

  constructor(parts: RotationOptions) {
    this.#parts = parts;
  }

  /** @returns how far it came: not finished when the signal ended it, or others never let go of a row */
  async run(run: RotationRun = {}): Promise<RotationState> {
    const { ring, rotations } = this.#parts;
    const kid = ring.currentKid;
    let state = await rotations.begin(kid, await this.#left(kid));
    run.onProgress?.(state);
    for (let pass = 1; pass <= PASSES; pass += 1) {
      let unreadable = 0;
      for (const place of SEALED_PLACES) {
        unreadable += await this.#pass(place, { kid, run }, async (done, failed) => {
          state = await rotations.progress(state.id, { done, unreadable: unreadable + failed });
          run.onProgress?.(state);
        });
      }
      if (run.signal?.aborted) return state;
      if ((await this.#left(kid)) <= unreadable) {
        await this.#parts.also();
        return rotations.finish(state.id);
      }
      await sleep(Math.min(100 * pass, 1000));
    }
    return state;
  }

  /** Ciphertexts under any other key. */
  async #left(kid: string): Promise<number> {
    const others = (await census(this.#parts.sealed)).filter((one) => one.kid !== kid);
    return others.reduce((sum, { count }) => sum + count, 0);
  }

  /** @returns how many ciphertexts nobody can open */
  async #pass(
    place: SealedPlace,
    { kid, run: { signal, share = 1 } }: { kid: string; run: RotationRun },
    tell: (done: number, failed: number) => Promise<void>,
  ): Promise<number> {
    const { sealed } = this.#parts;
    let [after, failed]: [SealedRow['key'] | undefined, number] = [undefined, 0];
    while (!signal?.aborted) {
      const began = performance.now();
      const rows = await sealed.rows(place, { after, kid, limit: ROWS });
      if (rows.length === 0) break;
      after = rows.at(-1)?.key;
      const fresh = await Promise.all(rows.map((row) => this.#fresh(row, kid)));
      failed += fresh.reduce((sum, { unreadable }) => sum + unreadable, 0);
      const changed = fresh.filter(({ exchanged }) => exchanged > 0);
      const written = await sealed.exchange(place, changed);
      // Rows that somebody wrote meanwhile count when they are met again.
      const done = changed.length === 0 ? 0 : Math.round((sum(changed) * written) / changed.length);
      await tell(done, failed);
      if (share < 1) await sleep((performance.now() - began) * (1 / share - 1), undefined, { ref: false });
    }
    return failed;
  }

  /** The same ciphertext in two columns of a row stays the same: that is how one refers to the other. */
  async #fresh(row: SealedRow, kid: string): Promise<FreshRow & { exchanged: number; unreadable: number }> {
    const texts = Object.values(row.sealed).flatMap(ciphertextsOf);
    const known = new Map<string, string | undefined>();
    for (const jwe of new Set(texts)) if (kidOf(jwe) !== kid) known.set(jwe, await this.#parts.vault.reseal(jwe));
    const exchange = (value: unknown) => (typeof value === 'string' ? (known.get(value) ?? value) : value);
    const fresh = Object.entries(row.sealed).map(([name, value]) => [name, mapped(value, exchange)] as const);
    const others = texts.filter((jwe) => known.has(jwe));
    const unreadable = others.filter((jwe) => known.get(jwe) === undefined).length;
    return { ...row, fresh: Object.fromEntries(fresh), exchanged: others.length - unreadable, unreadable };
  }
}

function sum(rows: readonly { exchanged: number }[]): number {
  return rows.reduce((all, { exchanged }) => all + exchanged, 0);
}

function mapped(value: SealedValue, change: (value: unknown) => unknown): SealedValue {
  if (typeof value !== 'object' || value === null) return change(value) as SealedValue;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, change(one)]));
}
