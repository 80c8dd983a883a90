import type { SandboxResponse } from 'patchbay';
import { invalid, ok, Refusal, unknownObject } from './answers.ts';
import { type Doc, pageOf } from './base.ts';
import { type Call, jsonParam, needsScope, ownPage, type Route } from './call.ts';
import { DEMO_APP_ID } from './demo.ts';
import { listed, picked } from './paging.ts';
import { DAY } from './time.ts';

const LEADS_KEPT_MS = 90 * DAY;
const LEAD_SCOPE = ['leads_retrieval'];

export function pageDoc(call: Call, id: string): Doc | undefined {
  const page = pageOf(id);
  if (!page || !call.person.pages.includes(id)) return undefined;
  const access_token = call.tokens.pageToken(call.person.id, id);
  return { id, name: page.name, category: 'Business', access_token, tasks: ['ADVERTISE', 'ANALYZE', 'CREATE_CONTENT', 'MANAGE'] };
}

function forms(call: Call): SandboxResponse {
  ownPage(call, call.id);
  const docs = call.world
    .all('forms', (form) => form['page_id'] === call.id)
    .map((form) => ({ ...form, leads_count: call.world.all('leads', (lead) => lead['form_id'] === form.id).length }));
  return listed(call, docs, 'LeadgenForm');
}

function formOf(call: Call): Doc {
  const form = call.world.get('forms', call.id);
  if (!form || call.token.kind !== 'page' || call.token.page !== form['page_id']) throw unknownObject(call.id);
  return form;
}

/** Newest first, as the provider lists them. */
function leads(call: Call): SandboxResponse {
  const form = formOf(call);
  const oldest = call.now - LEADS_KEPT_MS;
  const filters = jsonParam<{ field: string; operator: string; value: number }[]>(call, 'filtering') ?? [];
  const odd = filters.find(({ field, operator }) => field !== 'time_created' || !/^(GREATER|LESS)_THAN$/.test(operator));
  if (odd) throw invalid(`Filtering field '${odd.field}' with operation '${odd.operator}' is not supported`);
  const docs = call.world
    .all('leads', (lead) => lead['form_id'] === form.id)
    .map((lead) => ({ lead, at: Date.parse(String(lead['created_time'])) }))
    .filter(
      ({ at }) =>
        at >= oldest && filters.every((f) => (f.operator === 'GREATER_THAN' ? at > f.value * 1000 : at < f.value * 1000)),
    )
    .sort((a, b) => b.at - a.at || (a.lead.id < b.lead.id ? -1 : 1));
  return listed(
    call,
    docs.map(({ lead }) => lead),
    'Lead',
  );
}

/** One test lead at a time, answered by whatever the caller gives or by samples. */
function testLead(call: Call): SandboxResponse {
  const form = formOf(call);
  const id = `99${form.id.slice(-10)}`;
  if (call.world.get('leads', id)) {
    throw new Refusal({
      code: 100,
      subcode: 1815233,
      message: 'You already have a test lead for this form. Delete it before you create another one.',
    });
  }
  const fresh = call.world.addLead(form, {
    now: call.now,
    name: 'test lead: dummy data for full_name',
    email: 'test@meta.com',
    organic: true,
  });
  call.world.remove('leads', fresh.id);
  const fields = jsonParam<unknown[]>(call, 'field_data');
  const lead = call.world.put('leads', { ...fresh, id, ...(fields && { field_data: fields }) });
  call.hooks.lead(lead);
  return ok({ id });
}

function subscribed(call: Call): SandboxResponse {
  ownPage(call, call.id);
  const data = call.hooks.isSubscribed(call.id) ? [{ id: DEMO_APP_ID, name: 'Sandbox app', subscribed_fields: ['leadgen'] }] : [];
  return ok({ data });
}

function subscribe(call: Call): SandboxResponse {
  ownPage(call, call.id);
  const fields = (call.params.get('subscribed_fields') ?? '').split(',').filter(Boolean);
  if (fields.length === 0) throw invalid('Param subscribed_fields is required');
  const odd = fields.find((field) => !['leadgen', 'leadgen_update', 'feed', 'messages'].includes(field));
  if (odd) throw invalid(`Param subscribed_fields[0] must be one of the fields of a page: ${odd}`);
  if (fields.includes('leadgen')) needsScope(call, LEAD_SCOPE);
  call.hooks.subscribe(call.id);
  return ok({ success: true });
}

function unsubscribe(call: Call): SandboxResponse {
  ownPage(call, call.id);
  call.hooks.unsubscribe(call.id);
  return ok({ success: true });
}

/** A page, a form or a lead. */
export function readPageNode(call: Call): SandboxResponse | undefined {
  const page = pageDoc(call, call.id);
  if (page) {
    needsScope(call, ['pages_show_list', 'pages_read_engagement']);
    return ok(picked(page, call.params.get('fields'), 'Page'));
  }
  const form = call.world.get('forms', call.id);
  if (form) return ok(picked(formOf(call), call.params.get('fields'), 'LeadgenForm'));
  const lead = call.world.get('leads', call.id);
  if (!lead || call.token.page !== lead['page_id']) return undefined;
  needsScope(call, LEAD_SCOPE);
  return ok(picked(lead, call.params.get('fields'), 'Lead'));
}

export function deletePageNode(call: Call): SandboxResponse | undefined {
  const lead = call.world.get('leads', call.id);
  if (!lead || call.token.page !== lead['page_id']) return undefined;
  call.world.remove('leads', call.id);
  return ok({ success: true });
}

const MANAGE = ['pages_manage_metadata'];
export const pageRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: /^(\d+)\/leadgen_forms$/,
    scopes: ['pages_manage_ads', 'leads_retrieval'],
    useCase: 'pages',
    run: forms,
  },
  { method: 'GET', path: /^(\d+)\/leads$/, scopes: LEAD_SCOPE, useCase: 'pages', run: leads },
  { method: 'POST', path: /^(\d+)\/test_leads$/, scopes: LEAD_SCOPE, useCase: 'pages', run: testLead },
  { method: 'GET', path: /^(\d+)\/subscribed_apps$/, scopes: MANAGE, run: subscribed },
  { method: 'POST', path: /^(\d+)\/subscribed_apps$/, scopes: MANAGE, run: subscribe },
  { method: 'DELETE', path: /^(\d+)\/subscribed_apps$/, scopes: MANAGE, run: unsubscribe },
];
