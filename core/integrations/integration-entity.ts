import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Account } from '../sdk/index.ts';

/** `pending`: being connected. `error`: needs a person. `disconnected`: no credential, records may remain. */
export type IntegrationStatus = 'pending' | 'active' | 'error' | 'disconnected';
export type Method = 'oauth' | 'manual';
/** Whose change stays where a record was changed here and at the provider: the provider's, or the newer one. */
export type ConflictRule = 'provider' | 'newer';

@Entity('integrations')
export class IntegrationEntity {
  @PrimaryColumn('uuid', { name: 'store_id' })
  storeId!: string;

  @PrimaryColumn('uuid', { name: 'id' })
  id!: string;

  @Column('text', { name: 'plugin_id' })
  pluginId!: string;

  @Column('text', { name: 'name' })
  name!: string;

  @Column('text', { name: 'description', nullable: true })
  description!: string | null;

  @Column('text', { name: 'status' })
  status!: IntegrationStatus;

  @Column('boolean', { name: 'enabled', default: true })
  enabled!: boolean;

  @Column('text', { name: 'reason_code', nullable: true })
  reasonCode!: string | null;

  @Column('text', { name: 'message', nullable: true })
  message!: string | null;

  @Column('text', { name: 'method' })
  method!: Method;

  @Column('text', { name: 'account_external_id', nullable: true })
  accountExternalId!: string | null;

  @Column('jsonb', { name: 'account', nullable: true })
  account!: Account | null;

  @Column('jsonb', { name: 'config', default: {} })
  config!: Record<string, unknown>;

  /** The plugin's `configVersion` when they were saved. */
  @Column('integer', { name: 'config_version', default: 1 })
  configVersion!: number;

  /** Field of the config form → ciphertext. */
  @Column('jsonb', { name: 'config_secrets', default: {} })
  configSecrets!: Record<string, string>;

  /** Stream → how many records the provider said it holds at the last test. */
  @Column('jsonb', { name: 'counts', default: {} })
  counts!: Record<string, number>;

  @Column('text', { name: 'conflict_rule', default: 'provider' })
  conflictRule!: ConflictRule;

  @Column('boolean', { name: 'sandbox', default: false })
  sandbox!: boolean;

  @Column('text', { name: 'webhook_key', unique: true })
  webhookKey!: string;

  @Column('text', { name: 'webhook_subscription', nullable: true })
  webhookSubscription!: string | null;

  /** What the subscription was given: name → ciphertext. */
  @Column('jsonb', { name: 'webhook_secrets', default: {} })
  webhookSecrets!: Record<string, string>;

  /** The secrets before those, until {@link webhookFormerUntil}. */
  @Column('jsonb', { name: 'webhook_former', default: {} })
  webhookFormer!: Record<string, string>;

  @Column('timestamptz', { name: 'webhook_former_until', nullable: true })
  webhookFormerUntil!: Date | null;

  /** The settings the subscription was made for. */
  @Column('jsonb', { name: 'webhook_followed', nullable: true })
  webhookFollowed!: Record<string, unknown> | null;

  /** Why changes are not reported as they happen. */
  @Column('text', { name: 'webhook_problem', nullable: true })
  webhookProblem!: string | null;

  @Column('timestamptz', { name: 'connected_at', nullable: true })
  connectedAt!: Date | null;

  @Column('timestamptz', { name: 'last_tested_at', nullable: true })
  lastTestedAt!: Date | null;

  @Column('timestamptz', { name: 'last_synced_at', nullable: true })
  lastSyncedAt!: Date | null;

  @Column('timestamptz', { name: 'last_event_at', nullable: true })
  lastEventAt!: Date | null;

  /** Taken off the lists after it had ended. */
  @Column('timestamptz', { name: 'removed_at', nullable: true })
  removedAt!: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}

/** Columns that are asked for by name only. */
export const UNREAD = [
  'accountExternalId',
  'configSecrets',
  'webhookSecrets',
  'webhookFormer',
  'webhookFormerUntil',
  'webhookFollowed',
  'removedAt',
];
