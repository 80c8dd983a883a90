import Handlebars from 'handlebars';
import type { Analytics, DayCount } from '../../integrations/analytics-store.ts';
import { number, shortDay } from '../words/format.ts';
import { reader } from '../words/reader.ts';
import { t } from '../words/texts.ts';

/** One figure: in words, and how much of the whole that is, drawn. */
export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly says: string;
  /** SVG text; nothing in it comes from people or providers. Undefined where there is nothing to draw. */
  readonly drawing: string | undefined;
}

/** A figure day by day, drawn as bars; the words beside it say the same. */
export interface Spark extends Figure {
  readonly from: string;
  readonly to: string;
}

export interface FiguresView {
  readonly figures: readonly Figure[];
  readonly sparks: readonly Spark[];
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;
const STEP = 10;
const GAP = 2;
const HEIGHT = 40;

/** How integrations fare, of one store or of all. Pure. */
export function figuresView({ days, syncs, setUp, repair, perDay }: Analytics): FiguresView {
  return {
    figures: [
      {
        label: t('dashboard.syncs.share'),
        ...shareOf(syncs.share),
        says: t('dashboard.syncs.says', { count: syncs.ended, failed: syncs.ended - syncs.succeeded, days }),
      },
      {
        label: t('dashboard.setUp'),
        ...shareOf(setUp.share),
        says: t('dashboard.setUp.says', { count: setUp.begun, finished: setUp.finished, days }),
      },
      {
        label: t('dashboard.repair'),
        value: repair.medianSeconds === null ? '–' : lasting(repair.medianSeconds),
        says: t('dashboard.repair.says', { count: repair.repaired, days }),
        drawing: undefined,
      },
    ],
    sparks: [
      spark(perDay, {
        label: t('dashboard.syncs'),
        of: (day) => day.syncs,
        says: (count) => t('dashboard.syncs.count', { count }),
      }),
      spark(perDay, { label: t('dashboard.messages'), of: (day) => day.events, says: (count) => t('words.messages', { count }) }),
    ],
  };
}

/** `2.5 hours`: the largest unit that fits. */
export function lasting(seconds: number): string {
  const [unit, size] = UNITS.find(([, one]) => seconds >= one) ?? (['second', 1] as const);
  const format = { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: seconds / size < 10 ? 1 : 0 } as const;
  return new Intl.NumberFormat(reader().locale, format).format(seconds / size);
}

/** Never all of it while something is missing. */
export function percent(share: number): string {
  return t('dashboard.percent', { percent: number(Math.floor(share * 1000) / 10) });
}

function shareOf(share: number | null): Pick<Figure, 'value' | 'drawing'> {
  if (share === null) return { value: '–', drawing: undefined };
  const width = Math.round(share * 1000) / 10;
  const bars = `<rect class="meter-rest" width="100" height="8"/><rect class="meter-part" width="${width}" height="8"/>`;
  return {
    value: percent(share),
    drawing: `<svg class="meter" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">${bars}</svg>`,
  };
}

interface SparkOf {
  readonly label: string;
  readonly of: (day: DayCount) => number;
  readonly says: (count: number) => string;
}

function spark(perDay: readonly DayCount[], { label, of, says }: SparkOf): Spark {
  const counts = perDay.map(of);
  const most = Math.max(0, ...counts);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const ends = { from: shortDay(perDay[0]?.day ?? ''), to: shortDay(perDay.at(-1)?.day ?? '') };
  const told = total === 0 ? t('dashboard.none') : t('dashboard.most', { count: number(most) });
  return {
    label,
    value: number(total),
    says: told,
    ...ends,
    drawing: total === 0 ? undefined : drawn(perDay, { label, of, says }),
  };
}

/** It is stretched to the width there is; so it holds bars only, and words stand around it. */
function drawn(perDay: readonly DayCount[], { label, of, says }: SparkOf): string {
  const most = Math.max(...perDay.map(of));
  const columns = perDay.map((day, at) => {
    const height = of(day) === 0 ? 0 : Math.round(Math.max(1, (of(day) / most) * HEIGHT) * 100) / 100;
    const title = escaped(`${shortDay(day.day)}: ${says(of(day))}`);
    const touch = `<rect class="bar-day" x="${at * STEP}" width="${STEP}" height="${HEIGHT}"/>`;
    const bar = `<rect class="bar-records" x="${at * STEP + GAP / 2}" y="${HEIGHT - height}" width="${STEP - GAP}" height="${height}"/>`;
    return `<g><title>${title}</title>${touch}${height > 0 ? bar : ''}</g>`;
  });
  const size = `viewBox="0 0 ${perDay.length * STEP} ${HEIGHT}" preserveAspectRatio="none"`;
  return `<svg class="chart-bars spark" ${size} role="img" aria-label="${escaped(label)}">${columns.join('')}</svg>`;
}

const escaped = Handlebars.escapeExpression;
