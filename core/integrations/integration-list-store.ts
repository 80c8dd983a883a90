import type { DataSource } from 'typeorm';
import { cutPage, type Position } from '../database/list-page.ts';
import { selection, withoutNulls } from '../database/rows.ts';
import { sqlOf } from '../database/transaction.ts';
import type { Integration } from './integration.ts';
import { IntegrationEntity, type IntegrationStatus, UNREAD } from './integration-entity.ts';

export interface IntegrationsSought {
  /** Without it of all stores: for operators only. */
  readonly storeId?: string | undefined;
  readonly pluginId?: string | undefined;
  /** Any of these plugins. */
  readonly plugins?: readonly string[] | undefined;
  readonly status?: IntegrationStatus | undefined;
  readonly limit: number;
  readonly offset?: number | undefined;
  /** Those behind it. */
  readonly after?: Position | undefined;
}

export interface IntegrationPage {
  readonly integrations: Integration[];
  /** On all pages. */
  readonly total: number;
  /** Undefined on the last page. */
  readonly next: Position | undefined;
}

const WHERE = `($1::uuid is null or store_id = $1) and ($2::text is null or plugin_id = $2) and ($3::text is null or status = $3)
  and ($4::text[] is null or plugin_id = any($4)) and removed_at is null`;

/** Integrations several at a time: page by page, oldest first, and what a list says of each. */
export class IntegrationListStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async page(sought: IntegrationsSought): Promise<IntegrationPage> {
    const { storeId, pluginId, plugins, status, limit, offset = 0, after } = sought;
    const sql = sqlOf(this.#dataSource);
    const filter = [storeId ?? null, pluginId ?? null, status ?? null, plugins ?? null];
    const [rows, counted] = await Promise.all([
      sql.query<Record<string, unknown> & { mark: string }>(
        `select ${selection(this.#dataSource, IntegrationEntity, UNREAD)}, created_at::text as mark from integrations
         where ${WHERE} and ($5::timestamptz is null or (created_at, id) > ($5, $6::uuid))
         order by created_at, id limit $7 offset $8`,
        [...filter, after?.at ?? null, after?.id ?? null, limit + 1, offset],
      ),
      sql.query<{ total: number }>(`select count(*)::int as total from integrations where ${WHERE}`, filter),
    ]);
    const { page, next } = cutPage(rows, limit, ({ id }) => String(id));
    const integrations = page.map(({ mark: _, ...row }) => withoutNulls<Integration>(row));
    return { integrations, total: counted[0]?.total ?? 0, next };
  }

  /** Those of them that there are, of whatever stores: for operators only. */
  async known(places: readonly Pick<Integration, 'storeId' | 'id'>[]): Promise<Integration[]> {
    const rows = await sqlOf(this.#dataSource).query(
      `select ${selection(this.#dataSource, IntegrationEntity, UNREAD)} from integrations
       where (store_id, id) in (select * from unnest($1::uuid[], $2::uuid[]))`,
      [places.map(({ storeId }) => storeId), places.map(({ id }) => id)],
    );
    return rows.map((row) => withoutNulls<Integration>(row));
  }

  /** By id: field of the config form → ciphertext. */
  async configSecrets(
    integrations: readonly Pick<Integration, 'storeId' | 'id'>[],
  ): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
    const rows = await sqlOf(this.#dataSource).query<{ id: string; sealed: Record<string, string> }>(
      `select i.id, i.config_secrets as sealed from unnest($1::uuid[], $2::uuid[]) as asked (store_id, id)
       join integrations i on i.store_id = asked.store_id and i.id = asked.id`,
      [integrations.map(({ storeId }) => storeId), integrations.map(({ id }) => id)],
    );
    return new Map(rows.map(({ id, sealed }) => [id, sealed]));
  }
}
