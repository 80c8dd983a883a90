import type { Request, Response } from 'express';
import type { Connected } from '../integrations/connect.ts';
import { fromPost } from '../plugins/form-post.ts';
import { type Form, Rejected } from '../sdk/index.ts';
import { setFlash } from './page.ts';
import { type IntegrationPlace, type PluginPlace, pluginPlace } from './page-context.ts';
import { renderRefused } from './page-plugin.ts';
import type { Web } from './services.ts';
import { t } from './texts.ts';
import { manifestOf } from './view-models/plugin-view.ts';
import { postedFields } from './view-models/posted-fields.ts';
import { connectedSentence } from './view-models/sentences.ts';

export async function connectManually(web: Web, req: Request, res: Response): Promise<void> {
  await connectByKeys(web, req, res, await pluginPlace(web, req, 'manage'));
}

/** Tests the keys and keeps them only when they work; a refusal shows the form again, secrets left blank. */
export async function connectByKeys(web: Web, req: Request, res: Response, place: PluginPlace | IntegrationPlace): Promise<void> {
  const { store, principal, template } = place;
  const form = keysForm(place);
  const values = postedFields(form, req.body);
  const integrationId = 'integration' in place ? place.integration.id : undefined;
  try {
    const fields = fromPost(form, values);
    const connected = await web.connect.manual({ store, principal, pluginId: template.id, fields, integrationId });
    await leaveConnected(req, place, connected);
    res.redirect(303, pageOf(connected));
  } catch (error) {
    await renderRefused(web, req, res, { error, place, method: 'manual', values });
  }
}

export function leaveConnected(req: Request, { template }: Pick<PluginPlace, 'template'>, connected: Connected): Promise<void> {
  return setFlash(req, { kind: 'good', text: connectedSentence(connected, template) });
}

export function pageOf({ integration }: Connected): string {
  return `/integrations/${integration.pluginId}/${integration.id}`;
}

function keysForm({ template }: PluginPlace): Form {
  const way = manifestOf(template)?.auth.find(({ method }) => method === 'manual');
  if (way?.method === 'manual') return way.fields;
  throw new Rejected(t('plugin.noKeys', { plugin: template.name }), { code: 'PLUGIN_UNAVAILABLE' });
}
