import { describe, expect, it } from '@jest/globals';
import { todo } from './todo.ts';

const reaching = (adAccounts: string, pages: string) => ({ externalId: '1', label: 'Nora', vars: { adAccounts, pages } });
const fields = (account: ReturnType<typeof reaching>, config: Parameters<typeof todo>[0]['config'] = {}) =>
  todo({ account, method: 'oauth', config }).map(({ field }) => field);

describe('what is still to choose', () => {
  it('are ad accounts and pages, as long as the login reaches several and none is chosen', () => {
    expect(fields(reaching('3', '2'))).toEqual(['adAccountIds', 'pageIds']);
    expect(fields(reaching('3', '2'), { adAccountIds: ['act_1'] })).toEqual(['pageIds']);
    expect(fields(reaching('3', '2'), { adAccountIds: ['act_1'], pageIds: ['2'] })).toEqual([]);
    expect(todo({ account: reaching('3', '2'), method: 'oauth', config: {} })[0]?.text).toContain('all 3');
  });

  it('are none of whose records nothing is synced', () => {
    expect(fields(reaching('3', '2'), { streams: ['leads'] })).toEqual(['pageIds']);
    expect(fields(reaching('3', '2'), { streams: ['insights'] })).toEqual(['adAccountIds']);
  });

  it('is nothing where there is one of each, where nobody counted, and with the token of one ad account', () => {
    expect(fields(reaching('1', '1'))).toEqual([]);
    expect(todo({ account: { externalId: '1', label: 'Nora' }, method: 'oauth', config: {} })).toEqual([]);
    expect(todo({ account: reaching('3', '2'), method: 'manual', config: {} })).toEqual([]);
  });
});
