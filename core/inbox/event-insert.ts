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
const COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ['id', 'uuid'],
  ['plugin_id', 'text'],
  ['store_id', 'uuid'],
  ['integration_id', 'uuid'],
  ['account', 'text'],
  ['event_id', 'text'],
  ['type', 'text'],
  ['object', 'text'],
  ['at', 'timestamptz'],
  ['data', 'jsonb'],
  ['raw', 'bytea'],
  ['headers', 'jsonb'],
  ['state', 'text'],
  ['reason', 'text'],
  ['received_at', 'timestamptz'],
];
const NAMES = COLUMNS.map(([name]) => name).join(', ');

/**
 * One statement: dedupe rows, events, and the NOTIFY that wakes workers when it commits. The dedupe rows are taken in one
 * order by everybody, so that two calls with the same events wait and do not deadlock.
 * @returns how many were new
 */
export async function insertEvents(sql: Sql, events: readonly NewEvent[]): Promise<number> {
  const params: unknown[] = [];
  const rows = events.map((event, at) => {
    const values = [at, event.scope, ...valuesOf(event)];
    const types = ['int', 'text', ...COLUMNS.map(([, type]) => type)];
    return `(${values.map((value, column) => `$${params.push(value)}::${types[column]}`).join(', ')})`;
  });
  const [answer] = await sql.query<{ stored: number }>(
    `with incoming (at_position, scope, ${NAMES}) as (values ${rows.join(', ')}),
     fresh as (
       insert into webhook_dedupe as known (plugin_id, scope, event_id)
       select distinct plugin_id, scope, event_id from incoming order by plugin_id, scope, event_id
       on conflict (plugin_id, scope, event_id) do update set received_at = now() where known.received_at < now() - ${DEDUPE}
       returning plugin_id, scope, event_id),
     first as (
       select distinct on (plugin_id, scope, event_id) * from incoming join fresh using (plugin_id, scope, event_id)
       order by plugin_id, scope, event_id, at_position),
     stored as (insert into webhook_events (${NAMES}) select ${NAMES} from first order by at_position returning state)
     select (select count(*)::int from stored) as stored,
       (select pg_notify('${INBOX_CHANNEL}', '') from stored where state = 'pending' limit 1) as woken`,
    params,
  );
  return answer?.stored ?? 0;
}

function valuesOf(event: NewEvent): unknown[] {
  const { storeId = null, integrationId = null, account = null, object = null, at = null, reason = null } = event;
  const { id, pluginId, eventId, type, data, raw, headers, state, receivedAt } = event;
  return [
    id,
    pluginId,
    storeId,
    integrationId,
    account,
    eventId,
    type,
    object,
    at,
    json(data),
    raw,
    json(headers),
    state,
    reason,
    receivedAt,
  ];
}

/** Tells the workers; within a transaction, once it commits. */
export async function wake(sql: Sql): Promise<void> {
  await sql.query("select pg_notify($1, '')", [INBOX_CHANNEL]);
}
