import type { DataSource } from 'typeorm';
import { selection } from '../database/rows.ts';
import { type Sql, sqlOf } from '../database/transaction.ts';
import { CredentialEntity } from './credential-entity.ts';
import type { Integration } from './integration.ts';

export type Credential = Readonly<CredentialEntity> & {
  /** How much longer nobody may take the lease, by the database's clock; null when it is free. */
  readonly leaseMs: number | null;
};

/** A credential is named by its integration. */
export interface CredentialKey {
  readonly storeId: string;
  readonly integrationId: string;
}

export interface KeptCredential extends CredentialKey {
  readonly method: 'oauth' | 'manual';
  /** Field → ciphertext. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly grantedScopes: readonly string[];
  readonly expiresAt: Date | undefined;
}

/** How long before their end new keys are asked for. */
export const KEY_WARN_DAYS = 14;

/** A token, or keys, that nothing here can renew. */
export interface Ending extends CredentialKey {
  readonly expiresAt: Date;
  /** By the database's clock. */
  readonly ended: boolean;
}

/** The sealed secrets of integrations, and the lease that lets exactly one caller renew an access token. */
export class CredentialStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async get({ storeId, integrationId }: CredentialKey, sql: Sql = this.#sql()): Promise<Credential | undefined> {
    const [found] = await sql.query<Credential>(
      `select ${this.#selection()} from credentials where store_id = $1 and integration_id = $2`,
      [storeId, integrationId],
    );
    return found;
  }

  /** Keeps a credential a person has just given; one that was there is replaced, whoever was renewing it. */
  async put(sql: Sql, credential: KeptCredential): Promise<void> {
    await sql.query(
      `insert into credentials (store_id, integration_id, method, secrets, granted_scopes, expires_at, refreshed_at)
       values ($1, $2, $3, $4, $5, $6, now())
       on conflict (store_id, integration_id) do update set method = excluded.method, secrets = excluded.secrets,
         granted_scopes = excluded.granted_scopes, expires_at = excluded.expires_at, refreshed_at = now(),
         version = credentials.version + 1, lease_owner = null, lease_until = null, refresh_failures = 0, updated_at = now()`,
      [
        credential.storeId,
        credential.integrationId,
        credential.method,
        JSON.stringify(credential.secrets),
        credential.grantedScopes,
        credential.expiresAt ?? null,
      ],
    );
  }

  async remove({ storeId, integrationId }: CredentialKey, sql: Sql): Promise<void> {
    await sql.query('delete from credentials where store_id = $1 and integration_id = $2', [storeId, integrationId]);
  }

