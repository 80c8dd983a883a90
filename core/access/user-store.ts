import type { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { prepared } from '../database/prepared.ts';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';

export interface UserRow {
  readonly id: string;
  readonly email: string;
  readonly passwordHash: string;
  /** Sessions carry it: a new one ends them. */
  readonly stamp: string;
  readonly operator: boolean;
  readonly secondFactor: boolean;
  readonly disabledAt: Date | null;
  readonly createdAt: Date;
  readonly lastLoginAt: Date | null;
}

export interface NewUser {
  readonly email: string;
  readonly passwordHash: string;
  readonly operator: boolean;
}

const COLUMNS = `id, email, password_hash as "passwordHash", stamp, operator, disabled_at as "disabledAt",
  created_at as "createdAt", last_login_at as "lastLoginAt",
  exists (select from second_factors f where f.user_id = users.id and f.confirmed_at is not null) as "secondFactor"`;

/** Any number that no other advisory lock of the hub uses. */
const FIRST_ADMIN_LOCK = 7_402_551;

export class UserStore {
  readonly #dataSource: DataSource;
  readonly #sql: Sql;
  readonly #byId: Sql;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
    this.#sql = sqlOf(dataSource);
    this.#byId = prepared(dataSource, 'user_by_id');
  }

  async byEmail(email: string, sql = this.#sql): Promise<UserRow | undefined> {
    const [row] = await sql.query<UserRow>(`select ${COLUMNS} from users where lower(email) = lower($1)`, [email]);
    return row;
  }

  /** Asked with every call of somebody signed in. */
  async byId(id: string, sql = this.#byId): Promise<UserRow | undefined> {
    const [row] = await sql.query<UserRow>(`select ${COLUMNS} from users where id = $1`, [id]);
    return row;
  }

  async any(sql = this.#sql): Promise<boolean> {
    const [row] = await sql.query<{ any: boolean }>('select exists (select from users) as any');
    return row?.any ?? false;
  }

  /** By address; `search` is a part of it, `after` the last address of the page before. */
  list({ search = '', after = '', limit }: { search?: string; after?: string; limit: number }): Promise<UserRow[]> {
    return this.#sql.query<UserRow>(
      `select ${COLUMNS} from users where position(lower($1) in lower(email)) > 0 and lower(email) > lower($2)
       order by lower(email) limit $3`,
      [search, after, limit],
    );
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

  /** Ends the user's sessions and every link that would set a password. Undefined when there is no such user. */
  async setPasswordHash(id: string, passwordHash: string, sql: Sql): Promise<UserRow | undefined> {
    await sql.query('delete from password_resets where user_id = $1', [id]);
    return this.#change(id, ', password_hash = $2', { values: [passwordHash], sql });
  }

  /** The same password, hashed anew; nothing where it was changed meanwhile. */
  async rehash(id: string, before: string, after: string): Promise<void> {
    await this.#sql.query('update users set password_hash = $3 where id = $1 and password_hash = $2', [id, before, after]);
  }

  /** Ends the user's sessions. Undefined when there is no such user. */
  endSessions(id: string, sql = this.#sql): Promise<UserRow | undefined> {
    return this.#change(id, '', { values: [], sql });
  }

  setOperator(id: string, operator: boolean, sql: Sql): Promise<UserRow | undefined> {
    return this.#change(id, ', operator = $2', { values: [operator], sql });
  }

  setDisabled(id: string, disabled: boolean, sql: Sql): Promise<UserRow | undefined> {
    return this.#change(id, ', disabled_at = case when $2 then coalesce(disabled_at, now()) end', { values: [disabled], sql });
  }

  /** Locked, so that of two who disable each other one is left. */
  async operators(sql: Sql): Promise<string[]> {
    const rows = await sql.query<{ id: string }>('select id from users where operator and disabled_at is null for update');
    return rows.map(({ id }) => id);
  }

  async #change(id: string, set: string, { values, sql }: { values: unknown[]; sql: Sql }): Promise<UserRow | undefined> {
    const [row] = await sql.query<UserRow>(
      `update users set stamp = gen_random_uuid()::text, updated_at = now()${set} where id = $1 returning ${COLUMNS}`,
      [id, ...values],
    );
    await sql.query(`delete from sessions where sess ->> 'userId' = $1`, [id]);
    return row;
  }

  async loggedIn(id: string): Promise<void> {
    await this.#sql.query('update users set last_login_at = now() where id = $1', [id]);
  }

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return inTransaction(this.#dataSource, work);
  }

  /** Runs alone among all hosts, so that only one of several racing set-ups makes the first user. */
  exclusively<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return inTransaction(this.#dataSource, async (sql) => {
      await sql.query('select pg_advisory_xact_lock($1)', [FIRST_ADMIN_LOCK]);
      return work(sql);
    });
  }
}
