import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { validate } from 'uuid';
import { selection } from '../database/rows.ts';
import { type Sql, sqlOf } from '../database/transaction.ts';
import { NotFound, Rejected } from '../sdk/index.ts';
import { ArrivalStore, type Hands } from './arrival-store.ts';
import { type Attempt, type EventState, WebhookEventEntity } from './event-entity.ts';
import { type NewEvent, TO_QUEUE, wake } from './event-insert.ts';
import { spoolEvents } from './spool-insert.ts';

export type { EventState } from './event-entity.ts';
export type { NewEvent } from './event-insert.ts';

/** An event as pages and callers see it. */
export interface EventView {
  readonly id: string;
  readonly storeId: string;
  readonly integrationId: string;
  readonly pluginId: string;
  /** The provider's id of the message. */
  readonly eventId: string;
  readonly type: string;
  readonly object: string | null;
  readonly at: Date | null;
  readonly state: EventState;
  readonly reason: string | null;
  readonly attempts: number;
  /** When it is tried next, for `pending`. */
  readonly runAfter: Date;
  readonly receivedAt: Date;
  readonly handledAt: Date | null;
}

export interface WholeEvent extends EventView {
  readonly headers: Readonly<Record<string, string>>;
  readonly raw: Buffer;
  /** The bytes as text. */
  readonly body: string;
  readonly trail: readonly Attempt[];
}

export interface EventList {
  readonly storeId: string;
  readonly integrationId?: string;
  readonly state?: EventState;
  readonly limit?: number;
  readonly offset?: number;
}

/** Part of a statement that makes the events of `again` due. */
export const QUEUED = `queued as (${TO_QUEUE} from again where state = 'pending' returning id)`;

/** The inbox on disk: what came in, what became of it. Claims for workers are in `EventClaimStore`. */
export class EventStore {
  readonly #dataSource: DataSource;
  readonly #arrivals: ArrivalStore;
  /** Names this process to those who hear of its events. */
  readonly origin = randomUUID();

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
    this.#arrivals = new ArrivalStore(dataSource, this.origin);
  }

  /** From now on this worker, of the same process, is told of what is stored, or given it. */
  handTo(hands: Hands): void {
    this.#arrivals.handTo(hands);
  }

  /**
   * Messages seen within 8 days are left out. In the transaction of `sql` all or nothing; without, what throws may have stored
   * some of them, which does no harm when they come again.
   */
  async add(events: readonly NewEvent[], sql?: Sql): Promise<void> {
    if (sql) await spoolEvents(sql, events);
    else if (events.length > 0) await this.#arrivals.add(events);
  }

  async list({ storeId, integrationId, state, limit = 50, offset = 0 }: EventList): Promise<EventView[]> {
    return this.#sql().query<EventView>(
      `select ${this.#view()} from webhook_events
       where store_id = $1 and ($2::uuid is null or integration_id = $2) and ($3::text is null or state = $3)
       order by received_at desc, seq desc limit $4 offset $5`,
      [storeId, integrationId ?? null, state ?? null, Math.min(limit, 500), offset],
    );
  }

  /** State → how many; what is not sorted in yet is pending. */
  async counts(storeId: string, integrationId: string): Promise<Partial<Record<EventState, number>>> {
    const rows = await this.#sql().query<{ state: EventState; count: number }>(
      `select state, sum(count)::int as count from (
         select state, count(*) as count from webhook_events where store_id = $1 and integration_id = $2 group by state
         union all select 'pending', count from webhook_spool where store_id = $1 and integration_id = $2) counted
       group by state`,
      [storeId, integrationId],
    );
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  }

  /** @throws NotFound */
  async get(storeId: string, id: string): Promise<WholeEvent> {
    const [found] = await this.#sql().query<Omit<WholeEvent, 'body'>>(
      `select ${this.#view()}, headers, raw, trail from webhook_events where store_id = $1 and id = $2`,
      [storeId, ownId(id)],
    );
    if (!found) throw missing();
    return { ...found, body: found.raw.toString('utf8') };
  }

  /**
   * Back to the beginning: pending, no attempts.
   * @throws NotFound; Rejected (`CONFLICT`) for one that is waiting to be handled anyway
   */
  async replay(storeId: string, id: string): Promise<EventView> {
    const [event] = await this.#sql().query<EventView>(
      `with again as (
         update webhook_events set state = 'pending', reason = null, attempts = 0, run_after = now(), handled_at = null
         where store_id = $1 and id = $2 and state in ('dead', 'parked', 'handled') returning *), ${QUEUED}
       select ${this.#view()} from again`,
      [storeId, ownId(id)],
    );
    if (!event) {
      await this.get(storeId, id);
      throw new Rejected('This event is waiting to be handled already; there is nothing to replay.', { code: 'CONFLICT' });
    }
    await wake(this.#sql());
    return event;
  }

  /** Parked events of one integration are pending again, with all their attempts: it was not they that failed. */
  async release(storeId: string, integrationId: string, sql: Sql = this.#sql()): Promise<number> {
    const released = await sql.query(
      `with again as (
         update webhook_events set state = 'pending', reason = null, attempts = 0, run_after = now()
         where store_id = $1 and integration_id = $2 and state = 'parked' returning *), ${QUEUED}
       select id from queued`,
      [storeId, integrationId],
    );
    if (released.length > 0) await wake(sql);
    return released.length;
  }

  #view(): string {
    return selection(this.#dataSource, WebhookEventEntity, ['seq', 'account', 'data', 'raw', 'headers', 'trail']);
  }

  #sql(): Sql {
    return sqlOf(this.#dataSource);
  }
}

/** @throws NotFound for what is no id at all: Postgres would call that a mistake of ours */
function ownId(id: string): string {
  if (validate(id)) return id;
  throw missing();
}

function missing(): NotFound {
  return new NotFound('There is no such event in this store; it may have been removed.');
}
