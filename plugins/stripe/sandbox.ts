import { defineSandbox } from 'patchbay';
import { DEMO_CHARGE, DEMO_KEY, DEMO_SUBSCRIPTION, HOST } from './sandbox/demo.ts';
import { Simulator } from './sandbox/simulator.ts';

export default defineSandbox({
  hosts: [HOST],
  app: {},
  demo: {
    credentials: { secretKey: DEMO_KEY },
    webhook: { command: 'charge' },
    actions: {
      refund: { payment: DEMO_CHARGE, amount: 500, reason: 'requested_by_customer' },
      cancelSubscription: { subscriptionId: DEMO_SUBSCRIPTION },
      keepSubscription: { subscriptionId: DEMO_SUBSCRIPTION },
    },
  },
  create: (env) => new Simulator(env),
});
