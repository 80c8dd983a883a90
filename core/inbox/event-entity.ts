import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * `pending`: to be handled, perhaps leased by a worker just now. `parked`: waits for its integration. `unmatched`: its
 * account is not connected here. `dead`: given up, with a reason. `unverified`: its plugin was not there to check it.
 */
export type EventState = 'pending' | 'handled' | 'parked' | 'unmatched' | 'dead' | 'unverified';

/** One attempt to handle an event. */
export interface Attempt {
  /** ISO 8601, when it ended. */
  readonly at: string;
  readonly outcome: 'handled' | 'parked' | 'dead' | 'retry';
  readonly ms: number;
  /** The beginning of the content hash of the plugin that handled it. */
  readonly plugin?: string;
  readonly reason?: string;
}

@Entity('webhook_events')
export class WebhookEventEntity {
  @PrimaryColumn('uuid', { name: 'id' })
  id!: string;

  @Column('bigint', { name: 'seq', default: () => "nextval('webhook_events_arrival')" })
  seq!: string;

  @Column('text', { name: 'plugin_id' })
  pluginId!: string;

  @Column('uuid', { name: 'store_id', nullable: true })
  storeId!: string | null;

  @Column('uuid', { name: 'integration_id', nullable: true })
  integrationId!: string | null;

  @Column('text', { name: 'account', nullable: true })
  account!: string | null;

  /** The provider's id of the message. */
  @Column('text', { name: 'event_id' })
  eventId!: string;

  @Column('text', { name: 'type' })
  type!: string;

  @Column('text', { name: 'object', nullable: true })
  object!: string | null;

  @Column('timestamptz', { name: 'at', nullable: true })
  at!: Date | null;

  /** Null where the bytes are this very JSON. */
  @Column('jsonb', { name: 'data', nullable: true })
  data!: Record<string, unknown> | null;

  @Column('bytea', { name: 'raw' })
  raw!: Buffer;

  @Column('jsonb', { name: 'headers' })
  headers!: Record<string, string>;

  @Column('text', { name: 'state' })
  state!: EventState;

  @Column('text', { name: 'reason', nullable: true })
  reason!: string | null;

  @Column('integer', { name: 'attempts', default: 0 })
  attempts!: number;

  /** What each attempt came to, the latest last. */
  @Column('jsonb', { name: 'trail', default: [] })
  trail!: Attempt[];

  @Column('timestamptz', { name: 'run_after', default: () => 'now()' })
  runAfter!: Date;

  @Column('timestamptz', { name: 'received_at', default: () => 'now()' })
  receivedAt!: Date;

  @Column('timestamptz', { name: 'handled_at', nullable: true })
  handledAt!: Date | null;
}

/** An event that is to be handled, perhaps in a worker's hands just now. */
@Entity('webhook_queue')
export class WebhookQueueEntity {
  @PrimaryColumn('uuid', { name: 'store_id' })
  storeId!: string;

  @PrimaryColumn('uuid', { name: 'integration_id' })
  integrationId!: string;

  /** What waits for each other: the event's object, or its own id where it is about none. */
  @PrimaryColumn('text', { name: 'lane' })
  lane!: string;

  @PrimaryColumn('bigint', { name: 'seq', default: () => "nextval('webhook_events_arrival')" })
  seq!: string;

  /** Of the event. */
  @Column('uuid', { name: 'id' })
  id!: string;

  @Column('timestamptz', { name: 'run_after', default: () => 'now()' })
  runAfter!: Date;

  /** A token of one claim, not of a worker: whoever claims again, even the same worker, gets another. */
  @Column('text', { name: 'lease_owner', nullable: true })
  leaseOwner!: string | null;

  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil!: Date | null;

  @Column('integer', { name: 'attempts', default: 0 })
  attempts!: number;
}

@Entity('webhook_dedupe')
export class WebhookDedupeEntity {
  /** Of the plugin, the integration (or the account while no integration has it) and the event's id there: `webhook_key`. */
  @PrimaryColumn('uuid', { name: 'key' })
  key!: string;

  @Column('timestamptz', { name: 'received_at', default: () => 'now()' })
  receivedAt!: Date;
}
