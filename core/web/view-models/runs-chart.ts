import Handlebars from 'handlebars';
import type { DayFigures } from '../../syncs/run-history-store.ts';
import { shortDay } from '../words/format.ts';
import { t } from '../words/texts.ts';

/** Runs and records day by day, drawn; the table says the same. */
export interface RunsChart {
  /** SVG text, coloured by classes; nothing in it comes from people or providers. */
  readonly runs: string;
  readonly records: string;
  readonly mostRuns: number;
  readonly mostRecords: number;
  readonly from: string;
  readonly to: string;
  /** In one sentence, for people who do not see it. */
  readonly says: string;
  /** Days with runs only, latest first. */
  readonly days: readonly DayFigures[];
}

const STEP = 10;
const GAP = 2;
const HEIGHT = 100;
const LAYERS = ['succeeded', 'partial', 'failed', 'cancelled'] as const;

/** `undefined` where no run falls into these days. */
export function runsChart(days: readonly DayFigures[]): RunsChart | undefined {
  const totals = days.map(runsOf);
  const [first, last] = [days[0], days.at(-1)];
  const all = totals.reduce((sum, count) => sum + count, 0);
  if (!first || !last || all === 0) return undefined;
  const [mostRuns, mostRecords] = [Math.max(...totals), Math.max(...days.map(({ records }) => records))];
  const records = days.reduce((sum, day) => sum + day.records, 0);
  const failed = days.reduce((sum, day) => sum + day.failed, 0);
  const span = { days: days.length, last: shortDay(last.day) };
  const told = t('runs.chart.told', { count: all, failed });
  const changed = t('runs.chart.changed', { count: records });
  return {
    runs: drawing(days, {
      id: 'runs-chart',
      title: t('runs.chart.syncsTitle', span),
      says: t('runs.chart.most', { told, most: mostRuns }),
      bars: (day) => stacked(day, mostRuns),
    }),
    records: drawing(days, {
      id: 'records-chart',
      title: t('runs.chart.recordsTitle', span),
      says: t('runs.chart.most', { told: changed, most: mostRecords }),
      bars: (day) => [{ kind: 'records', y: HEIGHT - share(day.records, mostRecords), height: share(day.records, mostRecords) }],
    }),
    mostRuns,
    mostRecords,
    from: shortDay(first.day),
    to: shortDay(last.day),
    says: t('runs.chart.says', { told, changed }),
    days: days.filter((day) => runsOf(day) > 0).toReversed(),
  };
}

interface Bar {
  readonly kind: string;
  readonly y: number;
  readonly height: number;
}

interface Drawn {
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly bars: (day: DayFigures) => readonly Bar[];
}

/** It is stretched to the width there is; so it holds bars only, and words stand around it. */
function drawing(days: readonly DayFigures[], { id, title, says, bars }: Drawn): string {
  const columns = days.map((day, index) => {
    const rects = bars(day)
      .filter(({ height }) => height > 0)
      .map(
        ({ kind, y, height }) =>
          `<rect class="bar-${kind}" x="${index * STEP + GAP / 2}" y="${y}" width="${STEP - GAP}" height="${height}"/>`,
      );
    const touch = `<rect class="bar-day" x="${index * STEP}" y="0" width="${STEP}" height="${HEIGHT}"/>`;
    return `<g><title>${escaped(daySays(day))}</title>${touch}${rects.join('')}</g>`;
  });
  const size = `viewBox="0 0 ${days.length * STEP} ${HEIGHT}" preserveAspectRatio="none"`;
  return `<svg class="chart-bars" ${size} role="img" aria-labelledby="${id}-title ${id}-desc"><title id="${id}-title">${escaped(title)}</title><desc id="${id}-desc">${escaped(says)}</desc>${columns.join('')}</svg>`;
}

const escaped = Handlebars.escapeExpression;

/** From the ground up: done, done in part, failed, cancelled. */
function stacked(day: DayFigures, most: number): Bar[] {
  let y = HEIGHT;
  return LAYERS.map((kind) => {
    const height = share(day[kind], most);
    y = round(y - height);
    return { kind, y, height };
  });
}

function daySays(day: DayFigures): string {
  const parts = LAYERS.filter((kind) => day[kind] > 0).map((kind) => t(`runs.chart.day.${kind}`, { count: day[kind] }));
  if (parts.length === 0) return t('runs.chart.noSync', { day: shortDay(day.day) });
  return t('runs.chart.dayOf', { day: shortDay(day.day), what: parts.join(', '), count: day.records });
}

/** What there is at all shows, however little it is beside the most. */
function share(value: number, most: number): number {
  return value === 0 || most === 0 ? 0 : round(Math.max(2, (value / most) * HEIGHT));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function runsOf({ succeeded, partial, failed, cancelled }: DayFigures): number {
  return succeeded + partial + failed + cancelled;
}
