import { modelReader } from '../integrations/model-reading.ts';
import type { RecordView } from '../records/record-store.ts';
import { NotFound } from '../sdk/errors.ts';
import { inIntegration } from './api-place.ts';
import { MOST_PER_PAGE, PageQuery } from './api-query.ts';
import { type ApiRoute, at, type IntegrationCall, ok, type Reply } from './api-route.ts';
import { anything, moment, named, object, orNull, pageOf, text } from './api-schema.ts';
import { anyText, InQuery, oneOf, time, yesNo } from './dto.ts';
import { param } from './request.ts';

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
];
