import { CopyMessage } from '../database/copy-message.ts';
import { claimStored, type Lease } from './claim-sql.ts';
import { INBOX_CHANNEL } from './event-channel.ts';
import { dataOf, type NewEvent } from './event-insert.ts';
import { json } from './event-text.ts';

const COLUMNS = 15;
const NAMES =
  'id, plugin_id, store_id, integration_id, account, event_id, type, object, at, data, raw, headers, state, reason, received_at';

interface Taken extends Lease {
  readonly event: NewEvent;
}

/** Dedupe rows, events and queue as three COPYs in one message, hence in one transaction. */
export class EventCopy {
  readonly #message = new CopyMessage();

  /**
   * In the order of their keys, so that two hosts with the same events wait for each other and do not deadlock.
   * @param rows by their keys, not empty
   * @param news what workers elsewhere are told with, if they are told when this commits
   * @param taken one of `rows`, and the lease under which it is claimed with them. That answers with the event's number,
   * unless another of its lane waits
   */
  of(rows: ReadonlyMap<string, NewEvent>, news: string | undefined, taken?: Taken): Buffer {
    const message = this.#message;
    const events = [...rows.values()];
    const queued = events.filter(({ state }) => state === 'pending');
    const queue = queued.length > 0 ? ';copy webhook_queue (store_id, integration_id, lane, id) from stdin (format binary)' : '';
    const told = news !== undefined && queued.length > 0 ? `;${notify(news)}` : '';
    const claim = taken ? `;${claimed(taken)}` : '';
    message.begin(
      `copy webhook_dedupe (key) from stdin (format binary);copy ${placeOf(events)} (${NAMES}) from stdin (format binary)${queue}${told}${claim}`,
    );
    message.rows();
    for (const key of [...rows.keys()].sort()) {
      message.row(1);
      message.uuid(key);
    }
    message.ended();
    message.rows();
    for (const event of events) this.#event(event);
    message.ended();
    if (queued.length > 0) this.#queue(queued);
    return message.bytes;
  }

  #event(event: NewEvent): void {
    const message = this.#message;
    message.row(COLUMNS);
    message.uuid(event.id);
    message.text(event.pluginId);
    message.uuid(event.storeId);
    message.uuid(event.integrationId);
    message.text(event.account);
    message.text(event.eventId);
    message.text(event.type);
    message.text(event.object);
    message.timestamptz(event.at);
    message.jsonb(dataOf(event));
    message.bytea(event.raw);
    message.jsonb(json(event.headers));
    message.text(event.state);
    message.text(event.reason);
    message.timestamptz(event.receivedAt);
  }

  #queue(queued: readonly NewEvent[]): void {
    const message = this.#message;
    message.rows();
    for (const event of queued) {
      message.row(4);
      message.uuid(event.storeId);
      message.uuid(event.integrationId);
      message.text(laneOf(event));
      message.uuid(event.id);
    }
    message.ended();
  }
}

function notify(origin: string): string {
  return `notify ${INBOX_CHANNEL}, '${origin}'`;
}

function claimed({ event, ...lease }: Taken): string {
  const { id, storeId = '', integrationId = '' } = event;
  return claimStored({ id, storeId, integrationId, lane: laneOf(event) }, lease);
}

/** One that is about no object is in nobody's way. */
export function laneOf({ object, id }: Pick<NewEvent, 'id' | 'object'>): string {
  return object ?? id;
}

const DAY_MS = 86_400_000;
let day = { from: '', until: '', place: '' };

/** The day's own table where all are of one day; finding it for each row costs a tenth of storing it. */
function placeOf(events: readonly NewEvent[]): string {
  const [first] = events;
  if (first && !isOf(day, first)) day = dayOf(first.id);
  return events.every((event) => isOf(day, event)) ? day.place : 'webhook_events';
}

/** Ids begin with the time, in letters that are ordered as their numbers are. */
function isOf({ from, until }: typeof day, { id }: NewEvent): boolean {
  return id >= from && id < until;
}

function dayOf(id: string): typeof day {
  const at = Math.floor(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) / DAY_MS) * DAY_MS;
  const name = new Date(at).toISOString().slice(0, 10).replaceAll('-', '');
  return { from: beginning(at), until: beginning(at + DAY_MS), place: `webhook_events_${name}` };
}

/** Of all ids made at this moment or later. */
function beginning(ms: number): string {
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}
