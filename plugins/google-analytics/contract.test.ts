import type { Plugin, Sandbox } from 'patchbay';
import { testPlugin } from 'patchbay/testing';
import plugin from './index.ts';
import sandbox from './sandbox.ts';

const { credentials, oauth } = sandbox.demo as Required<NonNullable<Sandbox['demo']>>;
const folder = import.meta.dirname;

testPlugin(plugin, sandbox, { folder, oauth });

/** What is not for the sign-in alone. */
function ofKeys<T extends { readonly methods?: readonly string[] }>(parts: Readonly<Record<string, T>> = {}) {
  return Object.fromEntries(Object.entries(parts).filter(([, { methods }]) => !methods));
}

const { streams, actions } = plugin.handlers ?? {};
/** Over keys that only send there is nothing to choose from: loaders answer without asking Google, down or not. */
const handlers = { ...plugin.handlers, streams: ofKeys(streams), actions: ofKeys(actions), options: {} };

testPlugin({ ...plugin, handlers } as Plugin, sandbox, { folder, credentials });
