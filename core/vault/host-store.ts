import type { DataSource } from 'typeorm';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';

/** A hub that runs, or ran until a moment ago. */
export interface Host {
  readonly id: string;
  /** As people know it: machine and process. */
  readonly name: string;
  /** Its ring, in its order. */
  readonly kids: readonly string[];
  readonly sealsWith: string;
  /** Since it last said that it is there. */
  readonly silentSeconds: number;
}

/** A key that has sealed something here. */
export interface KnownKey {
  readonly kid: string;
  /** The same for the same bytes. */
  readonly fingerprint: string;
}

/** With it hosts decide one after the other which key seals. */
const LOCK = 7_240_031;
/** Longer than three beats: one that was killed is forgotten then. */
export const FORGOTTEN_SECONDS = 120;
const LIVE = `interval '${FORGOTTEN_SECONDS} seconds'`;
const COLUMNS = `id, name, kids, seals_with as "sealsWith", extract(epoch from now() - seen_at)::int as "silentSeconds"`;

/** The `vault_hosts` and `vault_keys` tables. */
export class HostStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  /** One host at a time: none begins with a ring while another chooses its key. */
  inTurn<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return inTransaction(this.#dataSource, async (sql) => {
      await sql.query('select pg_advisory_xact_lock($1)', [LOCK]);
      return work(sql);
    });
  }

  knownKeys(sql: Sql = this.#sql()): Promise<KnownKey[]> {
    return sql.query<KnownKey>('select kid, fingerprint from vault_keys order by since, kid');
  }

  async noteKey({ kid, fingerprint }: KnownKey, sql: Sql = this.#sql()): Promise<void> {
    await sql.query('insert into vault_keys (kid, fingerprint) values ($1, $2) on conflict (kid) do nothing', [kid, fingerprint]);
  }

  /** Nothing is sealed with it any more. */
  async forgetKey(kid: string, sql: Sql): Promise<void> {
    await sql.query('delete from vault_keys where kid = $1', [kid]);
  }

  /** Those that were seen lately. */
  live(sql: Sql = this.#sql()): Promise<Host[]> {
    return sql.query<Host>(`select ${COLUMNS} from vault_hosts where seen_at > now() - ${LIVE} order by name, id`);
  }

  async save({ id, name, kids, sealsWith }: Omit<Host, 'silentSeconds'>, sql: Sql): Promise<void> {
    await sql.query(`delete from vault_hosts where seen_at < now() - ${LIVE}`);
    await sql.query(
      `insert into vault_hosts (id, name, kids, seals_with) values ($1, $2, $3, $4)
       on conflict (id) do update set seals_with = excluded.seals_with, seen_at = now()`,
      [id, name, kids, sealsWith],
    );
  }

  async remove(id: string): Promise<void> {
    await this.#sql().query('delete from vault_hosts where id = $1', [id]);
  }

  #sql(): Sql {
    return sqlOf(this.#dataSource);
  }
}
