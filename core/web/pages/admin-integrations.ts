import type { Request, Response } from 'express';
import { validate } from 'uuid';
import { FLEET_STATES, type FleetSought } from '../../integrations/fleet-store.ts';
import { hubError, Rejected } from '../../sdk/errors.ts';
import { MOST_IN_BATCH } from '../../syncs/bulk.ts';
import { BULK_ACTIONS } from '../../syncs/bulk-store.ts';
import { pageNumber } from '../http/filter-query.ts';
import { principalOf } from '../http/guard.ts';
import type { Web } from '../services.ts';
import { adminIntegrations, FLEET_PAGE, type FleetQuery, fleetHref } from '../view-models/admin-integrations.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { setFlash, showPage } from './page.ts';

/** `GET /admin/integrations`: those of all stores, to choose from. */
export async function showAdminIntegrations(web: Web, req: Request, res: Response): Promise<void> {
  const query = queryOf(req.query as Record<string, unknown>);
  const stores = await web.stores.list(principalOf(req));
  const at = { limit: FLEET_PAGE, offset: (query.page - 1) * FLEET_PAGE };
  const [{ rows, total }, batches] = await Promise.all([web.fleet.page(soughtOf(query), at), web.bulkBatches.latest()]);
  const healths = await web.integrations.healths(await web.integrationLists.known(rows));
  const model = adminIntegrations({ query, rows, healths, total, stores, templates: web.registry.templates(), batches });
  await showPage(web, req, res, { name: 'admin-integrations', title: t('fleet.title'), model });
}

/** `POST /admin/integrations`: one thing with those that are ticked, or with all that fit. */
export async function beginBatch(web: Web, req: Request, res: Response): Promise<void> {
  const fields = (req.body ?? {}) as Record<string, unknown>;
  const query = queryOf(fields);
  try {
    const action = BULK_ACTIONS.find((one) => one === fields['action']);
    if (!action) throw new Rejected(t('fleet.noAction'));
    const places =
      fields['all'] === 'yes' ? await web.fleet.places(soughtOf(query), MOST_IN_BATCH + 1) : await picked(web, fields);
    if (places.length === 0) throw new Rejected(t('fleet.noneTicked'));
    const batch = await web.bulk.beginAcross({ principal: principalOf(req), action, places });
    res.redirect(303, `/admin/bulk/${batch}`);
  } catch (error) {
    const known = hubError(error);
    if (!known) throw error;
    await setFlash(req, { kind: 'bad', text: said(known.message) });
    res.redirect(303, fleetHref(query));
  }
}

function picked(web: Web, { pick }: Record<string, unknown>) {
  const ids = [pick].flat().filter((id) => typeof id === 'string' && validate(id)) as string[];
  return web.fleet.known(ids);
}

function queryOf(fields: Record<string, unknown>): FleetQuery {
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : '');
  const store = text('store');
  return {
    store: validate(store) ? store : '',
    plugin: text('plugin').slice(0, 100),
    state: FLEET_STATES.find((one) => one === text('state')) ?? '',
    page: pageNumber(text('page')),
  };
}

function soughtOf({ store, plugin, state }: FleetQuery): FleetSought {
  return { storeId: store || undefined, pluginId: plugin || undefined, state: state || undefined };
}
