import type { StoreView } from '../../access/stores.ts';
import type { Integration, IntegrationStatus } from '../../integrations/integration-store.ts';
import { NotFound, Rejected } from '../../sdk/index.ts';
import { cursorOf, positionOf } from '../http/cursor.ts';
import { param } from '../http/request.ts';
import { integrationJson, integrationsJson, runJson } from '../integration-json.ts';
import type { Web } from '../services.ts';
import { EverywhereQuery, InStoreQuery, SetStatus, TypeQuery } from './admin-integration-bodies.ts';
import { CALL_PROBLEMS, RUNS, Sync, TESTED } from './operations.ts';
import { anywhere } from './place.ts';
import { type ApiRoute, accepted, type Call, ok, operator, type Place, type Reply, type Spec } from './route.ts';
import { pageOf, whole } from './schema.ts';
import { ADMIN_INTEGRATION, STATUS, WHOLE_ADMIN_INTEGRATION } from './schemas.ts';
import { integrationTag } from './tags.ts';

type Found = { readonly integration: Integration };

async function listAll(call: Call<unknown, EverywhereQuery>): Promise<Reply> {
  const { storeId, status } = call.query;
  const store = storeId === undefined ? undefined : await storeNamed(call.web, storeId);
  return listed(call, { storeId: store?.id, status });
}

async function listOfStore(call: Call<unknown, InStoreQuery>): Promise<Reply> {
  const { id } = await storeNamed(call.web, param(call.req, 'store'));
  return listed(call, { storeId: id, status: call.query.status });
}

async function listByStatus(call: Call<unknown, TypeQuery>): Promise<Reply> {
  const status = STATUS.find((one) => one === param(call.req, 'status'));
  if (!status) throw new NotFound(`There is no such status; use one of ${STATUS.join(', ')}.`);
  return listed(call, { status });
}

async function getOne({ web, integration }: Call & Found): Promise<Reply> {
  const records = await web.records.counts(integration.storeId, integration.id);
  return ok({ ...(await adminJson(web, integration)), records });
}

/** `active` again, flagged as `error`, or `disconnected` (its records are kept). */
async function setStatus(call: Call<SetStatus> & Found): Promise<Reply> {
  const { web, principal, body, integration } = call;
  const { storeId, id } = integration;
  const { status, message } = body;
  if (status === 'disconnected') {
    const reason = message !== undefined && { reason: message };
    await web.integrations.disconnect(storeId, id, { keepRecords: true, principal, ...reason });
  } else {
    await setWorking(call, { status, message: message?.trim() || undefined });
  }
  return ok(await adminJson(web, await web.integrationStore.get(storeId, id)));
}

async function setWorking(
  { web, req, principal, integration }: Call & Found,
  { status, message }: { status: 'active' | 'error'; message: string | undefined },
): Promise<void> {
  const { storeId, id } = integration;
  if (integration.status === 'disconnected' || integration.status === 'pending') {
    throw new Rejected(`${integration.name} is not connected; its store has to connect it first.`, { code: 'CONFLICT' });
  }
  const state =
    status === 'active'
      ? { status }
      : { status, reasonCode: 'INTEGRATION_NOT_ACTIVE', message: message ?? 'Stopped by an administrator.' };
  await web.integrationStore.transaction(async (sql) => {
    await web.integrationStore.setStatus(storeId, id, state, sql);
    if (status === 'active' && !integration.enabled) await web.integrationStore.update(storeId, id, { enabled: true }, sql);
    if (status === 'active') await web.events.release(storeId, id, sql);
    const detail = { from: integration.status, to: status };
    await web.audit.record({ storeId, principal, action: 'integration.status', target: id, detail, ip: req.ip }, sql);
  });
}

async function listed(
  { web, query }: Call<unknown, TypeQuery>,
  where: { storeId?: string | undefined; status?: IntegrationStatus | undefined },
): Promise<Reply> {
  const { limit, offset, cursor, type: pluginId } = query;
  const { integrations, total, next } = await web.integrationLists.page({
    ...where,
    pluginId,
    limit,
    offset,
    after: positionOf(cursor),
  });
  const [told, stores] = await Promise.all([integrationsJson(web, integrations), allStores(web)]);
  const shown = integrations.map(({ id, storeId }) => ({ ...told.get(id), store: storeJson(stores, storeId) }));
  return ok({ integrations: shown, total, limit, offset, next: cursorOf(next) });
}

