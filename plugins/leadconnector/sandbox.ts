import { defineSandbox } from 'patchbay';
import { BLUE_FITNESS, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_WEBHOOK_PUBLIC_KEY, HOSTS } from './sandbox/demo.ts';
import { Simulator } from './sandbox/simulator.ts';

export default defineSandbox({
  hosts: [HOSTS.api, HOSTS.consent],
  app: {
    clientId: DEMO_CLIENT_ID,
    clientSecret: DEMO_CLIENT_SECRET,
    webhookPublicKey: DEMO_WEBHOOK_PUBLIC_KEY,
  },
  demo: {
    credentials: { token: BLUE_FITNESS.token, locationId: BLUE_FITNESS.id },
    webhook: { command: 'addContact' },
  },
  create: (env) => new Simulator(env),
});
