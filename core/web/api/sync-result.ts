import { setTimeout as sleep } from 'node:timers/promises';
import type { Response } from 'express';
import type { Run } from '../../syncs/syncs.ts';
import type { Web } from '../services.ts';

/** What a flat sync answers; `duration` in milliseconds. */
export interface SyncResult {
  readonly success: boolean;
  readonly totalRecords: number;
  readonly syncedRecords: number;
  readonly failedRecords: number;
  readonly duration: number;
  readonly message: string;
  readonly errors: readonly string[];
  readonly runs: readonly string[];
}

const WAIT_MS = 25_000;
const STEP_MS = 150;

/** Waits up to 25 s for the runs to end; what goes on after that is told as going on (202). */
export async function waitForRuns(
  web: Web,
  runs: readonly Run[],
  res: Response,
): Promise<{ status: 200 | 202; result: SyncResult }> {
  const deadline = Date.now() + WAIT_MS;
  let current = runs;
  while (current.some(isUnderWay) && Date.now() < deadline && !res.closed) {
    await sleep(STEP_MS);
    current = await Promise.all(current.map((run) => (isUnderWay(run) ? web.syncs.run(run.storeId, run.id) : run)));
  }
  return { status: current.some(isUnderWay) ? 202 : 200, result: syncResult(current, new Date()) };
}

export function syncResult(runs: readonly Run[], now: Date): SyncResult {
  const sum = (count: (run: Run) => number) => runs.reduce((total, run) => total + count(run), 0);
  const begun = Math.min(now.getTime(), ...runs.map(({ startedAt, queuedAt }) => (startedAt ?? queuedAt).getTime()));
  const ended = runs.some(isUnderWay)
    ? now.getTime()
    : Math.max(begun, ...runs.map(({ finishedAt }) => finishedAt?.getTime() ?? 0));
  const bad = runs.filter(isBad);
  return {
    success: bad.length === 0,
    totalRecords: sum(({ seen }) => seen),
    syncedRecords: sum(({ seen, failed }) => Math.max(0, seen - failed)),
    failedRecords: sum(({ failed }) => failed),
    duration: ended - begun,
    message: messageOf(runs, bad),
    errors: runs.flatMap(errorsOf),
    runs: runs.map(({ id }) => id),
  };
}

function messageOf(runs: readonly Run[], bad: readonly Run[]): string {
  if (runs.length === 0) return 'There is nothing to sync: no stream is chosen.';
  const open = runs.filter(isUnderWay).map(({ stream }) => stream);
  if (open.length > 0) return `The sync of ${open.join(', ')} goes on; its runs tell how far it is.`;
  if (bad.length > 0) return `The sync of ${bad.map(({ stream }) => stream).join(', ')} did not succeed.`;
  return runs.map(({ stream, message }) => message ?? `Synced ${stream}.`).join(' ');
}

function errorsOf({ stream, status, message, failures }: Run): string[] {
  const own = message && isBad({ status }) ? [`${stream}: ${message}`] : [];
  return [...own, ...failures.map(({ id, reason }) => `${stream} ${id}: ${reason}`)];
}

function isBad({ status }: Pick<Run, 'status'>): boolean {
  return status === 'failed' || status === 'cancelled' || status === 'partial';
}

function isUnderWay({ status }: Run): boolean {
  return status === 'queued' || status === 'running';
}
