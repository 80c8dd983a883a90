import { addDays, type Raw } from 'patchbay';
import { checkNames, Refusal } from './answers.ts';
import type { Fact } from './facts.ts';

export interface ReportQuery {
  readonly dimensions: readonly string[];
  readonly metrics: readonly string[];
  readonly first: string;
  readonly last: string;
  readonly offset: number;
  readonly limit: number;
  readonly orderBys: readonly Raw[];
  readonly currencyCode: string | undefined;
  readonly wantsQuota: boolean;
  passes(fact: Fact): boolean;
}

const KNOWN = [
  'dimensions',
  'metrics',
  'dateRanges',
  'dimensionFilter',
  'metricFilter',
  'offset',
  'limit',
  'metricAggregations',
  'orderBys',
  'currencyCode',
  'cohortSpec',
  'keepEmptyRows',
  'returnPropertyQuota',
  'comparisons',
];
const MOST_ROWS = 250_000;

/** What a `runReport` body asks for. @throws Refusal (400) as Google words it */
export function readQuery(body: Raw, today: string): ReportQuery {
  checkNames(body, KNOWN);
  const dimensions = namesIn(body['dimensions'], { what: 'dimensions', most: 9 });
  const metrics = namesIn(body['metrics'], { what: 'metrics', most: 10 });
  if (metrics.length === 0) throw new Refusal(400, 'At least one metric is required.');
  const ranges = (body['dateRanges'] ?? []) as Raw[];
  const [range] = ranges;
  if (!range || ranges.length > 4) throw new Refusal(400, 'Between one and four date ranges are required.');
  const first = dayOf(range['startDate'], today);
  const last = dayOf(range['endDate'], today);
  if (first > last) throw new Refusal(400, `The start date ${first} must not be after the end date ${last}.`);
  const limit = wholeOf(body['limit'], 10_000, 'limit');
  if (limit < 1) throw new Refusal(400, 'limit must be positive.');
  return {
    dimensions,
    metrics,
    first,
    last,
    offset: wholeOf(body['offset'], 0, 'offset'),
    limit: Math.min(limit, MOST_ROWS),
    orderBys: (body['orderBys'] ?? []) as Raw[],
    currencyCode: typeof body['currencyCode'] === 'string' ? body['currencyCode'] : undefined,
    wantsQuota: body['returnPropertyQuota'] === true,
    passes: filterOf(body['dimensionFilter'] as Raw | undefined),
  };
}

function namesIn(value: unknown, { what, most }: { what: string; most: number }): string[] {
  const list = (value ?? []) as { name?: unknown }[];
  if (list.length > most)
    throw new Refusal(400, `Requests are limited to ${most} ${what}. This request has ${list.length} ${what}.`);
  return list.map(({ name }) => String(name));
}

function dayOf(value: unknown, today: string): string {
  const text = String(value);
  const ago = /^(\d+)daysAgo$/.exec(text)?.[1];
  if (text === 'today') return today;
  if (text === 'yesterday') return addDays(today, -1);
  if (ago) return addDays(today, -Number(ago));
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new Refusal(400, `Invalid date: ${text}. The date must be YYYY-MM-DD, today, yesterday, or NdaysAgo.`);
}

/** Whole numbers of 64 bits travel as text. */
function wholeOf(value: unknown, fallback: number, name: string): number {
  if (value === undefined) return fallback;
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0) throw new Refusal(400, `Invalid value at '${name}' (TYPE_INT64), "${value}"`);
  return number;
}

function filterOf(expression: Raw | undefined): (fact: Fact) => boolean {
  if (!expression) return () => true;
  const { filter, andGroup } = expression as { filter?: Raw; andGroup?: { expressions?: Raw[] } };
  if (andGroup) {
    const all = (andGroup.expressions ?? []).map(filterOf);
    return (fact) => all.every((passes) => passes(fact));
  }
  const { fieldName, inListFilter, stringFilter } = (filter ?? {}) as {
    fieldName?: string;
    inListFilter?: Raw;
    stringFilter?: Raw;
  };
  const values = inListFilter
    ? (inListFilter['values'] as string[] | undefined)
    : stringFilter
      ? [String(stringFilter['value'])]
      : [];
  if (!fieldName || !values || values.length === 0)
    throw new Refusal(400, 'The filter is empty, or of a kind the sandbox does not know.');
  return ({ dimensions }) => values.includes(dimensions[fieldName] ?? '(not set)');
}
