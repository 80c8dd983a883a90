import { dayIn, type SandboxResponse } from 'patchbay';
import { invalid, ok, Refusal, unknownObject } from './answers.ts';
import type { Doc } from './base.ts';
import { type Call, jsonParam, needsScope, type Route, reachable } from './call.ts';
import { ACCOUNTS } from './demo.ts';
import { readQuestion, rowsOf } from './insights.ts';
import { listed, picked } from './paging.ts';

const TYPES = { campaigns: 'Campaign', adsets: 'AdSet', ads: 'Ad' } as const;
type Edge = keyof typeof TYPES;
const READ = ['ads_read', 'ads_management'];
/** More rows than this are too much for one synchronous answer. */
const SYNCHRONOUS = 4000;

export function accountDoc(id: string): Doc | undefined {
  const account = ACCOUNTS.find((one) => one.id === id);
  return (
    account && {
      id,
      account_id: id.replace('act_', ''),
      name: account.name,
      account_status: 1,
      currency: account.currency,
      timezone_name: account.timezone,
      timezone_offset_hours_utc: 0,
    }
  );
}

function readAccount(call: Call): SandboxResponse {
  const doc = accountDoc(call.id);
  if (!doc) throw unknownObject(call.id);
  reachable(call, call.id);
  return ok(picked(doc, call.params.get('fields'), 'AdAccount'));
}

function listEdge(call: Call): SandboxResponse {
  const edge = call.req.path.split('/').at(-1) as Edge;
  reachable(call, call.id);
  const statuses = jsonParam<string[]>(call, 'effective_status');
  const since = Number(call.params.get('updated_since') ?? updatedFilter(call, edge) ?? 0) * 1000;
  const docs = call.world.inAccount(edge, call.id).filter((doc) => {
    const status = String(doc['effective_status']);
    const shown = statuses ? statuses.includes(status) : status !== 'DELETED' && status !== 'ARCHIVED';
    return shown && Date.parse(String(doc['updated_time'])) > since;
  });
  return listed(call, docs, TYPES[edge]);
}

function updatedFilter(call: Call, edge: Edge): number | undefined {
  const filters = jsonParam<{ field: string; operator: string; value: number }[]>(call, 'filtering') ?? [];
  const name = `${edge.slice(0, -1)}.updated_time`;
  const odd = filters.find(({ field, operator }) => field !== name || operator !== 'GREATER_THAN');
  if (odd) throw invalid(`Filtering field '${odd.field}' with operation '${odd.operator}' is not supported`);
  return filters[0]?.value;
}

function insights(call: Call): SandboxResponse {
  reachable(call, call.id);
  const rows = rowsFor(call, call.id, call.params);
  if (rows.length > SYNCHRONOUS) {
    throw new Refusal({
      code: 100,
      subcode: 1504018,
      message: 'Your request timed out. Please try a smaller date range or use an async job.',
    });
  }
  return listed(call, rows, 'AdsInsights');
}

function rowsFor(call: Call, account: string, params: URLSearchParams): (() => Doc)[] {
  const timezone = ACCOUNTS.find(({ id }) => id === account)?.timezone ?? 'UTC';
  return rowsOf(call.world, account, {
    ...readQuestion(params),
    restated: call.reports.restated,
    today: dayIn(timezone, call.now),
  });
}

function beginReport(call: Call): SandboxResponse {
  reachable(call, call.id);
  readQuestion(call.params);
  const params = Object.fromEntries(call.params);
  return ok({ report_run_id: call.reports.begin({ account: call.id, user: call.person.id, params }).id });
}

function reportRows(call: Call): SandboxResponse {
  const report = call.reports.find(call.id);
  if (!report || report.user !== call.person.id) throw unknownObject(call.id);
  if (!call.reports.ready(report))
    throw new Refusal({ code: 2601, message: 'Loading async job results failed: the job is not completed.' });
  return listed(call, rowsFor(call, report.account, new URLSearchParams(report.params)), 'AdsInsights');
}

/** A campaign, an ad set, an ad or a report. */
export function readAdNode(call: Call): SandboxResponse | undefined {
  const report = call.reports.find(call.id);
  if (report?.user === call.person.id) return ok(picked(call.reports.ask(report), call.params.get('fields'), 'AdReportRun'));
  const found = call.world.adObject(call.id);
  if (!found) return undefined;
  needsScope(call, READ);
  reachable(call, `act_${String(found.doc['account_id'])}`);
  return ok(picked(found.doc, call.params.get('fields'), TYPES[found.kind]));
}

export function changeAdNode(call: Call): SandboxResponse | undefined {
  const found = call.world.adObject(call.id);
  if (!found) return undefined;
  needsScope(call, ['ads_management']);
  reachable(call, `act_${String(found.doc['account_id'])}`);
  const status = call.params.get('status');
  if (!status || !['ACTIVE', 'PAUSED', 'ARCHIVED', 'DELETED'].includes(status)) {
    throw invalid('Param status must be one of {ACTIVE, PAUSED, DELETED, ARCHIVED}');
  }
  if (found.doc['effective_status'] === 'DELETED') {
    throw new Refusal({ code: 100, subcode: 1487056, message: 'Invalid parameter: a deleted object cannot be edited.' });
  }
  call.world.setStatus(call.id, status, call.now);
  return ok({ success: true });
}

const ACT = String.raw`(act_\d+)`;
export const adRoutes: readonly Route[] = [
  { method: 'GET', path: new RegExp(`^${ACT}$`), scopes: READ, useCase: 'ads_management', run: readAccount },
  {
    method: 'GET',
    path: new RegExp(`^${ACT}/(?:campaigns|adsets|ads)$`),
    scopes: READ,
    useCase: 'ads_management',
    run: listEdge,
  },
  { method: 'GET', path: new RegExp(`^${ACT}/insights$`), scopes: READ, useCase: 'ads_insights', run: insights },
  { method: 'POST', path: new RegExp(`^${ACT}/insights$`), scopes: READ, useCase: 'ads_insights', run: beginReport },
  { method: 'GET', path: /^(\d+)\/insights$/, scopes: READ, useCase: 'ads_insights', run: reportRows },
];
