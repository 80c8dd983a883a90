/**
 * Of one integration in one claim: what comes in a flood about few objects waits for each other, and is looked at by every
 * claim, also by those of other stores.
 */
const LOOKED_AT = 2000;

/**
 * Visits the integrations that have something waiting in the order of their keys, from where the last claim ended: a claim
 * costs by the number of those it serves, not by how much waits. Of each (integration, object) only the oldest event is
 * taken, so that one that waits for its retry holds back the later ones of its object and nothing else (as far as is looked). The
 * oldest is asked for by a subquery of one row: as an anti join it costs the square of what waits for one object.
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
      select q.store_id, q.integration_id, q.seq from (
        select w.seq, w.object from webhook_queue w
        where w.store_id = p.store_id and w.integration_id = p.integration_id
          and w.run_after <= now() and (w.lease_until is null or w.lease_until <= now())
        order by w.seq limit ${LOOKED_AT}) near
      join webhook_queue q on q.store_id = p.store_id and q.integration_id = p.integration_id and q.seq = near.seq
      where q.run_after <= now() and (q.lease_until is null or q.lease_until <= now())
        and (near.object is null or near.seq = (
          select oldest.seq from webhook_queue oldest
          where oldest.integration_id = p.integration_id and oldest.object = near.object order by oldest.seq limit 1))
      order by near.seq limit greatest(0, $5::int - coalesce(
        (select busy.events from unnest($3::uuid[], $4::int[]) as busy (id, events) where busy.id = p.integration_id), 0))
      for update of q skip locked) due
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
