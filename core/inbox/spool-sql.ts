/** Of all hosts one sorts at a time, so that what is about one object keeps its order. */
export const LOCK = 7_240_020;
/** Integrations of one turn, and rows of each. */
export const OWNERS = 32;
const ROWS = 32;
const MOST = '9223372036854775807';

/** What a turn found, the same in each of its rows. */
export interface Found {
  /** Whether nobody else sorts just now. */
  readonly got: boolean;
  /** Integrations that have something. */
  readonly places: number;
  /** Whether some of them have to wait for the next turn, as this one is full. */
  readonly cut: boolean;
  /** The last one that does not. */
  readonly last: readonly [storeId: string, integrationId: string] | null;
}

/** What it took; without an id when that is nothing. */
export interface Taken {
  readonly storeId: string;
  readonly integrationId: string;
  readonly id: string;
  readonly events: Buffer;
}

/**
 * The oldest rows of the integrations that have any, from where the last turn ended, each integration as much as any other:
 * `$1`, `$2` where that was, `$3` bytes in all, `$4` integrations that are passed over, `$5` those of which only what stands
 * before the row `$6` is taken, as long as that is there.
 */
export const TAKE = `
  with recursive alone as materialized (select pg_try_advisory_xact_lock(${LOCK}) as got),
  places as (
    (select store_id, integration_id, 1 as at from webhook_spool where (select got from alone)
       and (store_id, integration_id) > ($1::uuid, $2::uuid) order by store_id, integration_id limit 1)
    union all
    select next.*, p.at + 1 from places p cross join lateral (
      select store_id, integration_id from webhook_spool where (store_id, integration_id) > (p.store_id, p.integration_id)
      order by store_id, integration_id limit 1) next
    where p.at < ${OWNERS}),
  wanting as (
    select p.*, coalesce((
      select s.id from unnest($5::uuid[], $6::bigint[]) as k (id, row)
      join webhook_spool s on s.store_id = p.store_id and s.integration_id = k.id and s.id = k.row
      where k.id = p.integration_id), ${MOST}) as until
    from places p where integration_id <> all($4::uuid[])),
  heads as materialized (
    select s.*, sum(s.bytes) over (order by s.nth, s.at) - s.bytes < $3::bigint as fits from (
      select p.at, r.*, row_number() over (partition by p.at order by r.id) as nth from wanting p cross join lateral (
        select s.store_id, s.integration_id, s.id, octet_length(s.events) as bytes from webhook_spool s
        where s.store_id = p.store_id and s.integration_id = p.integration_id and s.id < p.until order by s.id limit ${ROWS}) r) s),
  taken as (
    delete from webhook_spool s using heads h where h.fits
      and s.store_id = h.store_id and s.integration_id = h.integration_id and s.id = h.id
    returning s.store_id, s.integration_id, s.id, s.events),
  left_out as (select min(at) as at from heads where nth = 1 and not fits)
  select (select got from alone) as got, (select count(*)::int from places) as places, (select at is not null from left_out) as cut,
    (select array[store_id, integration_id] from places
     where at < coalesce((select at from left_out), ${OWNERS} + 1) order by at desc limit 1) as last,
    store_id as "storeId", integration_id as "integrationId", id, events
  from (select 1) one left join taken on true order by id`;

/** Says of rows why they cannot be read: `$1` to `$3` which, `$4` why. */
export const NOTE = `
  update webhook_spool s set problem = n.problem, problem_at = coalesce(s.problem_at, now())
  from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[]) as n (store_id, integration_id, id, problem)
  where s.store_id = n.store_id and s.integration_id = n.integration_id and s.id = n.id and s.problem is distinct from n.problem`;

/** Which of these integrations handle their events by now. */
export const ACTIVE = `
  select i.id from unnest($1::uuid[], $2::uuid[]) as w (store_id, id) join integrations i on i.store_id = w.store_id and i.id = w.id
  where i.status = 'active' and i.enabled`;
