import { inOrder, type Sql } from '../database/transaction.ts';
import type { ReadyRecord } from './canonical.ts';

/** The records of one stream of one integration. */
export interface RecordScope {
  readonly storeId: string;
  readonly integrationId: string;
  readonly stream: string;
}

/** What every statement begins with: `$1` to `$3`. */
export const SCOPE = 'store_id = $1 and integration_id = $2 and stream = $3';

/**
 * Finds an id by the primary key. Written as a range in that key's order, because Postgres takes a plain comparison
 * to cost the same by the index of changes, which reads the whole stream for each id.
 */
const byKey = (id: string) => `(store_id, integration_id, stream, external_id) >= ($1, $2, $3, ${id})
    and (store_id, integration_id, stream, external_id) <= ($1, $2, $3, ${id})
    order by store_id, integration_id, stream, external_id limit 1`;

/** The one record whose id is `$4`. */
export const BY_ID = byKey('$4');

const FIND = `
  select i.external_id as id, r.hash, r.deleted_at is not null as deleted, r.source_updated_at as "updatedAt"
  from unnest($4::text[]) as i (external_id)
  cross join lateral (select hash, deleted_at, source_updated_at from records where ${byKey('i.external_id')}) r`;

const INSERT = `
    insert into records (store_id, integration_id, stream, external_id, data, hash, source_updated_at)
    select $1, $2, $3, i.external_id, i.data, i.hash, i.source_updated_at
    from unnest($4::text[], $5::jsonb[], $6::text[], $7::timestamptz[])
      with ordinality as i (external_id, data, hash, source_updated_at, turn)`;
const ON_CONFLICT = `
    on conflict (store_id, integration_id, stream, external_id) do update set
      data = excluded.data,
      hash = excluded.hash,
      source_updated_at = coalesce(excluded.source_updated_at, records.source_updated_at),
      updated_at = now(),
      deleted_at = null,
      change = nextval('record_changes')
    where (records.hash <> excluded.hash or records.deleted_at is not null)
      and coalesce(excluded.source_updated_at >= records.source_updated_at, true)`;

/** Only what is new or changed comes here: a conflict locks, and so writes, also a row that it leaves as it is. */
const UPSERT = `
  with written as (${INSERT} ${ON_CONFLICT} returning xmax = 0 as fresh)
  select count(*)::integer as written, count(*) filter (where fresh)::integer as fresh from written`;

/** {@link FIND} and {@link UPSERT} in one, for a page that costs less to send than to ask about. */
const WRITE = `
  with found as materialized (${FIND}),
  written as (${INSERT} left join found f on f.id = i.external_id
    where f.id is null or (f.hash <> i.hash or f.deleted) and coalesce(i.source_updated_at >= f."updatedAt", true)
    order by i.turn
    ${ON_CONFLICT} returning external_id)
  select count(*)::integer as written, count(*) filter (where f.id is null or f.deleted)::integer as appeared
  from written w left join found f on f.id = w.external_id`;

/** Rows of the scope are met by their place, which cannot move: the scope is locked. */
const MARK = `
  with marked as (
    update records set deleted_at = now(), updated_at = now(), change = nextval('record_changes')
    where deleted_at is null and ctid = any(array(
      select r.place from unnest($4::text[]) as i (external_id)
      cross join lateral (select ctid as place from records where ${byKey('i.external_id')}) r
    ))
    returning 1
  )
  select count(*)::integer as count from marked`;

/**
 * Of the next `$6` records after the id `$4`, those the run `$5` should have met and did not; `last` is the id to go on
 * from, `looked` how many there were. So that no statement takes longer the larger the stream is.
 */
export const MISSING = `
  with part as materialized (
    select external_id, updated_at, deleted_at from records where ${SCOPE} and external_id > $4 order by external_id limit $6
  ), missed as (
    select p.external_id from part p
    left join lateral (
      select true as met from sync_seen where store_id = $1 and run_id = $5 and external_id = p.external_id limit 1
    ) s on true
    where p.deleted_at is null and s.met is null
      and not exists (select 1 from sync_runs n where n.store_id = $1 and n.id = $5 and p.updated_at >= n.started_at)
  )
  select l.last, l.looked, m.external_id as id, d.data
  from (select max(external_id) as last, count(*)::integer as looked from part) l
  left join missed m on true
  left join lateral (select data from records where ${byKey('m.external_id')}) d on m.external_id is not null
  order by m.external_id`;

