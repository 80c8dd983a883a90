import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One consent that was asked for: made when the browser is sent away, used once when it comes back. */
@Entity('oauth_requests')
export class OAuthRequestEntity {
  @PrimaryColumn('uuid', { name: 'store_id' })
  storeId!: string;

  /** SHA-256 of the state, in hex: the state itself is only in the browser. */
  @PrimaryColumn('text', { name: 'state_hash', unique: true })
  stateHash!: string;

  @Column('uuid', { name: 'user_id' })
  userId!: string;

  @Column('text', { name: 'plugin_id' })
  pluginId!: string;

  /** The integration to reconnect. */
  @Column('uuid', { name: 'integration_id', nullable: true })
  integrationId!: string | null;

  /** The name the new integration shall have. */
  @Column('text', { name: 'name', nullable: true })
  name!: string | null;

  /** SHA-256 of what the browser's session proves itself by. */
  @Column('text', { name: 'binding' })
  binding!: string;

  /** PKCE verifier, sealed. */
  @Column('text', { name: 'verifier', nullable: true })
  verifier!: string | null;

  @Column('text', { name: 'redirect_uri' })
  redirectUri!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('timestamptz', { name: 'used_at', nullable: true })
  usedAt!: Date | null;
}
