import type { DataSource } from 'typeorm';
import { v7, validate } from 'uuid';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';
import type { Role } from './principal.ts';

export type InvitedRole = Role | 'operator';

export interface Invitation {
  readonly id: string;
  /** Null where somebody is invited to run the hub. */
  readonly storeId: string | null;
  readonly storeName: string | null;
  readonly email: string;
  readonly role: InvitedRole;
  /** Who invited, by address. */
  readonly inviter: string;
  readonly expired: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export interface NewInvitation extends Pick<Invitation, 'storeId' | 'email' | 'role' | 'inviter'> {
  readonly tokenHash: string;
  readonly days: number;
}

const COLUMNS = `i.id, i.store_id as "storeId", (select s.name from stores s where s.id = i.store_id) as "storeName", i.email,
  i.role, i.inviter, i.expires_at <= now() as expired, i.created_at as "createdAt", i.expires_at as "expiresAt"`;
const OPEN = 'i.accepted_at is null and i.revoked_at is null';
/** It opens nothing once whoever invited might not do so any more: they could have let themselves in again. */
const GOOD = `${OPEN} and i.expires_at > now() and exists (
  select from users u where lower(u.email) = lower(i.inviter) and u.disabled_at is null and (u.operator or exists (
    select from memberships m where m.store_id = i.store_id and m.user_id = u.id and m.role = 'owner')))`;

/** `storeId` null stands for the hub itself. */
export class InvitationStore {
  readonly #dataSource: DataSource;
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
    this.#sql = sqlOf(dataSource);
  }

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return inTransaction(this.#dataSource, work);
  }

  /** Until the transaction ends nobody else invites to the same place. */
  async lock(storeId: string | null, sql: Sql): Promise<void> {
    await sql.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`invitations ${storeId}`]);
  }

  /** In place of one that is open; also forgets what ended three months ago. */
  async insert(invitation: NewInvitation, sql: Sql): Promise<Invitation> {
    const { storeId, email, role, inviter, tokenHash, days } = invitation;
    await sql.query(
      `delete from invitations where store_id is not distinct from $1 and expires_at < now() - interval '90 days'`,
      [storeId],
    );
    await sql.query(
      `update invitations i set revoked_at = now()
       where store_id is not distinct from $1 and lower(email) = lower($2) and ${OPEN}`,
      [storeId, email],
    );
    const [row] = await sql.query<Invitation>(
      `insert into invitations as i (store_id, id, email, role, inviter, token_hash, expires_at)
       values ($1, $2, $3, $4, $5, $6, now() + $7 * interval '1 day') returning ${COLUMNS}`,
      [storeId, v7(), email, role, inviter, tokenHash, days],
    );
    return row as Invitation;
  }

  /** Neither accepted nor revoked, newest first. */
  open(storeId: string | null, sql = this.#sql): Promise<Invitation[]> {
    return sql.query(
      `select ${COLUMNS} from invitations i where i.store_id is not distinct from $1 and ${OPEN}
       order by i.created_at desc, i.id desc`,
      [storeId],
    );
  }

  /** Gives it another token and begins its time anew, in the name of who does so; the link sent before ends. */
  async renew(
    storeId: string | null,
    id: string,
    { tokenHash, days, inviter }: Pick<NewInvitation, 'tokenHash' | 'days' | 'inviter'>,
    sql: Sql,
  ): Promise<Invitation | undefined> {
    if (!validate(id)) return undefined;
    const [row] = await sql.query<Invitation>(
      `update invitations i set token_hash = $3, expires_at = now() + $4 * interval '1 day', inviter = $5
       where i.store_id is not distinct from $1 and i.id = $2 and ${OPEN} returning ${COLUMNS}`,
      [storeId, id, tokenHash, days, inviter],
    );
    return row;
  }

  async revoke(storeId: string | null, id: string, sql: Sql): Promise<Invitation | undefined> {
    if (!validate(id)) return undefined;
    const [row] = await sql.query<Invitation>(
      `update invitations i set revoked_at = now()
       where i.store_id is not distinct from $1 and i.id = $2 and ${OPEN} returning ${COLUMNS}`,
      [storeId, id],
    );
    return row;
  }

  /** Across stores: the token, which nobody can guess, is all a browser brings. */
  async byToken(tokenHash: string): Promise<Invitation | undefined> {
    const [row] = await this.#sql.query<Invitation>(`select ${COLUMNS} from invitations i where i.token_hash = $1 and ${GOOD}`, [
      tokenHash,
    ]);
    return row;
  }

  /** Across stores, as {@link byToken}. Of several at once one is told. */
  async accept(tokenHash: string, sql: Sql): Promise<Invitation | undefined> {
    const [row] = await sql.query<Invitation>(
      `update invitations i set accepted_at = now()
       where i.token_hash = $1 and ${GOOD} returning ${COLUMNS}`,
      [tokenHash],
    );
    return row;
  }
}
