import type { DataSource } from 'typeorm';
import { selection } from '../database/rows.ts';
import { sqlOf } from '../database/transaction.ts';
import { OAuthRequestEntity } from './oauth-request-entity.ts';

/** `wasUsed`: the state came a second time. `expired`: it came after its ten minutes. */
export type OAuthRequest = Readonly<OAuthRequestEntity> & { readonly wasUsed: boolean; readonly expired: boolean };

export interface NewOAuthRequest {
  readonly stateHash: string;
  readonly storeId: string;
  readonly userId: string;
  readonly pluginId: string;
  readonly integrationId: string | undefined;
  readonly name: string | undefined;
  readonly binding: string;
  readonly verifier: string | undefined;
  readonly redirectUri: string;
  readonly lifetimeSeconds: number;
}

/** The consents that are under way. */
export class OAuthRequestStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async insert(request: NewOAuthRequest): Promise<void> {
    await sqlOf(this.#dataSource).query(
      `insert into oauth_requests (store_id, state_hash, user_id, plugin_id, integration_id, name, binding, verifier, redirect_uri, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + $10 * interval '1 second')`,
      [
        request.storeId,
        request.stateHash,
        request.userId,
        request.pluginId,
        request.integrationId ?? null,
        request.name ?? null,
        request.binding,
        request.verifier ?? null,
        request.redirectUri,
        request.lifetimeSeconds,
      ],
    );
  }

  /**
   * Uses up the request of a state, at most once however many ask at the same time. Across stores: the state, which nobody
   * can guess, is all the provider brings back.
   */
  async consume(stateHash: string): Promise<OAuthRequest | undefined> {
    const sql = sqlOf(this.#dataSource);
    const [request] = await sql.query<OAuthRequest>(
      `update oauth_requests set used_at = now() where state_hash = $1 and used_at is null
       returning ${this.#selection()}, false as "wasUsed", expires_at <= now() as expired`,
      [stateHash],
    );
    if (request) return request;
    const [used] = await sql.query<OAuthRequest>(
      `select ${this.#selection()}, true as "wasUsed", expires_at <= now() as expired from oauth_requests where state_hash = $1`,
      [stateHash],
    );
    return used;
  }

  /** Removes what nobody can use any more; kept for a day so that a late return gets a precise answer. */
  async sweep(): Promise<void> {
    await sqlOf(this.#dataSource).query(`delete from oauth_requests where expires_at < now() - interval '1 day'`);
  }

  #selection(): string {
    return selection(this.#dataSource, OAuthRequestEntity);
  }
}