/** Forgets some of what a run met. */
export const FORGET = `
  with gone as (
    delete from sync_seen where ctid = any(array(select ctid from sync_seen where store_id = $1 and run_id = $2 limit $3))
    returning 1
  )
  select count(*)::integer as count from gone`;

interface Found {
  readonly id: string;
  readonly hash: string;
  readonly deleted: boolean;
  readonly updatedAt: Date | null;
}

/** Records: what an event changes, as against a page of a sync, of which most is as it was. */
const SMALL = 16;

interface Upserted {
  readonly written: number;
  readonly appeared: number;
}

/** How many were new or changed; `appeared`: how many of these were not there, or marked deleted. Locks the scope. */
export async function upsert(sql: Sql, scope: RecordScope, records: readonly ReadyRecord[]): Promise<Upserted> {
  if (records.length > SMALL) return upsertChanged(sql, scope, records);
  const [, [counted]] = await inOrder(
    sql,
    () => lockScope(sql, scope),
    () => sql.query<Upserted>(WRITE, [...values(scope), ...columnsOf(records)], 'records_write'),
  );
  return counted ?? { written: 0, appeared: 0 };
}

async function upsertChanged(sql: Sql, scope: RecordScope, records: readonly ReadyRecord[]): Promise<Upserted> {
  const [, rows] = await inOrder(
    sql,
    () => lockScope(sql, scope),
    () => sql.query<Found>(FIND, [...values(scope), records.map(({ id }) => id)], 'records_find'),
  );
  const found = new Map(rows.map((row) => [row.id, row]));
  const changed = records.filter((record) => isChange(record, found.get(record.id)));
  if (changed.length === 0) return { written: 0, appeared: 0 };
  const params = [...values(scope), ...columnsOf(changed)];
  const [counted] = await sql.query<{ written: number; fresh: number }>(UPSERT, params, 'records_upsert');
  const { written = 0, fresh = 0 } = counted ?? {};
  return { written, appeared: fresh + changed.filter(({ id }) => found.get(id)?.deleted).length };
}

function columnsOf(records: readonly ReadyRecord[]): unknown[][] {
  return (['id', 'data', 'hash', 'updatedAt'] as const).map((name) => records.map((record) => record[name]));
}

/** An older state than the stored one is none. */
function isChange({ hash, updatedAt }: ReadyRecord, stored: Found | undefined): boolean {
  if (!stored) return true;
  if (stored.hash === hash && !stored.deleted) return false;
  return !updatedAt || !stored.updatedAt || Date.parse(updatedAt) >= stored.updatedAt.getTime();
}

export async function mark(sql: Sql, scope: RecordScope, ids: readonly string[]): Promise<number> {
  const rows = await sql.query<{ count: number }>(MARK, [...values(scope), ids]);
  return rows[0]?.count ?? 0;
}

const LOCK = 7_240_017;

/**
 * One writer per stream at a time: changes are committed in the order of their numbers, so that a reader who follows the
 * cursor misses none, and two writers of the same records cannot wait for each other. None beside {@link lockAll}.
 */
export async function lockScope(sql: Sql, scope: RecordScope): Promise<void> {
  await sql.query(
    `select pg_advisory_xact_lock_shared(hashtextextended($1, ${LOCK})), pg_advisory_xact_lock(hashtextextended($2, ${LOCK}))`,
    [allOf(scope), values(scope).join(' ')],
    'records_lock',
  );
}

/** Waits for every writer of the integration and keeps new ones waiting until the transaction ends. */
export async function lockAll(sql: Sql, integration: Omit<RecordScope, 'stream'>): Promise<void> {
  await sql.query(`select pg_advisory_xact_lock(hashtextextended($1, ${LOCK}))`, [allOf(integration)]);
}

function allOf({ storeId, integrationId }: Omit<RecordScope, 'stream'>): string {
  return `${storeId} ${integrationId}`;
}

export function values({ storeId, integrationId, stream }: RecordScope): string[] {
  return [storeId, integrationId, stream];
}
