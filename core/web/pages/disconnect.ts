import type { Request, Response } from 'express';
import { webhookUrl } from '../integration-json.ts';
import type { Web } from '../services.ts';
import { isByHand } from '../view-models/details-view.ts';
import { disconnectPage } from '../view-models/disconnect-view.ts';
import { t } from '../words/texts.ts';
import { integrationPlace } from './context.ts';
import { finish } from './outcome.ts';
import { showPage } from './page.ts';

export async function showDisconnect(web: Web, req: Request, res: Response): Promise<void> {
  const { store, template, integration, href } = await integrationPlace(web, req, 'manage');
  if (integration.status === 'disconnected') return res.redirect(303, href);
  const counts = await web.records.counts(store.id, integration.id);
  const model = disconnectPage({ template, integration, counts, webhookUrl: webhookUrl(web, integration) });
  const title = t('disconnect.pageTitle', { name: integration.name });
  await showPage(web, req, res, { name: 'disconnect', title, model, store, sandbox: integration.sandbox });
}

export async function disconnect(web: Web, req: Request, res: Response): Promise<void> {
  const { store, principal, template, integration, href } = await integrationPlace(web, req, 'manage');
  const { records } = (req.body ?? {}) as Record<string, unknown>;
  // Anything but a plain yes to deleting keeps the records.
  const keepRecords = records !== 'delete';
  const byHand = isByHand({ template, integration }) && integration.lastEventAt !== undefined;
  await finish(req, res, href, async () => {
    await web.integrations.disconnect(store.id, integration.id, { keepRecords, principal });
    const who = integration.account?.label ?? integration.name;
    const done = t(keepRecords ? 'disconnect.doneKept' : 'disconnect.doneDeleted', { who, plugin: template.name });
    // One that was made by hand goes on calling until it is removed by hand.
    return byHand ? `${done} ${t('disconnect.stays', { plugin: template.name })}` : done;
  });
}
