import { describe, expect, it } from '@jest/globals';
import { isWorthGivingBack } from './idle-memory.ts';

const MB = 1024 * 1024;

describe('memory that nothing uses', () => {
  it.each([
    ['is kept while there is work', { busy: 0.3, unused: 200 * MB }, false],
    ['is kept where it is little', { busy: 0, unused: 10 * MB }, false],
    ['is given back once hardly anything goes on', { busy: 0.02, unused: 80 * MB }, true],
  ])('%s', (_, idleness, given) => {
    expect(isWorthGivingBack(idleness)).toBe(given);
  });
});
