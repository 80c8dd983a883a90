import { dayIn, daysBetween, type SandboxResponse } from 'patchbay';
import { json, Refusal } from './answers.ts';
import type { Call } from './call.ts';
import type { DemoProperty } from './demo.ts';
import type { Fact, TableName } from './facts.ts';
import { type ReportQuery, readQuery } from './report-query.ts';

const SESSION = ['date', 'sessionSource', 'sessionMedium', 'sessionCampaignName'];
/** Which dimensions go with which metrics; anything across is incompatible. */
export const TABLES: Readonly<Record<TableName, { dimensions: readonly string[]; metrics: readonly string[] }>> = {
  sessions: {
    dimensions: [...SESSION, 'landingPagePlusQueryString'],
    metrics: [
      'sessions',
      'activeUsers',
      'newUsers',
      'engagedSessions',
      'screenPageViews',
      'ecommercePurchases',
      'purchaseRevenue',
      'keyEvents',
    ],
  },
  events: { dimensions: [...SESSION, 'eventName'], metrics: ['eventCount', 'keyEvents', 'activeUsers'] },
  items: {
    dimensions: ['date', 'itemId', 'itemName'],
    metrics: ['itemsViewed', 'itemsAddedToCart', 'itemsPurchased', 'itemRevenue'],
  },
  transactions: { dimensions: [...SESSION, 'transactionId'], metrics: ['ecommercePurchases', 'purchaseRevenue', 'activeUsers'] },
};

interface Line {
  readonly values: readonly string[];
  readonly sums: number[];
}

/** Answers `runReport`. */
export function runReport(call: Call, property: DemoProperty): SandboxResponse {
  const query = readQuery(call.body, dayIn(property.timeZone, call.now));
  const table = tableFor(query.dimensions, query.metrics);
  const { lines, ...blurred } = blurredLines(call, grouped(call, { property, query, table }));
  const sorted = inOrder(lines, query);
  const page = sorted.slice(query.offset, query.offset + query.limit);
  const quota = call.quotas.spend(property.id, 2 + Math.ceil(page.length / 250), call.now);
  const money = (name: string) => name === 'purchaseRevenue' || name === 'itemRevenue';
  return json({
    dimensionHeaders: query.dimensions.map((name) => ({ name })),
    metricHeaders: query.metrics.map((name) => ({ name, type: money(name) ? 'TYPE_CURRENCY' : 'TYPE_INTEGER' })),
    ...(page.length > 0 && {
      rows: page.map(({ values, sums }) => ({
        dimensionValues: values.map((value) => ({ value })),
        metricValues: sums.map((sum) => ({ value: String(Number(sum.toFixed(6))) })),
      })),
    }),
    ...(sorted.length > 0 && { rowCount: sorted.length }),
    metadata: { currencyCode: query.currencyCode ?? property.currencyCode, timeZone: property.timeZone, ...blurred },
    ...(query.wantsQuota && { propertyQuota: quota }),
    kind: 'analyticsData#runReport',
  });
}

/** @throws Refusal (400) for a name nobody knows, and for names that do not go together */
export function tableFor(dimensions: readonly string[], metrics: readonly string[]): TableName {
  const all = Object.entries(TABLES) as [TableName, (typeof TABLES)[TableName]][];
  const unknown = (names: readonly string[], kind: 'dimensions' | 'metrics') =>
    names.find((name) => !all.some(([, table]) => table[kind].includes(name)));
  const wrong = unknown(dimensions, 'dimensions') ?? unknown(metrics, 'metrics');
  if (wrong)
    throw new Refusal(
      400,
      `Did you mean ${nearest(wrong)}? Field ${wrong} is not a valid dimension or metric. For a list of valid dimensions and metrics, see https://developers.google.com/analytics/devguides/reporting/data/v1/api-schema `,
    );
  const fits = all.find(
    ([, table]) =>
      dimensions.every((name) => table.dimensions.includes(name)) && metrics.every((name) => table.metrics.includes(name)),
  );
  if (fits) return fits[0];
  throw new Refusal(
    400,
    `Please remove ${dimensions.at(-1)} to make the request compatible. The request's dimensions & metrics are incompatible. To learn more, see https://ga-dev-tools.google/ga4/dimensions-metrics-explorer/`,
  );
}

