import { expect, it } from '@jest/globals';
import { accountTarget, type Wanted } from './account-target.ts';
import type { IntegrationStore } from './integration-store.ts';

const store = {
  get: async () => ({ id: 'i1', name: 'Shop', account: { externalId: 'acct_test', label: 'Blue Fitness' } }),
  ofAccount: async () => undefined,
} as unknown as IntegrationStore;

const wanted = (method: Wanted['method']) => ({
  storeId: 's1',
  pluginId: 'acme',
  account: { externalId: 'acct_live', label: 'Blue Fitness' },
  method,
  integrationId: 'i1',
});

it.each([
  [
    'manual',
    'but this key is of Blue Fitness (account acct_live). Use a key of Blue Fitness (account acct_test) to reconnect it',
  ],
  ['oauth', 'but you signed in to Blue Fitness (account acct_live). Sign in to Blue Fitness (account acct_test) to reconnect it'],
] as const)('tells two accounts of one name apart when the wrong one is connected again: %s', async (method, said) => {
  await expect(accountTarget(store, wanted(method))).rejects.toThrow(said);
});
