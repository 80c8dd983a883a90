import type { DataSource } from 'typeorm';
import { cutPage, type Paging, type Position } from '../database/list-page.ts';
import { type Sql, sqlOf } from '../database/transaction.ts';
import type { EventState } from './event-entity.ts';

/** Which messages of one integration. */
export interface MessageFilter {
  readonly storeId: string;
  readonly integrationId: string;
  readonly state?: EventState | undefined;
  /** What they say of themselves. */
  readonly reason?: string | undefined;
  /** That came at this time or later. */
  readonly from?: Date | undefined;
  /** That came before it. */
  readonly until?: Date | undefined;
}

export interface Message {
  readonly id: string;
  readonly type: string;
  readonly state: EventState;
  readonly reason: string | null;
  readonly receivedAt: Date;
  /** When it came, to the microsecond. */
  readonly mark: string;
  /** Its number. */
  readonly seq: string;
}

/** For how many days a store may keep messages. */
export const DAYS = { least: 1, most: 365 } as const;

/** Received messages as people leaf through them, and how long a store keeps them. */
export class MessageStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  /** The latest first. */
  async page(filter: MessageFilter, { limit, after }: Paging): Promise<{ messages: Message[]; next: Position | undefined }> {
    const { storeId, integrationId, state, reason, from, until } = filter;
    // In its order `seq` alone would be the text of that name, and 10 come before 9.
    const rows = await this.#sql.query<Message>(
      `select id, type, state, reason, received_at as "receivedAt", received_at::text as mark, seq::text as seq from webhook_events
       where store_id = $1 and integration_id = $2 and ($3::text is null or state = $3) and ($4::text is null or reason = $4)
         and ($5::timestamptz is null or received_at >= $5) and ($6::timestamptz is null or received_at < $6)
         and ($7::timestamptz is null or (received_at, seq) < ($7, $8::bigint))
       order by received_at desc, webhook_events.seq desc limit $9`,
      [
        ...[storeId, integrationId, state ?? null, reason ?? null, from ?? null, until ?? null],
        ...[after?.at ?? null, after?.id ?? null, limit + 1],
      ],
    );
    const { page: messages, next } = cutPage(rows, limit, ({ seq }) => seq);
    return { messages, next };
  }

  /** How many days a store keeps messages that need nothing any more. */
  async days(storeId: string): Promise<number> {
    const [row] = await this.#sql.query<{ days: number }>('select event_days as days from stores where id = $1', [storeId]);
    return row?.days ?? 30;
  }

  async setDays(storeId: string, days: number): Promise<void> {
    await this.#sql.query('update stores set event_days = $2 where id = $1', [storeId, days]);
  }
}
