import { definePlugin } from 'patchbay';
import { actions } from './actions.ts';
import { authorize } from './authorize.ts';
import { explain } from './explain.ts';
import { identify, test } from './identify.ts';
import { manifest } from './manifest.ts';
import { options } from './options.ts';
import { pace } from './quota.ts';
import { streams } from './streams.ts';
import { todo } from './todo.ts';

export default definePlugin(manifest, {
  identify,
  test,
  todo,
  streams,
  actions,
  options,
  authorize,
  explain,
  pace: (reply) => pace(reply),
});
