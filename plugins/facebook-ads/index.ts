import { definePlugin } from 'patchbay';
import { actions } from './actions.ts';
import { authorize } from './authorize.ts';
import { explain } from './explain.ts';
import { identify, test } from './identify.ts';
import { type Context, manifest } from './manifest.ts';
import { options } from './options.ts';
import { pace } from './pace.ts';
import { streams } from './sync.ts';
import { todo } from './todo.ts';
import { webhook } from './webhook.ts';

/** Takes the app's permissions back; a system user's token is its owner's and stays. */
async function disconnect(ctx: Context): Promise<void> {
  if (ctx.method === 'oauth') await ctx.http.delete('/me/permissions');
}

export default definePlugin(manifest, {
  identify,
  test,
  todo,
  streams,
  webhook,
  actions,
  options,
  explain,
  authorize,
  pace,
  disconnect,
});
