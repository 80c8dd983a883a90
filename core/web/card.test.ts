import { describe, expect, it } from '@jest/globals';
import { integrationState, isShown } from './card.ts';

const ready = { state: 'ready', active: true, loaded: undefined } as const;
const failed = { ...ready, state: 'failed' } as const;

describe('a card', () => {
  it.each([
    ['a plugin that works', ready, 0, false, true],
    ['one that is coming soon', { ...ready, state: 'coming-soon' } as const, 0, false, true],
    ['a broken one, to a store without it', failed, 0, false, false],
    ['a broken one, to a store that has it', failed, 1, false, true],
    ['a broken one, to an operator', failed, 0, true, true],
    ['one that is switched off, to a store', { ...ready, active: false }, 0, false, false],
    ['one that is switched off, to an operator', { ...ready, active: false }, 0, true, true],
  ])('of %s is shown or not', (_, template, held, operator, shown) => {
    expect(isShown(template, held, operator)).toBe(shown);
  });

  it('of an integration whose plugin is gone is unavailable', () => {
    const works = { status: 'active', enabled: true, health: { state: 'good', reason: null } } as const;
    expect(integrationState(works, undefined)).toBe('unavailable');
    expect(integrationState(works, ready)).toBe('connected');
  });
});
