import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsIn, IsString, IsUUID, Length } from 'class-validator';
import { BULK_ACTIONS, type BulkAction, type BulkJob } from '../../syncs/bulk-store.ts';
import { needFor } from '../../syncs/bulk-work.ts';
import { IfGiven, Says } from '../http/dto.ts';
import { requireStore } from '../http/guard.ts';
import { param } from '../http/request.ts';
import { inStore } from './place.ts';
import { MOST_PER_PAGE } from './query.ts';
import { type ApiRoute, accepted, at, ok, type Reply, type StoreCall } from './route.ts';
import { listOf, moment, named, object, oneOfTexts, orNull, text, uuid, whole } from './schema.ts';
import { STATUS } from './schemas.ts';

class BulkChange {
  @Says('`reconnect-reminder` says of each that has to be connected again what to tell its owner.')
  @IsIn(BULK_ACTIONS)
  action!: BulkAction;

  @Says('These; default: all that fit the other fields.')
  @IfGiven()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_PER_PAGE)
  @IsUUID('all', { each: true })
  integrations?: string[];

  @Says('A plugin’s id.')
  @IfGiven()
  @IsString()
  @Length(1, 100)
  plugin?: string;

  @IfGiven()
  @IsIn(STATUS)
  status?: (typeof STATUS)[number];
}

const ITEM = object({
  integration: uuid,
  status: oneOfTexts(['waiting', 'done', 'skipped', 'failed', 'cancelled']),
  code: { ...orNull(text), description: 'An error code, for `failed`.' },
  message: orNull(text),
});

const JOB = named(
  'BulkJob',
  object({
    id: uuid,
    action: oneOfTexts(BULK_ACTIONS),
    total: whole,
    done: { ...whole, description: 'How many have their answer.' },
    createdAt: moment,
    endedAt: orNull(moment),
    cancelledAt: orNull(moment),
    items: listOf(ITEM),
  }),
);

async function begin({ web, req, principal, store, body }: StoreCall<BulkChange>): Promise<Reply> {
  const { action, integrations, plugin: pluginId, status } = body;
  if (needFor(action) === 'manage') await requireStore(web, req, 'manage');
  const where = { storeId: store.id, ...(pluginId !== undefined && { pluginId }), ...(status !== undefined && { status }) };
  const chosen = integrations ?? (await web.integrationStore.list(where)).map(({ id }) => id);
  return accepted(jobJson(await web.bulk.begin({ storeId: store.id, principal, action, integrations: chosen })));
}

function jobJson({ id, action, createdAt, endedAt, cancelledAt, items }: BulkJob) {
  const told = items.map(({ integrationId, status, code, message }) => ({ integration: integrationId, status, code, message }));
  const done = items.filter(({ status }) => status !== 'waiting').length;
  return { id, action, total: items.length, done, createdAt, endedAt, cancelledAt, items: told };
}

const BASE = '/api/stores/:store/integrations/bulk';
const tag = 'Integrations';
const here = at(inStore);

export const bulkRoutes: readonly ApiRoute[] = [
  here({
    on: `POST ${BASE}`,
    tag,
    does: 'Do one thing with many',
    more: 'In the background; the job answers for each.',
    need: 'sync',
    body: BulkChange,
    once: true,
    examples: { 'test all': { action: 'test', status: 'active' }, remind: { action: 'reconnect-reminder' } },
    answers: { 202: { says: 'The job.', schema: JOB } },
    problems: ['CONFLICT'],
    run: begin,
  }),
  here({
    on: 'GET /api/stores/:store/bulk/:job',
    tag,
    does: 'See how far it is',
    answers: { 200: { says: 'The job.', schema: JOB } },
    run: async ({ web, req, store }) => ok(jobJson(await web.bulk.get(store.id, param(req, 'job')))),
  }),
  here({
    on: 'POST /api/stores/:store/bulk/:job/cancel',
    tag,
    does: 'Do no more of it',
    more: 'What is being done at this moment is finished. Who may begin such a job may cancel it.',
    need: 'sync',
    answers: { 200: { says: 'The job.', schema: JOB } },
    problems: ['CONFLICT'],
    run: async ({ web, req, store, principal }) => ok(jobJson(await web.bulk.cancel(store.id, param(req, 'job'), principal))),
  }),
];
