import type { DataSource } from 'typeorm';
import { validate } from 'uuid';
import { type Sql, sqlOf } from '../database/transaction.ts';

/** `new`: nobody has opened it. `opened`: by one browser, which alone may go on. The others are final. */
export const LINK_STATUS = ['new', 'opened', 'connected', 'cancelled'] as const;
export type LinkStatus = (typeof LINK_STATUS)[number];

export interface ConnectLink {
  readonly id: string;
  readonly storeId: string;
  /** Who made it, and in whose name it connects. */
  readonly userId: string;
  readonly pluginId: string;
  /** The integration to connect again; once connected the one it is about. */
  readonly integrationId: string | null;
  readonly name: string | null;
  readonly returnUrl: string;
  /** Hash of what the browser that opened it holds. */
  readonly binding: string | null;
  /** What its result is signed with. */
  readonly sealedResultKey: string | null;
  readonly status: LinkStatus;
  readonly expired: boolean;
  /** It was made with an API key that is no longer in force. */
  readonly keyGone: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly openedAt: Date | null;
  readonly endedAt: Date | null;
}

export interface NewConnectLink extends Pick<ConnectLink, 'id' | 'storeId' | 'userId' | 'pluginId' | 'returnUrl'> {
  readonly sealedResultKey: string;
  readonly apiKeyId: string | undefined;
  readonly integrationId: string | undefined;
  readonly name: string | undefined;
  readonly tokenHash: string;
  readonly lifetimeSeconds: number;
}

const COLUMNS = `id, store_id as "storeId", user_id as "userId", plugin_id as "pluginId", integration_id as "integrationId", name,
  return_url as "returnUrl", binding, sealed_result_key as "sealedResultKey", status, expires_at <= now() as expired, created_at as "createdAt",
  expires_at as "expiresAt", opened_at as "openedAt", ended_at as "endedAt", api_key_id is not null and not exists (
    select 1 from api_keys k where k.store_id = connect_links.store_id and k.id = api_key_id and k.revoked_at is null
  ) as "keyGone"`;

export class ConnectLinkStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  /** Also forgets those that ended a month ago. */
  async insert(link: NewConnectLink): Promise<ConnectLink> {
    await this.#sql.query(`delete from connect_links where expires_at < now() - interval '30 days'`);
    const { storeId, id, tokenHash, userId, pluginId, integrationId = null, name = null, returnUrl, lifetimeSeconds } = link;
    const { apiKeyId = null, sealedResultKey } = link;
    const [row] = await this.#sql.query<ConnectLink>(
      `insert into connect_links (store_id, id, token_hash, user_id, plugin_id, integration_id, name, return_url, expires_at, api_key_id,
         sealed_result_key)
       values ($1, $2, $3, $4, $5, $6, $7, $8, now() + $9 * interval '1 second', $10, $11) returning ${COLUMNS}`,
      [storeId, id, tokenHash, userId, pluginId, integrationId, name, returnUrl, lifetimeSeconds, apiKeyId, sealedResultKey],
    );
    return row as ConnectLink;
  }

  async find(storeId: string, id: string): Promise<ConnectLink | undefined> {
    if (!validate(id)) return undefined;
    const sql = `select ${COLUMNS} from connect_links where store_id = $1 and id = $2`;
    const [row] = await this.#sql.query<ConnectLink>(sql, [storeId, id]);
    return row;
  }

  /** Across stores: the token, which nobody can guess, is all the browser brings. */
  async byToken(tokenHash: string): Promise<ConnectLink | undefined> {
    const [row] = await this.#sql.query<ConnectLink>(`select ${COLUMNS} from connect_links where token_hash = $1`, [tokenHash]);
    return row;
  }

  /** Across stores: the state of a consent that was begun from a link. */
  async byState(stateHash: string): Promise<ConnectLink | undefined> {
    const [row] = await this.#sql.query<ConnectLink>(`select ${COLUMNS} from connect_links where state_hash = $1`, [stateHash]);
    return row;
  }

  /** The first browser wins. @returns whether it was this one */
  async bind({ storeId, id }: ConnectLink, binding: string): Promise<boolean> {
    const rows = await this.#sql.query(
      `update connect_links set binding = $3, status = 'opened', opened_at = now()
       where store_id = $1 and id = $2 and binding is null and status = 'new' and expires_at > now() returning id`,
      [storeId, id, binding],
    );
    return rows.length > 0;
  }

  async began({ storeId, id }: ConnectLink, stateHash: string): Promise<void> {
    await this.#sql.query('update connect_links set state_hash = $3 where store_id = $1 and id = $2', [storeId, id, stateHash]);
  }

  /** Once only. @returns whether it was open until now */
  async end(link: ConnectLink, ended: { status: 'connected' | 'cancelled'; integrationId?: string }): Promise<boolean> {
    const rows = await this.#sql.query(
      `update connect_links set status = $3, integration_id = coalesce($4, integration_id), ended_at = now()
       where store_id = $1 and id = $2 and status = 'opened' returning id`,
      [link.storeId, link.id, ended.status, ended.integrationId ?? null],
    );
    return rows.length > 0;
  }
}
