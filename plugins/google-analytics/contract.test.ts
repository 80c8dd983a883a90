import type { Plugin } from 'patchbay';
import { testPlugin } from 'patchbay/testing';
import { eventActions } from './actions-events.ts';
import { shopActions } from './actions-shop.ts';
import plugin from './index.ts';
import sandbox from './sandbox.ts';
import { KEYS } from './test-rig.ts';

testPlugin(plugin, sandbox, { folder: import.meta.dirname });

/** What is left of it over keys that only send: there is nothing to read, and nothing to choose from. */
const actions = { ...shopActions, ...eventActions };
const streams = { sentEvents: plugin.handlers?.streams?.['sentEvents'] };
const sending = { ...plugin, handlers: { ...plugin.handlers, streams, options: {}, actions } } as unknown as Plugin;

testPlugin(sending, sandbox, { folder: import.meta.dirname, credentials: KEYS });
