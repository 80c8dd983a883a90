import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Allowance } from './allowance.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('what each may have in a minute', () => {
  it('is refused beyond it, to that one only, until the minute is over', () => {
    const allowance = new Allowance(2);
    expect([allowance.take('a'), allowance.take('a'), allowance.take('a')]).toEqual([true, true, false]);
    expect(allowance.spent('a')).toBe(60);
    jest.advanceTimersByTime(30_000);
    expect([allowance.take('b'), allowance.spent('b'), allowance.spent('a')]).toEqual([true, 0, 30]);
    jest.advanceTimersByTime(30_001);
    expect([allowance.spent('a'), allowance.take('a')]).toEqual([0, true]);
    expect([allowance.take('b'), allowance.take('b')]).toEqual([true, false]);
  });
});
