import type { Run } from '../../syncs/syncs.ts';
import type { IconName } from '../icons.ts';
import { number, plural } from '../words.ts';
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

const STATUS: Readonly<Record<Run['status'], { tone: string; icon: IconName; text: string }>> = {
  queued: { tone: 'idle', icon: 'wait', text: 'Waiting' },
  running: { tone: 'busy', icon: 'sync', text: 'Running' },
  succeeded: { tone: 'good', icon: 'check', text: 'Done' },
  partial: { tone: 'warn', icon: 'alert', text: 'Done in part' },
  failed: { tone: 'bad', icon: 'fault', text: 'Failed' },
  cancelled: { tone: 'idle', icon: 'off', text: 'Cancelled' },
};

/** Stopped by the provider and waiting for its next try: neither new nor failed. */
const RETRYING = { tone: 'warn', icon: 'wait', text: 'Trying again' } as const;

const WHY: Readonly<Record<Run['trigger'], string>> = {
  initial: 'After connecting',
  manual: 'Started by hand',
  scheduled: 'On schedule',
  webhook: 'After a change there',
  settings: 'After a change of settings',
  repair: 'Repair',
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
  const failures = run.failures ?? [];
  return {
    id: run.id,
    href: `${base}/runs/${run.id}`,
    ...(isRetrying(run) ? RETRYING : STATUS[run.status]),
    stream: title,
    name: run.stream,
    why: WHY[run.trigger],
    result: active ? progress.text : resultOf(run),
    // A success has said it all in its result, but for what the provider withheld.
    message: (run.status === 'succeeded' ? run.notes.join(' ') : run.message) || undefined,
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
    plural(run.seen, 'record read', 'records read'),
    run.written > 0 ? `${number(run.written)} new or changed` : undefined,
    run.deleted > 0 ? `${number(run.deleted)} removed` : undefined,
    run.failed > 0 ? `${number(run.failed)} could not be read` : undefined,
  ].filter(Boolean);
  if (run.status === 'succeeded' && parts.length === 1 && run.seen > 0) parts.push('nothing had changed');
  if (run.status === 'succeeded' && run.seen === 0 && parts.length === 1) return 'Nothing had changed';
  return parts.join(', ');
}

export function tookOf(run: Pick<Run, 'startedAt' | 'finishedAt'>): string | undefined {
  if (!run.startedAt || !run.finishedAt) return undefined;
  const seconds = Math.max(0, (run.finishedAt.getTime() - run.startedAt.getTime()) / 1000);
  if (seconds < 1) return 'under a second';
  if (seconds < 59.5) return plural(Math.round(seconds), 'second');
  return plural(Math.round(seconds / 60), 'minute');
}
