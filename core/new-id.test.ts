import { describe, expect, it } from '@jest/globals';
import { validate, version } from 'uuid';
import { newId } from './new-id.ts';

describe('a new id', () => {
  const many = Array.from({ length: 1000 }, newId);

  it('is a UUID of version 7, and never comes twice', () => {
    expect(many.filter((id) => !validate(id) || version(id) !== 7)).toEqual([]);
    expect(new Set(many).size).toBe(many.length);
  });

  it('begins with the time, so that texts are in the order of their milliseconds', () => {
    const before = Date.now();
    const ms = Number.parseInt(newId().replace('-', '').slice(0, 12), 16);
    expect(ms).toBeGreaterThanOrEqual(before);
    expect(ms).toBeLessThanOrEqual(Date.now());
  });
});
