import type { DataSource } from 'typeorm';
import { cutPage, type Position } from '../database/list-page.ts';
import { selection } from '../database/rows.ts';
import { sqlOf } from '../database/transaction.ts';
import { type EventState, WebhookEventEntity } from './event-entity.ts';
import type { EventView } from './event-store.ts';

export interface EventsSought {
  readonly storeId: string;
  readonly integrationId: string;
  readonly state?: EventState | undefined;
  readonly type?: string | undefined;
  /** What they say of themselves. */
  readonly reason?: string | undefined;
  /** That came at this time or later. */
  readonly from?: Date | undefined;
  /** That came before it. */
  readonly until?: Date | undefined;
  readonly limit: number;
  readonly offset?: number | undefined;
  /** Those behind it; its id is the number of an event. */
  readonly after?: Position | undefined;
}

/** An event with its place in the list. */
export interface ListedEvent extends EventView {
  /** When it came, to the microsecond. */
  readonly mark: string;
  /** Its number. */
  readonly seq: string;
}

export interface EventPage {
  readonly events: EventView[];
  /** Undefined on the last page. */
  readonly next: Position | undefined;
}

/** The events of an integration page by page, latest first: one that arrives meanwhile moves none from its place. */
export class EventListStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async page(sought: EventsSought): Promise<EventPage> {
    const { rows, next } = await this.listed(sought);
    return { events: rows.map(({ mark: _, seq: __, ...event }) => event), next };
  }

  /** The same with their places, for who reads on from any of them. */
  async listed(sought: EventsSought): Promise<{ rows: ListedEvent[]; next: Position | undefined }> {
    const { storeId, integrationId, state, type, reason, from, until, limit, offset = 0, after } = sought;
    const hidden = ['seq', 'account', 'data', 'raw', 'headers', 'trail'];
    // In its order `seq` alone would be the text of that name, and 10 come before 9.
    const rows = await sqlOf(this.#dataSource).query<ListedEvent>(
      `select ${selection(this.#dataSource, WebhookEventEntity, hidden)}, received_at::text as mark, seq::text as seq
       from webhook_events
       where store_id = $1 and integration_id = $2 and ($3::text is null or state = $3) and ($4::text is null or type = $4)
         and ($5::timestamptz is null or received_at >= $5) and ($6::timestamptz is null or received_at < $6)
         and ($7::timestamptz is null or (received_at, seq) < ($7, $8::bigint)) and ($9::text is null or reason = $9)
       order by received_at desc, webhook_events.seq desc limit $10 offset $11`,
      [
        ...[storeId, integrationId, state ?? null, type ?? null, from ?? null, until ?? null],
        ...[after?.at ?? null, after?.id ?? null, reason ?? null, limit + 1, offset],
      ],
    );
    const { page, next } = cutPage(rows, limit, ({ seq }) => seq);
    return { rows: page, next };
  }
}
