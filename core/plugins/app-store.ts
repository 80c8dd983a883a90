import type { DataSource } from 'typeorm';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';
import { tellHosts } from './plugin-channel.ts';

export interface SealedAppField {
  readonly pluginId: string;
  readonly field: string;
  readonly sealed: string;
}

/** The `plugin_apps` table: not a tenant's, so no store in its queries. */
export class AppStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  all(): Promise<SealedAppField[]> {
    return sqlOf(this.#dataSource).query<SealedAppField>(
      'select plugin_id as "pluginId", field, sealed from plugin_apps order by plugin_id, field',
    );
  }

  /** Null takes a field away; what is not named stays. `also` is part of the transaction. */
  async write(
    pluginId: string,
    fields: Readonly<Record<string, string | null>>,
    also: (sql: Sql) => Promise<void>,
  ): Promise<void> {
    const gone = Object.keys(fields).filter((field) => fields[field] === null);
    const kept = Object.entries(fields).filter(([, sealed]) => sealed !== null);
    await inTransaction(this.#dataSource, async (sql) => {
      await sql.query('delete from plugin_apps where plugin_id = $1 and field = any($2)', [pluginId, gone]);
      await sql.query(
        `insert into plugin_apps (plugin_id, field, sealed)
         select $1, field, sealed from unnest($2::text[], $3::text[]) as f (field, sealed) order by field
         on conflict (plugin_id, field) do update set sealed = excluded.sealed, updated_at = now()`,
        [pluginId, kept.map(([field]) => field), kept.map(([, sealed]) => sealed)],
      );
      await also(sql);
      await tellHosts(sql);
    });
  }
}
