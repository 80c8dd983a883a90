import type { Request, Response } from 'express';
import { isUsable } from '../../integrations/card.ts';
import type { Web } from '../services.ts';
import { firstSyncPage } from '../view-models/wizard-sync.ts';
import { t } from '../words/texts.ts';
import { integrationPlace } from './context.ts';
import { showPage } from './page.ts';
import { liveHref } from './run.ts';

/** More than any plugin has kinds of records. */
const RUNS = 100;

/** How the first sync goes, and the finish line: kept, so that who left finds it again. */
export async function showFirstSync(web: Web, req: Request, res: Response): Promise<void> {
  const place = await integrationPlace(web, req, 'view');
  const { store, viewer, template, integration, href } = place;
  const { id } = integration;
  const setUp = await web.setUps.of(store.id, id);
  if (!setUp) return res.redirect(303, href);
  if (setUp.step === 'configure' && viewer.manage) return res.redirect(303, `${href}/configure`);
  const [runs, counts, schedules, health] = await Promise.all([
    web.syncs.latest(store.id, id, { limit: RUNS }),
    web.records.counts(store.id, id),
    isUsable(template) ? web.syncs.schedules(store.id, id) : [],
    web.integrations.health(store.id, id),
  ]);
  const model = firstSyncPage({ template, integration, href, runs, counts, schedules, health, viewer });
  if (model.done && setUp.step === 'sync') await web.setUps.finished(store.id, id);
  await showPage(web, req, res, {
    name: 'first-sync',
    title: t('wizard.title', { plugin: template.name }),
    model: { ...model, liveHref: liveHref(place) },
    store,
    sandbox: integration.sandbox,
    refresh: model.live ? 5 : undefined,
  });
}
