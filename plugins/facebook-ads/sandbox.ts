import { defineSandbox } from 'patchbay';
import {
  DEMO_APP_ID,
  DEMO_APP_SECRET,
  DEMO_LOGIN_TOKEN,
  DEMO_SYSTEM_TOKEN,
  DEMO_VERIFY_TOKEN,
  HOSTS,
  REPORTS,
} from './sandbox/demo.ts';
import { Simulator } from './sandbox/simulator.ts';

export default defineSandbox({
  hosts: [HOSTS.graph, HOSTS.consent],
  app: { clientId: DEMO_APP_ID, clientSecret: DEMO_APP_SECRET, verifyToken: DEMO_VERIFY_TOKEN },
  demo: {
    credentials: {
      adAccountId: REPORTS.accounts[0] ?? '',
      accessToken: DEMO_SYSTEM_TOKEN,
      appId: DEMO_APP_ID,
      appSecret: DEMO_APP_SECRET,
    },
    oauth: { accessToken: DEMO_LOGIN_TOKEN, grant: { token_type: 'bearer' } },
    webhook: { command: 'sendWebhook' },
    actions: {
      pauseCampaign: { id: '12021100000000' },
    },
  },
  create: (env) => new Simulator(env),
});