async function adminJson(web: Web, integration: Integration): Promise<Record<string, unknown>> {
  return { ...(await integrationJson(web, integration)), store: storeJson(await allStores(web), integration.storeId) };
}

function storeJson(stores: readonly StoreView[], storeId: string) {
  const store = stores.find(({ id }) => id === storeId);
  return store ? { id: store.id, slug: store.slug, name: store.name } : null;
}

/** An operator's API key is of one store, but what is asked for here is about all of them. */
function allStores(web: Web): Promise<StoreView[]> {
  return web.stores.list({ userId: '', operator: true });
}

async function storeNamed(web: Web, idOrSlug: string): Promise<StoreView> {
  const store = (await allStores(web)).find(({ id, slug }) => id === idOrSlug || slug === idOrSlug);
  if (store) return store;
  throw new NotFound(`There is no store "${idOrSlug.slice(0, 60)}"; check its id or slug.`);
}

/** Calls about one integration of any store. */
function ofAny<B extends object, Q extends object>(spec: Spec<B, Q, Found>): ApiRoute {
  return { ...spec, who: 'operator', place: anywhere as Place<object> };
}

const BASE = '/api/admin/integrations';
const tag = 'Administration';
const PAGE = pageOf('integrations', ADMIN_INTEGRATION, { total: whole, limit: whole, offset: whole });
const LISTED = { 200: { says: 'Oldest first.', schema: PAGE } };

export const adminIntegrationRoutes: readonly ApiRoute[] = [
  operator({
    on: `GET ${BASE}`,
    tag,
    does: 'List the integrations of all stores',
    query: EverywhereQuery,
    answers: LISTED,
    run: listAll,
  }),
  operator({
    on: `GET ${BASE}/store/:store`,
    tag,
    does: 'List those of one store',
    query: InStoreQuery,
    answers: LISTED,
    run: listOfStore,
  }),
  operator({
    on: `GET ${BASE}/status/:status`,
    tag,
    does: 'List those in one state',
    query: TypeQuery,
    answers: LISTED,
    run: listByStatus,
  }),
  ofAny({
    on: `GET ${BASE}/:id`,
    tag,
    does: 'Read any integration',
    tagged: integrationTag,
    answers: { 200: { says: 'With how many records are here.', schema: WHOLE_ADMIN_INTEGRATION } },
    run: getOne,
  }),
  ofAny({
    on: `PATCH ${BASE}/:id/status`,
    tag,
    does: 'Stop, restart or disconnect it',
    body: SetStatus,
    tagged: integrationTag,
    problems: ['CONFLICT', 'INTEGRATION_NOT_ACTIVE'],
    examples: { stop: { status: 'error', message: 'Stopped while we look at it.' }, restart: { status: 'active' } },
    answers: { 200: { says: 'As it is now.', schema: ADMIN_INTEGRATION } },
    run: setStatus,
  }),
  ofAny({
    on: `POST ${BASE}/:id/test`,
    tag,
    does: 'Test any connection',
    once: true,
    problems: CALL_PROBLEMS,
    answers: { 200: { says: 'It works.', schema: TESTED } },
    run: async ({ web, principal, integration: { storeId, id } }) =>
      ok({ success: true, ...(await web.integrations.test(storeId, id, principal)) }),
  }),
  ofAny({
    on: `POST ${BASE}/:id/sync`,
    tag,
    does: 'Sync any integration now',
    body: Sync,
    once: true,
    problems: ['INTEGRATION_NOT_ACTIVE', 'PLUGIN_UNAVAILABLE', 'CONFLICT'],
    examples: { all: {} },
    answers: { 202: { says: 'The runs asked for.', schema: RUNS } },
    async run({ web, principal, integration, body }) {
      const runs = await web.syncs.request({ integration, trigger: 'manual', requestedBy: principal.email, ...body });
      return accepted({ runs: runs.map(runJson) });
    },
  }),
];
