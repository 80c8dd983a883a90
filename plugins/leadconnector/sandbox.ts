import { defineSandbox } from 'patchbay';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_WEBHOOK_PUBLIC_KEY, HOSTS } from './sandbox/demo.ts';
import { Simulator } from './sandbox/simulator.ts';

export default defineSandbox({
  hosts: [HOSTS.api, HOSTS.consent],
  app: {
    clientId: DEMO_CLIENT_ID,
    clientSecret: DEMO_CLIENT_SECRET,
    webhookPublicKey: DEMO_WEBHOOK_PUBLIC_KEY,
  },
  create: (env) => new Simulator(env),
});
