import { type Checkpoint, dayIn, isRaw, type Page, type Raw, type Stream, text } from 'patchbay';
import { CHOOSE, chosenProperty, DATA_API, listAll, type Property, readProperty } from './api.ts';
import type { Config, Context } from './manifest.ts';
import { readTable, reportModel, type Table } from './report-rows.ts';
import { type Begin, covers, firstDay, sliceAfter, sliceFrom, stopped, type Walk } from './report-span.ts';
import type { Report } from './reports.ts';

/** Rows asked for at once; what a page holds is kept in one transaction. */
export const PAGE_ROWS = 2_000;

/** A report as a stream: new days, and the last ones again, in slices of days and pages of rows. */
export function reportStream(report: Report): Stream<Config> {
  return {
    title: report.title,
    mode: 'incremental',
    methods: ['oauth'],
    model: reportModel,
    sync: (ctx, from) => walkDays(ctx, report, from),
    follows: report.ofKeyEvents ? ['propertyId', 'keyEvents'] : ['propertyId', 'currency'],
    covers: (data, startedAt, config, from) =>
      report.ofKeyEvents && !isOfKeyEvent(data, config) ? 'unchosen' : covers(data, startedAt, config, from),
  };
}

/** None chosen means all. */
function isOfKeyEvent({ dimensions }: Raw, config: Partial<Config> | undefined): boolean {
  const chosen = config?.keyEvents ?? [];
  return chosen.length === 0 || (isRaw(dimensions) && chosen.includes(String(dimensions['eventName'])));
}

async function* walkDays(ctx: Context, report: Report, from: Checkpoint | null): AsyncGenerator<Page, void> {
  const startedAt = new Date().toISOString();
  const id = chosenProperty(ctx);
  if (!id) {
    yield { items: [], checkpoint: { ...from, startedAt }, notes: [CHOOSE] };
    return;
  }
  const property = await readProperty(ctx.http, id);
  const today = dayIn(property.timeZone, Date.parse(startedAt));
  const begin: Begin = { property: id, startedAt, ...(!ctx.config.propertyId && { auto: true as const }) };
  const end = { ...begin, through: today };
  const filter = report.ofKeyEvents && (await keyEventFilter(ctx, id));
  if (report.ofKeyEvents && !filter) {
    yield { items: [], checkpoint: end, notes: [NO_KEY_EVENTS] };
    return;
  }
  let walk: Walk | undefined =
    stopped(from, id) ?? sliceFrom(firstDay(from, { property: id, today, settings: ctx.config }), today, begin);
  while (walk) {
    const table = await ask(ctx, { report, property, walk, filter });
    const next: Walk | undefined = nextOf(walk, table, today);
    const { items, failed, notes, rowCount } = table;
    const whole = walk.offset === 0 && walk.last === today && typeof from?.['through'] === 'string';
    yield { items, failed, notes, checkpoint: next ? { ...next } : end, ...(whole && { total: rowCount }) };
    walk = next;
  }
}

const NO_KEY_EVENTS =
  'The property has no key events, so that there are no conversions. Mark some in Google Analytics (Admin > Events).';

/** Pages go on until all rows were there; a page that comes empty before is the end as well. */
function nextOf(walk: Walk, table: Table, today: string): Walk | undefined {
  const offset = walk.offset + table.rows;
  return table.rows > 0 && offset < table.rowCount ? { ...walk, offset } : sliceAfter(walk, today);
}

interface Asked {
  readonly report: Report;
  readonly property: Property;
  readonly walk: Walk;
  readonly filter: Raw | undefined;
}

async function ask(ctx: Context, { report, property, walk, filter }: Asked): Promise<Table> {
  const dimensions = ['date', ...report.dimensions];
  const currencyCode = text(ctx.config.currency);
  const { data } = await ctx.http.post(`${DATA_API}/properties/${property.id}:runReport`, {
    json: {
      dimensions: dimensions.map((name) => ({ name })),
      metrics: report.metrics.map((name) => ({ name })),
      dateRanges: [{ startDate: walk.first, endDate: walk.last }],
      // Pages are cut out of one order, or rows are met twice and others never.
      orderBys: dimensions.map((dimensionName) => ({ dimension: { dimensionName } })),
      offset: String(walk.offset),
      limit: String(PAGE_ROWS),
      returnPropertyQuota: true,
      ...(filter && { dimensionFilter: filter }),
      ...(currencyCode && { currencyCode }),
    },
  });
  return readTable(data, { report, propertyId: property.id, timeZone: property.timeZone });
}

/** The key events of the settings, or all there are; `undefined` where there are none. */
async function keyEventFilter({ config, http }: Context, property: string): Promise<Raw | undefined> {
  const chosen = config.keyEvents ?? [];
  const all =
    chosen.length > 0
      ? chosen
      : (await listAll(http, `/properties/${property}/keyEvents`, 'keyEvents')).map(({ eventName }) => eventName);
  const values = all.filter((name) => typeof name === 'string' && name !== '');
  return values.length > 0 ? { filter: { fieldName: 'eventName', inListFilter: { values, caseSensitive: true } } } : undefined;
}
