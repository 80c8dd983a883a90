import type { Request, Response } from 'express';
import { fromPost } from '../../plugins/form-post.ts';
import { NotFound } from '../../sdk/errors.ts';
import type { Web } from '../services.ts';
import { iconUrl } from '../view-models/card-view.ts';
import { manifestOf } from '../view-models/plugin-view.ts';
import { postedFields } from '../view-models/posted-fields.ts';
import { sandboxPage } from '../view-models/sandbox-view.ts';
import { t } from '../words/texts.ts';
import { pluginPlace } from './context.ts';
import { finish } from './outcome.ts';
import { showPage } from './page.ts';

/** Presses a button of the panel: the command's name in `command`, its fields beside it. */
export async function runSandboxCommand(web: Web, req: Request, res: Response): Promise<void> {
  const { template } = await pluginPlace(web, req, 'sync');
  const body = (req.body ?? {}) as Record<string, unknown>;
  const { commands } = web.sandbox.panel(template.id);
  const command = commands.find(({ name }) => name === body['command']);
  if (!command) throw new NotFound(t('sandbox.noButton'));
  const input = fromPost(command.input, postedFields(command.input, body));
  const back = `/sandbox/${template.id}#${encodeURIComponent(command.name)}`;
  await finish(req, res, back, async () => (await web.sandbox.command(template.id, command.name, input)).message);
}

/** The simulator's panel: the other side of a connection, for people who have no account there. */
export async function showSandbox(web: Web, req: Request, res: Response): Promise<void> {
  const { template, store } = await pluginPlace(web, req, 'view');
  const { panel, commands } = web.sandbox.panel(template.id);
  const auth = manifestOf(template)?.auth ?? [];
  const fields = auth.flatMap((way) => (way.method === 'manual' ? Object.entries(way.fields.properties) : []));
  const titles = Object.fromEntries(fields.map(([name, field]) => [name, field.title]));
  const plugin = { id: template.id, name: template.name, picture: iconUrl(template) };
  const model = sandboxPage({ plugin, panel, commands, titles });
  await showPage(web, req, res, {
    name: 'sandbox',
    title: t('sandbox.title', { plugin: template.name }),
    model,
    store,
    sandbox: true,
  });
}
