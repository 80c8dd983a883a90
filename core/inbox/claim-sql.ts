import type { Held } from './claim.ts';
import type { Attempt } from './event-entity.ts';

/** Lanes of one integration that one claim looks at: those of a provider that is away all wait, and cost every claim. */
const LOOKED_AT = 1000;

const DUE = 'q.run_after <= now() and (q.lease_until is null or q.lease_until <= now())';
const LANE = 'q.store_id = p.store_id and q.integration_id = p.integration_id and q.lane';
const FIRST_BEHIND = (lane: string) =>
  `(select q.lane, q.seq, ${DUE} as due from webhook_queue q where ${LANE} > ${lane} order by q.lane, q.seq limit 1)`;

/** Of a row `q` of the queue: nothing of its lane came before it. */
const IS_FIRST = `not exists (select 1 from webhook_queue o
  where o.store_id = q.store_id and o.integration_id = q.integration_id and o.lane = q.lane and o.seq < q.seq)`;
const LEASED = (token: string, leaseMs: string) =>
  `lease_owner = ${token}, lease_until = now() + ${leaseMs}::int * interval '1 millisecond'`;

/** Takes what `heads` names, under this token for so many ms, and says what it is. */
const TAKEN = (token: string, leaseMs: string) => `
  taken as (
    update webhook_queue q set ${LEASED(token, leaseMs)}, attempts = q.attempts + 1
    where q.ctid = any(array(select place from heads))
    returning q.id, q.store_id, q.integration_id, q.lane, q.seq, q.attempts)
  select h.integration_id as "integrationId", h.lane, t.id, t.store_id as "storeId", t.seq, t.attempts, e.plugin_id as "pluginId",
    e.account, e.event_id as "eventId", e.type, e.object, e.at, e.data, case when e.data is null then e.raw end as raw,
    e.received_at as "receivedAt"
  from heads h left join taken t on t.integration_id = h.integration_id and t.lane = h.lane
  left join lateral (select * from webhook_events e where e.id = t.id limit 1) e on true
  order by h.turn`;

/**
 * Visits the integrations that have something waiting in the order of their keys, from where the last claim ended, and of
 * each its lanes, from where its last claim ended: a claim costs by what it serves, not by how much waits. Of each lane only
 * the first event is looked at, so that one that waits for its retry holds back the later ones of its object and nothing
 * else. A row without an event says up to where an integration was looked at that has further lanes.
 */
export const CLAIM = `
  with recursive places as (
    (select store_id, integration_id from webhook_queue where (store_id, integration_id) > ($1::uuid, $2::uuid)
     order by store_id, integration_id limit 1)
    union all
    select next.* from places p cross join lateral (
      select store_id, integration_id from webhook_queue where (store_id, integration_id) > (p.store_id, p.integration_id)
      order by store_id, integration_id limit 1) next),
  wanted as (
    select store_id, integration_id,
      $5::int - coalesce((select k.busy from unnest($3::uuid[], $4::int[]) as k (id, busy) where k.id = integration_id), 0) as share,
      coalesce((select k.lane from unnest($3::uuid[], $9::text[]) as k (id, lane) where k.id = integration_id), '') as since
    from places),
  heads as materialized (
    select p.integration_id, l.lane, h.place, row_number() over () as turn
    from wanted p
    cross join lateral (
      with recursive lanes as (
        select f.*, 1 as looked, f.due::int as found from ${FIRST_BEHIND('p.since')} f
        union all
        select n.*, l.looked + 1, l.found + n.due::int from lanes l cross join lateral ${FIRST_BEHIND('l.lane')} n
        where l.looked < ${LOOKED_AT} and l.found < p.share)
      select lane, seq, due, looked = ${LOOKED_AT} as last from lanes where due or looked = ${LOOKED_AT}) l
    left join lateral (
      select q.ctid as place from webhook_queue q where l.due and ${LANE} = l.lane and q.seq = l.seq and ${DUE}
      for update skip locked) h on true
    where p.share > 0 and (h.place is not null or l.last)
    limit $6::int),${TAKEN('$7', '$8')}`;

/**
 * What a worker that is gone had in hand, the oldest first: the rounds of {@link CLAIM} would come by it only after all that
 * waits. It was the first of its lane, and mostly still is.
 */
export const ABANDONED = `
  with heads as materialized (
    select q.ctid as place, q.integration_id, q.lane, q.seq as turn from webhook_queue q
    where q.lease_until <= now() and q.run_after <= now() and ${IS_FIRST}
    order by q.seq limit $1::int for update of q skip locked),${TAKEN('$2', '$3')}`;

