import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { SpoolFiguresStore } from './spool-figures-store.ts';
import { SpoolStore, type Turn } from './spool-store.ts';

/** Of all hosts one sorts at a time: so soon it is looked again whether it is our turn. */
const AGAIN_MS = 50;
const MOST_MS = 60_000;

export interface SortedInOptions {
  readonly signal: AbortSignal;
  /** Told why the rest stays as it is, where sorting failed: for the log. */
  readonly failed: (error: unknown) => void;
}

/** Sorts in what was accepted for a store up to now, also beside workers that do so; after a minute the rest stays as it is. */
export async function sortedIn(dataSource: DataSource, storeId: string, { signal, failed }: SortedInOptions): Promise<void> {
  const figures = new SpoolFiguresStore(dataSource);
  const mark = await figures.mark(storeId);
  if (!mark) return;
  // Where a worker's turn ended is no business of ours.
  const spool = new SpoolStore(dataSource);
  const end = performance.now() + MOST_MS;
  while (performance.now() < end && (await figures.holds(mark))) {
    signal.throwIfAborted();
    const turn = await turnOf(spool, failed);
    if (!turn) break;
    if (turn.sorted === 0) await sleep(AGAIN_MS);
  }
  signal.throwIfAborted();
}

/** Undefined when it failed, which may be for what is another store's. */
async function turnOf(spool: SpoolStore, failed: (error: unknown) => void): Promise<Turn | undefined> {
  try {
    return await spool.sort();
  } catch (error) {
    failed(error);
    return undefined;
  }
}
