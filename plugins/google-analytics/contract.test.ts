import { testPlugin } from 'patchbay/testing';
import plugin from './index.ts';
import sandbox from './sandbox.ts';

testPlugin(plugin, sandbox, { folder: import.meta.dirname });
