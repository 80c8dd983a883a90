import { hash } from 'node:crypto';
import { binaryArray, type Element, type ElementType } from '../database/binary-array.ts';
import type { Sql } from '../database/transaction.ts';
import { INBOX_CHANNEL } from './event-channel.ts';
import type { EventState } from './event-entity.ts';
import { json } from './event-text.ts';

/** A verified message on its way to disk. */
export interface NewEvent {
  readonly id: string;
  readonly pluginId: string;
  /** Within it an event id is one event: the integration's id, or the account while no integration has it. */
  readonly scope: string;
  readonly storeId: string | undefined;
  readonly integrationId: string | undefined;
  readonly account: string | undefined;
  readonly eventId: string;
  readonly type: string;
  readonly object: string | undefined;
  readonly at: Date | undefined;
  readonly data: Readonly<Record<string, unknown>>;
  readonly raw: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly state: EventState;
  readonly reason: string | undefined;
  readonly receivedAt: Date;
}

const DEDUPE = "interval '8 days'";

type Column = readonly [name: string, type: ElementType, value: (event: NewEvent) => Element | undefined];

const COLUMNS: readonly Column[] = [
  ['id', 'uuid', ({ id }) => id],
  ['plugin_id', 'text', ({ pluginId }) => pluginId],
  ['store_id', 'uuid', ({ storeId }) => storeId],
  ['integration_id', 'uuid', ({ integrationId }) => integrationId],
  ['account', 'text', ({ account }) => account],
  ['event_id', 'text', ({ eventId }) => eventId],
  ['type', 'text', ({ type }) => type],
  ['object', 'text', ({ object }) => object],
  ['at', 'timestamptz', ({ at }) => at],
  ['data', 'jsonb', dataOf],
  ['raw', 'bytea', ({ raw }) => raw],
  ['headers', 'jsonb', ({ headers }) => json(headers)],
  ['state', 'text', ({ state }) => state],
  ['reason', 'text', ({ reason }) => reason],
  ['received_at', 'timestamptz', ({ receivedAt }) => receivedAt],
];
const NAMES = COLUMNS.map(([name]) => name).join(', ');

/** What the queue holds of an event, from rows that have its columns; one that is about no object is in nobody's way. */
export const TO_QUEUE = `insert into webhook_queue (store_id, integration_id, lane, seq, id)
    select store_id, integration_id, coalesce(object, id::text), seq, id`;

/**
 * Dedupe rows, events, what is to be handled, and the NOTIFY that wakes workers when it commits: one statement, hence one
 * transaction where there is none around it. Dedupe rows in the order of their keys, so that two hosts with the same events
 * wait for each other and do not deadlock.
 */
const INSERT = `
  with incoming as materialized (
    select nextval('webhook_events_arrival') as seq, i.*
    from unnest($1::uuid[], ${COLUMNS.map(([, type], at) => `$${at + 3}::${type}[]`).join(', ')}) as i (key, ${NAMES})),
  fresh as (
    insert into webhook_dedupe as known (key) select key from incoming order by key
    on conflict (key) do update set received_at = now() where known.received_at < now() - ${DEDUPE}
    returning key),
  stored as (
    insert into webhook_events (seq, ${NAMES}) select seq, ${NAMES} from incoming join fresh using (key)
    returning store_id, integration_id, seq, id, object, state),
  queued as (${TO_QUEUE} from stored where state = 'pending' returning 1)
  select pg_notify('${INBOX_CHANNEL}', $2) from queued limit 1`;

/**
 * Messages known for less than 8 days are left out.
 * @param origin with which workers are told when this commits, see {@link INBOX_CHANNEL}
 */
export async function insertEvents(sql: Sql, events: readonly NewEvent[], origin = ''): Promise<void> {
  const rows = distinct(events);
  const column = (type: ElementType, values: readonly (Element | undefined)[]) =>
    binaryArray(
      type,
      values.map((value) => value ?? null),
    );
  await sql.query(INSERT, [
    column('uuid', [...rows.keys()]),
    origin,
    ...COLUMNS.map(([, type, value]) => column(type, Array.from(rows.values(), value))),
  ]);
}

/** The first of each, by its key. */
export function distinct(events: readonly NewEvent[]): Map<string, NewEvent> {
  const rows = new Map<string, NewEvent>();
  for (const event of events) {
    const key = keyOf(event);
    if (!rows.has(key)) rows.set(key, event);
  }
  return rows;
}

/** As `webhook_key` of the database. Whoever could find two messages with one key would need 2^64 of his own. */
function keyOf({ pluginId, scope, eventId }: NewEvent): string {
  return hash('sha256', `${pluginId} ${Buffer.byteLength(scope)} ${scope} ${eventId}`).slice(0, 32);
}

/** Most events are the JSON they came in; that is kept once. */
export function dataOf({ data, raw }: NewEvent): string | null {
  const text = json(data);
  return raw.toString() === text ? null : text;
}

/** Tells the workers; within a transaction, once it commits. @param origin see {@link INBOX_CHANNEL} */
export async function wake(sql: Sql, origin = ''): Promise<void> {
  await sql.query('select pg_notify($1, $2)', [INBOX_CHANNEL, origin]);
}
