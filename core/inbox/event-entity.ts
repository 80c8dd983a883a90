import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * `pending`: to be handled, perhaps leased by a worker just now. `parked`: waits for its integration. `unmatched`: its
 * account is not connected here. `dead`: given up, with a reason. `unverified`: its plugin was not there to check it.
 */
export type EventState = 'pending' | 'handled' | 'parked' | 'unmatched' | 'dead' | 'unverified';

@Entity('webhook_events')
export class WebhookEventEntity {
  @PrimaryColumn('uuid', { name: 'id' })
  id!: string;

  @Column({ type: 'bigint', name: 'seq', generated: 'identity', generatedIdentity: 'ALWAYS' })
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

  @Column('jsonb', { name: 'data' })
  data!: Record<string, unknown>;

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

  @Column('timestamptz', { name: 'run_after', default: () => 'now()' })
  runAfter!: Date;

  /** A token of one claim, not of a worker: whoever claims again, even the same worker, gets another. */
  @Column('text', { name: 'lease_owner', nullable: true })
  leaseOwner!: string | null;

  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil!: Date | null;

  @Column('timestamptz', { name: 'received_at', default: () => 'now()' })
  receivedAt!: Date;

  @Column('timestamptz', { name: 'handled_at', nullable: true })
  handledAt!: Date | null;
}

@Entity('webhook_dedupe')
export class WebhookDedupeEntity {
  @PrimaryColumn('text', { name: 'plugin_id' })
  pluginId!: string;

  /** The integration's id, or the account while no integration has it. */
  @PrimaryColumn('text', { name: 'scope' })
  scope!: string;

  @PrimaryColumn('text', { name: 'event_id' })
  eventId!: string;

  @Column('timestamptz', { name: 'received_at', default: () => 'now()' })
  receivedAt!: Date;
}
