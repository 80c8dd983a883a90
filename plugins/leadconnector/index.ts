import { definePlugin } from 'patchbay';
import { actions } from './actions.ts';
import { explain } from './explain.ts';
import { identify, test } from './identify.ts';
import { manifest } from './manifest.ts';
import { options } from './options.ts';
import { pace } from './pace.ts';
import { streams } from './sync.ts';
import { webhook } from './webhook.ts';

export default definePlugin(manifest, { identify, test, streams, webhook, actions, options, explain, pace });
