import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../../tests/support/wait.ts';
import type { RunProgress } from '../syncs/run-history-store.ts';
import { type LiveRun, LiveRuns, speed } from './live-runs.ts';

const run = (id: string, storeId: string): RunProgress => ({
  ...{ id, storeId, integrationId: 'i', stream: 'contacts', status: 'running', pages: 1, seen: 100, total: undefined },
  ...{ failed: 0, message: undefined, startedAt: undefined, cancelling: false },
});

let live: LiveRuns;
afterEach(() => live?.close());

function looking(read: (stores: readonly string[]) => Promise<readonly RunProgress[]>) {
  const errors: unknown[] = [];
  live = new LiveRuns({ read, onError: (error) => errors.push(error), everyMs: 5 });
  return errors;
}

describe('those who look at how far syncs are', () => {
  it('are told of their own store only, however many look', async () => {
    const asked: (readonly string[])[] = [];
    looking(async (stores) => {
      asked.push(stores);
      return [run('a', 'north'), run('b', 'south')];
    });
    const [north, south]: [LiveRun[], LiveRun[]] = [[], []];
    live.look(
      'north',
      (runs) => north.push(...runs),
      () => undefined,
    );
    live.look(
      'north',
      () => undefined,
      () => undefined,
    );
    live.look(
      'south',
      (runs) => south.push(...runs),
      () => undefined,
    );
    await until(() => north.length > 1 && south.length > 1, { what: 'both to be told' });
    expect(new Set(north.map(({ id }) => id))).toEqual(new Set(['a']));
    expect(new Set(south.map(({ id }) => id))).toEqual(new Set(['b']));
    expect(asked.every((stores) => new Set(stores).size === stores.length)).toBe(true);
  });

  it('go on being told after a reading that failed', async () => {
    let readings = 0;
    const errors = looking(async () => {
      readings += 1;
      if (readings === 1) throw new Error('the database is away');
      return [run('a', 'north')];
    });
    let told = 0;
    live.look(
      'north',
      () => {
        told += 1;
      },
      () => undefined,
    );
    await until(() => told > 0, { what: 'a reading that succeeds' });
    expect(errors).toEqual([new Error('the database is away')]);
  });

  it('cause no reading once all have gone', async () => {
    let readings = 0;
    looking(async () => {
      readings += 1;
      return [];
    });
    const leave = live.look(
      'north',
      () => leave(),
      () => undefined,
    );
    await until(() => readings > 0, { what: 'the first reading' });
    const before = readings;
    await new Promise((done) => setTimeout(done, 50));
    expect(readings).toBe(before);
  });

  it('are let go when the hub stops, and nobody new is admitted', () => {
    looking(async () => []);
    let ended = 0;
    live.look(
      'north',
      () => undefined,
      () => {
        ended += 1;
      },
    );
    live.close();
    expect(ended).toBe(1);
    expect(live.admit('somebody')).toBeUndefined();
  });

  it('have four seats each; one that is given back twice counts once', () => {
    looking(async () => []);
    const seats = [1, 2, 3, 4].map(() => live.admit('ann'));
    expect(live.admit('ann')).toBeUndefined();
    expect(live.admit('bob')).toBeDefined();
    seats[0]?.();
    seats[0]?.();
    expect(live.admit('ann')).toBeDefined();
    expect(live.admit('ann')).toBeUndefined();
  });
});

describe('the speed of a sync', () => {
  it('is that of the readings, and none while they are too few or nothing came', () => {
    expect(
      speed([
        { at: 0, seen: 0 },
        { at: 4000, seen: 1000 },
      ]),
    ).toBe(250);
    expect(speed([{ at: 0, seen: 0 }])).toBeUndefined();
    expect(
      speed([
        { at: 0, seen: 0 },
        { at: 1000, seen: 1000 },
      ]),
    ).toBeUndefined();
    expect(
      speed([
        { at: 0, seen: 5 },
        { at: 4000, seen: 5 },
      ]),
    ).toBeUndefined();
  });
});
