import { CopyMessage } from '../database/copy-message.ts';
import { claimStored, type Lease } from './claim-sql.ts';
import { INBOX_CHANNEL } from './event-channel.ts';
import { dataOf, type NewEvent } from './event-insert.ts';
import { json } from './event-text.ts';
import { spoolRows } from './spooled.ts';

const COLUMNS = 15;
const NAMES =
  'id, plugin_id, store_id, integration_id, account, event_id, type, object, at, data, raw, headers, state, reason, received_at';

interface Taken extends Lease {
  readonly event: NewEvent;
}

/** What is stored together. */
export interface Arrivals {
  /** By their keys: sorted at once into dedupe, days and queue. */
  readonly rows: ReadonlyMap<string, NewEvent>;
  /** Of one integration each, to be sorted later. */
  readonly spooled: readonly (readonly NewEvent[])[];
}

const COPIED = 'from stdin (format binary)';

/** What arrived as COPYs in one message, hence in one transaction. */
export class EventCopy {
  readonly #message = new CopyMessage();

  /**
   * In the order of their keys, so that two hosts with the same events wait for each other and do not deadlock.
   * @param news what workers elsewhere are told with, if they are told when this commits
   * @param taken one of `rows`, and the lease under which it is claimed with them. That answers with the event's number,
   * unless another of its lane waits
   */
  of({ rows, spooled }: Arrivals, news: string | undefined, taken?: Taken): Buffer {
    const message = this.#message;
    const events = [...rows.values()];
    const queued = events.filter(({ state }) => state === 'pending');
    const owners = new Set(events.flatMap(ownerOf));
    const statements = [
      // First: what is sorted in meanwhile has its numbers by then.
      ...(owners.size > 0 ? [unlessSpooled([...owners])] : []),
      ...(events.length > 0 ? [`copy webhook_dedupe (key) ${COPIED}`, `copy ${placeOf(events)} (${NAMES}) ${COPIED}`] : []),
      ...(queued.length > 0 ? [`copy webhook_queue (store_id, integration_id, lane, id) ${COPIED}`] : []),
      ...(spooled.length > 0 ? [`copy webhook_spool (store_id, integration_id, count, events) ${COPIED}`] : []),
      ...(news !== undefined && queued.length + spooled.length > 0 ? [notify(news)] : []),
      ...(taken ? [claimed(taken)] : []),
    ];
    message.begin(statements.join(';'));
    if (events.length > 0) {
      message.rows();
      for (const key of [...rows.keys()].sort()) {
        message.row(1);
        message.uuid(key);
      }
      message.ended();
      message.rows();
      for (const event of events) this.#event(event);
      message.ended();
    }
    if (queued.length > 0) this.#queue(queued);
    if (spooled.length > 0) this.#spool(spooled);
    return message.bytes;
  }

  #spool(spooled: Arrivals['spooled']): void {
    const message = this.#message;
    message.rows();
    for (const { storeId, integrationId, count, events } of spooled.flatMap(spoolRows)) {
      message.row(4);
      message.uuid(storeId);
      message.uuid(integrationId);
      message.int(count);
      message.bytea(events);
    }
    message.ended();
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

/** Ids of ours, in SQL. */
function ownerOf({ storeId, integrationId }: NewEvent): string | [] {
  return storeId && integrationId ? `('${storeId}', '${integrationId}')` : [];
}

/** Fails, dividing by zero, where anything of whose they are waits in the spool: what comes later must not overtake it. */
function unlessSpooled(owners: readonly string[]): string {
  return `select 1 / (id < 0)::int from webhook_spool where (store_id, integration_id) in (${owners.join(', ')}) limit 1`;
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
