import { defineSandbox } from 'patchbay';
import {
  BLUE_FITNESS,
  DEMO_ACCESS_TOKEN,
  DEMO_CLIENT_ID,
  DEMO_CLIENT_SECRET,
  DEMO_REFRESH_TOKEN,
  HOSTS,
  SCOPES,
} from './sandbox/demo.ts';
import { Simulator } from './sandbox/simulator.ts';

/** A visitor as the browser's cookie names it. */
const VISITOR = '1234567890.1700000000';

const [STREAM] = BLUE_FITNESS.streams;

export default defineSandbox({
  hosts: Object.values(HOSTS),
  app: { clientId: DEMO_CLIENT_ID, clientSecret: DEMO_CLIENT_SECRET },
  demo: {
    credentials: { measurementId: STREAM?.measurementId ?? '', apiSecret: STREAM?.secrets[0] ?? '' },
    config: { propertyId: '310000001' },
    oauth: {
      accessToken: DEMO_ACCESS_TOKEN,
      refreshToken: DEMO_REFRESH_TOKEN,
      grant: { scope: Object.values(SCOPES).join(' '), token_type: 'Bearer', expires_in: 3599 },
    },
    actions: {
      sendEvent: { clientId: VISITOR, name: 'generate_lead' },
      sendEvents: { events: [{ clientId: VISITOR, name: 'sign_up' }] },
      sendPurchase: {
        clientId: VISITOR,
        transactionId: 'T-1001',
        value: 59,
        currency: 'USD',
        items: [{ id: 'TRIAL-4', quantity: 1, price: 59 }],
      },
      sendRefund: { clientId: VISITOR, transactionId: 'T-1001' },
      createKeyEvent: { eventName: 'begin_checkout' },
      createApiSecret: { acknowledge: true },
      setDataRetention: { eventDataRetention: 'FOURTEEN_MONTHS' },
      liveVisitors: {},
      checkReports: {},
    },
  },
  create: (env) => new Simulator(env),
});
