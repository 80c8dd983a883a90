import { createHash } from 'node:crypto';
import { type Item, isRaw, type Model, minorDigits, type Page, type Raw, Rejected, rows, TryLater, text } from 'patchbay';
import type { Report } from './reports.ts';

/** What one answer of `runReport` brought. */
export interface Table {
  readonly items: readonly Item[];
  readonly failed: NonNullable<Page['failed']>;
  readonly notes: readonly string[];
  /** Rows in this answer, and in all of the slice. */
  readonly rows: number;
  readonly rowCount: number;
}

interface About {
  readonly report: Report;
  readonly propertyId: string;
  /** Used where the answer names none. */
  readonly timeZone: string;
}

/** @throws TryLater for anything that is no report: an empty one says nothing of its own */
export function readTable(data: unknown, about: About): Table {
  if (!isRaw(data) || !Array.isArray(data['metricHeaders']) || !(data['rows'] === undefined || Array.isArray(data['rows'])))
    throw new TryLater('Google Analytics answered without a report. The sync goes on at the next attempt.');
  const metadata = isRaw(data['metadata']) ? data['metadata'] : {};
  const columns = {
    dimensions: rows(data['dimensionHeaders']).map(({ name }) => String(name)),
    metrics: rows(data['metricHeaders']).map(({ name, type }) => ({ name: String(name), money: type === 'TYPE_CURRENCY' })),
  };
  const all = rows(data['rows']);
  const shared = sharedOf(metadata, { ...about, money: columns.metrics.filter(({ money }) => money).map(({ name }) => name) });
  const items: Item[] = [];
  const failed: { id: string; reason: string }[] = [];
  for (const [index, row] of all.entries()) {
    const item = itemOf(row, { ...columns, shared, report: about.report });
    if (item) items.push(item);
    else failed.push({ id: `row ${index + 1}`, reason: 'it has no day, or not all of its columns' });
  }
  const others = items.filter((item) => 'data' in item && item.data['other'] === true).length;
  return {
    items,
    failed,
    notes: notesOn(metadata, others),
    rows: all.length,
    rowCount: typeof data['rowCount'] === 'number' ? data['rowCount'] : all.length,
  };
}

function sharedOf(metadata: Raw, given: About & { money: readonly string[] }): Raw {
  const currency = text(metadata['currencyCode']);
  const sampled = sampledShare(metadata);
  return {
    propertyId: given.propertyId,
    timeZone: text(metadata['timeZone']) ?? given.timeZone,
    ...(given.money.length > 0 && { money: given.money }),
    ...(currency && { currency }),
    ...(metadata['subjectToThresholding'] === true && { thresholded: true }),
    ...(sampled !== undefined && { sampled }),
  };
}

interface Columns {
  readonly dimensions: readonly string[];
  readonly metrics: readonly { readonly name: string }[];
  readonly shared: Raw;
  readonly report: Report;
}

function itemOf(row: Raw, { dimensions, metrics, shared, report }: Columns): Item | undefined {
  const values = rows(row['dimensionValues']).map(({ value }) => (typeof value === 'string' ? value : ''));
  const figures = rows(row['metricValues']).map(({ value }) => Number(value));
  if (values.length !== dimensions.length || figures.length !== metrics.length || figures.some(Number.isNaN)) return undefined;
  const named = Object.fromEntries(dimensions.map((name, index) => [name, values[index] ?? '']));
  const date = dashed(named['date'] ?? '');
  if (!date) return undefined;
  const own = report.dimensions.map((name) => [name, named[name] ?? ''] as const);
  const other = own.some(([, value]) => value === '(other)');
  return {
    id: `${shared['propertyId']}/${date}/${fingerprint(own.map(([, value]) => value))}`,
    data: {
      name: `${date}: ${own.map(([, value]) => value || '(none)').join(' / ')}`,
      date,
      dimensions: Object.fromEntries(own),
      metrics: Object.fromEntries(metrics.map(({ name }, index) => [name, figures[index] ?? 0])),
      ...shared,
      ...(other && { other: true }),
    },
  };
}

/** Addresses of pages are longer than keys may be. */
function fingerprint(values: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('base64url').slice(0, 22);
}

/** The share of events that was counted, where not all were. */
function sampledShare(metadata: Raw): number | undefined {
  const shares = rows(metadata['samplingMetadatas']).map(
    ({ samplesReadCount, samplingSpaceSize }) => Number(samplesReadCount) / Number(samplingSpaceSize),
  );
  const known = shares.filter((share) => Number.isFinite(share));
  return known.length > 0 ? Math.min(...known) : undefined;
}

/** What Google left out or estimated, in words. */
function notesOn(metadata: Raw, others: number): string[] {
  const sampled = sampledShare(metadata);
  const restricted = rows(
    isRaw(metadata['schemaRestrictionResponse']) ? metadata['schemaRestrictionResponse']['activeMetricRestrictions'] : [],
  );
  const truncated = rows(metadata['dataTruncationReasons']).length > 0;
  return [
    ...(metadata['subjectToThresholding'] === true ? ['Google may have withheld rows of few visitors (data thresholds).'] : []),
    ...(metadata['dataLossFromOtherRow'] === true
      ? [`Google added rare rows up as "(other)"${others > 0 ? `: ${others} such ${others === 1 ? 'row' : 'rows'}` : ''}.`]
      : []),
    ...(sampled === undefined ? [] : [`Google estimated figures from ${Math.round(sampled * 100)}% of the events (sampling).`]),
    ...(restricted.length > 0
      ? [
          `The connected Google account may not see ${restricted.map(({ metricName }) => String(metricName)).join(', ')}; these are left out or zero.`,
        ]
      : []),
    ...(truncated ? ['Google cut the report short.'] : []),
  ];
}

/** Rows in the shape that reports of all providers share: money in minor units. */
export const reportModel: Model = {
  kind: 'report',
  of(data) {
    const { date, dimensions, metrics, currency, timeZone, money } = data;
    if (typeof date !== 'string' || !isRaw(dimensions) || !isRaw(metrics))
      throw new Rejected('This row has no day or no figures.');
    const minor = typeof currency === 'string' ? 10 ** minorDigits(currency) : undefined;
    const amounts = new Set(Array.isArray(money) ? money : []);
    const figures = Object.entries(metrics).flatMap(([name, value]): [string, number][] => {
      if (typeof value !== 'number') return [];
      if (!amounts.has(name)) return [[name, value]];
      // Without its currency an amount means nothing.
      return minor === undefined ? [] : [[name, Math.round(value * minor)]];
    });
    return {
      from: date,
      to: date,
      ...(typeof timeZone === 'string' && { zone: timeZone }),
      dimensions: Object.fromEntries(Object.entries(dimensions).map(([name, value]) => [name, String(value)])),
      metrics: Object.fromEntries(figures),
      ...(typeof currency === 'string' && { currency }),
    };
  },
};

/** `2026-11-20` of `20261120`, as reports write days. */
function dashed(compact: string): string | undefined {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(compact) ?? [];
  return year && month && day ? `${year}-${month}-${day}` : undefined;
}
