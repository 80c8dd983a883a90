import type { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';

export interface UserRow {
  readonly id: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly operator: boolean;
  readonly createdAt: Date;
  readonly lastLoginAt: Date | null;
}

export interface NewUser {
  readonly email: string;
  readonly passwordHash: string;
  readonly operator: boolean;
}

const COLUMNS = `id, email, password_hash as "passwordHash", operator, created_at as "createdAt", last_login_at as "lastLoginAt"`;

/** Any number that no other advisory lock of the hub uses. */
const FIRST_ADMIN_LOCK = 7_402_551;

export class UserStore {
  readonly #dataSource: DataSource;
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
    this.#sql = sqlOf(dataSource);
  }

  async byEmail(email: string, sql = this.#sql): Promise<UserRow | undefined> {
    const [row] = await sql.query<UserRow>(`select ${COLUMNS} from users where lower(email) = lower($1)`, [email]);
    return row;
  }

  async byId(id: string): Promise<UserRow | undefined> {
    const [row] = await this.#sql.query<UserRow>(`select ${COLUMNS} from users where id = $1`, [id]);
    return row;
  }

  async any(sql = this.#sql): Promise<boolean> {
    const [row] = await sql.query<{ any: boolean }>('select exists (select from users) as any');
    return row?.any ?? false;
  }

  async list(): Promise<UserRow[]> {
    return this.#sql.query<UserRow>(`select ${COLUMNS} from users order by lower(email)`);
  }

  /** Undefined when the email is taken. */
  async insert(user: NewUser, sql = this.#sql): Promise<UserRow | undefined> {
    const [row] = await sql.query<UserRow>(
      `insert into users (id, email, password_hash, operator) values ($1, $2, $3, $4)
       on conflict do nothing returning ${COLUMNS}`,
      [v7(), user.email, user.passwordHash, user.operator],
    );
    return row;
  }

  /** False when there is no such user. */
  async setPasswordHash(id: string, passwordHash: string): Promise<boolean> {
    const rows = await this.#sql.query('update users set password_hash = $2, updated_at = now() where id = $1 returning id', [
      id,
      passwordHash,
    ]);
    return rows.length > 0;
  }

  async loggedIn(id: string): Promise<void> {
    await this.#sql.query('update users set last_login_at = now() where id = $1', [id]);
  }

  /** Runs alone among all hosts, so that only one of several racing set-ups makes the first user. */
  exclusively<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return inTransaction(this.#dataSource, async (sql) => {
      await sql.query('select pg_advisory_xact_lock($1)', [FIRST_ADMIN_LOCK]);
      return work(sql);
    });
  }
}
