import { IsObject, IsString, Length } from 'class-validator';
import type { Request, Response } from 'express';
import type { Integration } from '../integrations/integration-store.ts';
import { connectedJson } from './api-integrations.ts';
import { flatIntegration, flatStore, type Scope } from './api-scope.ts';
import { bodyOf } from './body.ts';
import { IfGiven } from './dto.ts';
import { principalOf } from './guard.ts';
import { integrationJson, runJson } from './integration-json.ts';
import { param, queryChoice, queryNumber, queryText } from './request.ts';
import type { Web } from './services.ts';
import { waitForRuns } from './sync-result.ts';

const STATUS = ['pending', 'active', 'error', 'disconnected'] as const;

class NewIntegrationBody {
  /** The plugin's id. */
  @IsString()
  @Length(1, 100)
  integrationType!: string;

  @IfGiven()
  @IsString()
  @Length(1, 100)
  integrationName?: string;

  @IfGiven()
  @IsString()
  storeId?: string;

  @IsObject()
  fields!: Record<string, unknown>;
}

class TestBody {
  @IsString()
  integrationId!: string;
}

class SyncBody extends TestBody {
  /** A stream; default: all that are set to sync. */
  @IfGiven()
  @IsString()
  dataType?: string;
}

class SyncOneBody {
  @IfGiven()
  @IsString()
  dataType?: string;
}

/** `GET /api/integrations?storeId&type&status` */
export async function listFlat(web: Web, req: Request, res: Response): Promise<void> {
  const store = await flatStore(web, req, queryText(req, 'storeId'), 'view');
  const [pluginId, status] = [queryText(req, 'type'), queryChoice(req, 'status', STATUS)];
  const found = await web.integrationStore.list({ storeId: store.id, ...(pluginId && { pluginId }), ...(status && { status }) });
  res.json({ integrations: await Promise.all(found.map((integration) => integrationJson(web, integration))) });
}

export async function createFlat(web: Web, req: Request, res: Response): Promise<void> {
  const body = await bodyOf(NewIntegrationBody, req);
  const store = await flatStore(web, req, body.storeId, 'manage');
  const connected = await web.connect.manual({
    store,
    principal: principalOf(req),
    pluginId: body.integrationType,
    fields: body.fields,
    ...(body.integrationName !== undefined && { name: body.integrationName }),
  });
  res.status(connected.created ? 201 : 200).json(await connectedJson(web, connected));
}

export async function testFlat(web: Web, req: Request, res: Response): Promise<void> {
  const { integrationId } = await bodyOf(TestBody, req);
  await test(web, await flatIntegration(web, req, integrationId, 'sync'), res);
}

export async function testFlatOne(web: Web, req: Request, res: Response): Promise<void> {
  await test(web, await flatIntegration(web, req, param(req, 'id'), 'sync'), res);
}

export async function syncFlat(web: Web, req: Request, res: Response): Promise<void> {
  const { integrationId, dataType } = await bodyOf(SyncBody, req);
  await sync(web, await flatIntegration(web, req, integrationId, 'sync'), { dataType, res });
}

export async function syncFlatOne(web: Web, req: Request, res: Response): Promise<void> {
  const { dataType } = await bodyOf(SyncOneBody, req);
  await sync(web, await flatIntegration(web, req, param(req, 'id'), 'sync'), { dataType, res });
}

/** `GET /api/integrations/logs?integrationType&limit&offset`: the runs of a store, latest first. */
export async function listLogs(web: Web, req: Request, res: Response): Promise<void> {
  const store = await flatStore(web, req, queryText(req, 'storeId'), 'view');
  const pluginId = queryText(req, 'integrationType');
  const limit = queryNumber(req, 'limit', { default: 50, min: 1, max: 200 });
  const offset = queryNumber(req, 'offset', { default: 0, min: 0, max: 10_000 });
  const integrations = await web.integrationStore.list({ storeId: store.id, ...(pluginId && { pluginId }) });
  // Each integration may hold the whole page, so as much of each is needed.
  const all = await Promise.all(integrations.map(({ id }) => web.syncs.runs(store.id, id, { limit: offset + limit, offset: 0 })));
  const types = new Map(integrations.map((integration: Integration) => [integration.id, integration.pluginId]));
  const runs = all.flat().sort((one, other) => other.queuedAt.getTime() - one.queuedAt.getTime());
  const logs = runs
    .slice(offset, offset + limit)
    .map((run) => ({ ...runJson(run), integrationType: types.get(run.integrationId) }));
  res.json({ logs, limit, offset });
}

async function test(web: Web, { principal, store, integration }: Scope, res: Response): Promise<void> {
  const { message, counts = {} } = await web.integrations.test(store.id, integration.id, principal);
  res.json({ result: { success: true, message, counts } });
}

async function sync(web: Web, scope: Scope, { dataType, res }: { dataType: string | undefined; res: Response }): Promise<void> {
  const { principal, integration } = scope;
  const stream = dataType === undefined || dataType === 'all' ? {} : { stream: dataType };
  const runs = await web.syncs.request({ integration, trigger: 'manual', requestedBy: principal.email, ...stream });
  const { status, result } = await waitForRuns(web, runs, res);
  res.status(status).json({ result });
}
