import type { QueuePolicy } from 'pg-boss';
import type { Sql } from './transaction.ts';

export interface Job<T> {
  readonly id: string;
  readonly data: T;
  /** Aborted when the hub stops or the job's time is up; whoever honours it gives the job back for another attempt. */
  readonly signal: AbortSignal;
}

export interface QueueOptions {
  /** Jobs of this queue at once in this process. */
  readonly concurrency: number;
  /** Of one store (`storeId` of their data) at once, on all hosts: what takes long for one does not hold up the others. */
  readonly perStore?: number;
  /** Attempts after the first. Default 2. */
  readonly retryLimit?: number;
  /** Wait before the first retry; doubled for each further one, up to 64 times. Default 1. */
  readonly retryDelaySeconds?: number;
  /** An attempt may take this long. Default 900. */
  readonly expireInSeconds?: number;
  /** At least 10. A worker silent for this long is taken for dead and its job is given to another. */
  readonly heartbeatSeconds?: number;
  /** `short`: one queued per singletonKey; `singleton`: one running; `stately`: both; `exclusive`: one in all. Default `standard`. */
  readonly policy?: QueuePolicy;
}

export interface SendOptions {
  /** Makes the job part of that transaction: it exists when the transaction commits. */
  readonly sql?: Sql;
  readonly startAfter?: Date;
  /** Higher goes first. Default 0. */
  readonly priority?: number;
  readonly singletonKey?: string;
}
