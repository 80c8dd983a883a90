import { afterEach, expect, it, jest } from '@jest/globals';
import { until } from '../../tests/support/wait.ts';
import { createLog } from '../log.ts';
import { Sorting } from './sorting.ts';
import type { Turn } from './spool-store.ts';

const NONE = () => [];
const IDLE: Turn = { sorted: 0, waits: false, busy: false };
let sorting: Sorting;
let turns: Turn[];
let looks: number;
/** What happens while it is looked. */
let meanwhile: () => void;
let woken: number;

function begin(...next: Turn[]): void {
  [turns, looks, woken, meanwhile] = [next, 0, 0, () => undefined];
  const sort = async () => {
    looks += 1;
    meanwhile();
    return turns.shift() ?? IDLE;
  };
  sorting = new Sorting({
    spool: { sort },
    log: createLog('silent'),
    again: () => {
      woken += 1;
    },
  });
  sorting.told();
}
afterEach(() => sorting.stop());

async function secondLook(): Promise<void> {
  const hasLooked = async () => {
    await sorting.run(true, NONE);
    return looks > 1;
  };
  await until(hasLooked, { what: 'a second look' });
}

it('looks again for what it is told of while it looks, as soon as it may, though nobody else remembers', async () => {
  begin(IDLE);
  meanwhile = () => {
    meanwhile = () => undefined;
    sorting.told();
  };
  await sorting.run(true, NONE);
  await sorting.run(true, NONE);
  await until(() => woken === 1 || looks === 2, { what: 'to be woken' });
  await secondLook();
  await sorting.run(true, NONE);
  expect(looks).toBe(2);
});

it('looks again where another host was at it, and where it failed', async () => {
  begin({ sorted: 0, waits: true, busy: true });
  await sorting.run(true, NONE);
  await until(() => woken === 1, { what: 'to be woken' });
  await secondLook();
  sorting.stop();
  begin({ sorted: 1, waits: true, busy: false });
  meanwhile = () => {
    throw new Error('away');
  };
  expect(await sorting.run(true, NONE)).toBe(false);
  expect(await sorting.run(true, NONE)).toBe(false);
  expect(looks).toBe(1);
  meanwhile = () => undefined;
  await until(() => woken > 0, { what: 'to be woken' });
  await until(() => sorting.run(true, NONE), { what: 'what is sorted in' });
});

it('looks now and then though there is enough to do', async () => {
  begin({ sorted: 1, waits: true, busy: false }, { sorted: 1, waits: true, busy: false });
  const clock = jest.spyOn(performance, 'now').mockReturnValue(performance.now());
  try {
    expect(await sorting.run(true, NONE)).toBe(true);
    expect(await sorting.run(false, NONE)).toBe(false);
    expect(looks).toBe(1);
  } finally {
    clock.mockRestore();
  }
  await until(() => sorting.run(false, NONE), { what: 'a second look' });
  expect(looks).toBe(2);
});
