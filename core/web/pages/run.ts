import type { Request, Response } from 'express';
import { isUsable, isWorking } from '../../integrations/card.ts';
import { readsAny } from '../../integrations/readable.ts';
import { NotFound } from '../../sdk/errors.ts';
import type { Run } from '../../syncs/syncs.ts';
import { param } from '../http/request.ts';
import type { Web } from '../services.ts';
import { runPage } from '../view-models/run-page.ts';
import { runsChart } from '../view-models/runs-chart.ts';
import { RUNS_A_PAGE, runFilter, runQuery, runsPage } from '../view-models/runs-page.ts';
import { streamHealth } from '../view-models/stream-health.ts';
import { streamViews } from '../view-models/stream-view.ts';
import { streamTitle } from '../view-models/stream-words.ts';
import { t } from '../words/texts.ts';
import { type IntegrationPlace, integrationPlace } from './context.ts';
import { finish } from './outcome.ts';
import { showPage } from './page.ts';

const CHART_DAYS = 30;

/** All runs of an integration: how each kind of record fares, a drawing of the last 30 days, and the runs by page. */
export async function showRuns(web: Web, req: Request, res: Response): Promise<void> {
  const place = await integrationPlace(web, req, 'view');
  const { store, template, integration, href } = place;
  const query = runQuery(req.query as Record<string, unknown>);
  const at = { limit: RUNS_A_PAGE, offset: (query.page - 1) * RUNS_A_PAGE };
  const scope = { storeId: store.id, integrationId: integration.id };
  const [page, figures, days, schedules] = await Promise.all([
    web.history.page(scope, runFilter(query, new Date()), at),
    web.history.streams(scope),
    web.history.days(scope, CHART_DAYS),
    isUsable(template) ? web.syncs.schedules(store.id, integration.id) : [],
  ]);
  const synced = streamViews({ template, integration, schedules, counts: {}, href, working: true }).filter(({ syncs }) => syncs);
  const gone = figures.filter(({ stream }) => !synced.some(({ name }) => name === stream)).map(({ stream }) => stream);
  const streams = [...synced, ...gone.map((name) => ({ name, title: streamTitle(template, name) }))];
  const model = runsPage({
    template,
    integration: { name: integration.name, href },
    query,
    page,
    streams: streamHealth({ streams, figures, schedules: allowed(place).canSync ? schedules : [], now: new Date() }),
    figures,
    chart: runsChart(days),
    ...allowed(place),
    liveHref: liveHref(place),
  });
  const refresh = model.live ? 5 : undefined;
  const title = t('runs.syncsOf', { name: integration.name });
  await showPage(web, req, res, { name: 'runs', title, model, store, sandbox: integration.sandbox, refresh });
}

export async function showRun(web: Web, req: Request, res: Response): Promise<void> {
  const place = await integrationPlace(web, req, 'view');
  const { store, template, integration, href } = place;
  const run = await runOf(web, req, place);
  const [[newest], figures] = await Promise.all([
    web.syncs.latest(store.id, integration.id, { limit: 1, stream: run.stream }),
    web.history.streams({ storeId: store.id, integrationId: integration.id }),
  ]);
  const model = runPage({
    template,
    integration: { name: integration.name, href },
    run,
    latest: newest?.id === run.id,
    freshAt: figures.find(({ stream }) => stream === run.stream)?.freshAt,
    ...allowed(place),
    liveHref: `${liveHref(place)}?run=${run.id}`,
  });
  const refresh = model.live ? 5 : undefined;
  const title = t('runs.one', { stream: model.run.stream });
  await showPage(web, req, res, { name: 'run', title, model, store, sandbox: integration.sandbox, refresh });
}

export async function cancelRun(web: Web, req: Request, res: Response): Promise<void> {
  const place = await integrationPlace(web, req, 'sync');
  const { store, href } = place;
  const { _back: back } = (req.body ?? {}) as Record<string, unknown>;
  const next = back === 'cards' ? '/integrations' : href;
  await finish(req, res, back === 'run' ? `${href}/runs/${param(req, 'run')}` : next, async () => {
    const run = await runOf(web, req, place);
    await web.syncs.cancel(store.id, run.id);
    return t('runs.cancelled');
  });
}

async function runOf(web: Web, req: Request, { store, integration }: IntegrationPlace): Promise<Run> {
  const run = await web.syncs.run(store.id, param(req, 'run'));
  if (run.integrationId !== integration.id) throw new NotFound(t('runs.noSuch'));
  return run;
}

function allowed({ template, integration, viewer }: IntegrationPlace): { canManage: boolean; canSync: boolean } {
  const reads = readsAny(template.loaded?.plugin.handlers?.streams, integration.method);
  return { canManage: viewer.manage, canSync: reads && isWorking(integration, isUsable(template)) };
}

/** Where a page hears how far the runs of an integration are. */
export function liveHref({ store, integration }: Pick<IntegrationPlace, 'store' | 'integration'>): string {
  return `/api/stores/${store.slug}/integrations/${integration.id}/runs/live`;
}
