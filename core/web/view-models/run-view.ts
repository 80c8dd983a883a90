import type { Run } from '../../syncs/syncs.ts';
import type { IconName } from '../icons.ts';
import { said, saidIf } from '../words/said.ts';
import { t, tIfThere } from '../words/texts.ts';
import { type ProgressInput, progressView } from './progress-view.ts';

export interface RunView {
  readonly id: string;
  /** Of its page. */
  readonly href: string;
  /** Colour: `good`, `warn`, `bad`, `busy` or `idle`. */
  readonly tone: string;
  readonly icon: IconName;
  readonly text: string;
  /** The stream's title, and its name. */
  readonly stream: string;
  readonly name: string;
  readonly why: string;
  /** What it did, or is doing. */
  readonly result: string;
  readonly message: string | undefined;
  readonly at: Date;
  readonly took: string | undefined;
  readonly active: boolean;
  /** At work this moment. */
  readonly moving: boolean;
  /** Deletions it asks about; 0 once it is asked no more. */
  readonly heldBack: number;
  /** Share done, 0 to 100; undefined where the provider does not tell how many there are. */
  readonly percent: number | undefined;
  readonly failures: readonly { readonly id: string; readonly reason: string }[];
  /** Failures beyond those that were kept. */
  readonly moreFailures: number;
}

/** `retrying`: stopped by the provider and waiting for its next try, neither new nor failed. */
const FACES: Readonly<Record<Run['status'] | 'retrying', { tone: string; icon: IconName }>> = {
  queued: { tone: 'idle', icon: 'wait' },
  running: { tone: 'busy', icon: 'sync' },
  succeeded: { tone: 'good', icon: 'check' },
  partial: { tone: 'warn', icon: 'alert' },
  failed: { tone: 'bad', icon: 'fault' },
  cancelled: { tone: 'idle', icon: 'off' },
  retrying: { tone: 'warn', icon: 'wait' },
};

export function isActive(run: Pick<Run, 'status'>): boolean {
  return run.status === 'queued' || run.status === 'running';
}

/** The provider stood in its way, its message says how; it goes on by itself. */
export function isRetrying(run: Pick<Run, 'status' | 'message'>): boolean {
  return run.status === 'queued' && Boolean(run.message);
}

/** A run as lists of them need it. */
export type RunInput = Run & Pick<ProgressInput, 'perSecond'>;

/** `latest`: no later run of the stream has answered what this one asks. `base`: the address of the integration. */
export function runView(run: RunInput, title: string, { latest = false, base = '' } = {}): RunView {
  const active = isActive(run);
  const progress = progressView({ ...run, cancelling: run.cancelRequestedAt !== undefined });
  const failures = (run.failures ?? []).map(({ id, reason }) => ({ id, reason: said(reason) }));
  const face = isRetrying(run) ? 'retrying' : run.status;
  return {
    id: run.id,
    href: `${base}/runs/${run.id}`,
    ...FACES[face],
    text: t(`runs.status.${face}`),
    stream: title,
    name: run.stream,
    why: tIfThere(`runs.why.${run.trigger}`) ?? run.trigger,
    result: active ? progress.text : resultOf(run),
    // A success has said it all in its result, but for what the provider withheld.
    message: saidIf((run.status === 'succeeded' ? run.notes.join(' ') : run.message) || undefined),
    at: run.startedAt ?? run.queuedAt,
    took: active ? undefined : tookOf(run),
    active,
    moving: run.status === 'running',
    percent: active ? progress.percent : undefined,
    heldBack: latest ? run.heldBack : 0,
    failures,
    moreFailures: Math.max(0, run.failed - failures.length),
  };
}

function resultOf(run: Run): string {
  const parts = [
    t('runs.result.read', { count: run.seen }),
    run.written > 0 ? t('runs.result.written', { count: run.written }) : undefined,
    run.deleted > 0 ? t('runs.result.removed', { count: run.deleted }) : undefined,
    run.failed > 0 ? t('runs.result.failed', { count: run.failed }) : undefined,
  ].filter(Boolean);
  if (run.status === 'succeeded' && parts.length === 1 && run.seen > 0) parts.push(t('runs.result.unchanged'));
  // What was read nothing of for want of a choice has its note, which says so.
  if (run.status === 'succeeded' && run.seen === 0 && parts.length === 1 && run.notes.length === 0)
    return t('runs.result.nothing');
  return parts.join(', ');
}

export function tookOf(run: Pick<Run, 'startedAt' | 'finishedAt'>): string | undefined {
  if (!run.startedAt || !run.finishedAt) return undefined;
  const seconds = Math.max(0, (run.finishedAt.getTime() - run.startedAt.getTime()) / 1000);
  if (seconds < 1) return t('runs.took.less');
  if (seconds < 59.5) return t('words.seconds', { count: Math.round(seconds) });
  return t('words.minutes', { count: Math.round(seconds / 60) });
}
