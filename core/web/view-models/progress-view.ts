import type { Run } from '../../syncs/syncs.ts';
import { number } from '../words/format.ts';
import { t } from '../words/texts.ts';

/** What is known of a run that waits or is at work. */
export type ProgressInput = Pick<Run, 'status' | 'seen' | 'total' | 'pages' | 'message'> & {
  /** Records a second; by the whole time of the run where nobody has measured. */
  readonly perSecond?: number | undefined;
  readonly startedAt?: Date | undefined;
  readonly cancelling?: boolean;
};

export interface ProgressView {
  readonly text: string;
  /** Share done, 0 to 100; undefined where the provider does not tell how many there are. */
  readonly percent: number | undefined;
  readonly perSecond: number | undefined;
  /** Records still to come, and how long that takes at this speed. */
  readonly remaining: number | undefined;
  readonly secondsLeft: number | undefined;
}

export function progressView(given: ProgressInput): ProgressView {
  const { seen } = given;
  // What there is more of than was told is not known.
  const total = given.total !== undefined && given.total >= seen ? given.total : undefined;
  const run = { ...given, total };
  const remaining = total === undefined ? undefined : Math.max(0, total - seen);
  const speed = run.perSecond ?? average(run);
  const perSecond = speed === undefined ? undefined : Math.round(speed * 10) / 10;
  const known = remaining !== undefined && perSecond !== undefined && perSecond > 0;
  const secondsLeft = known ? Math.ceil(remaining / perSecond) : undefined;
  return {
    text: textOf(run, { perSecond, secondsLeft }),
    percent: total ? Math.min(100, Math.floor((seen / total) * 100)) : undefined,
    perSecond,
    remaining,
    secondsLeft,
  };
}

function textOf(run: ProgressInput, { perSecond, secondsLeft }: Pick<ProgressView, 'perSecond' | 'secondsLeft'>): string {
  const { seen, total, pages } = run;
  if (run.cancelling) return t('runs.progress.stops', { seen });
  if (run.status === 'queued' && run.message) {
    return seen > 0 ? t('runs.progress.retriesAfter', { seen }) : t('runs.progress.retries');
  }
  if (run.status === 'queued') return t('runs.progress.starts');
  const parts = [
    total ? t('runs.progress.of', { seen, total }) : t('runs.progress.read', { seen }),
    pages > 0 ? t('runs.progress.page', { pages }) : undefined,
    perSecond ? t('runs.progress.speed', { speed: number(perSecond < 10 ? perSecond : Math.round(perSecond)) }) : undefined,
    secondsLeft ? t('runs.progress.left', { time: durationText(secondsLeft) }) : undefined,
  ];
  return parts.filter(Boolean).join(' · ');
}

function average({ status, seen, startedAt }: ProgressInput): number | undefined {
  const seconds = startedAt ? (Date.now() - startedAt.getTime()) / 1000 : 0;
  return status === 'running' && seconds > 1 && seen > 0 ? seen / seconds : undefined;
}

/** `12 seconds`, `3 minutes`, `2 hours`. */
function durationText(seconds: number): string {
  if (seconds < 90) return t('words.seconds', { count: seconds });
  if (seconds < 5400) return t('words.minutes', { count: Math.round(seconds / 60) });
  return t('words.hours', { count: Math.round(seconds / 3600) });
}
