import type { Request, Response } from 'express';
import { isUsable } from '../integrations/card.ts';
import { webhookUrl } from './integration-json.ts';
import { showPage } from './page.ts';
import { integrationPlace } from './page-context.ts';
import type { Web } from './services.ts';
import { detailsPage } from './view-models/details-view.ts';

const RUNS = 12;
const EVENTS = 12;

export async function showIntegration(web: Web, req: Request, res: Response): Promise<void> {
  const { store, viewer, template, integration } = await integrationPlace(web, req, 'view');
  const { id } = integration;
  const [counts, runs, events, schedules, health] = await Promise.all([
    web.records.counts(store.id, id),
    web.syncs.runs(store.id, id, { limit: RUNS, offset: 0 }),
    web.events.list({ storeId: store.id, integrationId: id, limit: EVENTS }),
    isUsable(template) ? web.syncs.schedules(store.id, id) : [],
    web.integrations.health(store.id, id),
  ]);
  const model = detailsPage({
    template,
    integration,
    counts,
    runs,
    events,
    schedules,
    health,
    webhookUrl: webhookUrl(web, integration),
    viewer,
    sandbox: web.sandbox.plugins().includes(template.id),
  });
  const refresh = model.live ? 5 : undefined;
  await showPage(web, req, res, {
    name: 'details',
    title: integration.name,
    model,
    store,
    sandbox: integration.sandbox,
    refresh,
  });
}
