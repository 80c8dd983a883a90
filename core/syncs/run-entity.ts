import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Checkpoint } from '../sdk/index.ts';

export type RunTrigger = 'initial' | 'manual' | 'scheduled' | 'webhook' | 'settings' | 'repair';
export type RunMode = 'incremental' | 'full';
export type RunStatus = 'queued' | 'running' | 'succeeded' | 'partial' | 'failed' | 'cancelled';

/** A record that could not be read or stored. */
export interface RunFailure {
  readonly id: string;
  readonly reason: string;
}

@Entity('sync_runs')
export class SyncRunEntity {
  @PrimaryColumn('uuid', { name: 'store_id' })
  storeId!: string;

  @PrimaryColumn('uuid', { name: 'id' })
  id!: string;

  @Column('uuid', { name: 'integration_id' })
  integrationId!: string;

  @Column('text', { name: 'stream' })
  stream!: string;

  @Column('text', { name: 'trigger' })
  trigger!: RunTrigger;

  @Column('text', { name: 'mode' })
  mode!: RunMode;

  @Column('text', { name: 'status' })
  status!: RunStatus;

  @Column('text', { name: 'requested_by', nullable: true })
  requestedBy!: string | null;

  @Column('integer', { name: 'pages', default: 0 })
  pages!: number;

  /** How many records the provider says the run will meet. */
  @Column('integer', { name: 'total', nullable: true })
  total!: number | null;

  /** Records met, those that failed included. */
  @Column('integer', { name: 'seen', default: 0 })
  seen!: number;

  @Column('integer', { name: 'written', default: 0 })
  written!: number;

  @Column('integer', { name: 'unchanged', default: 0 })
  unchanged!: number;

  @Column('integer', { name: 'deleted', default: 0 })
  deleted!: number;

  /** Left as they were, as something newer stood there. */
  @Column('integer', { name: 'older', default: 0 })
  older!: number;

  /** Deletions it left undone because they were so many. */
  @Column('integer', { name: 'held_back', default: 0 })
  heldBack!: number;

  /** Whoever asked for it has seen how many may go. */
  @Column('boolean', { name: 'allow_deletions', default: false })
  allowDeletions!: boolean;

  @Column('integer', { name: 'failed', default: 0 })
  failed!: number;

  /** The first 100. */
  @Column('jsonb', { name: 'failures', default: [] })
  failures!: RunFailure[];

  /** Sentences on what the provider withheld or estimated; each once. */
  @Column('jsonb', { name: 'notes', default: [] })
  notes!: string[];

  /** Where it began; kept for streams that re-read a window. */
  @Column('jsonb', { name: 'began_from', nullable: true })
  beganFrom!: Checkpoint | null;

  @Column('text', { name: 'error_code', nullable: true })
  errorCode!: string | null;

  @Column('text', { name: 'message', nullable: true })
  message!: string | null;

  /** Since the last page that was kept. */
  @Column('integer', { name: 'attempts', default: 0 })
  attempts!: number;

  @Column('timestamptz', { name: 'cancel_requested_at', nullable: true })
  cancelRequestedAt!: Date | null;

  @Column('timestamptz', { name: 'queued_at', default: () => 'now()' })
  queuedAt!: Date;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt!: Date | null;

  @Column('timestamptz', { name: 'heartbeat_at', nullable: true })
  heartbeatAt!: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;

  @Column('integer', { name: 'held', nullable: true })
  held!: number | null;

  /** A token of one attempt; fences every write of it. */
  @Column('text', { name: 'lease_owner', nullable: true })
  leaseOwner!: string | null;

  /** A queued run waits until then. */
  @Column('timestamptz', { name: 'run_after', nullable: true })
  runAfter!: Date | null;
}

/** Which records a full run has met. */
@Entity('sync_seen')
export class SyncSeenEntity {
  @PrimaryColumn('uuid', { name: 'store_id' })
  storeId!: string;

  @PrimaryColumn('uuid', { name: 'run_id' })
  runId!: string;

  @PrimaryColumn('text', { name: 'external_id' })
  externalId!: string;
}

@Entity('checkpoints')
export class CheckpointEntity {
  @PrimaryColumn('uuid', { name: 'store_id' })
  storeId!: string;

  @PrimaryColumn('uuid', { name: 'integration_id' })
  integrationId!: string;

  @PrimaryColumn('text', { name: 'stream' })
  stream!: string;

  @Column('jsonb', { name: 'value' })
  value!: Checkpoint;

  /** Where the next run begins instead, as a page from there was left out in part; JSON's null: at the beginning. */
  @Column('jsonb', { name: 'again', nullable: true })
  again!: Checkpoint | null;

  /** The run that wrote it came to its end. */
  @Column('boolean', { name: 'complete', default: false })
  complete!: boolean;

  @Column('uuid', { name: 'run_id', nullable: true })
  runId!: string | null;

  /** The settings it was read for. */
  @Column('jsonb', { name: 'followed', nullable: true })
  followed!: Record<string, unknown> | null;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
