import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../database/transaction.ts';

/** The language a person reads the pages in; a person's own, and so of no store. */
export class LanguageStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  /** @returns a BCP 47 tag; undefined for a person who never chose */
  async of(userId: string): Promise<string | undefined> {
    const [row] = await this.#sql.query<{ locale: string | null }>('select locale from users where id = $1', [userId]);
    return row?.locale ?? undefined;
  }

  async choose(userId: string, locale: string): Promise<void> {
    await this.#sql.query('update users set locale = $2, updated_at = now() where id = $1', [userId, locale]);
  }
}
