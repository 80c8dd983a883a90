import { definePlugin } from 'patchbay';
import { actions } from './actions.ts';
import { authorize } from './authorize.ts';
import { explain } from './explain.ts';
import { identify, test } from './identify.ts';
import { manifest } from './manifest.ts';
import { options } from './options.ts';
import { streams } from './sync.ts';
import { todo } from './todo.ts';
import { webhook } from './webhook.ts';

export default definePlugin(manifest, { identify, authorize, test, todo, streams, webhook, actions, options, explain });
