import { checkBody, json, Refusal } from './answers.ts';
import type { Doc } from './base.ts';
import { type Call, find, type Route, sameLocation } from './call.ts';
import { Opportunities } from './opportunities.ts';
import { type Fields, paging, search } from './search.ts';

const CREATABLE = ['pipelineStageId', 'monetaryValue', 'assignedTo', 'customFields'];
const EDITABLE = ['pipelineId', 'name', 'pipelineStageId', 'status', 'monetaryValue', 'assignedTo', 'customFields'];

const SEARCHABLE: Fields = Object.fromEntries(
  Object.entries({
    id: 'id',
    name: 'name',
    status: 'status',
    source: 'source',
    pipeline_id: 'pipelineId',
    pipeline_stage_id: 'pipelineStageId',
    contact_id: 'contactId',
    assigned_to: 'assignedTo',
    monetary_value: 'monetaryValue',
    date_added: 'createdAt',
    date_updated: 'updatedAt',
    last_status_change_date: 'lastStatusChangeAt',
    last_stage_change_date: 'lastStageChangeAt',
  }).map(([field, name]) => [field, (doc: Doc) => doc[name]]),
);

const desk = (call: Call) => new Opportunities(call.world, call.hooks);
const opportunity = (call: Call) => find(call, 'opportunities', { id: call.params[0], name: 'Opportunity' });

function searchByBody(call: Call) {
  checkBody(call.body, ['locationId'], ['query', 'limit', 'page', 'searchAfter', 'filters', 'sort', 'additionalDetails']);
  sameLocation(call, call.body['locationId']);
  const text = call.body['query'];
  const found = search(call.world.at('opportunities', call.location), {
    ...paging(call.body, 'limit'),
    fields: SEARCHABLE,
    filters: call.body['filters'],
    sort: call.body['sort'],
    fallback: { field: 'date_added', direction: 'desc' },
    text: typeof text === 'string' ? text : undefined,
  });
  const opportunities = found.docs.map(([doc, searchAfter]) => ({ ...desk(call).shown(doc), searchAfter }));
  return json(200, { opportunities, total: found.total, aggregations: {} });
}

function searchByQuery(call: Call) {
  const { query } = call.req;
  sameLocation(call, query.get('location_id'));
  const limit = Number(query.get('limit') ?? 20);
  if (!(limit >= 1 && limit <= 100)) throw new Refusal(422, ['limit must not be greater than 100']);
  const status = query.get('status') ?? 'all';
  const wanted = ['pipeline_id', 'pipeline_stage_id', 'contact_id', 'assigned_to', 'id'].filter((name) => query.get(name));
  const filters = wanted.map((field) => ({ field, operator: 'eq', value: query.get(field) }));
  const cursor = query.get('startAfterId') ? [Number(query.get('startAfter')), query.get('startAfterId')] : undefined;
  const found = search(call.world.at('opportunities', call.location), {
    fields: SEARCHABLE,
    filters: status === 'all' ? filters : [...filters, { field: 'status', operator: 'eq', value: status }],
    sort: undefined,
    fallback: { field: 'date_added', direction: 'desc' },
    text: query.get('q') ?? undefined,
    size: limit,
    page: Number(query.get('page') ?? 1),
    after: cursor,
  });
  const [startAfter, startAfterId] = found.docs.at(-1)?.[1] ?? [];
  return json(200, {
    opportunities: found.docs.map(([doc]) => desk(call).shown(doc)),
    meta: { total: found.total, currentPage: Number(query.get('page') ?? 1), startAfter, startAfterId },
  });
}

export const opportunityRoutes: readonly Route[] = [
  { method: 'POST', path: '/opportunities/search', scope: 'opportunities.readonly', run: searchByBody },
  { method: 'GET', path: '/opportunities/search', scope: 'opportunities.readonly', run: searchByQuery },
  {
    method: 'GET',
    path: '/opportunities/pipelines',
    scope: 'opportunities.readonly',
    run(call) {
      sameLocation(call, call.req.query.get('locationId'));
      return json(200, { pipelines: call.world.furniture(call.location).pipelines });
    },
  },
  {
    method: 'POST',
    path: '/opportunities/',
    scope: 'opportunities.write',
    run(call) {
      checkBody(call.body, ['pipelineId', 'locationId', 'name', 'status', 'contactId'], CREATABLE);
      sameLocation(call, call.body['locationId']);
      return json(201, { opportunity: desk(call).shown(desk(call).create(call.location, call.body, call.now)) });
    },
  },
  {
    method: 'GET',
    path: '/opportunities/{id}',
    scope: 'opportunities.readonly',
    run: (call) => json(200, { opportunity: desk(call).shown(opportunity(call)) }),
  },
  {
    method: 'PUT',
    path: '/opportunities/{id}',
    scope: 'opportunities.write',
    run(call) {
      checkBody(call.body, [], EDITABLE);
      return json(200, { opportunity: desk(call).shown(desk(call).update(opportunity(call), call.body, call.now)) });
    },
  },
  {
    method: 'PUT',
    path: '/opportunities/{id}/status',
    scope: 'opportunities.write',
    run(call) {
      checkBody(call.body, ['status'], ['lostReasonId']);
      desk(call).update(opportunity(call), call.body, call.now);
      return json(200, { succeded: true });
    },
  },
  {
    method: 'DELETE',
    path: '/opportunities/{id}',
    scope: 'opportunities.write',
    run(call) {
      desk(call).remove(opportunity(call));
      return json(200, { succeded: true });
    },
  },
];
