import type { DataSource } from 'typeorm';
import { validate } from 'uuid';
import { cutPage, type Paging, type Position } from '../database/list-page.ts';
import { type Sql, sqlOf } from '../database/transaction.ts';

export type DeliveryState = 'queued' | 'delivered' | 'failed';

/** One message on its way to one endpoint. */
export interface Delivery {
  readonly storeId: string;
  readonly id: string;
  readonly endpointId: string;
  readonly kind: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** What the endpoint answered last; null: nothing. */
  readonly statusCode: number | null;
  readonly reason: string | null;
  readonly createdAt: Date;
  readonly nextTryAt: Date;
  readonly endedAt: Date | null;
  /** When it was made, to the microsecond. */
  readonly mark: string;
}

export interface Attempted {
  readonly statusCode: number | null;
  readonly reason: string;
  /** Undefined: it is given up. */
  readonly nextTryAt: Date | undefined;
}

type Key = Pick<Delivery, 'storeId' | 'id'>;

const COLUMNS = `store_id as "storeId", id, endpoint_id as "endpointId", kind, state, attempts, status_code as "statusCode",
  reason, created_at as "createdAt", next_try_at as "nextTryAt", ended_at as "endedAt", created_at::text as mark`;

export class DeliveryStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  async insert(sql: Sql, { storeId, id, endpointId, kind, body }: Key & { endpointId: string; kind: string; body: string }) {
    await sql.query('insert into webhook_deliveries (store_id, id, endpoint_id, kind, body) values ($1, $2, $3, $4, $5)', [
      storeId,
      id,
      endpointId,
      kind,
      body,
    ]);
  }

  /** One that is to go out now; a job that was sent before it was put off finds nothing. */
  async waiting({ storeId, id }: Key): Promise<(Delivery & { body: string }) | undefined> {
    const [row] = await this.#sql.query<Delivery & { body: string }>(
      `select ${COLUMNS}, body from webhook_deliveries where store_id = $1 and id = $2 and state = 'queued'
         and next_try_at <= now()`,
      [storeId, id],
    );
    return row;
  }

  async find(storeId: string, id: string): Promise<(Delivery & { body: string }) | undefined> {
    if (!validate(id)) return undefined;
    const [row] = await this.#sql.query<Delivery & { body: string }>(
      `select ${COLUMNS}, body from webhook_deliveries where store_id = $1 and id = $2`,
      [storeId, id],
    );
    return row;
  }

  /** Latest first. */
  async page(
    { storeId, endpointId }: { storeId: string; endpointId: string },
    { limit, after }: Paging,
  ): Promise<{ deliveries: Delivery[]; next: Position | undefined }> {
    const rows = await this.#sql.query<Delivery>(
      `select ${COLUMNS} from webhook_deliveries where store_id = $1 and endpoint_id = $2
         and ($3::timestamptz is null or (created_at, id) < ($3, $4::uuid))
       order by created_at desc, id desc limit $5`,
      [storeId, endpointId, after?.at ?? null, after?.id ?? null, limit + 1],
    );
    const { page, next } = cutPage(rows, limit, ({ id }) => id);
    return { deliveries: page, next };
  }

  async delivered({ storeId, id }: Key, statusCode: number): Promise<void> {
    await this.#sql.query(
      `update webhook_deliveries set state = 'delivered', attempts = attempts + 1, status_code = $3, reason = null, ended_at = now()
       where store_id = $1 and id = $2`,
      [storeId, id, statusCode],
    );
  }

  async failed(sql: Sql, { storeId, id }: Key, { statusCode, reason, nextTryAt }: Attempted): Promise<void> {
    await sql.query(
      `update webhook_deliveries set attempts = attempts + 1, status_code = $3, reason = $4,
         next_try_at = coalesce($5, next_try_at), state = case when $5::timestamptz is null then 'failed' else 'queued' end,
         ended_at = case when $5::timestamptz is null then now() end
       where store_id = $1 and id = $2`,
      [storeId, id, statusCode, reason, nextTryAt ?? null],
    );
  }

  /** All that waits to go to an endpoint that is being switched off. */
  async giveUp(sql: Sql, { storeId, id }: Key): Promise<void> {
    await sql.query(
      `update webhook_deliveries set state = 'failed', reason = $3, ended_at = now()
       where store_id = $1 and endpoint_id = $2 and state = 'queued'`,
      [storeId, id, 'The webhook was switched off before this arrived.'],
    );
  }

  /** Whatever became of it, it goes out again. False while it is going out. */
  async again(sql: Sql, { storeId, id }: Key): Promise<boolean> {
    const rows = await sql.query(
      `update webhook_deliveries set state = 'queued', attempts = 0, ended_at = null, next_try_at = now()
       where store_id = $1 and id = $2 and (state <> 'queued' or next_try_at > now()) returning id`,
      [storeId, id],
    );
    return rows.length > 0;
  }

  async countWaiting(sql: Sql, storeId: string, endpointId: string): Promise<number> {
    const [row] = await sql.query<{ count: number }>(
      `select count(*)::int as count from webhook_deliveries where store_id = $1 and endpoint_id = $2 and state = 'queued'`,
      [storeId, endpointId],
    );
    return row?.count ?? 0;
  }

  /** Across all stores: those whose job was lost with its process. */
  overdue(): Promise<Key[]> {
    return this.#sql.query(
      `select store_id as "storeId", id from webhook_deliveries
       where state = 'queued' and next_try_at < now() - interval '30 minutes' limit 1000`,
    );
  }

  async forget(): Promise<void> {
    await this.#sql.query(`delete from webhook_deliveries where created_at < now() - interval '30 days'`);
  }
}
