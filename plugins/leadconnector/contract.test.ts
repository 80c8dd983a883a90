import { testPlugin } from 'patchbay/testing';
import plugin from './index.ts';
import { BLUE_FITNESS } from './sandbox/demo.ts';
import sandbox from './sandbox.ts';

testPlugin(plugin, sandbox, {
  folder: import.meta.dirname,
  credentials: { token: BLUE_FITNESS.token, locationId: BLUE_FITNESS.id },
  webhook: { command: 'addContact' },
});
