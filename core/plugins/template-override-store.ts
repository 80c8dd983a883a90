import type { DataSource } from 'typeorm';
import { inTransaction, type Sql } from '../database/transaction.ts';
import type { Manifest } from '../sdk/index.ts';
import { tellHosts } from './plugin-channel.ts';
import type { CardManifest, TemplateOverrides, TemplateState } from './template-entity.ts';

export interface TemplateContent {
  readonly manifest: Manifest | CardManifest | null;
  readonly overrides: TemplateOverrides;
  readonly active: boolean;
}

export interface LockedTemplate extends TemplateContent {
  readonly state: TemplateState;
  /** Null for a card without code. */
  readonly contentHash: string | null;
}

/** What operators write into `integration_templates`; not a tenant's, so no store in its queries. */
export class TemplateOverrideStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  /** Whatever is written in `work` reaches all hosts when it is committed. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return inTransaction(this.#dataSource, async (sql) => {
      const result = await work(sql);
      await tellHosts(sql);
      return result;
    });
  }

  /** Locked until the transaction ends, so that two operators do not undo each other's change. */
  async lock(sql: Sql, id: string): Promise<LockedTemplate | undefined> {
    const [row] = await sql.query<LockedTemplate>(
      `select manifest, overrides, active, state, content_hash as "contentHash"
         from integration_templates where plugin_id = $1 for update`,
      [id],
    );
    return row;
  }

  async update(sql: Sql, id: string, { manifest, overrides, active }: TemplateContent): Promise<void> {
    await sql.query(
      `update integration_templates set manifest = $2::jsonb, overrides = $3::jsonb, active = $4, updated_at = now()
        where plugin_id = $1`,
      [id, manifest && JSON.stringify(manifest), JSON.stringify(overrides), active],
    );
  }

  /** A card without code; false when the id is taken. */
  async insertCard(sql: Sql, id: string, card: CardManifest): Promise<boolean> {
    const rows = await sql.query(
      `insert into integration_templates (plugin_id, manifest, state) values ($1, $2::jsonb, 'coming-soon')
       on conflict do nothing returning plugin_id`,
      [id, JSON.stringify(card)],
    );
    return rows.length > 0;
  }

  /** How many integrations, of all stores, keep the card from going; it is gone when that is none. */
  async remove(sql: Sql, id: string): Promise<number> {
    const [held] = await sql.query<{ count: number }>('select count(*)::int as count from integrations where plugin_id = $1', [
      id,
    ]);
    if (held && held.count > 0) return held.count;
    await sql.query('delete from integration_templates where plugin_id = $1', [id]);
    await sql.query('delete from plugin_apps where plugin_id = $1', [id]);
    return 0;
  }
}
