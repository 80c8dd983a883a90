import { describe, expect, it } from '@jest/globals';
import type { Paging } from '../../database/list-page.ts';
import { readOn } from './read-on.ts';

interface Row {
  readonly id: string;
  readonly says?: string | undefined;
}

const failures = (count: number, says = 'Stuck.'): Row[] =>
  Array.from({ length: count }, (_, at) => ({ id: `${says}${at}`, says }));
const good = (count: number): Row[] => Array.from({ length: count }, (_, at) => ({ id: `good ${at}` }));

/** All pages of a list of these, each as long as it was read. */
async function lengths(all: readonly Row[], limit = 50): Promise<number[]> {
  const positionOf = ({ id }: Row) => ({ at: '', id });
  const page = async ({ limit: most, after }: Paging) => {
    const from = all.findIndex(({ id }) => id === after?.id) + 1;
    const rows = all.slice(from, from + most);
    const last = rows.at(-1);
    return { rows, next: last && from + most < all.length ? positionOf(last) : undefined };
  };
  const found: number[] = [];
  const ids: string[] = [];
  let after: Paging['after'];
  do {
    const { rows, next } = await readOn({ page, positionOf, failureOf: ({ says }) => says }, { limit, after });
    found.push(rows.length);
    ids.push(...rows.map(({ id }) => id));
    after = next;
  } while (after);
  expect(ids).toEqual(all.map(({ id }) => id));
  return found;
}

describe('a page of a list whose equal failures are told once', () => {
  it('holds all that repeats the failures it ends with, and nothing else', async () => {
    expect(await lengths(failures(500))).toEqual([500]);
    expect(await lengths([...good(20), ...failures(480), ...good(60)])).toEqual([500, 50, 10]);
    expect(await lengths([...failures(60), ...failures(60, 'Other.')])).toEqual([60, 60]);
    expect(await lengths([...failures(40), ...failures(40, 'Other.'), ...failures(200)])).toEqual([280]);
  });

  it('is no longer than others where it ends with what went well', async () => {
    expect(await lengths([...failures(49), ...good(1), ...failures(100)])).toEqual([50, 100]);
  });

  it('ends all the same: what is repeated more often goes on on the next one', async () => {
    const [first = 0, ...more] = await lengths(failures(2_000));
    expect(first).toBeLessThan(700);
    expect(more.length).toBeGreaterThan(1);
  });
});
