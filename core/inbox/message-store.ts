import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../database/transaction.ts';

/** For how many days a store may keep messages. */
export const DAYS = { least: 1, most: 365 } as const;

/** How long a store keeps received messages. */
export class MessageStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  /** How many days a store keeps messages that need nothing any more. */
  async days(storeId: string): Promise<number> {
    const [row] = await this.#sql.query<{ days: number }>('select event_days as days from stores where id = $1', [storeId]);
    return row?.days ?? 30;
  }

  async setDays(storeId: string, days: number): Promise<void> {
    await this.#sql.query('update stores set event_days = $2 where id = $1', [storeId, days]);
  }
}
