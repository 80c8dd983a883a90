import type { DataSource } from 'typeorm';
import { validate } from 'uuid';
import { cutPage, type Paging, type Position, whereOf } from '../database/list-page.ts';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';

export type MailState = 'queued' | 'sent' | 'dead';

export interface MailRow {
  readonly id: string;
  /** Null: it is about no store. */
  readonly storeId: string | null;
  readonly recipient: string;
  readonly template: string;
  readonly subject: string;
  readonly state: MailState;
  readonly attempts: number;
  /** Why the last attempt failed. */
  readonly reason: string | null;
  readonly createdAt: Date;
  readonly nextTryAt: Date;
  readonly endedAt: Date | null;
  /** What it says is still there, so that it can be sent again. */
  readonly kept: boolean;
}

export interface NewMailRow extends Pick<MailRow, 'id' | 'recipient' | 'template' | 'subject'> {
  readonly storeId: string | undefined;
  readonly sealed: string;
}

const COLUMNS = `id, store_id as "storeId", recipient, template, subject, state, attempts, reason, created_at as "createdAt",
  next_try_at as "nextTryAt", ended_at as "endedAt", sealed is not null as kept`;

/** Mails of all stores, for who sends them and for the operator. */
export class MailStore {
  readonly #dataSource: DataSource;
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
    this.#sql = sqlOf(dataSource);
  }

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return inTransaction(this.#dataSource, work);
  }

  async insert(sql: Sql, { id, storeId, recipient, template, subject, sealed }: NewMailRow): Promise<void> {
    await sql.query('insert into mails (id, store_id, recipient, template, subject, sealed) values ($1, $2, $3, $4, $5, $6)', [
      id,
      storeId ?? null,
      recipient,
      template,
      subject,
      sealed,
    ]);
  }

  /** One that is still to go out. */
  async waiting(id: string): Promise<(MailRow & { sealed: string }) | undefined> {
    const [row] = await this.#sql.query<MailRow & { sealed: string }>(
      `select ${COLUMNS}, sealed from mails where id = $1 and state = 'queued' and sealed is not null`,
      [id],
    );
    return row;
  }

  /** What it said goes with it. */
  async sent(id: string): Promise<void> {
    await this.#sql.query(
      `update mails set state = 'sent', attempts = attempts + 1, sealed = null, reason = null, ended_at = now() where id = $1`,
      [id],
    );
  }

  async failed(sql: Sql, id: string, { reason, nextTryAt }: { reason: string; nextTryAt: Date | undefined }): Promise<void> {
    await sql.query(
      `update mails set attempts = attempts + 1, reason = $2, next_try_at = coalesce($3, next_try_at),
         state = case when $3::timestamptz is null then 'dead' else 'queued' end,
         ended_at = case when $3::timestamptz is null then now() end
       where id = $1 and state = 'queued'`,
      [id, reason, nextTryAt ?? null],
    );
  }

  /** True when it was dead and still has its words. */
  async revive(sql: Sql, id: string): Promise<MailRow | undefined> {
    if (!validate(id)) return undefined;
    const [row] = await sql.query<MailRow>(
      `update mails set state = 'queued', attempts = 0, ended_at = null, next_try_at = now()
       where id = $1 and state = 'dead' and sealed is not null returning ${COLUMNS}`,
      [id],
    );
    return row;
  }

  /** Latest first. */
  async page(
    { state }: { readonly state?: MailState | undefined },
    { limit, after }: Paging,
  ): Promise<{ mails: MailRow[]; next: Position | undefined }> {
    const { where, params } = whereOf([['state = ?', state]], { order: ['created_at', 'id'], after });
    const rows = await this.#sql.query<MailRow & { mark: string }>(
      `select ${COLUMNS}, created_at::text as mark from mails where ${where} order by created_at desc, id desc limit ${limit + 1}`,
      params,
    );
    const { page, next } = cutPage(rows, limit, ({ id }) => id);
    return { mails: page.map(({ mark: _, ...mail }) => mail), next };
  }

  async counts(): Promise<Record<MailState, number>> {
    const rows = await this.#sql.query<{ state: MailState; count: number }>(
      'select state, count(*)::int as count from mails group by state',
    );
    return { queued: 0, sent: 0, dead: 0, ...Object.fromEntries(rows.map(({ state, count }) => [state, count])) };
  }

  /** Those whose job was lost with its process. */
  async overdue(): Promise<string[]> {
    const rows = await this.#sql.query<{ id: string }>(
      `select id from mails where state = 'queued' and next_try_at < now() - interval '30 minutes' limit 1000`,
    );
    return rows.map(({ id }) => id);
  }

  /** What the dead said goes after a week, the rest of all after a month. */
  async forget(): Promise<void> {
    await this.#sql.query(
      `update mails set sealed = null where state = 'dead' and sealed is not null and ended_at < now() - interval '7 days'`,
    );
    await this.#sql.query(`delete from mails where state <> 'queued' and created_at < now() - interval '30 days'`);
  }
}
