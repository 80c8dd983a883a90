/**
 * Visits the integrations that have something waiting in the order of their keys, from where the last claim ended: a claim
 * costs by the number of those it serves, not by how much waits. Of each (integration, object) only the oldest event is
 * taken, so that one that waits for its retry holds back the later ones of its object and nothing else.
 */
export const CLAIM = `
  with recursive places as (
    (select store_id, integration_id from webhook_queue where (store_id, integration_id) > ($1::uuid, $2::uuid)
     order by store_id, integration_id limit 1)
    union all
    select next.* from places p cross join lateral (
      select store_id, integration_id from webhook_queue where (store_id, integration_id) > (p.store_id, p.integration_id)
      order by store_id, integration_id limit 1) next),
  heads as materialized (
    select due.* from places p cross join lateral (
      select q.store_id, q.integration_id, q.seq from webhook_queue q
      where q.store_id = p.store_id and q.integration_id = p.integration_id
        and q.run_after <= now() and (q.lease_until is null or q.lease_until <= now())
        and not exists (
          select 1 from webhook_queue older
          where older.integration_id = q.integration_id and older.object = q.object and older.seq < q.seq)
      order by q.seq limit greatest(0, $5::int - coalesce(
        (select busy.events from unnest($3::uuid[], $4::int[]) as busy (id, events) where busy.id = p.integration_id), 0))
      for update skip locked) due
    limit $6::int),
  taken as (
    update webhook_queue q set lease_owner = $7, lease_until = now() + $8::int * interval '1 millisecond', attempts = q.attempts + 1
    from heads h where q.store_id = h.store_id and q.integration_id = h.integration_id and q.seq = h.seq
    returning q.id, q.store_id, q.integration_id, q.seq, q.attempts)
  select t.id, t.store_id as "storeId", t.integration_id as "integrationId", t.seq, t.attempts, e.plugin_id as "pluginId",
    e.account, e.event_id as "eventId", e.type, e.object, e.at, e.data, case when e.data is null then e.raw end as raw,
    e.received_at as "receivedAt"
  from taken t cross join lateral (select * from webhook_events e where e.id = t.id) e order by t.seq`;

/** `$1` to `$4`. */
export const HELD = 'unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[]) as h (store_id, integration_id, seq, token)';
export const IS_HELD =
  'q.store_id = h.store_id and q.integration_id = h.integration_id and q.seq = h.seq and q.lease_owner = h.token';
/** A message that is replayed again and again does not grow without end. */
export const TRAIL = 'case when jsonb_array_length(e.trail) < 50 then e.trail else e.trail - 0 end';
