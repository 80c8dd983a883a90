import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../database/transaction.ts';
import { type CredentialEntity, credentialColumns } from './credential-entity.ts';
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

const FREE = 'lease_owner = null, lease_since = null, lease_until = null';

/** The turn is still this one's, and nobody has brought a pair since it began. */
const HELD = 'store_id = $1 and integration_id = $2 and fence = $3 and version = $4 and lease_owner = $5';

function heldBy({ storeId, integrationId, fence, version, leaseOwner }: Credential): unknown[] {
  return [storeId, integrationId, fence, version, leaseOwner];
}

/** The sealed secrets of integrations, and the lease that lets exactly one caller renew an access token. */
export class CredentialStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async get({ storeId, integrationId }: CredentialKey, sql: Sql = this.#sql()): Promise<Credential | undefined> {
    const [found] = await sql.query<Credential>(
      `select ${credentialColumns(this.#dataSource)} from credentials where store_id = $1 and integration_id = $2`,
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
         version = credentials.fence + 1, fence = credentials.fence + 1, ${FREE}, refresh_attempts = 0, refresh_failures = 0,
         refresh_outcome = null, refresh_outcome_at = null, refresh_message = null, updated_at = now()`,
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

  /**
   * Takes the lease on exactly what was seen, as a turn of its own; undefined when someone else was first. One that ran out
   * in somebody's hands is taken over, and recorded as interrupted.
   */
  async lease(seen: Credential, owner: string, milliseconds: number): Promise<Credential | undefined> {
    const { storeId, integrationId, fence, version } = seen;
    const [taken] = await this.#sql().query<Credential>(
      `update credentials set lease_owner = $5, lease_since = now(), lease_until = now() + $6 * interval '1 millisecond',
         fence = fence + 1, refresh_attempts = refresh_attempts + 1,
         refresh_outcome = case when lease_owner is null then refresh_outcome else 'interrupted' end,
         refresh_outcome_at = case when lease_owner is null then refresh_outcome_at else lease_until end,
         refresh_message = case when lease_owner is null then refresh_message end
       where store_id = $1 and integration_id = $2 and fence = $3 and version = $4 and (lease_until is null or lease_until <= now())
       returning ${credentialColumns(this.#dataSource)}`,
      [storeId, integrationId, fence, version, owner, milliseconds],
    );
    return taken;
  }

  /** Keeps a lease for as long again; false when it is no longer ours, or a new pair was kept meanwhile. */
  async hold(lease: Credential, milliseconds: number): Promise<boolean> {
    const rows = await this.#sql().query(
      `update credentials set lease_until = now() + $6 * interval '1 millisecond' where ${HELD} returning fence`,
      [...heldBy(lease), milliseconds],
    );
    return rows.length > 0;
  }

  /** Keeps what the provider sent, in one statement, unless a later turn brought a pair first; false then. */
  async renew(lease: Credential, pair: Pick<KeptCredential, 'secrets' | 'expiresAt'>): Promise<boolean> {
    const rows = await this.#sql().query(
      `update credentials set secrets = secrets || $4, expires_at = $5, refreshed_at = now(), version = $3, ${FREE},
         refresh_attempts = 0, refresh_failures = 0, refresh_outcome = 'renewed', refresh_outcome_at = now(),
         refresh_message = null, updated_at = now()
       where store_id = $1 and integration_id = $2 and version < $3 returning version`,
      [lease.storeId, lease.integrationId, lease.fence, JSON.stringify(pair.secrets), pair.expiresAt ?? null],
    );
    return rows.length > 0;
  }

  /** Gives the lease back after a failure in passing; nobody tries again before `pauseMs` is over. */
  async pause(lease: Credential, { pauseMs, message }: { pauseMs: number; message: string | undefined }): Promise<void> {
    await this.#sql().query(
      `update credentials set lease_owner = null, lease_since = null, lease_until = now() + $6 * interval '1 millisecond',
         refresh_failures = refresh_failures + 1, refresh_outcome = 'failed', refresh_outcome_at = now(),
         refresh_message = $7, updated_at = now()
       where ${HELD}`,
      [...heldBy(lease), pauseMs, message ?? null],
    );
  }

  /** Forgets a refresh token the provider refused for good; false when a newer pair was kept meanwhile. */
  async refuse(lease: Credential, message: string, sql: Sql): Promise<boolean> {
    const rows = await sql.query(
      `update credentials set secrets = secrets - 'refreshToken', ${FREE}, refresh_outcome = 'refused',
         refresh_outcome_at = now(), refresh_message = $6, updated_at = now()
       where ${HELD} returning version`,
      [...heldBy(lease), message],
    );
    return rows.length > 0;
  }

  /**
   * Across all stores, for the worker: renewable tokens of active integrations that end within the next minutes, and those
   * whose renewal was interrupted; only the latter where `ending` is false.
   */
  async expiring(limit: number, { ending = true } = {}): Promise<CredentialKey[]> {
    return this.#sql().query<CredentialKey>(
      `select c.store_id as "storeId", c.integration_id as "integrationId"
       from credentials c join integrations i on i.store_id = c.store_id and i.id = c.integration_id
       where i.status = 'active' and c.method = 'oauth' and c.secrets ? 'refreshToken'
         and (c.lease_owner is not null and c.lease_until <= now() or $2 and (c.lease_until is null or c.lease_until <= now())
           and c.expires_at - least(interval '5 minutes', (c.expires_at - c.refreshed_at) / 10) < now())
       order by c.expires_at limit $1`,
      [limit, ending],
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
}
