import type { Request, Response } from 'express';
import { connectionsOf } from './connections.ts';
import { showPage } from './page.ts';
import { storePlace } from './page-context.ts';
import { inReadersLanguage } from './plugin-texts.ts';
import type { Web } from './services.ts';
import { t } from './texts.ts';
import { cardView } from './view-models/card-view.ts';
import { integrationsPage } from './view-models/cards-view.ts';

export async function showIntegrations(web: Web, req: Request, res: Response): Promise<void> {
  const { store, viewer } = await storePlace(web, req, 'view');
  const templates = web.registry.templates().map(inReadersLanguage);
  const integrations = await web.integrationStore.list({ storeId: store.id });
  const connections = await connectionsOf(web, templates, integrations);
  const cards = templates.flatMap((template, index) => cardView(template, connections[index] ?? [], viewer) ?? []);
  const query = typeof req.query['q'] === 'string' ? req.query['q'].trim().slice(0, 100) : '';
  const model = integrationsPage(cards, query, viewer.manage);
  await showPage(web, req, res, {
    name: 'integrations',
    title: t('frame.integrations'),
    model: { ...model, liveHref: `/api/stores/${store.slug}/runs/live` },
    store,
    // Beside a real account the sentence would not be true.
    sandbox: web.sandbox.plugins().length > 0 && integrations.every(({ sandbox }) => sandbox),
    refresh: model.live ? 5 : undefined,
  });
}
