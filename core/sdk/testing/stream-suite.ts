import { expect, it } from '@jest/globals';
import type { Checkpoint, Item, Page, Stream } from '../index.ts';
import type { Rig } from './rig.ts';

/** A stream that has not ended by then never will. */
const MOST_PAGES = 2_000;
const CHECKPOINTS_TRIED = 8;

/** A run may die after any page: the next one starts at its checkpoint and must miss nothing. */
export function streamSuite(open: () => Rig, name: string): void {
  let read: Promise<Page[]> | undefined;
  const whole = () => {
    read ??= run(open(), name);
    return read;
  };

  it('reads every record once, with an id, as plain data', async () => {
    const items = (await whole()).flatMap((page) => page.items);
    expect(items.filter(({ id }) => typeof id !== 'string' || id === '')).toEqual([]);
    expect(JSON.parse(JSON.stringify(items))).toEqual(items);
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  });

  it('moves its checkpoint with every page', async () => {
    const checkpoints = (await whole()).map(({ checkpoint }) => JSON.stringify(checkpoint));
    expect(checkpoints.filter((one, i) => one === checkpoints[i - 1])).toEqual([]);
  });

  it('keeps its checkpoints flat', async () => {
    for (const { checkpoint } of await whole()) {
      expect(Object.values(checkpoint).filter((value) => typeof value === 'object' && value !== null)).toEqual([]);
      expect(JSON.parse(JSON.stringify(checkpoint))).toEqual(checkpoint);
    }
  });

  it('resumes from each checkpoint with the records that were left', async () => {
    const rig = open();
    const pages = await run(rig, name);
    const all = byId(pages);
    for (const index of sample(pages.length)) {
      const resumed = byId(await run(rig, name, pages[index]?.checkpoint));
      const left = byId(pages.slice(index + 1));
      expect({ index, missed: [...left.keys()].filter((id) => !resumed.has(id)) }).toEqual({ index, missed: [] });
      expect({ index, unheardOf: [...resumed.keys()].filter((id) => !all.has(id)) }).toEqual({ index, unheardOf: [] });
      for (const [id, item] of left) expect(resumed.get(id)).toEqual(item);
    }
  });

  it('goes on where it stopped, instead of from the beginning', async () => {
    const rig = open();
    const pages = await run(rig, name);
    if (pages.length < 2) return;
    const resumed = byId(await run(rig, name, pages.at(-1)?.checkpoint));
    expect(resumed.size).toBeLessThan(byId(pages).size);
  });
}

/** The streams that can be run. */
export function syncable(streams: Readonly<Record<string, Stream<never>>> | undefined): string[] {
  return Object.entries(streams ?? {}).flatMap(([name, { sync }]) => (sync ? [name] : []));
}

async function run(rig: Rig, name: string, from: Checkpoint | null = null): Promise<Page[]> {
  const { ctx } = await rig.connect();
  const stream = rig.handlers.streams?.[name];
  const pages: Page[] = [];
  for await (const page of stream?.sync?.(ctx, from) ?? []) {
    pages.push(page);
    if (pages.length > MOST_PAGES) throw new Error(`The stream ${name} has not ended after ${MOST_PAGES} pages.`);
  }
  return pages;
}

function byId(pages: readonly Page[]): Map<string, Item> {
  return new Map(pages.flatMap(({ items }) => items.map((item): [string, Item] => [item.id, item])));
}

/** The first, the last, and a few between. */
function sample(count: number): number[] {
  const tried = Math.min(count, CHECKPOINTS_TRIED);
  return [...new Set(Array.from({ length: tried }, (_, i) => Math.round((i * (count - 1)) / Math.max(tried - 1, 1))))];
}
