import { IsBoolean, IsIn, IsString } from 'class-validator';
import { Rejected } from '../../sdk/errors.ts';
import { anyText, IfGiven, InQuery, PluginFields, Says } from '../http/dto.ts';
import { requireStore } from '../http/guard.ts';
import { param } from '../http/request.ts';
import { integrationJson, runJson } from '../integration-json.ts';
import { HEALTH, SUMMARY } from './health-schemas.ts';
import { inIntegration } from './place.ts';
import { type ApiRoute, accepted, at, type IntegrationCall, ok, type Reply } from './route.ts';
import { anything, listOf, object, pageOf, text } from './schema.ts';
import { INTEGRATION, RUN } from './schemas.ts';
import { integrationTag } from './tags.ts';

export class Sync {
  @Says('Default: every stream the integration is set to sync.')
  @IfGiven()
  @IsString()
  stream?: string;

  @IfGiven()
  @IsIn(['incremental', 'full'])
  mode?: 'incremental' | 'full';

  @Says('The answer to a run that held deletions back: remove whatever is gone. For owners.')
  @IfGiven()
  @IsBoolean()
  allowDeletions?: boolean;
}

class OptionsQuery {
  @InQuery(anyText(20_000), 'A JSON object: the form as filled in so far.')
  readonly draft?: string;
}

async function configure({ web, principal, store, integration, body }: IntegrationCall<PluginFields>): Promise<Reply> {
  return ok(await integrationJson(web, await web.integrations.configure(store.id, integration.id, body, principal)));
}

async function test({ web, principal, store, integration }: IntegrationCall): Promise<Reply> {
  return ok({ success: true, ...(await web.integrations.test(store.id, integration.id, principal)) });
}

async function sync({ web, req, principal, integration, body }: IntegrationCall<Sync>): Promise<Reply> {
  // Who reads again only helps; who lets records go decides for the store.
  if (body.allowDeletions) await requireStore(web, req, 'manage');
  const runs = await web.syncs.request({ integration, trigger: 'manual', requestedBy: principal.email, ...body });
  return accepted({ runs: runs.map(runJson) });
}

async function listOptions({ web, req, store, integration, query }: IntegrationCall<unknown, OptionsQuery>): Promise<Reply> {
  const draft = draftOf(query.draft);
  return ok({ options: await web.integrations.options(store.id, integration.id, param(req, 'name'), draft), next: null });
}

function draftOf(draft: string | undefined): Record<string, unknown> {
  if (draft === undefined) return {};
  const message = '"draft" must be a JSON object.';
  try {
    const read: unknown = JSON.parse(draft);
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as Record<string, unknown>;
  } catch {
    // The sentence below says it better than the parser.
  }
  throw new Rejected(message, { fields: [{ pointer: '/query/draft', message }] });
}

export const TESTED = object(
  { success: { type: 'boolean', const: true }, message: text, partly: { type: 'boolean' }, counts: anything },
  ['partly', 'counts'],
);
export const RUNS = object({ runs: listOf(RUN) });
export const CALL_PROBLEMS = ['INTEGRATION_NOT_ACTIVE', 'RECONNECT_NEEDED', 'CONNECTION_FAILED', 'PLUGIN_UNAVAILABLE'] as const;

const ONE = '/api/stores/:store/integrations/:integration';
const tag = 'Integrations';
const OPTION = { ...anything, description: 'A value and what people read.', required: ['value', 'label'] };
const one = at(inIntegration);

export const operationRoutes: readonly ApiRoute[] = [
  one({
    on: `PUT ${ONE}/configure`,
    tag,
    does: 'Save its settings',
    more: 'The body is the whole of them, by the plugin’s form; a secret left out keeps its value.',
    need: 'manage',
    body: PluginFields,
    forms: { kind: 'config' },
    tagged: integrationTag,
    problems: ['CONFIG_SCHEMA_INVALID', 'PLUGIN_UNAVAILABLE', 'INTEGRATION_NOT_ACTIVE'],
    answers: { 200: { says: 'As it is now.', schema: INTEGRATION } },
    run: configure,
  }),
  one({
    on: `GET ${ONE}/status`,
    tag: 'Health',
    does: 'Read its state in short',
    answers: { 200: { says: 'The state and the one thing to know.', schema: SUMMARY } },
    run: async ({ web, store, integration }) => ok(await web.integrations.status(store.id, integration.id)),
  }),
  one({
    on: `GET ${ONE}/health`,
    tag: 'Health',
    does: 'Read its health',
    answers: { 200: { says: 'Connection, token, webhooks, rate limits, syncs.', schema: HEALTH } },
    run: async ({ web, store, integration }) => ok(await web.integrations.health(store.id, integration.id)),
  }),
  one({
    on: `POST ${ONE}/test`,
    tag,
    does: 'Test the connection',
    need: 'sync',
    once: true,
    problems: CALL_PROBLEMS,
    answers: { 200: { says: 'It works.', schema: TESTED } },
    run: test,
  }),
  one({
    on: `POST ${ONE}/sync`,
    tag: 'Runs',
    does: 'Sync now',
    more: 'A run that is under way already is answered instead of a second one.',
    need: 'sync',
    body: Sync,
    once: true,
    problems: ['INTEGRATION_NOT_ACTIVE', 'PLUGIN_UNAVAILABLE', 'CONFLICT'],
    examples: { all: {}, 'everything anew': { mode: 'full' } },
    answers: { 202: { says: 'The runs asked for.', schema: RUNS } },
    run: sync,
  }),
  one({
    on: `GET ${ONE}/options/:name`,
    tag,
    does: 'Read the choices of a field',
    query: OptionsQuery,
    problems: CALL_PROBLEMS,
    answers: { 200: { says: 'What the provider offers now.', schema: pageOf('options', OPTION) } },
    run: listOptions,
  }),
];
