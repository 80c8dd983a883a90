import { setTimeout as sleep } from 'node:timers/promises';
import { hubError, isRaw, type Raw, Rejected, TryLater, text } from 'patchbay';
import type { Context } from './manifest.ts';
import { numberOf } from './money.ts';

/** Between two questions; after the last one the sync lets go and asks again later. */
const PAUSES_MS = [250, 500, 1000, 2000];
const LATER_SECONDS = 15;
/** A report that has not ended by then never will. */
const PATIENCE_MS = 30 * 60_000;

/** https://developers.facebook.com/docs/marketing-api/insights/best-practices#asynchronous: the id of a report to wait for. */
export async function beginReport(ctx: Context, account: string, question: Readonly<Record<string, string>>): Promise<string> {
  // A second report by mistake costs the account, and its rows are the same.
  const { data } = await ctx.http.post<Raw>(`/${account}/insights`, { form: question, idempotent: false });
  const report = isRaw(data) ? (text(data['report_run_id']) ?? String(numberOf(data['report_run_id']) ?? '')) : '';
  if (report) return report;
  throw new TryLater('Facebook did not begin the report it was asked for. It is asked again later.');
}

export interface Progress {
  readonly report: string;
  readonly percent: number;
  /** Milliseconds. */
  readonly began: number;
  readonly days: number;
}

/**
 * Asks how far a report is; yields each step forward, in percent, and returns whether it can be read.
 * @throws TryLater when it takes longer than a run should wait, Rejected when not even one day can be had
 */
export async function* untilReady(ctx: Context, progress: Progress): AsyncGenerator<number, boolean> {
  let { percent } = progress;
  for (const pause of PAUSES_MS) {
    const state = await ask(ctx, progress);
    if (state === 'ready') return true;
    if (state === 'failed') return smaller(progress);
    if (state > percent) {
      percent = state;
      yield percent;
    }
    await sleep(pause, undefined, { signal: ctx.signal });
  }
  if (Date.now() - progress.began > PATIENCE_MS) return smaller(progress);
  throw new TryLater(`Facebook is still preparing the report (${percent} %). The sync goes on when it is ready.`, {
    afterSeconds: LATER_SECONDS,
  });
}

/** A report of fewer days may succeed. */
function smaller({ days }: Progress): false {
  if (days > 1) return false;
  throw new Rejected(
    'Facebook cannot prepare the figures of a single day. Choose figures for each campaign, or do not split them.',
  );
}

async function ask(ctx: Context, { report }: Progress): Promise<'ready' | 'failed' | number> {
  const fields = 'async_status,async_percent_completion';
  const reply = await ctx.http.get<Raw>(`/${report}`, { query: { fields } }).catch((error: unknown) => {
    // Reports are kept for a while only.
    if (hubError(error)?.consequence === 'not-found') return undefined;
    throw error;
  });
  if (!reply) return 'failed';
  const status = isRaw(reply.data) ? text(reply.data['async_status']) : undefined;
  if (!isRaw(reply.data) || !status) throw new TryLater('Facebook did not say how far a report is. It is asked again later.');
  const percent = numberOf(reply.data['async_percent_completion']) ?? 0;
  if (status === 'Job Completed' && percent >= 100) return 'ready';
  return status === 'Job Failed' || status === 'Job Skipped' ? 'failed' : percent;
}
