import { IsObject, IsString, Length } from 'class-validator';
import type { IntegrationStatus } from '../../integrations/integration-store.ts';
import { cursorOf, positionOf } from '../http/cursor.ts';
import { anyText, IfGiven, InQuery, IsName, oneOf, Says } from '../http/dto.ts';
import { integrationsJson, runJson } from '../integration-json.ts';
import { connectedReply } from './integrations.ts';
import { CALL_PROBLEMS } from './operations.ts';
import { inFlatIntegration, inFlatStore } from './place.ts';
import { OffsetQuery, PageQuery } from './query.ts';
import { type ApiRoute, at, type IntegrationCall, ok, type Reply, type StoreCall } from './route.ts';
import { bool, extended, listOf, mapOf, named, object, pageOf, text, uuid, whole } from './schema.ts';
import { CONNECTED, INTEGRATION, RUN, STATUS } from './schemas.ts';
import { waitForRuns } from './sync-result.ts';

class NewIntegration {
  @Says('The plugin’s id.')
  @IsString()
  @Length(1, 100)
  integrationType!: string;

  @IfGiven()
  @IsName()
  integrationName?: string;

  @Says('Id or slug; default: the API key’s.')
  @IfGiven()
  @IsString()
  storeId?: string;

  @Says('The keys, as the plugin’s form asks for them.')
  @IsObject()
  fields!: Record<string, unknown>;
}

class TestIntegration {
  @Says('Its id, or the plugin’s where you have exactly one.')
  @IsString()
  integrationId!: string;
}

class SyncStream {
  @Says('A stream; default: all that are set to sync.')
  @IfGiven()
  @IsString()
  dataType?: string;
}

class SyncIntegration extends SyncStream {
  @Says('Its id, or the plugin’s where you have exactly one.')
  @IsString()
  integrationId!: string;
}

class FlatQuery extends PageQuery {
  @InQuery(anyText(), 'Id or slug; default: the API key’s.')
  readonly storeId?: string;

  @InQuery(anyText(100), 'A plugin’s id.')
  readonly type?: string;

  @InQuery(oneOf(STATUS))
  readonly status?: IntegrationStatus;
}

class LogsQuery extends OffsetQuery {
  @InQuery(anyText(), 'Id or slug; default: the API key’s.')
  readonly storeId?: string;

  @InQuery(anyText(100), 'A plugin’s id.')
  readonly integrationType?: string;
}

async function list({ web, store, query }: StoreCall<unknown, FlatQuery>): Promise<Reply> {
  const { limit, cursor, type: pluginId, status } = query;
  const sought = { storeId: store.id, pluginId, status, limit, after: positionOf(cursor) };
  const { integrations, next } = await web.integrationLists.page(sought);
  const told = await integrationsJson(web, integrations);
  return ok({ integrations: integrations.map(({ id }) => told.get(id)), next: cursorOf(next) });
}

async function create({ web, principal, store, body }: StoreCall<NewIntegration>): Promise<Reply> {
  const { integrationType: pluginId, integrationName: name, fields } = body;
  const wanted = { store, principal, pluginId, fields, ...(name !== undefined && { name }) };
  return connectedReply(web, await web.connect.manual(wanted));
}

async function test({ web, principal, store, integration }: IntegrationCall): Promise<Reply> {
  const { message, counts = {} } = await web.integrations.test(store.id, integration.id, principal);
  return ok({ result: { success: true, message, counts } });
}

async function sync({ web, res, principal, integration, body }: IntegrationCall<SyncStream>): Promise<Reply> {
  const { dataType } = body;
  const stream = dataType === undefined || dataType === 'all' ? {} : { stream: dataType };
  const runs = await web.syncs.request({ integration, trigger: 'manual', requestedBy: principal.email, ...stream });
  const { status, result } = await waitForRuns(web, runs, res);
  return { status, body: { result } };
}

async function listLogs({ web, store, query }: StoreCall<unknown, LogsQuery>): Promise<Reply> {
  const { limit, offset, cursor, integrationType: pluginId } = query;
  const { runs, next } = await web.runLists.page({ storeId: store.id, pluginId, limit, offset, after: positionOf(cursor) });
  const logs = runs.map((run) => ({ ...runJson(run), integrationType: run.pluginId }));
  return ok({ logs, limit, offset, next: cursorOf(next) });
}

const RESULT = named(
  'SyncResult',
  object({
    success: bool,
    totalRecords: whole,
    syncedRecords: whole,
    failedRecords: whole,
    duration: { ...whole, description: 'Milliseconds.' },
    message: text,
    errors: listOf(text),
    runs: listOf(uuid),
  }),
);
const LOG = named('Log', extended(RUN, { integrationType: text }));
const TESTED = object({ result: object({ success: { type: 'boolean', const: true }, message: text, counts: mapOf(whole) }) });

const BASE = '/api/integrations';
const tag = 'Flat calls';
const forms = { kind: 'credentials', field: 'fields' } as const;
const [ofStore, one] = [at(inFlatStore), at(inFlatIntegration)];
const TEST = { tag, does: 'Test a connection', need: 'sync', once: true, problems: CALL_PROBLEMS } as const;
const SYNC = {
  tag,
  does: 'Sync and wait',
  more: 'Waits up to 25 s; what goes on after that is told as going on (202).',
  need: 'sync',
  once: true,
  problems: ['INTEGRATION_NOT_ACTIVE', 'PLUGIN_UNAVAILABLE', 'CONFLICT'],
  answers: {
    200: { says: 'It has ended.', schema: object({ result: RESULT }) },
    202: { says: 'It goes on.', schema: object({ result: RESULT }) },
  },
  run: sync,
} as const;

export const flatRoutes: readonly ApiRoute[] = [
  ofStore({
    on: `GET ${BASE}`,
    tag,
    does: 'List integrations',
    query: FlatQuery,
    answers: { 200: { says: 'Oldest first.', schema: pageOf('integrations', INTEGRATION) } },
    run: list,
  }),
  ofStore({
    on: `POST ${BASE}`,
    tag,
    does: 'Connect an account by its keys',
    need: 'manage',
    body: NewIntegration,
    forms,
    once: true,
    problems: ['INVALID_CREDENTIALS', 'CONFIG_SCHEMA_INVALID', 'CONFLICT', 'CONNECTION_FAILED', 'PLUGIN_UNAVAILABLE'],
    answers: {
      200: { says: 'The account was connected before; it is again.', schema: CONNECTED },
      201: { says: 'Connected.', schema: CONNECTED },
    },
    run: create,
  }),
  ofStore({
    on: `GET ${BASE}/logs`,
    tag,
    does: 'List the runs of a store',
    query: LogsQuery,
    answers: { 200: { says: 'Latest first.', schema: pageOf('logs', LOG, { limit: whole, offset: whole }) } },
    run: listLogs,
  }),
  one({
    ...TEST,
    on: `POST ${BASE}/test`,
    body: TestIntegration,
    answers: { 200: { says: 'It works.', schema: TESTED } },
    run: test,
  }),
  one({ ...SYNC, on: `POST ${BASE}/sync`, body: SyncIntegration }),
  one({ ...TEST, on: `POST ${BASE}/:id/test`, answers: { 200: { says: 'It works.', schema: TESTED } }, run: test }),
  one({ ...SYNC, on: `POST ${BASE}/:id/sync`, body: SyncStream }),
];
