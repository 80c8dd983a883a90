import { defineSandbox } from 'patchbay';
import { API_HOSTS, BLUE_FITNESS, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_TOKEN, LOGIN_HOST } from './sandbox/demo.ts';
import { Simulator } from './sandbox/simulator.ts';

const known = 'ada.adams@demo.example';

export default defineSandbox({
  hosts: [LOGIN_HOST, API_HOSTS],
  app: { clientId: DEMO_CLIENT_ID, clientSecret: DEMO_CLIENT_SECRET },
  demo: {
    credentials: { apiKey: BLUE_FITNESS.apiKey, serverPrefix: BLUE_FITNESS.dc },
    oauth: { accessToken: DEMO_TOKEN, grant: { expires_in: 0, scope: null } },
    config: { audienceId: BLUE_FITNESS.audiences[0].id },
    webhook: { command: 'addMember' },
    actions: {
      saveMember: { email: known, consent: 'opted-in', firstName: 'Ada' },
      saveMembers: { members: [{ email: known }, { email: 'fake@fake.example' }], consent: 'opted-in' },
    },
  },
  create: (env) => new Simulator(env),
});
