import type { DataSource } from 'typeorm';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';

export interface FactorRow {
  /** Sealed. */
  readonly secret: string;
  readonly confirmedAt: Date | null;
  readonly codesLeft: number;
}

export class TotpStore {
  readonly #dataSource: DataSource;
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
    this.#sql = sqlOf(dataSource);
  }

  async find(userId: string): Promise<FactorRow | undefined> {
    const [row] = await this.#sql.query<FactorRow>(
      `select secret, confirmed_at as "confirmedAt",
              (select count(*)::int from recovery_codes c where c.user_id = f.user_id and c.used_at is null) as "codesLeft"
       from second_factors f where user_id = $1`,
      [userId],
    );
    return row;
  }

  /** In place of one that was never confirmed; one that is stays. */
  async begin(userId: string, secret: string): Promise<boolean> {
    const rows = await this.#sql.query(
      `insert into second_factors (user_id, secret) values ($1, $2)
       on conflict (user_id) do update set secret = excluded.secret, last_step = 0, created_at = now()
       where second_factors.confirmed_at is null returning user_id`,
      [userId, secret],
    );
    return rows.length > 0;
  }

  /** Uses a code up: true for the first who brings one of this step. Also on every host at once. */
  async take(userId: string, step: number, sql = this.#sql): Promise<boolean> {
    const rows = await sql.query(
      'update second_factors set last_step = $2 where user_id = $1 and last_step < $2 returning user_id',
      [userId, step],
    );
    return rows.length > 0;
  }

  async takeRecovery(userId: string, hash: string): Promise<boolean> {
    const rows = await this.#sql.query(
      'update recovery_codes set used_at = now() where user_id = $1 and hash = $2 and used_at is null returning hash',
      [userId, hash],
    );
    return rows.length > 0;
  }

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return inTransaction(this.#dataSource, work);
  }

  /** False where it is on already. */
  async confirm(userId: string, sql: Sql): Promise<boolean> {
    const rows = await sql.query(
      'update second_factors set confirmed_at = now() where user_id = $1 and confirmed_at is null returning user_id',
      [userId],
    );
    return rows.length > 0;
  }

  async setCodes(userId: string, hashes: readonly string[], sql: Sql): Promise<void> {
    await sql.query('delete from recovery_codes where user_id = $1', [userId]);
    await sql.query('insert into recovery_codes (user_id, hash) select $1, unnest($2::text[])', [userId, hashes]);
  }

  /** False where there was none. */
  async remove(userId: string, sql: Sql): Promise<boolean> {
    await sql.query('delete from recovery_codes where user_id = $1', [userId]);
    const rows = await sql.query('delete from second_factors where user_id = $1 returning user_id', [userId]);
    return rows.length > 0;
  }
}
