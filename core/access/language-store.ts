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

  /** What a person chose, or else last read the pages in; undefined for an address that has no login, or never read one. */
  async ofAddress(email: string, sql: Sql = this.#sql): Promise<string | undefined> {
    const [row] = await sql.query<{ locale: string | null }>(
      'select coalesce(locale, seen_locale) as locale from users where lower(email) = lower($1)',
      [email],
    );
    return row?.locale ?? undefined;
  }

  /** Somebody who never chose reads the pages in this. */
  async seen(userId: string, locale: string): Promise<void> {
    await this.#sql.query('update users set seen_locale = $2 where id = $1 and seen_locale is distinct from $2', [
      userId,
      locale,
    ]);
  }

  async choose(userId: string, locale: string): Promise<void> {
    await this.#sql.query('update users set locale = $2, updated_at = now() where id = $1', [userId, locale]);
  }
}
