import type { StreamFigures } from '../../syncs/run-history-store.ts';
import type { IconName } from '../icons.ts';
import { t } from '../words/texts.ts';
import type { ScheduleInput } from './stream-view.ts';

/** How one kind of record fares. */
export interface StreamHealthView {
  readonly name: string;
  readonly title: string;
  readonly tone: 'good' | 'warn' | 'bad' | 'idle';
  readonly icon: IconName;
  /** In one word or two. */
  readonly state: string;
  /** `98 %`, of how many. */
  readonly share: string | undefined;
  readonly of: string | undefined;
  readonly lastSuccessAt: Date | undefined;
  /** How far behind its schedule it is; undefined where it has none. */
  readonly lag: string | undefined;
}

export interface StreamHealthInput {
  readonly streams: readonly { readonly name: string; readonly title: string }[];
  readonly figures: readonly StreamFigures[];
  readonly schedules: readonly ScheduleInput[];
  readonly now: Date;
}

/** A schedule is spread by a tenth, and a run takes its time: later than this is late. */
const GRACE = 1.25;
const GRACE_MINUTES = 5;

export function streamHealth({ streams, figures, schedules, now }: StreamHealthInput): StreamHealthView[] {
  return streams.map(({ name, title }) => {
    const found = figures.find(({ stream }) => stream === name);
    const every = schedules.find(({ stream }) => stream === name)?.everyMinutes ?? undefined;
    const late = found ? lateMinutes(found, every, now) : undefined;
    const share = found && found.ended > 0 ? found.succeeded / found.ended : undefined;
    return {
      name,
      title,
      ...verdict({ share, late, known: found?.lastSuccessAt !== undefined }),
      share: share === undefined ? undefined : t('words.percent', { share: Math.floor(share * 100) }),
      of: found && found.ended > 0 ? t('words.syncs', { count: found.ended }) : undefined,
      lastSuccessAt: found?.lastSuccessAt,
      lag: late === undefined ? undefined : late === 0 ? t('runs.onTime') : t('runs.late', { time: minutesText(late) }),
    };
  });
}

/** Minutes beyond its schedule since what is here was read; undefined where nothing says when that should be. */
function lateMinutes({ freshAt }: StreamFigures, every: number | undefined, now: Date): number | undefined {
  if (!every || !freshAt) return undefined;
  const age = (now.getTime() - freshAt.getTime()) / 60_000;
  return age <= every * GRACE + GRACE_MINUTES ? 0 : Math.round(age - every);
}

interface Known {
  readonly share: number | undefined;
  readonly late: number | undefined;
  readonly known: boolean;
}

function verdict({ share, late, known }: Known): Pick<StreamHealthView, 'tone' | 'icon' | 'state'> {
  if (share === 0) return { tone: 'bad', icon: 'fault', state: t('runs.verdict.failing') };
  if (late) return { tone: 'warn', icon: 'alert', state: t('runs.verdict.behind') };
  if (share !== undefined && share < 0.9) return { tone: 'warn', icon: 'alert', state: t('runs.verdict.unsteady') };
  if (!known) return { tone: 'idle', icon: 'wait', state: t('runs.verdict.none') };
  return { tone: 'good', icon: 'check', state: t('runs.verdict.well') };
}

function minutesText(minutes: number): string {
  if (minutes < 90) return t('words.minutes', { count: minutes });
  if (minutes < 36 * 60) return t('words.hours', { count: Math.round(minutes / 60) });
  return t('words.days', { count: Math.round(minutes / 1440) });
}
