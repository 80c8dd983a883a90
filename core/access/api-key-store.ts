import type { DataSource } from 'typeorm';
import { prepared } from '../database/prepared.ts';
import { type Sql, sqlOf } from '../database/transaction.ts';
import type { Scope } from './principal.ts';

export interface ApiKeyRow {
  readonly id: string;
  readonly storeId: string;
  readonly userId: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: Scope[];
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

export type UsableKey = ApiKeyRow & { readonly email: string; readonly operator: boolean };

const COLUMNS = `k.id, k.store_id as "storeId", k.user_id as "userId", k.name, k.prefix, k.scopes,
  k.created_at as "createdAt", k.last_used_at as "lastUsedAt", k.revoked_at as "revokedAt"`;

export class ApiKeyStore {
  readonly #sql: Sql;
  readonly #byHash: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
    // Asked with every call of the API.
    this.#byHash = prepared(dataSource, 'api_key_by_hash');
  }

  async insert(
    key: Pick<ApiKeyRow, 'id' | 'storeId' | 'userId' | 'name' | 'prefix' | 'scopes'> & { hash: string },
  ): Promise<void> {
    await this.#sql.query(
      'insert into api_keys (store_id, id, user_id, name, prefix, hash, scopes) values ($1, $2, $3, $4, $5, $6, $7)',
      [key.storeId, key.id, key.userId, key.name, key.prefix, key.hash, key.scopes],
    );
  }

  /** Across stores on purpose: the key itself says which store it opens. */
  async byHash(hash: string): Promise<UsableKey | undefined> {
    const [row] = await this.#byHash.query<UsableKey>(
      `select ${COLUMNS}, u.email, u.operator from api_keys k join users u on u.id = k.user_id
       where k.hash = $1 and k.revoked_at is null and u.disabled_at is null`,
      [hash],
    );
    return row;
  }

  /** At most one write a minute and key. */
  async used(storeId: string, id: string): Promise<void> {
    await this.#sql.query(
      `update api_keys set last_used_at = now() where store_id = $1 and id = $2
       and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
      [storeId, id],
    );
  }

  list(storeId: string): Promise<(ApiKeyRow & { email: string })[]> {
    return this.#sql.query(
      `select ${COLUMNS}, u.email from api_keys k join users u on u.id = k.user_id
       where k.store_id = $1 order by k.created_at desc`,
      [storeId],
    );
  }

  /** Across stores, for the operator: those in use, newest first. */
  listAll(): Promise<(ApiKeyRow & { email: string; storeName: string })[]> {
    return this.#sql.query(
      `select ${COLUMNS}, u.email, s.name as "storeName" from api_keys k join users u on u.id = k.user_id
       join stores s on s.id = k.store_id where k.revoked_at is null order by k.created_at desc, k.id desc`,
    );
  }

  /** False when there is no such key, or it is revoked already. */
  async revoke(storeId: string, id: string): Promise<boolean> {
    const rows = await this.#sql.query(
      'update api_keys set revoked_at = now() where store_id = $1 and id = $2 and revoked_at is null returning id',
      [storeId, id],
    );
    return rows.length > 0;
  }
}
