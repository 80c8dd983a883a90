import { binaryArray, type Element, type ElementType } from '../database/binary-array.ts';
import type { Sql } from '../database/transaction.ts';
import type { EventState } from './event-entity.ts';
import { json } from './event-text.ts';

/** Workers listen here; the payload means nothing. */
export const INBOX_CHANNEL = 'patchbay_inbox';

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

/**
 * Dedupe rows, events, what is to be handled, and the NOTIFY that wakes workers when it commits: one statement, hence one
 * transaction where there is none around it.
 */
const INSERT = `
  with incoming as (
    select * from unnest($1::int4[], $2::text[], ${COLUMNS.map(([, type], at) => `$${at + 3}::${type}[]`).join(', ')})
      as i (position, scope, ${NAMES})),
  fresh as (
    insert into webhook_dedupe as known (plugin_id, scope, event_id) select plugin_id, scope, event_id from incoming
    on conflict (plugin_id, scope, event_id) do update set received_at = now() where known.received_at < now() - ${DEDUPE}
    returning plugin_id, scope, event_id),
  stored as (
    insert into webhook_events (seq, ${NAMES})
    select nextval('webhook_events_arrival'), ${NAMES} from (
      select ${NAMES} from incoming join fresh using (plugin_id, scope, event_id) order by position) first
    returning store_id, integration_id, seq, id, object, state),
  queued as (
    insert into webhook_queue (store_id, integration_id, seq, id, object)
    select store_id, integration_id, seq, id, object from stored where state = 'pending' returning 1)
  select (select count(*)::int from stored) as stored, (select count(*)::int from queued) as queued,
    (select pg_notify('${INBOX_CHANNEL}', '') from queued limit 1) as woken`;

/**
 * Messages known for less than 8 days are left out.
 * @returns how many were new
 */
export async function insertEvents(sql: Sql, events: readonly NewEvent[]): Promise<number> {
  const rows = distinct(events);
  const column = (type: ElementType, of: (row: Row) => Element | undefined) =>
    binaryArray(
      type,
      rows.map((row) => of(row) ?? null),
    );
  const [answer] = await sql.query<{ stored: number }>(INSERT, [
    column('int4', ({ position }) => position),
    column('text', ({ event }) => event.scope),
    ...COLUMNS.map(([, type, value]) => column(type, ({ event }) => value(event))),
  ]);
  return answer?.stored ?? 0;
}

interface Row {
  readonly event: NewEvent;
  readonly position: number;
}

/** The first of each. In the order of their keys, so that two hosts with the same events wait for each other and do not deadlock. */
function distinct(events: readonly NewEvent[]): Row[] {
  const rows = new Map<string, Row>();
  for (const [position, event] of events.entries()) {
    const key = `${event.pluginId} ${event.scope} ${event.eventId}`;
    if (!rows.has(key)) rows.set(key, { event, position });
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** Most events are the JSON they came in; that is kept once. */
function dataOf({ data, raw }: NewEvent): string | null {
  const text = json(data);
  return raw.toString() === text ? null : text;
}

/** Tells the workers; within a transaction, once it commits. */
export async function wake(sql: Sql): Promise<void> {
  await sql.query("select pg_notify($1, '')", [INBOX_CHANNEL]);
}
