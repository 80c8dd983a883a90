import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../database/transaction.ts';
import type { IntegrationStatus } from './integration-entity.ts';

/** How many integrations there are, by status. */
export type Census = Readonly<Record<IntegrationStatus | 'total', number>>;

export interface Sought {
  readonly storeId?: string | undefined;
  readonly pluginId?: string | undefined;
  readonly status?: IntegrationStatus | undefined;
  readonly limit: number;
  readonly offset: number;
}

export const NOBODY: Census = { pending: 0, active: 0, error: 0, disconnected: 0, total: 0 };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The operator's view over the integrations of all stores. */
export class CensusStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  /** Plugin → its integrations; one without any is not in it. */
  async byPlugin(): Promise<Map<string, Census>> {
    const rows = await this.#sql.query<{ pluginId: string; status: IntegrationStatus; count: number }>(
      'select plugin_id as "pluginId", status, count(*)::int as count from integrations group by 1, 2',
    );
    const found = new Map<string, Census>();
    for (const { pluginId, status, count } of rows) {
      const before = found.get(pluginId) ?? NOBODY;
      found.set(pluginId, { ...before, [status]: before[status] + count, total: before.total + count });
    }
    return found;
  }

  /** Where the integrations of one page are, oldest first, and how many there are on all pages. */
  async page({ storeId, pluginId, status, limit, offset }: Sought): Promise<{ total: number; places: Place[] }> {
    const where =
      'where ($1::uuid is null or store_id = $1) and ($2::text is null or plugin_id = $2) and ($3::text is null or status = $3)';
    const filter = [storeId ?? null, pluginId ?? null, status ?? null];
    const [places, counted] = await Promise.all([
      this.#sql.query<Place>(
        `select store_id as "storeId", id from integrations ${where} order by created_at, id limit $4 offset $5`,
        [...filter, limit, offset],
      ),
      this.#sql.query<{ total: number }>(`select count(*)::int as total from integrations ${where}`, filter),
    ]);
    return { total: counted[0]?.total ?? 0, places };
  }

  /** Whose it is; undefined for an id nobody has. */
  async storeOf(id: string): Promise<string | undefined> {
    if (!UUID.test(id)) return undefined;
    const [row] = await this.#sql.query<{ storeId: string }>('select store_id as "storeId" from integrations where id = $1', [
      id,
    ]);
    return row?.storeId;
  }
}

export interface Place {
  readonly storeId: string;
  readonly id: string;
}
