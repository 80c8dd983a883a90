import { IsObject, IsString, MaxLength } from 'class-validator';
import { modelReader } from '../../integrations/model-reading.ts';
import type { RecordView } from '../../records/record-store.ts';
import { NotFound } from '../../sdk/errors.ts';
import { anyText, IfGiven, InQuery, IsTime, oneOf, Says, time, yesNo } from '../http/dto.ts';
import { param } from '../http/request.ts';
import { KEY_HEADER } from './mount.ts';
import { CALL_PROBLEMS } from './operations.ts';
import { inIntegration } from './place.ts';
import { MOST_PER_PAGE, PageQuery } from './query.ts';
import { type ApiRoute, at, type IntegrationCall, ok, type Reply } from './route.ts';
import { anything, moment, named, object, orNull, pageOf, text } from './schema.ts';

const VIEWS = ['raw', 'model', 'both'] as const;

class RecordQuery {
  @InQuery(oneOf(VIEWS), '`raw` as the provider gave it, `model` in the shared shape of the stream.')
  readonly view: (typeof VIEWS)[number] = 'both';
}

class RecordsQuery extends PageQuery {
  override readonly limit: number = 100;

  @InQuery(oneOf(VIEWS), '`raw` as the provider gave them, `model` in the shared shape of the stream.')
  readonly view: (typeof VIEWS)[number] = 'both';

  @InQuery(anyText(20), 'The `cursor` of a record: what changed later. Another name of `cursor`.')
  readonly after?: string;

  @InQuery(time, 'Written by the hub later than this.')
  readonly updatedAfter?: Date;

  @InQuery(yesNo, 'Also those that are marked deleted.')
  readonly deleted: boolean = false;
}

async function listRecords(call: IntegrationCall<unknown, RecordsQuery>): Promise<Reply> {
  const { scope, shown } = streamOf(call);
  const { limit, cursor, after = cursor, updatedAfter, deleted } = call.query;
  const { records, next } = await call.web.records.list(scope, { limit, after, updatedAfter, deleted });
  return ok({ records: records.map(shown), next: next ?? null });
}

async function getRecord(call: IntegrationCall<unknown, RecordQuery>): Promise<Reply> {
  const { scope, shown } = streamOf(call);
  const id = param(call.req, 'record');
  const record = await call.web.records.get(scope, id);
  if (!record) throw new NotFound(`There is no record "${id.slice(0, 60)}" in ${scope.stream}.`);
  return ok(shown(record));
}

/** A change of a record of the hub's. */
class ChangeRecord {
  @Says('The fields that change, by their names in the raw record.')
  @IsObject()
  data!: Record<string, unknown>;

  @Says('The `cursor` of the record when you read it. Default: as the hub has it now.')
  @IfGiven()
  @IsString()
  @MaxLength(20)
  basedOn?: string;

  @Says('When it was changed; default: now. Decides where the newer change wins.')
  @IfGiven()
  @IsTime()
  changedAt?: string;
}

async function changeRecord(call: IntegrationCall<ChangeRecord, RecordQuery>): Promise<Reply> {
  const { web, req, principal, integration, body } = call;
  const { scope, shown } = streamOf(call);
  const { data: change, basedOn, changedAt } = body;
  const { record, written } = await web.recordEdits.change({
    ...{ integration, stream: scope.stream, id: param(req, 'record'), change, basedOn, principal },
    changedAt: changedAt === undefined ? undefined : new Date(changedAt),
    key: req.get(KEY_HEADER),
  });
  return ok({ record: shown(record), written });
}

function streamOf({ web, req, store, integration, query }: IntegrationCall<unknown, RecordQuery>) {
  const stream = param(req, 'stream');
  const plugin = web.registry.get(integration.pluginId);
  const known = plugin?.plugin.handlers.streams;
  if (known && !Object.hasOwn(known, stream)) {
    throw new NotFound(`There is no stream "${stream}"; there are ${Object.keys(known).join(', ') || 'none'}.`);
  }
  const read = modelReader({ plugin, stream, integration });
  const shown = ({ data, ...record }: RecordView) => ({
    ...record,
    ...(query.view !== 'model' && { data }),
    ...(query.view !== 'raw' && read(data)),
  });
  return { scope: { storeId: store.id, integrationId: integration.id, stream }, shown };
}

const RECORD = named(
  'Record',
  object(
    {
      id: { ...text, description: 'The provider’s.' },
      data: anything,
      model: { ...orNull(anything), description: 'In the shared shape of the stream; null where there is none.' },
      modelProblem: text,
      sourceUpdatedAt: orNull(moment),
      createdAt: moment,
      updatedAt: moment,
      deletedAt: orNull(moment),
      cursor: { ...text, description: 'Its place in the order of changes.' },
    },
    ['data', 'model', 'modelProblem'],
  ),
);

const ONE = '/api/stores/:store/integrations/:integration/records/:stream';
const tag = 'Records';
const one = at(inIntegration);

export const recordRoutes: readonly ApiRoute[] = [
  one({
    on: `GET ${ONE}`,
    tag,
    does: 'List the records of a stream',
    more: `In the order of change, ${MOST_PER_PAGE} at most: whoever keeps the last cursor asks next time for what changed since.`,
    query: RecordsQuery,
    answers: { 200: { says: 'A page of them.', schema: pageOf('records', RECORD) } },
    run: listRecords,
  }),
  one({
    on: `GET ${ONE}/:record`,
    tag,
    does: 'Read a record',
    more: 'By the provider’s id; also one that is marked deleted.',
    query: RecordQuery,
    answers: { 200: { says: 'The record.', schema: RECORD } },
    run: getRecord,
  }),
  one({
    on: `PATCH ${ONE}/:record`,
    tag,
    does: 'Change a record',
    more:
      'Written to the provider by the action its plugin names, for streams that can be changed. Where it has changed there ' +
      'meanwhile, the integration’s `conflictRule` decides; the answer is 409 where the provider’s change wins.',
    need: 'manage',
    query: RecordQuery,
    body: ChangeRecord,
    once: true,
    problems: [...CALL_PROBLEMS, 'CONFLICT', 'FORBIDDEN'],
    answers: {
      200: {
        says: 'As the provider has it now; `written` is false where it was so already.',
        schema: object({ record: RECORD, written: { type: 'boolean' } }),
      },
    },
    examples: { phone: { data: { phone: '+15551234567' } } },
    run: changeRecord,
  }),
];
