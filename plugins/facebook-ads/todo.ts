import type { Todo } from 'patchbay';
import type { Config, Context } from './manifest.ts';

/** A login of an agency reaches what belongs to others: whoever reaches one only has nothing to choose. */
export function todo({ account, config, method }: Pick<Context, 'account' | 'config' | 'method'>): readonly Todo<Config>[] {
  if (method === 'manual') return [];
  const several = (name: 'adAccounts' | 'pages') => Number(account.vars?.[name] ?? 0) > 1;
  const reads = (...streams: readonly string[]) =>
    streams.some((stream) => (config.streams ?? streams).some((one) => one === stream));
  const found: Todo<Config>[] = [];
  if (several('adAccounts') && !config.adAccountIds?.length && reads('campaigns', 'adSets', 'ads', 'insights')) {
    const text = `Choose the ad accounts of this store: until then all ${account.vars?.['adAccounts']} that the login reaches are read.`;
    found.push({ field: 'adAccountIds', step: 'Choose ad accounts', text });
  }
  if (several('pages') && !config.pageIds?.length && reads('leadForms', 'leads')) {
    const text = `Choose the pages of this store: until then leads of all ${account.vars?.['pages']} that the login reaches come in.`;
    found.push({ field: 'pageIds', step: 'Choose pages', text });
  }
  return found;
}
