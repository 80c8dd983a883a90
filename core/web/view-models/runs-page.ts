import type { Template } from '../../plugins/registry.ts';
import type { RunFilter, RunPage, StreamFigures } from '../../syncs/run-history-store.ts';
import { filterQuery, pageNumber } from '../http/filter-query.ts';
import { number } from '../words/format.ts';
import { t } from '../words/texts.ts';
import { type Advice, adviceFor } from './run-advice.ts';
import { isActive, type RunView, runView } from './run-view.ts';
import type { RunsChart } from './runs-chart.ts';
import type { StreamHealthView } from './stream-health.ts';
import { streamTitle } from './stream-words.ts';

export interface RunsPage {
  readonly integration: { readonly name: string; readonly href: string };
  readonly filters: readonly FilterView[];
  /** Something is narrowed down. */
  readonly filtered: boolean;
  readonly here: string;
  readonly runs: readonly (RunView & { readonly advice: Advice | undefined })[];
  /** `26 to 50 of 214 syncs` */
  readonly count: string;
  readonly newerHref: string | undefined;
  readonly olderHref: string | undefined;
  readonly streams: readonly StreamHealthView[];
  readonly chart: RunsChart | undefined;
  readonly canManage: boolean;
  readonly canSync: boolean;
  readonly live: boolean;
  /** Where it hears how far runs are. */
  readonly liveHref: string;
}

interface FilterView {
  readonly name: string;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly text: string; readonly chosen: boolean }[];
}

/** What one asked to see; anything unknown counts as not asked. */
export interface RunQuery {
  readonly stream: string;
  readonly state: string;
  readonly time: string;
  /** From 1. */
  readonly page: number;
}

export const RUNS_A_PAGE = 25;

const STATES: readonly (readonly [value: string, statuses: NonNullable<RunFilter['statuses']>])[] = [
  ['active', ['queued', 'running']],
  ['succeeded', ['succeeded']],
  ['partial', ['partial']],
  ['failed', ['failed']],
  ['cancelled', ['cancelled']],
];
const HOUR_MS = 3_600_000;
const TIMES: readonly (readonly [value: string, ms: number])[] = [
  ['day', 24 * HOUR_MS],
  ['week', 7 * 24 * HOUR_MS],
  ['month', 30 * 24 * HOUR_MS],
];

export function runQuery(query: Readonly<Record<string, unknown>>): RunQuery {
  const text = (name: string) => (typeof query[name] === 'string' ? query[name] : '');
  return {
    stream: text('stream').slice(0, 100),
    state: text('state'),
    time: text('time'),
    page: pageNumber(text('page')),
  };
}

export function runFilter({ stream, state, time }: RunQuery, now: Date): RunFilter {
  const ms = TIMES.find(([value]) => value === time)?.[1];
  return {
    stream: stream || undefined,
    statuses: STATES.find(([value]) => value === state)?.[1],
    since: ms === undefined ? undefined : new Date(now.getTime() - ms),
  };
}

export interface RunsInput {
  readonly template: Template;
  readonly integration: { readonly name: string; readonly href: string };
  readonly query: RunQuery;
  readonly page: RunPage;
  readonly streams: readonly StreamHealthView[];
  readonly figures: readonly Pick<StreamFigures, 'stream' | 'freshAt'>[];
  readonly chart: RunsChart | undefined;
  readonly canManage: boolean;
  readonly canSync: boolean;
  readonly liveHref: string;
}

export function runsPage({ template, integration, query, page, streams, figures, chart, ...rest }: RunsInput): RunsPage {
  const { href } = integration;
  const here = `${href}/runs`;
  const last = query.page * RUNS_A_PAGE;
  const first = last - RUNS_A_PAGE + 1;
  const shown = { from: number(first), to: number(first + page.runs.length - 1), count: page.total };
  return {
    integration,
    here,
    filters: filtersOf(query, streams),
    filtered: Boolean(query.stream || query.state || query.time || query.page > 1),
    runs: page.runs.map((run) => ({
      ...runView(run, streamTitle(template, run.stream), { base: href }),
      advice: adviceFor({
        run,
        freshAt: figures.find(({ stream }) => stream === run.stream)?.freshAt,
        provider: template.name,
        href,
        canManage: rest.canManage,
      }),
    })),
    count:
      page.total === 0 ? '' : t(page.total > page.runs.length && page.runs.length > 0 ? 'runs.someOf' : 'words.syncs', shown),
    newerHref: query.page > 1 ? `${here}?${filterQuery({ ...query, page: query.page - 1 })}` : undefined,
    olderHref: page.total > last ? `${here}?${filterQuery({ ...query, page: query.page + 1 })}` : undefined,
    streams,
    chart,
    live: page.runs.some(isActive),
    ...rest,
  };
}

function filtersOf(query: RunQuery, streams: readonly StreamHealthView[]): FilterView[] {
  const filter = (name: 'stream' | 'state' | 'time', label: string, every: string, options: readonly (readonly string[])[]) => ({
    name,
    label,
    options: [['', every], ...options].map(([value = '', text = '']) => ({ value, text, chosen: value === query[name] })),
  });
  return [
    filter(
      'stream',
      t('runs.kind'),
      t('runs.allKinds'),
      streams.map(({ name, title }) => [name, title]),
    ),
    filter(
      'state',
      t('runs.outcome'),
      t('runs.everyOutcome'),
      STATES.map(([value]) => [value, t(`runs.status.${value}`)]),
    ),
    filter(
      'time',
      t('runs.time'),
      t('runs.anyTime'),
      TIMES.map(([value]) => [value, t(`runs.since.${value}`)]),
    ),
  ];
}
