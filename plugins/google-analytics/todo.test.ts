import { describe, expect, it } from '@jest/globals';
import { todo } from './todo.ts';

const account = { externalId: '1', label: 'owner@blue-fitness.example' };

describe('what is still to choose', () => {
  it('is the property, as long as there are several and none is chosen', () => {
    const asked = [{ field: 'propertyId', step: 'Choose a property', text: expect.stringContaining('property') }];
    expect(todo({ account, method: 'oauth', config: {} })).toEqual(asked);
    expect(todo({ account, method: 'oauth', config: { propertyId: '' } })).toEqual(asked);
  });

  it('is nothing once it is chosen, where there is one only, and with keys, which read none', () => {
    expect(todo({ account, method: 'oauth', config: { propertyId: '310000001' } })).toEqual([]);
    expect(todo({ account: { ...account, vars: { propertyId: '310000001' } }, method: 'oauth', config: {} })).toEqual([]);
    expect(todo({ account, method: 'manual', config: {} })).toEqual([]);
  });
});
