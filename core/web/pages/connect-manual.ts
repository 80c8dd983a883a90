import type { Request, Response } from 'express';
import type { Connected } from '../../integrations/connect.ts';
import { fromPost } from '../../plugins/form-post.ts';
import type { Template } from '../../plugins/registry.ts';
import { type Form, Rejected } from '../../sdk/index.ts';
import type { Web } from '../services.ts';
import { faultLinks } from '../view-models/field-summary.ts';
import { formView } from '../view-models/form-view.ts';
import { manifestOf } from '../view-models/plugin-view.ts';
import { postedFields } from '../view-models/posted-fields.ts';
import { connectedSentence } from '../view-models/sentences.ts';
import { hasSettings } from '../view-models/wizard-steps.ts';
import { t } from '../words/texts.ts';
import { type IntegrationPlace, type PluginPlace, pluginPlace } from './context.ts';
import { faultsIn } from './form-faults.ts';
import { setFlash } from './page.ts';
import { renderRefused } from './plugin.ts';

/** What is wrong with the keys so far, by the ids of the page; asks nobody else and keeps nothing. */
export async function checkKeys(web: Web, req: Request, res: Response): Promise<void> {
  const form = keysForm(await pluginPlace(web, req, 'manage'));
  const values = postedFields(form, req.body);
  const faults = faultsIn(() => web.forms.check(form, fromPost(form, values)));
  const fields = faultLinks(formView({ form, prefix: 'key-', values, faults }));
  res.set('cache-control', 'no-store').json({ faults: fields });
}

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
    if (integrationId === undefined) await web.setUps.begin({ storeId: store.id, pluginId: template.id });
    const connected = await web.connect.manual({
      store,
      principal,
      pluginId: template.id,
      fields,
      integrationId,
      settingsFirst: true,
    });
    res.redirect(303, await leaveConnected(web, req, { template, connected, again: integrationId !== undefined }));
  } catch (error) {
    await renderRefused(web, req, res, { error, place, method: 'manual', values });
  }
}

/**
 * Leaves the sentence that says what was connected.
 * @returns where it goes on: a new connection is set up, one that was there is as it was
 */
export async function leaveConnected(web: Web, req: Request, { template, connected, again }: Left): Promise<string> {
  const { created, integration } = connected;
  const { storeId, pluginId, id } = integration;
  await setFlash(req, { kind: connected.test.partly ? 'warn' : 'good', text: connectedSentence(connected, template) });
  const page = `/integrations/${pluginId}/${id}`;
  if (again) return page;
  if (!created) {
    await web.setUps.dropped({ storeId, pluginId });
    return page;
  }
  await web.setUps.connected({ storeId, pluginId, integrationId: id });
  if (hasSettings(template)) return `${page}/configure`;
  await web.setUps.configured(storeId, id);
  return `${page}/first-sync`;
}

interface Left {
  readonly template: Template;
  readonly connected: Connected;
  /** It was to be connected again. */
  readonly again: boolean;
}

function keysForm({ template }: PluginPlace): Form {
  const way = manifestOf(template)?.auth.find(({ method }) => method === 'manual');
  if (way?.method === 'manual') return way.fields;
  throw new Rejected(t('plugin.noKeys', { plugin: template.name }), { code: 'PLUGIN_UNAVAILABLE' });
}
