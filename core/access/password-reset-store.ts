import type { DataSource } from 'typeorm';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';

export class PasswordResetStore {
  readonly #dataSource: DataSource;
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
    this.#sql = sqlOf(dataSource);
  }

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return inTransaction(this.#dataSource, work);
  }

  /** Also forgets those that ended. */
  async insert(reset: { tokenHash: string; userId: string; minutes: number }, sql: Sql): Promise<void> {
    await sql.query('delete from password_resets where expires_at < now()');
    await sql.query(
      `insert into password_resets (token_hash, user_id, expires_at) values ($1, $2, now() + $3 * interval '1 minute')`,
      [reset.tokenHash, reset.userId, reset.minutes],
    );
  }

  async find(tokenHash: string): Promise<string | undefined> {
    const [row] = await this.#sql.query<{ userId: string }>(
      'select user_id as "userId" from password_resets where token_hash = $1 and expires_at > now()',
      [tokenHash],
    );
    return row?.userId;
  }

  /** Uses it up; of several at once one is told whose it was. */
  async take(tokenHash: string, sql: Sql): Promise<string | undefined> {
    const [row] = await sql.query<{ userId: string }>(
      'delete from password_resets where token_hash = $1 and expires_at > now() returning user_id as "userId"',
      [tokenHash],
    );
    return row?.userId;
  }
}
