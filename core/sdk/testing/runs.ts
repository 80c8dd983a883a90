import type { Checkpoint, Item, Page, Stream } from '../index.ts';
import type { Rig } from './rig.ts';
import type { Answer } from './simulated-http.ts';
import { outcomeOf, repeating } from './trouble.ts';

/** A stream that has not ended by then never will. */
const MOST_PAGES = 2_000;
const CHECKPOINTS_TRIED = 8;

export interface RunOptions {
  readonly from?: Checkpoint | null;
  /** Stands between plugin and simulator during the run. */
  readonly answer?: Answer;
  readonly mostPages?: number;
}

/** The pages of one run, from the beginning or a checkpoint. */
export async function runStream(rig: Rig, name: string, options: RunOptions = {}): Promise<Page[]> {
  const { from = null, answer, mostPages = MOST_PAGES } = options;
  const { ctx } = await rig.connect(answer && { answer });
  const pages: Page[] = [];
  for await (const page of rig.handlers.streams?.[name]?.sync?.(ctx, from) ?? []) {
    pages.push(page);
    if (pages.length > mostPages) throw new Error(`The stream ${name} has not ended after ${mostPages} pages.`);
  }
  return pages;
}

/** The streams that can be run. */
export function syncable(streams: Readonly<Record<string, Stream<never>>> | undefined): string[] {
  return Object.entries(streams ?? {}).flatMap(([name, { sync }]) => (sync ? [name] : []));
}

export function byId(pages: readonly Page[]): Map<string, Item> {
  return new Map(pages.flatMap(({ items }) => items.map((item): [string, Item] => [item.id, item])));
}

/** Pages whose checkpoint is the one before. */
export function stuck(pages: readonly Page[]): Checkpoint[] {
  const written = pages.map(({ checkpoint }) => JSON.stringify(checkpoint));
  return pages.map(({ checkpoint }) => checkpoint).filter((_, i) => i > 0 && written[i] === written[i - 1]);
}

/** The first, the last, and a few between. */
export function sample(count: number, most = CHECKPOINTS_TRIED): number[] {
  const tried = Math.min(count, most);
  return [...new Set(Array.from({ length: tried }, (_, i) => Math.round((i * (count - 1)) / Math.max(tried - 1, 1))))];
}

const MOST_CALLS = 500;

/**
 * A run against a provider that answers every page with its first one. `stops`: it ends, fails, or gives the hub the same
 * checkpoint or records again, whereupon the hub stops it. `goes on`: it asks for ever and says nothing.
 */
export async function repeats(rig: Rig, name: string): Promise<'stops' | 'goes on'> {
  const again = repeating();
  let calls = 0;
  let endless = false;
  const { ctx } = await rig.connect({
    answer: (request, forward) => {
      calls += 1;
      if (calls <= MOST_CALLS) return again(request, forward);
      endless = true;
      throw new Error('The provider was asked without end.');
    },
  });
  await outcomeOf(untilRepeated(rig.handlers.streams?.[name]?.sync?.(ctx, null))).catch((error: unknown) => {
    if (!endless) throw error;
  });
  return endless ? 'goes on' : 'stops';
}

async function untilRepeated(pages: AsyncIterable<Page> | undefined): Promise<void> {
  const seen = new Set<string>();
  for await (const { checkpoint, items } of pages ?? []) {
    const marks = [JSON.stringify(checkpoint), ...(items.length > 0 ? [JSON.stringify(items)] : [])];
    if (marks.some((mark) => seen.has(mark))) return;
    for (const mark of marks) seen.add(mark);
  }
}
