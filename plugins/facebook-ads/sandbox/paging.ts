import type { SandboxResponse } from 'patchbay';
import { invalid, ok, Refusal } from './answers.ts';
import type { Doc } from './base.ts';
import type { Call } from './call.ts';

const DEFAULT = 25;
const MOST = 500;
/** Cursors do not last; for how long they do is not documented. */
const CURSOR_MS = 30 * 60_000;

/** One page of a list, with the fields that were asked for. What is costly to make is made only where it is shown. */
export function listed(call: Call, docs: readonly (Doc | (() => Doc))[], type: keyof typeof FIELDS): SandboxResponse {
  const limit = Number(call.params.get('limit') ?? DEFAULT);
  if (!Number.isInteger(limit) || limit < 1) throw invalid('Param limit must be an integer greater than 0');
  if (limit > MOST) {
    const message = "Please reduce the amount of data you're asking for, then retry your request";
    throw new Refusal({ code: 1, message, status: 500 });
  }
  const from = offsetOf(call.params.get('after'), call.now);
  const made = docs.slice(from, from + limit).map((doc) => (typeof doc === 'function' ? doc() : doc));
  const shown = made.map((doc) => picked(doc, call.params.get('fields'), type));
  const more = from + limit < docs.length;
  const after = cursorOf(from + shown.length, call.now);
  const next = new URL(`https://${call.req.host}${call.req.path}`);
  for (const [name, value] of call.params) if (name !== 'access_token') next.searchParams.set(name, value);
  next.searchParams.set('after', after);
  const paging = { cursors: { before: cursorOf(from, call.now), after }, ...(more && { next: next.href }) };
  return ok({ data: shown, ...(shown.length > 0 && { paging }) });
}

function cursorOf(offset: number, now: number): string {
  return Buffer.from(`cursor:${offset}:${now}`).toString('base64url');
}

function offsetOf(cursor: string | null, now: number): number {
  if (!cursor) return 0;
  const [, offset, made] = /^cursor:(\d+):(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (!offset || now - Number(made) > CURSOR_MS) throw invalid('Invalid cursors values');
  return Number(offset);
}

const TIMES = ['created_time', 'updated_time', 'start_time'];
const STATE = ['id', 'account_id', 'name', 'status', 'configured_status', 'effective_status', ...TIMES];

/** What each kind of object may be asked for. */
const FIELDS = {
  User: ['id', 'name'],
  AdAccount: ['id', 'account_id', 'name', 'account_status', 'currency', 'timezone_name', 'timezone_offset_hours_utc', 'business'],
  Campaign: [
    ...STATE,
    ...'objective daily_budget lifetime_budget spend_cap buying_type bid_strategy special_ad_categories stop_time'.split(' '),
  ],
  AdSet: [
    ...STATE,
    ...'campaign_id daily_budget lifetime_budget optimization_goal billing_event bid_amount targeting attribution_spec'.split(
      ' ',
    ),
    ...'promoted_object end_time'.split(' '),
  ],
  Ad: [...STATE, 'campaign_id', 'adset_id', 'creative', 'tracking_specs'],
  Page: ['id', 'name', 'access_token', 'tasks', 'category'],
  LeadgenForm: ['id', 'page_id', 'name', 'status', 'locale', 'questions', 'leads_count', 'created_time'],
  Lead: [
    ...'id created_time ad_id ad_name adset_id adset_name campaign_id campaign_name form_id is_organic platform'.split(' '),
    ...'field_data custom_disclaimer_responses'.split(' '),
  ],
  AdReportRun: ['id', 'account_id', 'async_status', 'async_percent_completion', 'date_start', 'date_stop', 'error_code'],
  Permission: ['permission', 'status'],
  /** Checked where the rows are made. */
  AdsInsights: undefined,
} as const;

/** The fields asked for and always the id. */
export function picked(doc: Doc, asked: string | null, type: keyof typeof FIELDS): Readonly<Record<string, unknown>> {
  const known: readonly string[] | undefined = FIELDS[type];
  if (!known) return doc;
  const names = splitFields(asked ?? '');
  const unknown = names.find((name) => !known.includes(name));
  if (unknown) throw invalid(`Tried accessing nonexisting field (${unknown}) on node type (${type})`);
  if (type === 'Permission') return doc;
  const wanted =
    names.length > 0 ? new Set(['id', ...names]) : new Set(['id', 'name', 'created_time', 'field_data', 'access_token']);
  return Object.fromEntries(Object.entries(doc).filter(([name]) => wanted.has(name)));
}

/** `a,b{c,d}` → `a`, `b`. */
function splitFields(text: string): string[] {
  return text
    .replaceAll(/\{[^{}]*\}/g, '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}
