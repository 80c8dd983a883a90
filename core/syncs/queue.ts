import type { SendOptions } from '../database/job.ts';
import type { Jobs } from '../database/jobs.ts';
import type { RunTrigger } from './run-entity.ts';

/** What a job of the queue `sync` says. */
export interface SyncJob {
  readonly storeId: string;
  readonly runId: string;
}

export const SYNC_QUEUE = 'sync';

/** People wait for some, nobody for others. */
const PRIORITY: Readonly<Record<RunTrigger, number>> = {
  manual: 20,
  settings: 20,
  initial: 15,
  webhook: 10,
  repair: 5,
  scheduled: 0,
};

/** Queues a run, each time it must wait again too, at the place of what made it. */
export async function sendRun(
  jobs: Jobs,
  { storeId, id: runId, trigger }: { readonly storeId: string; readonly id: string; readonly trigger: RunTrigger },
  when: Pick<SendOptions, 'sql' | 'startAfter'> = {},
): Promise<void> {
  await jobs.send(SYNC_QUEUE, { storeId, runId } satisfies SyncJob, { ...when, priority: PRIORITY[trigger] });
}
