import type { Request, Response } from 'express';
import { showPage } from './page.ts';
import { integrationPlace } from './page-context.ts';
import { finish } from './page-outcome.ts';
import type { Web } from './services.ts';
import { disconnectPage } from './view-models/disconnect-view.ts';

export async function showRemove(web: Web, req: Request, res: Response): Promise<void> {
  const { store, template, integration, href } = await integrationPlace(web, req, 'manage');
  if (integration.status !== 'disconnected') return res.redirect(303, href);
  const counts = await web.records.counts(store.id, integration.id);
  const model = disconnectPage({ template, integration, counts });
  await showPage(web, req, res, {
    name: 'remove',
    title: `Remove ${integration.name}`,
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
    return `Removed ${integration.name} of ${template.name} from your list.`;
  });
}
