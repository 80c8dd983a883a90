import type { Request, Response } from 'express';
import { isUsable } from '../../integrations/card.ts';
import { loaderOf } from '../../plugins/form-kinds.ts';
import { webhookUrl } from '../integration-json.ts';
import type { Web } from '../services.ts';
import { actionLinks } from '../view-models/action-page.ts';
import { offersOf } from '../view-models/barred-view.ts';
import { detailsPage } from '../view-models/details-view.ts';
import { keptView } from '../view-models/event-view.ts';
import { manifestOf } from '../view-models/plugin-view.ts';
import { recordView } from '../view-models/records-view.ts';
import { type IntegrationPlace, integrationPlace } from './context.ts';
import { showPage } from './page.ts';
import { aboutNames } from './record-names.ts';
import { liveHref } from './run.ts';

const RUNS = 8;
const EVENTS = 6;
/** Calendars, lists, pipelines: what one chooses from is short. */
const NAMES = 200;

export async function showIntegration(web: Web, req: Request, res: Response): Promise<void> {
  const { store, viewer, template, integration: kept, href } = await integrationPlace(web, req, 'view');
  const { id } = kept;
  const { plain, stored } = await web.integrations.settings(kept);
  const integration = { ...kept, config: plain };
  const [counts, runs, events, schedules, health, names, failed, setUp] = await Promise.all([
    web.records.counts(store.id, id),
    web.syncs.latest(store.id, id, { limit: RUNS }),
    web.events.list({ storeId: store.id, integrationId: id, limit: EVENTS }),
    isUsable(template) ? web.syncs.schedules(store.id, id) : [],
    web.integrations.health(store.id, id),
    namesOf(web, template, integration),
    web.replays.kept(store.id, id),
    web.setUps.of(store.id, id),
  ]);
  const model = detailsPage({
    ...{ template, integration, counts, runs, events, schedules, health, viewer },
    webhookUrl: webhookUrl(web, integration),
    sandbox: web.sandbox.plugins().includes(template.id),
    names,
    stored,
    abouts: await aboutNames(web, kept, { objects: events.map(({ object }) => object), href }),
  });
  const refresh = model.live ? 5 : undefined;
  await showPage(web, req, res, {
    name: 'details',
    title: integration.name,
    model: {
      ...model,
      kept: failed.map(keptView),
      actions: offersOf(actionLinks({ template, integration: kept, href, viewer })),
      liveHref: liveHref({ store, integration }),
      setUpHref: setUp?.step === 'configure' && model.canConfigure ? `${href}/configure` : undefined,
    },
    store,
    sandbox: integration.sandbox,
    refresh,
  });
}

type Connection = Pick<IntegrationPlace, 'template' | 'integration'>;

/** What is chosen from a list that is synced as well is known by name here, without asking the provider. */
async function namesOf(web: Web, template: Connection['template'], integration: Connection['integration']) {
  const fields = Object.entries(manifestOf(template)?.config?.properties ?? {});
  const lists = fields.flatMap(([name, field]) => {
    const list = loaderOf(field);
    const chosen = integration.config[name];
    return list && chosen && String(chosen) && template.loaded?.plugin.handlers?.streams?.[list] ? [list] : [];
  });
  const { storeId, id: integrationId } = integration;
  const found = await Promise.all(
    [...new Set(lists)].map((stream) => web.records.list({ storeId, integrationId, stream }, { limit: NAMES })),
  );
  return Object.fromEntries(found.flatMap(({ records }) => records.map((record) => [record.id, recordView(record).label])));
}
