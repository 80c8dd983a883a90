import type { Checkpoint, ErrorCode } from '../sdk/index.ts';
import type { Choice } from './choice.ts';
import type { RunFailure, RunMode, RunTrigger } from './run-entity.ts';

/** A run in the hands of one worker. */
export interface Work {
  readonly storeId: string;
  readonly id: string;
  readonly integrationId: string;
  readonly stream: string;
  readonly trigger: RunTrigger;
  readonly mode: RunMode;
  /** Fences every write: whoever takes the run over holds another. */
  readonly token: string;
  /** This one included; counted anew after each page that was kept. */
  readonly attempts: number;
  readonly startedAt: Date;
  readonly cancelRequestedAt: Date | null;
  readonly allowDeletions: boolean;
}

/** Where a stream stands, who brought it there, and the settings it was read for. */
export interface KeptCheckpoint {
  readonly value: Checkpoint;
  /** Where another run goes on: before `value` where something was left out since; null: at the beginning. */
  readonly next: Checkpoint | null;
  readonly complete: boolean;
  readonly runId: string | null;
  readonly followed: Choice | null;
}

/** Where a page leaves the stream. */
export interface Position {
  readonly value: Checkpoint;
  /** Where the next run begins instead; null: at the beginning. What the run has said before of it stays. */
  readonly again: Checkpoint | null | undefined;
  readonly choice: Choice | undefined;
}

/** A run that is not due yet, or in other hands. */
export interface Wait {
  readonly seconds: number;
  readonly trigger: RunTrigger;
}

export interface Progress {
  readonly seen: number;
  readonly written: number;
  readonly unchanged: number;
  readonly deleted: number;
  /** Left as they were, as something newer stood there. */
  readonly older: number;
  readonly failures: readonly RunFailure[];
  readonly notes: readonly string[];
  readonly total: number | undefined;
}

export interface Counters {
  readonly seen: number;
  readonly written: number;
  readonly deleted: number;
  readonly failed: number;
  readonly failures: readonly RunFailure[];
}

/** What the end of a run is made from. */
export interface Sum extends Counters {
  readonly older: number;
  readonly notes: readonly string[];
  readonly beganFrom: Checkpoint | null;
}

export interface Ending {
  readonly status: 'succeeded' | 'partial' | 'failed' | 'cancelled';
  readonly message: string;
  readonly errorCode?: ErrorCode;
}

export interface Requeue {
  readonly message: string;
  readonly errorCode?: ErrorCode;
  readonly afterSeconds: number;
  readonly counted: boolean;
}

/** Another worker has the run now, or it was ended from outside; nothing of ours may be written. */
export class RunLost extends Error {
  override readonly name = 'RunLost';
}

/** A run that the worker still has: store, run and token are `$1` to `$3`. */
export const MINE = `store_id = $1 and id = $2 and lease_owner = $3 and status = 'running'`;

/** {@link MINE}'s parameters. */
export function mine({ storeId, id, token }: Work): unknown[] {
  return [storeId, id, token];
}

/** What only the worker that has the run gets back. @throws RunLost */
export function ours<T>(row: T | undefined, { id }: Work): T {
  if (row) return row;
  throw new RunLost(`Sync ${id} was ended or taken over by another worker.`);
}
