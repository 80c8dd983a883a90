import { describe, expect, it } from '@jest/globals';
import { todo } from './todo.ts';

describe('what is still to choose', () => {
  it('is the audience, until one is chosen', () => {
    expect(todo({ config: {} })).toMatchObject([{ field: 'audienceId', step: 'Choose an audience' }]);
    expect(todo({ config: { audienceId: '' } })).toHaveLength(1);
    expect(todo({ config: { audienceId: '3f8c1b2a4d' } })).toEqual([]);
  });
});
