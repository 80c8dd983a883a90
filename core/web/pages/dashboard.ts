import type { Request, Response } from 'express';
import type { Principal } from '../../access/principal.ts';
import type { Web } from '../services.ts';
import { iconUrl } from '../view-models/card-view.ts';
import { dashboardPage, type Troubled, wantsSomebody } from '../view-models/dashboard-page.ts';
import { unfinishedSteps } from '../view-models/wizard-steps.ts';
import { inReadersLanguage } from '../words/plugin-texts.ts';
import { t } from '../words/texts.ts';
import { connectionsOf } from './connections.ts';
import { storePlace } from './context.ts';
import { showPage } from './page.ts';

const DAYS = 30;

/** `GET /dashboard`: which integrations want somebody and what mends each, and how all of them fare. */
export async function showDashboard(web: Web, req: Request, res: Response): Promise<void> {
  const { store, viewer } = await storePlace(web, req, 'view');
  const templates = web.registry.templates().map(inReadersLanguage);
  const integrations = await web.integrationStore.list({ storeId: store.id });
  const [connections, analytics, setUps] = await Promise.all([
    connectionsOf(web, templates, integrations),
    web.analytics.of(store.id, DAYS),
    viewer.manage ? web.setUps.unfinished(store.id) : [],
  ]);
  const shown = templates.flatMap((template, at) => (connections[at] ?? []).map((view) => ({ template, view })));
  const wanting = shown.filter(({ view }) => wantsSomebody(view));
  const ids = new Set(wanting.map(({ view }) => view.id));
  const healths = await web.integrations.healths(integrations.filter(({ id }) => ids.has(id)));
  const troubled = wanting.flatMap(({ template, view }): Troubled[] => {
    const health = healths.get(view.id);
    const plugin = { name: template.name, picture: iconUrl(template) };
    return health ? [{ integration: { pluginId: template.id, id: view.id }, plugin, view, health }] : [];
  });
  const working = shown.filter(({ view }) => view.works && !wantsSomebody(view)).length;
  const model = dashboardPage({ troubled, working, total: shown.length, analytics, manage: viewer.manage });
  // Those that want somebody say above all else what to do, which ends the set-up as well.
  const unfinished = unfinishedSteps(
    setUps,
    shown.flatMap(({ view }) => (ids.has(view.id) ? [] : [view])),
  );
  await showPage(web, req, res, { name: 'dashboard', title: t('dashboard.title'), model: { ...model, unfinished }, store });
}

/** Where somebody begins who did not ask for a page: where there is something to mend, or else the cards. */
export async function homeOf(web: Web, req: Request, person: Pick<Principal, 'userId' | 'operator'>): Promise<string> {
  const stores = await web.stores.list(person);
  const store = stores.find(({ id }) => id === req.session.storeId) ?? stores[0];
  if (!store) return '/integrations';
  const { total } = await web.census.page({ storeId: store.id, status: 'error', limit: 1, offset: 0 });
  return total > 0 ? '/dashboard' : '/integrations';
}