  /** Across all stores: does another connection by consent hold the same account? What a person gave an app is given once. */
  async isShared({ id, pluginId, account }: Pick<Integration, 'id' | 'pluginId' | 'account'>): Promise<boolean> {
    const rows = await this.#sql().query(
      `select 1 from integrations i join credentials c on c.store_id = i.store_id and c.integration_id = i.id
       where i.plugin_id = $1 and i.account_external_id = $2 and i.id <> $3 and i.status <> 'disconnected'
         and c.method = 'oauth' limit 1`,
      [pluginId, account?.externalId ?? null, id],
    );
    return rows.length > 0;
  }

  /** Takes the lease on exactly this version; undefined when someone else holds it or the version is no longer current. */
  async lease(credential: Credential, owner: string, milliseconds: number): Promise<Credential | undefined> {
    const [taken] = await this.#sql().query<Credential>(
      `update credentials set lease_owner = $4, lease_until = now() + $5 * interval '1 millisecond'
       where store_id = $1 and integration_id = $2 and version = $3 and (lease_until is null or lease_until <= now())
       returning ${this.#selection()}`,
      [credential.storeId, credential.integrationId, credential.version, owner, milliseconds],
    );
    return taken;
  }

  /** Keeps a new pair unless another version was kept meanwhile; false then. */
  async renew(
    credential: Credential,
    pair: { secrets: Readonly<Record<string, string>>; expiresAt: Date | undefined },
    sql: Sql,
  ): Promise<boolean> {
    const rows = await sql.query(
      `update credentials set secrets = $4, expires_at = $5, refreshed_at = now(), version = version + 1,
         lease_owner = null, lease_until = null, refresh_failures = 0, updated_at = now()
       where store_id = $1 and integration_id = $2 and version = $3 returning version`,
      [credential.storeId, credential.integrationId, credential.version, JSON.stringify(pair.secrets), pair.expiresAt ?? null],
    );
    return rows.length > 0;
  }

  /** Gives the lease back after a failure in passing; nobody tries again before `pauseMs` is over. */
  async pause(credential: Credential, owner: string, pauseMs: number): Promise<void> {
    await this.#sql().query(
      `update credentials set lease_owner = null, lease_until = now() + $5 * interval '1 millisecond',
         refresh_failures = refresh_failures + 1, updated_at = now()
       where store_id = $1 and integration_id = $2 and version = $3 and lease_owner = $4`,
      [credential.storeId, credential.integrationId, credential.version, owner, pauseMs],
    );
  }

  /** Forgets a refresh token the provider refused for good; false when a newer version was kept meanwhile. */
  async refuse(credential: Credential, owner: string, sql: Sql): Promise<boolean> {
    const rows = await sql.query(
      `update credentials set secrets = secrets - 'refreshToken', lease_owner = null, lease_until = null, updated_at = now()
       where store_id = $1 and integration_id = $2 and version = $3 and lease_owner = $4 returning version`,
      [credential.storeId, credential.integrationId, credential.version, owner],
    );
    return rows.length > 0;
  }

  /** Across all stores, for the worker: renewable tokens of active integrations that end within the next minutes. */
  async expiring(limit: number): Promise<CredentialKey[]> {
    return this.#sql().query<CredentialKey>(
      `select c.store_id as "storeId", c.integration_id as "integrationId"
       from credentials c join integrations i on i.store_id = c.store_id and i.id = c.integration_id
       where i.status = 'active' and c.method = 'oauth' and c.secrets ? 'refreshToken'
         and c.expires_at - least(interval '5 minutes', (c.expires_at - c.refreshed_at) / 10) < now()
         and (c.lease_until is null or c.lease_until <= now())
       order by c.expires_at limit $1`,
      [limit],
    );
  }

  /**
   * Across all stores, for the worker: tokens of active integrations that nothing renews and that have ended, or end within
   * their plugin's days (by id), or as keys within {@link KEY_WARN_DAYS}, without anybody having been told.
   */
  async ending(warnDays: ReadonlyMap<string, number>, limit: number): Promise<Ending[]> {
    return this.#sql().query<Ending>(
      `select c.store_id as "storeId", c.integration_id as "integrationId", c.expires_at as "expiresAt",
         c.expires_at <= now() as ended
       from credentials c join integrations i on i.store_id = c.store_id and i.id = c.integration_id
         left join unnest($1::text[], $2::integer[]) as plugin(id, days) on plugin.id = i.plugin_id
       where i.status = 'active' and (c.method = 'manual' or not c.secrets ? 'refreshToken')
         and (c.expires_at <= now() or i.reason_code is null and c.expires_at <= now()
           + case when c.method = 'manual' then ${KEY_WARN_DAYS} else plugin.days end * interval '1 day')
       order by c.expires_at limit $3`,
      [[...warnDays.keys()], [...warnDays.values()], limit],
    );
  }

  #sql(): Sql {
    return sqlOf(this.#dataSource);
  }

  #selection(): string {
    const leaseMs = 'nullif(greatest(0, ceil(extract(epoch from lease_until - now()) * 1000)), 0)::int as "leaseMs"';
    return `${selection(this.#dataSource, CredentialEntity)}, ${leaseMs}`;
  }
}
