import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../database/transaction.ts';

/** A provider that fails for everybody. */
export interface Outage {
  readonly pluginId: string;
  readonly host: string;
  readonly beganAt: Date;
}

/** Outages as all hosts see them: one row per plugin and host. */
export class OutageStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  /** @returns whether this host is the first to say so */
  async begin(pluginId: string, host: string): Promise<boolean> {
    const rows = await this.#sql.query(
      `insert into provider_outages as o (plugin_id, host) values ($1, $2)
       on conflict (plugin_id, host) do update set began_at = now(), ended_at = null where o.ended_at is not null returning 1`,
      [pluginId, host],
    );
    return rows.length > 0;
  }

  /** @returns how many seconds it lasted, to the first who says that it has ended; undefined to others */
  async end(pluginId: string, host: string): Promise<number | undefined> {
    const [ended] = await this.#sql.query<{ seconds: number }>(
      `update provider_outages set ended_at = now() where plugin_id = $1 and host = $2 and ended_at is null
       returning extract(epoch from ended_at - began_at)::integer as seconds`,
      [pluginId, host],
    );
    return ended?.seconds;
  }

  /** Those that last, longest first. */
  async current(): Promise<Outage[]> {
    return this.#sql.query<Outage>(
      `select plugin_id as "pluginId", host, began_at as "beganAt" from provider_outages
       where ended_at is null order by began_at, plugin_id, host`,
    );
  }
}
