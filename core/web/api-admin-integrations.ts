import { IsIn, IsString, Matches, MaxLength } from 'class-validator';
import type { Request, Response } from 'express';
import type { StoreView } from '../access/stores.ts';
import type { Sought } from '../integrations/census-store.ts';
import type { Integration } from '../integrations/integration-store.ts';
import { NotFound, Rejected } from '../sdk/index.ts';
import { SyncBody } from './api-operations.ts';
import { bodyOf } from './body.ts';
import { IfGiven } from './dto.ts';
import { principalOf } from './guard.ts';
import { integrationJson, runJson } from './integration-json.ts';
import { param, queryChoice, queryNumber, queryText } from './request.ts';
import type { Web } from './services.ts';

const STATUS = ['pending', 'active', 'error', 'disconnected'] as const;

class NoBody {}

class StatusBody {
  @IsIn(['active', 'error', 'disconnected'])
  status!: 'active' | 'error' | 'disconnected';

  /** What the store's owner reads. */
  @IfGiven()
  @IsString()
  @MaxLength(500)
  @Matches(/^\P{Cc}*$/u, { message: 'Write the message as plain text on one line.' })
  message?: string;
}

/** `GET /api/admin/integrations?storeId&type&status&limit&offset`: of all stores. */
export async function listAllIntegrations(web: Web, req: Request, res: Response): Promise<void> {
  const store = queryText(req, 'storeId');
  const status = queryChoice(req, 'status', STATUS);
  await sendIntegrations(web, req, res, { ...(store !== undefined && { storeId: (await storeNamed(web, store)).id }), status });
}

/** `GET …/store/:store`, an id or slug. */
export async function listIntegrationsOfStore(web: Web, req: Request, res: Response): Promise<void> {
  const { id } = await storeNamed(web, param(req, 'store'));
  await sendIntegrations(web, req, res, { storeId: id, status: queryChoice(req, 'status', STATUS) });
}

export async function listIntegrationsByStatus(web: Web, req: Request, res: Response): Promise<void> {
  const status = STATUS.find((one) => one === param(req, 'status'));
  if (!status) throw new NotFound(`There is no such status; use one of ${STATUS.join(', ')}.`);
  await sendIntegrations(web, req, res, { status });
}

export async function getAnyIntegration(web: Web, req: Request, res: Response): Promise<void> {
  const integration = await integrationOf(web, req);
  const records = await web.records.counts(integration.storeId, integration.id);
  res.json({ ...(await adminJson(web, integration)), records });
}

/** `active` again, flagged as `error`, or `disconnected` (its records are kept). */
export async function setIntegrationStatus(web: Web, req: Request, res: Response): Promise<void> {
  const integration = await integrationOf(web, req);
  const { status, message } = await bodyOf(StatusBody, req);
  const principal = principalOf(req);
  const { storeId, id } = integration;
  if (status === 'disconnected') {
    await web.integrations.disconnect(storeId, id, {
      keepRecords: true,
      principal,
      ...(message !== undefined && { reason: message }),
    });
  } else {
    await setWorking(web, integration, { status, message: message?.trim() || undefined, req });
  }
  res.json(await adminJson(web, await web.integrationStore.get(storeId, id)));
}

export async function testAnyIntegration(web: Web, req: Request, res: Response): Promise<void> {
  const { storeId, id } = await integrationOf(web, req);
  await bodyOf(NoBody, req);
  res.json({ success: true, ...(await web.integrations.test(storeId, id, principalOf(req))) });
}

/** 202 with the runs asked for. */
export async function syncAnyIntegration(web: Web, req: Request, res: Response): Promise<void> {
  const integration = await integrationOf(web, req);
  const body = await bodyOf(SyncBody, req);
  const runs = await web.syncs.request({ integration, trigger: 'manual', requestedBy: principalOf(req).email, ...body });
  res.status(202).json({ runs: runs.map(runJson) });
}

async function setWorking(
  web: Web,
  integration: Integration,
  { status, message, req }: { status: 'active' | 'error'; message: string | undefined; req: Request },
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
    const changed = await web.integrationStore.setStatus(storeId, id, state, sql);
    if (status === 'active' && !integration.enabled) await web.integrationStore.update(storeId, id, { enabled: true }, sql);
    if (status === 'active') await web.inbox.release(changed, sql);
    const detail = { from: integration.status, to: status };
    await web.audit.record(
      { storeId, principal: principalOf(req), action: 'integration.status', target: id, detail, ip: req.ip },
      sql,
    );
  });
}

async function sendIntegrations(web: Web, req: Request, res: Response, where: Pick<Sought, 'storeId' | 'status'>): Promise<void> {
  const limit = queryNumber(req, 'limit', { default: 50, min: 1, max: 200 });
  const offset = queryNumber(req, 'offset', { default: 0, min: 0, max: 1_000_000 });
  const { total, places } = await web.census.page({ ...where, pluginId: queryText(req, 'type'), limit, offset });
  const found = await Promise.all(places.map(({ storeId, id }) => web.integrationStore.get(storeId, id)));
  const stores = await allStores(web);
  const integrations = await Promise.all(found.map((integration) => adminJson(web, integration, stores)));
  res.json({ integrations, total, limit, offset });
}

async function adminJson(web: Web, integration: Integration, stores?: readonly StoreView[]): Promise<Record<string, unknown>> {
  const store = (stores ?? (await allStores(web))).find(({ id }) => id === integration.storeId);
  const told = store && { id: store.id, slug: store.slug, name: store.name };
  return { ...(await integrationJson(web, integration)), store: told ?? null };
}

async function integrationOf(web: Web, req: Request): Promise<Integration> {
  const id = param(req, 'id');
  const storeId = await web.census.storeOf(id);
  if (storeId) return web.integrationStore.get(storeId, id);
  throw new NotFound(`There is no integration "${id.slice(0, 60)}".`);
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