function nearest(name: string): string {
  const known = Object.values(TABLES).flatMap(({ dimensions, metrics }) => [...dimensions, ...metrics]);
  return known.find((one) => one.toLowerCase().startsWith(name.slice(0, 4).toLowerCase())) ?? 'activeUsers';
}

function grouped(call: Call, given: { property: DemoProperty; query: ReportQuery; table: TableName }): Line[] {
  const { property, query, table } = given;
  const groups = new Map<string, Line>();
  for (const day of daysBetween(query.first, query.last)) {
    for (const fact of call.world.facts(property, day, call.now)[table]) {
      if (query.passes(fact)) add(groups, { fact, query, day });
    }
  }
  // Without a dimension there is one line, with any there are none that hold nothing.
  return [...groups.values()].filter(({ sums }) => sums.some((sum) => sum !== 0));
}

function add(groups: Map<string, Line>, { fact, query, day }: { fact: Fact; query: ReportQuery; day: string }): void {
  const values = query.dimensions.map((name) =>
    name === 'date' ? day.replaceAll('-', '') : (fact.dimensions[name] ?? '(not set)'),
  );
  const key = values.join('\u0000');
  const line = groups.get(key) ?? { values, sums: query.metrics.map(() => 0) };
  for (const [index, name] of query.metrics.entries()) line.sums[index] = (line.sums[index] ?? 0) + (fact.metrics[name] ?? 0);
  groups.set(key, line);
}

/** What the panel's switches leave out or estimate, and how the answer says so. */
function blurredLines({ world }: Call, lines: readonly Line[]) {
  const { thresholds, sampling, otherRow } = world.state.blur;
  const kept = thresholds ? lines.filter((_, index) => index % 9 !== 4) : lines;
  return {
    lines: otherRow ? rolledUp(kept) : kept,
    ...(otherRow && { dataLossFromOtherRow: true }),
    ...(thresholds && { subjectToThresholding: true }),
    ...(sampling && { samplingMetadatas: [{ samplesReadCount: '2500000', samplingSpaceSize: '10000000' }] }),
  };
}

/** Every seventh line goes into the line `(other)` of its day. */
function rolledUp(lines: readonly Line[]): Line[] {
  const others = new Map<string, Line>();
  const kept = lines.filter(({ values, sums }, index) => {
    if (index % 7 !== 3 || values.length < 2) return true;
    const key = values[0] ?? '';
    const other = others.get(key) ?? {
      values: values.map((value, at) => (at === 0 ? value : '(other)')),
      sums: sums.map(() => 0),
    };
    for (const [at, sum] of sums.entries()) other.sums[at] = (other.sums[at] ?? 0) + sum;
    others.set(key, other);
    return false;
  });
  return [...kept, ...others.values()];
}

function inOrder(lines: readonly Line[], { orderBys, dimensions, metrics }: ReportQuery): Line[] {
  const rules = orderBys.map((rule) => {
    const { dimension, metric, desc } = rule as {
      dimension?: { dimensionName?: string };
      metric?: { metricName?: string };
      desc?: boolean;
    };
    const sign = desc ? -1 : 1;
    const at = dimension ? dimensions.indexOf(dimension.dimensionName ?? '') : metrics.indexOf(metric?.metricName ?? '');
    if (at < 0) throw new Refusal(400, 'The order by names a field that is not requested.');
    return dimension
      ? (a: Line, b: Line) => sign * compare(a.values[at] ?? '', b.values[at] ?? '')
      : (a: Line, b: Line) => sign * ((a.sums[at] ?? 0) - (b.sums[at] ?? 0));
  });
  return [...lines].sort((a, b) => rules.map((rule) => rule(a, b)).find((order) => order !== 0) ?? 0);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
