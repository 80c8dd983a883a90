import { Column, Entity, PrimaryColumn } from 'typeorm';
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

  /** Grows with every new pair: a refresh that lost its lease cannot overwrite a newer one. */
  @Column('integer', { name: 'version', default: 1 })
  version!: number;

  @Column('text', { name: 'lease_owner', nullable: true })
  leaseOwner!: string | null;

  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil!: Date | null;

  /** Refreshes in a row that failed in passing. */
  @Column('integer', { name: 'refresh_failures', default: 0 })
  refreshFailures!: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
