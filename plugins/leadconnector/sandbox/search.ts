import { Refusal } from './answers.ts';
import type { Doc } from './base.ts';

/** How one search names its fields: request name → value of a record. */
export type Fields = Readonly<Record<string, (doc: Doc) => unknown>>;

export interface Query {
  readonly fields: Fields;
  readonly filters: unknown;
  readonly sort: unknown;
  readonly fallback: { readonly field: string; readonly direction: 'asc' | 'desc' };
  readonly text: string | undefined;
  readonly size: number;
  readonly page: number | undefined;
  readonly after: readonly unknown[] | undefined;
}

export interface Found {
  readonly docs: readonly (readonly [Doc, readonly [number | string, string]])[];
  readonly total: number;
}

type Check = (doc: Doc) => boolean;

/** Filters, sorts by (value, id) and pages or goes on after a cursor, as the provider's search service does. */
export function search(docs: readonly Doc[], query: Query): Found {
  const check = allOf(query.filters ?? [], query.fields);
  const words = query.text?.toLowerCase();
  const { field, direction } = sorting(query);
  const value = query.fields[field] as (doc: Doc) => unknown;
  const sign = direction === 'asc' ? 1 : -1;
  const sorted = docs
    .filter((doc) => check(doc) && (!words || textOf(doc).includes(words)))
    .map((doc) => [doc, [comparable(value(doc)), doc.id]] as const)
    .sort((a, b) => sign * compare(a[1], b[1]));
  const { after, size } = query;
  const from = after
    ? firstIndex(sorted, (entry) => sign * compare(entry[1], [comparable(after[0]), String(after[1])]) > 0)
    : ((query.page ?? 1) - 1) * size;
  return { docs: sorted.slice(from, from + size), total: sorted.length };
}

function firstIndex<T>(list: readonly T[], check: (entry: T) => boolean): number {
  const index = list.findIndex(check);
  return index === -1 ? list.length : index;
}

function textOf(doc: Doc): string {
  return [doc['name'], doc['email'], doc['phone']].join(' ').toLowerCase();
}

function sorting(query: Query): { field: string; direction: string } {
  if (query.sort === undefined) return query.fallback;
  const first = Array.isArray(query.sort) ? query.sort[0] : undefined;
  const { field, direction } = (first ?? {}) as { field?: unknown; direction?: unknown };
  if (typeof field !== 'string' || !(field in query.fields)) throw new Refusal(422, [`Invalid sort field ${String(field)}`]);
  if (direction !== 'asc' && direction !== 'desc') throw new Refusal(422, ['sort direction must be asc or desc']);
  return { field, direction };
}

/** Times compare as milliseconds, the rest as text. */
function comparable(value: unknown): number | string {
  if (typeof value === 'number') return value;
  const text = String(value ?? '');
  const time = /^\d{4}-\d{2}-\d{2}(T|$)/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? text.toLowerCase() : time;
}

function compare(a: readonly [number | string, string], b: readonly [number | string, string]): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  return a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0;
}

function allOf(filters: unknown, fields: Fields): Check {
  if (!Array.isArray(filters)) throw new Refusal(422, ['filters must be an array']);
  const checks = filters.map((filter) => checkOf(filter, fields));
  return (doc) => checks.every((check) => check(doc));
}

function checkOf(filter: unknown, fields: Fields): Check {
  const { group, filters, field, operator, value } = (filter ?? {}) as Record<string, unknown>;
  if (group !== undefined) {
    if (!Array.isArray(filters)) throw new Refusal(422, ['filters of a group must be an array']);
    const checks = filters.map((one) => checkOf(one, fields));
    return group === 'OR' ? (doc) => checks.some((check) => check(doc)) : (doc) => checks.every((check) => check(doc));
  }
  const read = typeof field === 'string' ? fields[field] : undefined;
  if (!read) throw new Refusal(422, [`Invalid filter field ${String(field)}`]);
  const check = operators[String(operator)];
  if (!check) throw new Refusal(422, [`Invalid operator ${String(operator)}`]);
  if (operator === 'range') checkRange(value);
  return (doc) => check(read(doc), value);
}

function checkRange(value: unknown): void {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (keys.length === 0 || keys.some((key) => !['gte', 'lte', 'gt', 'lt'].includes(key))) {
    throw new Refusal(422, ['range needs an object with gte, lte, gt or lt']);
  }
}

const operators: Readonly<Record<string, (actual: unknown, wanted: unknown) => boolean>> = {
  eq: (actual, wanted) => same(actual, wanted),
  not_eq: (actual, wanted) => !same(actual, wanted),
  contains: (actual, wanted) => holds(actual, wanted),
  not_contains: (actual, wanted) => !holds(actual, wanted),
  exists: (actual) => actual !== undefined && actual !== null && actual !== '',
  not_exists: (actual) => actual === undefined || actual === null || actual === '',
  range: (actual, wanted) => {
    if (actual === undefined || actual === null) return false;
    const value = comparable(actual);
    return Object.entries(wanted as Record<string, unknown>).every(([bound, limit]) => within(value, bound, comparable(limit)));
  },
};

function within(value: number | string, bound: string, limit: number | string): boolean {
  if (bound === 'gte') return value >= limit;
  if (bound === 'lte') return value <= limit;
  return bound === 'gt' ? value > limit : value < limit;
}

function same(actual: unknown, wanted: unknown): boolean {
  if (Array.isArray(actual)) return actual.some((one) => same(one, wanted));
  return comparable(actual) === comparable(wanted);
}

function holds(actual: unknown, wanted: unknown): boolean {
  const part = String(wanted ?? '').toLowerCase();
  return Array.isArray(actual)
    ? actual.some((one) => holds(one, wanted))
    : String(actual ?? '')
        .toLowerCase()
        .includes(part);
}

/** Page and cursor of a search body, held to the documented limits. */
export function paging(
  body: Readonly<Record<string, unknown>>,
  sizeKey: string,
): { size: number; page: number | undefined; after: readonly unknown[] | undefined } {
  const size = body[sizeKey];
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 1 || size > 500) {
    throw new Refusal(422, [`${sizeKey} must be a number from 1 to 500`]);
  }
  const after = body['searchAfter'];
  if (after !== undefined && !(Array.isArray(after) && (after.length === 2 || after.length === 0))) {
    throw new Refusal(422, ['searchAfter must be an array of the last record’s sort values']);
  }
  const cursor = Array.isArray(after) && after.length === 2 ? after : undefined;
  const page = body['page'];
  if (cursor && page !== undefined) throw new Refusal(422, ['page should not be provided together with searchAfter']);
  if (page !== undefined && (typeof page !== 'number' || !Number.isInteger(page) || page < 0)) {
    throw new Refusal(422, ['page must be a number']);
  }
  if (typeof page === 'number' && page * size > 10_000) {
    throw new Refusal(400, 'Only the first 10000 records can be paged; use searchAfter beyond them.');
  }
  return { size, page: typeof page === 'number' ? Math.max(page, 1) : undefined, after: cursor };
}
