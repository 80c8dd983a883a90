import { expect, it } from '@jest/globals';
import type { Page } from '../index.ts';
import { modelProblem } from './model-check.ts';
import type { Open } from './rig.ts';
import { byId, repeats, runStream, sample, stuck } from './runs.ts';
import { GARBAGE, garbage, OUTAGES, outcomeOf } from './trouble.ts';

/** A run may die after any page: the next one starts at its checkpoint and must miss nothing. */
export function streamSuite(open: Open, name: string): void {
  let read: Promise<Page[]> | undefined;
  const whole = () => {
    read ??= runStream(open.steady(), name);
    return read;
  };

  it('reads every record once, with an id, as plain data', async () => {
    const items = (await whole()).flatMap((page) => page.items);
    expect(items.filter(({ id }) => typeof id !== 'string' || id === '')).toEqual([]);
    expect(JSON.parse(JSON.stringify(items))).toEqual(items);
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  });

  it('reads its records in the shared shape it names, where it names one', async () => {
    const rig = open.steady();
    const { account } = await rig.connect();
    const items = (await whole()).flatMap((page) => page.items);
    expect(modelProblem(rig.handlers.streams?.[name] ?? {}, items, account)).toBeUndefined();
  });

  it('moves its checkpoint with every page', async () => {
    expect(stuck(await whole())).toEqual([]);
  });

  it('keeps its checkpoints flat', async () => {
    for (const { checkpoint } of await whole()) {
      expect(Object.values(checkpoint).filter((value) => typeof value === 'object' && value !== null)).toEqual([]);
      expect(JSON.parse(JSON.stringify(checkpoint))).toEqual(checkpoint);
    }
  });

  it('resumes from each checkpoint with the records that were left', async () => {
    const rig = open.steady();
    const pages = await runStream(rig, name);
    const all = byId(pages);
    for (const index of sample(pages.length)) {
      const resumed = byId(await runStream(rig, name, { from: pages[index]?.checkpoint ?? null }));
      const left = byId(pages.slice(index + 1));
      expect({ index, missed: [...left.keys()].filter((id) => !resumed.has(id)) }).toEqual({ index, missed: [] });
      expect({ index, unheardOf: [...resumed.keys()].filter((id) => !all.has(id)) }).toEqual({ index, unheardOf: [] });
      for (const [id, item] of left) expect(resumed.get(id)).toEqual(item);
    }
  });

  it('goes on where it stopped, instead of from the beginning', async () => {
    const rig = open.steady();
    const pages = await runStream(rig, name);
    if (pages.length < 2) return;
    const resumed = byId(await runStream(rig, name, { from: pages.at(-1)?.checkpoint ?? null }));
    expect(resumed.size).toBeLessThan(byId(pages).size);
  });

  troubleSuite(open, name);
}

function troubleSuite(open: Open, name: string): void {
  it.each(OUTAGES)('asks to try later when the provider %s', async (_, answer) => {
    expect(await outcomeOf(runStream(open.steady(), name, { answer }))).toMatchObject({ consequence: 'try-later' });
  });

  it.each(GARBAGE)('does not take %s for the last page', async (_, body) => {
    const outcome = await outcomeOf(runStream(open.steady(), name, { answer: garbage(body) }));
    // Ending well would say that there is nothing, and a full run would then delete what is there.
    expect(outcome).toHaveProperty('consequence');
  });

  it('does not go round for ever over a cursor that repeats', async () => {
    expect(await repeats(open.steady(), name)).toBe('stops');
  });
}
