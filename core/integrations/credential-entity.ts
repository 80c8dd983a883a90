import { Column, type DataSource, Entity, PrimaryColumn } from 'typeorm';
import { selection } from '../database/rows.ts';
import type { Method } from './integration-entity.ts';

@Entity('credentials')
export class CredentialEntity {
  @PrimaryColumn('uuid', { name: 'store_id' })
  storeId!: string;

  @PrimaryColumn('uuid', { name: 'integration_id' })
  integrationId!: string;

  @Column('text', { name: 'method' })
  method!: Method;

  /** Field → ciphertext. */
  @Column('jsonb', { name: 'secrets' })
  secrets!: Record<string, string>;

  @Column('text', { name: 'granted_scopes', array: true, default: [] })
  grantedScopes!: string[];

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  @Column('timestamptz', { name: 'refreshed_at', nullable: true })
  refreshedAt!: Date | null;

  /** The turn (see `fence`) that brought this pair: one that comes late cannot overwrite that of a later turn. */
  @Column('integer', { name: 'version', default: 1 })
  version!: number;

  /** Turns handed out so far: each lease is one, and each credential a person gives. */
  @Column('integer', { name: 'fence', default: 1 })
  fence!: number;

  /** Who renews it, until `leaseUntil`; null with a `leaseUntil`: nobody may before then. */
  @Column('text', { name: 'lease_owner', nullable: true })
  leaseOwner!: string | null;

  @Column('timestamptz', { name: 'lease_since', nullable: true })
  leaseSince!: Date | null;

  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil!: Date | null;

  /** Turns begun for this pair, also those nobody heard the end of. */
  @Column('integer', { name: 'refresh_attempts', default: 0 })
  refreshAttempts!: number;

  /** Refreshes in a row that failed in passing. */
  @Column('integer', { name: 'refresh_failures', default: 0 })
  refreshFailures!: number;

  /** `interrupted`: whoever had the lease was never heard of again. */
  @Column('text', { name: 'refresh_outcome', nullable: true })
  refreshOutcome!: 'renewed' | 'failed' | 'interrupted' | 'refused' | null;

  @Column('timestamptz', { name: 'refresh_outcome_at', nullable: true })
  refreshOutcomeAt!: Date | null;

  /** Why it did not work, in words without secrets. */
  @Column('text', { name: 'refresh_message', nullable: true })
  refreshMessage!: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}

/** To be read, with how much of its lease is left. */
export function credentialColumns(dataSource: DataSource): string {
  const leaseMs = 'nullif(greatest(0, ceil(extract(epoch from lease_until - now()) * 1000)), 0)::int as "leaseMs"';
  return `${selection(dataSource, CredentialEntity)}, ${leaseMs}`;
}
