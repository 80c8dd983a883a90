import type { Request, Response } from 'express';
import { webhookUrl } from '../integration-json.ts';
import type { Web } from '../services.ts';
import { disconnectPage } from '../view-models/disconnect-view.ts';
import { t } from '../words/texts.ts';
import { integrationPlace } from './context.ts';
import { finish } from './outcome.ts';
import { showPage } from './page.ts';

export async function showRemove(web: Web, req: Request, res: Response): Promise<void> {
  const { store, template, integration, href } = await integrationPlace(web, req, 'manage');
  if (integration.status !== 'disconnected') return res.redirect(303, href);
  const counts = await web.records.counts(store.id, integration.id);
  const model = disconnectPage({ template, integration, counts, webhookUrl: webhookUrl(web, integration) });
  await showPage(web, req, res, {
    name: 'remove',
    title: t('remove.pageTitle', { name: integration.name }),
    model,
    store,
    sandbox: integration.sandbox,
  });
}

export async function removeIntegration(web: Web, req: Request, res: Response): Promise<void> {
  const { store, principal, template, integration, href } = await integrationPlace(web, req, 'manage');
  const gone = integration.status === 'disconnected';
  await finish(req, res, gone ? '/integrations' : href, async () => {
    await web.integrations.remove(store.id, integration.id, principal);
    return t('remove.done', { name: integration.name, plugin: template.name });
  });
}