/** A worker's, for one event. */
export interface Lease {
  readonly token: string;
  readonly leaseMs: number;
}

/**
 * Takes what the same transaction has stored, if it is the first of its lane, and says its number. For a message of several
 * statements, which takes no parameters: the lane is a provider's word, so it goes in hex; the others are ids of ours.
 */
export function claimStored(event: Omit<Held, 'seq' | 'token'>, { token, leaseMs }: Lease): string {
  const lane = `convert_from('\\x${Buffer.from(event.lane).toString('hex')}', 'UTF8')`;
  const leased = LEASED(`'${token}'`, String(leaseMs));
  return `update webhook_queue q set ${leased}, attempts = 1
    where store_id = '${event.storeId}' and integration_id = '${event.integrationId}' and lane = ${lane} and id = '${event.id}'
    and ${IS_FIRST} returning seq`;
}

/** What became of an event that was not handled; nothing where it is not held any more. */
export function settled(retries: boolean): string {
  const queue = retries
    ? `update webhook_queue set lease_owner = null, lease_until = null, attempts = $8::int,
         run_after = now() + $9::float8 * interval '1 second'`
    : 'delete from webhook_queue';
  return `with done as (${queue} where store_id = $1 and integration_id = $3 and lane = $11 and seq = $4::bigint
      and lease_owner = $5 returning id)
    update webhook_events e set state = $6, reason = $7, attempts = $8::int, run_after = now() + $9::float8 * interval '1 second',
      trail = ${TRAIL} || $10::jsonb, handled_at = case when $6 = 'handled' then now() end
    where e.store_id = $1 and e.id = $2 and exists (select 1 from done) returning e.id`;
}

/** `$1` to `$5`. */
export const HELD =
  'unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[]) as h (store_id, integration_id, lane, seq, token)';
export const IS_HELD = `q.store_id = h.store_id and q.integration_id = h.integration_id and q.lane = h.lane and q.seq = h.seq
  and q.lease_owner = h.token`;
/** A message that is replayed again and again does not grow without end. */
const TRAIL = 'case when jsonb_array_length(e.trail) < 50 then e.trail else e.trail - 0 end';

/** The integration's row before its events, as everybody takes them: what is held is looked at only once that row is ours. */
const HANDLING = `
  with noted as (
    update integrations set last_event_at = greatest(last_event_at, $9::timestamptz) where store_id = $10::uuid and id = $11::uuid returning status),
  -- By the index, however small the queue was when this was planned.
  done as (delete from webhook_queue q using ${HELD} where exists (select 1 from noted)
    and q.store_id = $10::uuid and q.integration_id = $11::uuid and q.lane = any($3::text[]) and ${IS_HELD} returning q.id),
  facts as (select * from unnest($6::uuid[], $7::int[], $8::jsonb[]) as f (id, attempts, attempt)),
  handled as (
    update webhook_events e set state = 'handled', reason = f.attempt ->> 'reason', attempts = f.attempts, handled_at = now(),
      trail = ${TRAIL} || f.attempt
    from done join facts f using (id) where e.id = any($6::uuid[]) and e.id = done.id returning e.id)`;
export const HANDLED = `${HANDLING} select id from handled`;

/** Fails, dividing by zero, unless all are held and their integration is connected: a commit may be sent behind it at once. */
export const ALL_HANDLED = `${HANDLING}
  select 1 / (count(*) = cardinality($6::uuid[]) and (select status <> 'disconnected' from noted))::int from handled`;
const DIVISION_BY_ZERO = '22012';

/** Whether it is {@link ALL_HANDLED} that failed. */
export function isNotAll(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === DIVISION_BY_ZERO;
}

/** A claimed event, and how its last attempt went. */
export type Ended = Held & { readonly attempts: number; readonly attempt: Attempt };

/** @param at when the last of them came */
export function handledParams(held: readonly Ended[], at: Date): unknown[] {
  return [
    ...heldParams(held),
    held.map(({ id }) => id),
    held.map(({ attempts }) => attempts),
    held.map(({ attempt }) => JSON.stringify(attempt)),
    at,
    held[0]?.storeId,
    held[0]?.integrationId,
  ];
}

/** For {@link HELD}. */
export function heldParams(held: readonly Held[]): unknown[] {
  return [
    held.map(({ storeId }) => storeId),
    held.map(({ integrationId }) => integrationId),
    held.map(({ lane }) => lane),
    held.map(({ seq }) => seq),
    held.map(({ token }) => token),
  ];
}
