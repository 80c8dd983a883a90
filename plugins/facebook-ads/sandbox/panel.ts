import type { SandboxPanel } from 'patchbay';
import { ACCOUNTS, DEMO_APP_ID, DEMO_APP_SECRET, DEMO_SYSTEM_TOKEN, PAGES, REPORTS } from './demo.ts';
import type { Desk } from './desk.ts';

/** What a person sees of the simulator. */
export function panelOf(desk: Desk, log: SandboxPanel['log']): SandboxPanel {
  const accounts = ACCOUNTS.map(({ id, name }) => [
    `${name} (${id})`,
    `${desk.world.inAccount('campaigns', id).length} campaigns, ${desk.world.inAccount('ads', id).length} ads`,
  ]);
  const pages = PAGES.map(({ id, name }) => {
    const leads = desk.world.all('leads', (lead) => lead['page_id'] === id).length;
    return [`Page ${name} (${id})`, `${leads} leads, ${desk.hooks.isSubscribed(id) ? 'reported' : 'not reported'} by webhook`];
  });
  return {
    credentials: {
      adAccountId: REPORTS.accounts[0] ?? '',
      accessToken: DEMO_SYSTEM_TOKEN,
      appId: DEMO_APP_ID,
      appSecret: DEMO_APP_SECRET,
    },
    facts: {
      ...Object.fromEntries([...accounts, ...pages]),
      'Webhooks delivered': desk.hooks.delivered,
      'Limit used': `${desk.usage.percent} %${desk.usage.reached ? ', reached' : ''}`,
      'Failing now': desk.trouble.words,
    },
    log: log,
  };
}
