import { describe, expect, it } from '@jest/globals';
import { TryLater } from '../sdk/index.ts';
import { backoffSeconds, outcomeOf } from './outcome.ts';

describe('the wait before another attempt', () => {
  it('spreads ten attempts over about a day', () => {
    const waits = Array.from({ length: 9 }, (_, at) => backoffSeconds(at + 1, () => 0.5));
    const hours = waits.reduce((sum, seconds) => sum + seconds, 0) / 3600;
    expect(hours).toBeGreaterThan(20);
    expect(hours).toBeLessThan(26);
    expect(waits[0]).toBeLessThan(10);
  });

  it('is never shorter than the provider asks, and never absurd', () => {
    const asking = (afterSeconds: number) => outcomeOf(new TryLater('Busy.', { afterSeconds }), 1);
    expect(asking(3000)).toMatchObject({ kind: 'retry', afterSeconds: 3000 });
    expect(asking(10 ** 9)).toMatchObject({ kind: 'retry', afterSeconds: 86_400 });
    expect(asking(-5)).toMatchObject({ kind: 'retry', afterSeconds: expect.any(Number) });
  });

  it('is short, and not counted, while the database is away', () => {
    const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    expect(outcomeOf(away, 10)).toMatchObject({ kind: 'retry', counted: false });
  });

  it('is a second after another change was in the way, and never endless', () => {
    const deadlock = Object.assign(new Error('deadlock detected'), { code: '40P01' });
    expect(outcomeOf(deadlock, 3)).toMatchObject({ kind: 'retry', afterSeconds: 1 });
    expect(outcomeOf(deadlock, 10)).toMatchObject({ kind: 'dead' });
  });

  it("says nothing of the hub's own mistakes to people", () => {
    expect(outcomeOf(new Error('duplicate key value (secret)'), 1)).toMatchObject({
      kind: 'retry',
      reason: expect.not.stringContaining('secret'),
    });
  });
});
