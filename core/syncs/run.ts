import type { RunFailure, RunMode, RunStatus, RunTrigger } from './run-entity.ts';

/** One sync of one stream. */
export interface Run {
  readonly id: string;
  readonly storeId: string;
  readonly integrationId: string;
  readonly stream: string;
  readonly trigger: RunTrigger;
  readonly mode: RunMode;
  readonly status: RunStatus;
  readonly requestedBy: string | undefined;
  readonly pages: number;
  /** How many records the provider says the run will meet, where it tells. */
  readonly total: number | undefined;
  /** Records met so far, those that failed included. */
  readonly seen: number;
  readonly written: number;
  readonly unchanged: number;
  readonly deleted: number;
  /** Records left as they were, as something newer stood there. */
  readonly older: number;
  /** Deletions it left undone because they were so many; a run with `allowDeletions` carries them out. */
  readonly heldBack: number;
  readonly allowDeletions: boolean;
  readonly failed: number;
  /** Records of the stream there were here when the run had ended well; an incremental run meets only some of them. */
  readonly held: number | undefined;
  /** The first 100. */
  readonly failures: readonly RunFailure[];
  /** Sentences on what the provider withheld or estimated. */
  readonly notes: readonly string[];
  readonly errorCode: string | undefined;
  readonly message: string | undefined;
  /** Attempts since the last page that was kept. */
  readonly attempts: number;
  readonly cancelRequestedAt: Date | undefined;
  readonly queuedAt: Date;
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
}

export interface NewRun {
  readonly storeId: string;
  readonly integrationId: string;
  readonly stream: string;
  readonly trigger: RunTrigger;
  readonly mode: RunMode;
  readonly requestedBy: string | undefined;
  readonly allowDeletions: boolean;
}

export interface RunsWanted {
  readonly limit: number;
  /** Default: of all. */
  readonly stream?: string;
}
