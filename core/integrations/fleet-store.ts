import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../database/transaction.ts';
import type { IntegrationStatus } from './integration-entity.ts';

/** One integration of some store, as the operator sees it. */
export interface FleetRow {
  readonly storeId: string;
  readonly id: string;
  readonly store: string;
  readonly pluginId: string;
  readonly name: string;
  readonly account: string | null;
  readonly status: IntegrationStatus;
  readonly enabled: boolean;
  readonly message: string | null;
  readonly lastSyncedAt: Date | null;
  readonly lastTestedAt: Date | null;
}

export interface FleetSought {
  readonly storeId?: string | undefined;
  readonly pluginId?: string | undefined;
  /** `paused`: working, and switched off. `active`: working, and not. */
  readonly state?: FleetState | undefined;
}

export const FLEET_STATES = ['active', 'paused', 'error', 'pending', 'disconnected'] as const;
export type FleetState = (typeof FLEET_STATES)[number];

/** How a store's, or a plugin's, integrations fare. */
export interface FleetFigures {
  /** A store's id, or a plugin's. */
  readonly of: string;
  readonly name: string;
  readonly total: number;
  /** Need a person. */
  readonly attention: number;
  /** Syncs that ended, and those that did all they should. */
  readonly ended: number;
  readonly succeeded: number;
}

interface Place {
  readonly storeId: string;
  readonly id: string;
}

const STATE = `case when i.status = 'active' and not i.enabled then 'paused' else i.status end`;
const FITS = `($1::uuid is null or i.store_id = $1) and ($2::text is null or i.plugin_id = $2) and ($3::text is null or ${STATE} = $3)
  and i.removed_at is null`;
const COUNTED = `count(*)::integer as total, count(*) filter (where i.status = 'error')::integer as attention`;
const RAN = `count(*) filter (where r.status in ('succeeded', 'partial', 'failed'))::integer as ended,
  count(*) filter (where r.status = 'succeeded')::integer as succeeded`;
const LATELY = `r.queued_at > now() - $1::integer * interval '1 day'`;
/** Stores of one table. */
const MOST = 50;

/** The integrations of all stores, for operators. */
export class FleetStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  /** Those that need a person first. */
  async page(
    sought: FleetSought,
    { limit, offset }: { limit: number; offset: number },
  ): Promise<{ rows: FleetRow[]; total: number }> {
    const fits = [sought.storeId ?? null, sought.pluginId ?? null, sought.state ?? null];
    const [rows, counted] = await Promise.all([
      this.#sql.query<FleetRow>(
        `select i.store_id as "storeId", i.id, s.name as store, i.plugin_id as "pluginId", i.name, i.account ->> 'label' as account,
           i.status, i.enabled, i.message, i.last_synced_at as "lastSyncedAt", i.last_tested_at as "lastTestedAt"
         from integrations i join stores s on s.id = i.store_id where ${FITS}
         order by i.status <> 'error', s.name, i.name, i.id limit $4 offset $5`,
        [...fits, limit, offset],
      ),
      this.#sql.query<{ total: number }>(`select count(*)::integer as total from integrations i where ${FITS}`, fits),
    ]);
    return { rows, total: counted[0]?.total ?? 0 };
  }

  /** All that fit, up to a limit. */
  places(sought: FleetSought, limit: number): Promise<Place[]> {
    return this.#sql.query<Place>(
      `select i.store_id as "storeId", i.id from integrations i where ${FITS} order by i.store_id, i.id limit $4`,
      [sought.storeId ?? null, sought.pluginId ?? null, sought.state ?? null, limit],
    );
  }

  /** Those of them that there are. */
  known(ids: readonly string[]): Promise<Place[]> {
    return this.#sql.query<Place>(
      'select store_id as "storeId", id from integrations where id = any($1::uuid[]) and removed_at is null',
      [ids],
    );
  }

  /** Those that fare worst, and how many more stores there are. */
  async byStore(days: number): Promise<{ readonly figures: FleetFigures[]; readonly more: number }> {
    const rows = await this.#sql.query<FleetFigures & { inAll: number }>(
      `with held as (select i.store_id, ${COUNTED} from integrations i where i.removed_at is null and i.status <> 'disconnected' group by 1),
         ran as (select r.store_id, ${RAN} from sync_runs r where ${LATELY} group by 1)
       select s.id as of, s.name, coalesce(total, 0) as total, coalesce(attention, 0) as attention,
         coalesce(ended, 0) as ended, coalesce(succeeded, 0) as succeeded, (count(*) over ())::integer as "inAll"
       from stores s left join held on held.store_id = s.id left join ran on ran.store_id = s.id
       order by attention desc, ended - succeeded desc, s.name limit ${MOST}`,
      [days],
    );
    return { figures: rows.map(({ inAll: _, ...figures }) => figures), more: (rows[0]?.inAll ?? 0) - rows.length };
  }

  /** Those that fare worst first. */
  byPlugin(days: number): Promise<FleetFigures[]> {
    return this.#sql.query<FleetFigures>(
      `with ran as (select r.store_id, r.integration_id, ${RAN} from sync_runs r where ${LATELY} group by 1, 2)
       select i.plugin_id as of, i.plugin_id as name, ${COUNTED}, coalesce(sum(ended), 0)::integer as ended,
         coalesce(sum(succeeded), 0)::integer as succeeded
       from integrations i left join ran on ran.store_id = i.store_id and ran.integration_id = i.id
       where i.removed_at is null and i.status <> 'disconnected' group by i.plugin_id
       order by attention desc, coalesce(sum(ended - succeeded), 0) desc, i.plugin_id`,
      [days],
    );
  }
}
