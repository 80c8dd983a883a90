import type { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { type Sql, sqlOf } from '../database/transaction.ts';

/** What comes next for somebody who sets up a connection on the pages. */
export type SetUpStep = 'configure' | 'sync' | 'done';

/** A connection that was made on the pages, and how far its owner came with it. */
export interface SetUp {
  readonly integrationId: string;
  readonly pluginId: string;
  readonly step: SetUpStep;
}

/** Of those who begin to connect a plugin on the pages, how many come to an end. */
export interface SetUpFigures {
  readonly pluginId: string;
  readonly begun: number;
  readonly connected: number;
  /** Settings saved and something synced, or nothing to sync. */
  readonly finished: number;
}

interface Begun {
  readonly storeId: string;
  readonly pluginId: string;
}

const STEP = `case when s.finished_at is not null then 'done' when s.configured_at is null then 'configure' else 'sync' end`;

/** Set-ups of stores: trying again and again until it is connected is one. */
export class SetUpStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  /** Somebody sends keys, or leaves for the provider's consent page. */
  async begin({ storeId, pluginId }: Begun): Promise<void> {
    await this.#sql.query(
      `insert into set_ups (store_id, id, plugin_id) values ($1, $2, $3)
       on conflict (store_id, plugin_id) where integration_id is null do update set begun_at = now()`,
      [storeId, v7(), pluginId],
    );
  }

  /** It led to an account that was connected already. */
  async dropped({ storeId, pluginId }: Begun): Promise<void> {
    await this.#sql.query('delete from set_ups where store_id = $1 and plugin_id = $2 and integration_id is null', [
      storeId,
      pluginId,
    ]);
  }

  /** What was begun is connected. */
  async connected({ storeId, pluginId, integrationId }: Begun & { integrationId: string }): Promise<void> {
    await this.#sql.query(
      `with begun as (update set_ups set integration_id = $3, connected_at = now()
         where store_id = $1 and plugin_id = $2 and integration_id is null returning id)
       insert into set_ups (store_id, id, plugin_id, integration_id, connected_at)
       select $1, $4, $2, $3, now() where not exists (select from begun)`,
      [storeId, pluginId, integrationId, v7()],
    );
  }

  /** Its settings were looked at and saved, or there are none. */
  async configured(storeId: string, integrationId: string): Promise<void> {
    await this.#sql.query(
      'update set_ups set configured_at = coalesce(configured_at, now()) where store_id = $1 and integration_id = $2',
      [storeId, integrationId],
    );
  }

  async finished(storeId: string, integrationId: string): Promise<void> {
    await this.#sql.query(
      'update set_ups set finished_at = coalesce(finished_at, now()) where store_id = $1 and integration_id = $2',
      [storeId, integrationId],
    );
  }

  /** Undefined for an integration that was not made on the pages. */
  async of(storeId: string, integrationId: string): Promise<SetUp | undefined> {
    const [found] = await this.#sql.query<SetUp>(
      `select s.integration_id as "integrationId", s.plugin_id as "pluginId", ${STEP} as step
       from set_ups s where s.store_id = $1 and s.integration_id = $2`,
      [storeId, integrationId],
    );
    return found;
  }

  /** Those of the store that wait for somebody to save their settings. */
  unfinished(storeId: string): Promise<SetUp[]> {
    return this.#sql.query<SetUp>(
      `select s.integration_id as "integrationId", s.plugin_id as "pluginId", ${STEP} as step
       from set_ups s join integrations i on i.store_id = s.store_id and i.id = s.integration_id
       where s.store_id = $1 and s.configured_at is null and s.finished_at is null and i.status <> 'disconnected'
         and i.removed_at is null
       order by s.begun_at desc`,
      [storeId],
    );
  }

  /** Of one store, or with none of all: for operators. By plugin, those most begun first. */
  figures(storeId: string | undefined, days: number): Promise<SetUpFigures[]> {
    return this.#sql.query<SetUpFigures>(
      `select s.plugin_id as "pluginId", count(*)::integer as begun, count(s.integration_id)::integer as connected,
         count(*) filter (where s.finished_at is not null or (s.configured_at is not null and exists (select from sync_runs r
           where r.store_id = s.store_id and r.integration_id = s.integration_id and r.status in ('succeeded', 'partial'))))::integer as finished
       from set_ups s where ($1::uuid is null or s.store_id = $1) and s.begun_at > now() - $2::integer * interval '1 day'
       group by s.plugin_id order by begun desc, s.plugin_id`,
      [storeId ?? null, days],
    );
  }
}
