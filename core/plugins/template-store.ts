import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../database/transaction.ts';
import type { Manifest } from '../sdk/index.ts';
import { tellHosts } from './plugin-channel.ts';
import type { CardManifest, TemplateOverrides, TemplateState } from './template-entity.ts';

export interface TemplateRow {
  readonly pluginId: string;
  readonly manifest: Manifest | CardManifest | null;
  readonly overrides: TemplateOverrides;
  readonly contentHash: string | null;
  readonly state: TemplateState;
  readonly error: string | null;
  readonly active: boolean;
  /** The generation an operator put back, and the folder's content over which he did. */
  readonly putBack: string | null;
  readonly putBackOver: string | null;
  readonly failures: number;
  readonly lastError: string | null;
  readonly lastFailureAt: Date | null;
}

/** A folder as it was just found. */
export interface SeenTemplate {
  readonly pluginId: string;
  /** Undefined keeps the last one that was in order. */
  readonly manifest: Manifest | CardManifest | undefined;
  readonly contentHash: string;
  readonly state: TemplateState;
  readonly error: string | undefined;
}

/** The `integration_templates` table: not a tenant's, so no store in its queries. */
export class TemplateStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  all(): Promise<TemplateRow[]> {
    return this.#sql.query<TemplateRow>(
      `select plugin_id as "pluginId", manifest, overrides, content_hash as "contentHash", state, error, active,
              put_back as "putBack", put_back_over as "putBackOver", failures::float8 as failures,
              last_error as "lastError", last_failure_at as "lastFailureAt"
         from integration_templates order by plugin_id`,
    );
  }

  /**
   * Keeps what was seen; an operator's overrides and switch stay as they are, an unchanged row is not written. Rows are
   * locked in one order, so that two hosts never wait for each other.
   */
  async save(seen: readonly SeenTemplate[]): Promise<void> {
    await this.#sql.query(
      `insert into integration_templates as t (plugin_id, manifest, content_hash, state, error)
       select plugin_id, manifest, content_hash, state, error
         from jsonb_to_recordset($1::jsonb)
           as s (plugin_id text, manifest jsonb, content_hash text, state text, error text)
        order by plugin_id
       on conflict (plugin_id) do update
         set manifest = coalesce(excluded.manifest, t.manifest), content_hash = excluded.content_hash,
             state = excluded.state, error = excluded.error, updated_at = now()
         where (t.manifest, t.content_hash, t.state, t.error)
           is distinct from (coalesce(excluded.manifest, t.manifest), excluded.content_hash, excluded.state, excluded.error)`,
      [JSON.stringify(seen.map(toRow))],
    );
  }

  /** Sets or ends an operator's choice of a generation. */
  async setPutBack(pluginId: string, choice: { readonly hash: string; readonly over: string } | undefined): Promise<void> {
    await this.#sql.query(
      `update integration_templates set put_back = $2, put_back_over = $3, updated_at = now() where plugin_id = $1`,
      [pluginId, choice?.hash ?? null, choice?.over ?? null],
    );
    await tellHosts(this.#sql);
  }

  /** @returns how many there are now */
  async addFailures(
    pluginId: string,
    { count, lastError, at }: { count: number; lastError: string; at: Date },
  ): Promise<number | undefined> {
    const [row] = await this.#sql.query<{ failures: number }>(
      `update integration_templates set failures = failures + $2, last_error = $3, last_failure_at = $4
        where plugin_id = $1 returning failures::float8 as failures`,
      [pluginId, count, printable(lastError), at],
    );
    return row?.failures;
  }

  /** Folders that are gone keep their card; one that never held a plugin in order leaves nothing behind. */
  async markMissing(present: readonly string[]): Promise<void> {
    await this.#sql.query(
      `update integration_templates set state = 'missing', error = null, updated_at = now()
        where content_hash is not null and manifest is not null and state <> 'missing' and plugin_id <> all($1)`,
      [present],
    );
    await this.#sql.query(
      `delete from integration_templates where content_hash is not null and manifest is null and plugin_id <> all($1)`,
      [present],
    );
  }
}

function toRow({ pluginId, manifest, contentHash, state, error }: SeenTemplate): Record<string, unknown> {
  const text = error === undefined ? null : printable(error);
  return { plugin_id: pluginId, manifest: manifest ?? null, content_hash: contentHash, state, error: text };
}

/** A text column takes no NUL, and a plugin's own message may hold anything. */
function printable(text: string): string {
  return text.replaceAll('\u0000', '');
}
