import type { Sql } from '../database/transaction.ts';
import type { ReadyRecord } from './canonical.ts';

/** The records of one stream of one integration. */
export interface RecordScope {
  readonly storeId: string;
  readonly integrationId: string;
  readonly stream: string;
}

/** What every statement begins with: `$1` to `$3`. */
export const SCOPE = 'store_id = $1 and integration_id = $2 and stream = $3';

/** Unchanged rows are left out before the insert: a conflict would lock, and so write, every one of them. */
const UPSERT = `
  with incoming as (
    select * from unnest($4::text[], $5::jsonb[], $6::text[], $7::timestamptz[]) as i (external_id, data, hash, source_updated_at)
  ), written as (
    insert into records (store_id, integration_id, stream, external_id, data, hash, source_updated_at)
    select $1, $2, $3, i.external_id, i.data, i.hash, i.source_updated_at
    from incoming i
    left join records r on r.store_id = $1 and r.integration_id = $2 and r.stream = $3 and r.external_id = i.external_id
    where r.external_id is null or (
      (r.hash <> i.hash or r.deleted_at is not null)
      and coalesce(i.source_updated_at >= r.source_updated_at, true)
    )
    on conflict (store_id, integration_id, stream, external_id) do update set
      data = excluded.data,
      hash = excluded.hash,
      source_updated_at = coalesce(excluded.source_updated_at, records.source_updated_at),
      updated_at = now(),
      deleted_at = null,
      change = nextval('record_changes')
    where (records.hash <> excluded.hash or records.deleted_at is not null)
      and coalesce(excluded.source_updated_at >= records.source_updated_at, true)
    returning 1
  )
  select count(*)::integer as count from written`;

export const MISSING = `
  select r.external_id as id, r.data from records r
  where ${SCOPE} and r.deleted_at is null and r.external_id > $4
    and not exists (select 1 from sync_seen s where s.store_id = $1 and s.run_id = $5 and s.external_id = r.external_id)
    and not exists (select 1 from sync_runs n where n.store_id = $1 and n.id = $5 and r.updated_at >= n.started_at)
  order by r.external_id limit $6`;

export async function upsert(sql: Sql, scope: RecordScope, records: readonly ReadyRecord[]): Promise<number> {
  const columns = (['id', 'data', 'hash', 'updatedAt'] as const).map((name) => records.map((record) => record[name]));
  const rows = await sql.query<{ count: number }>(UPSERT, [...values(scope), ...columns]);
  return rows[0]?.count ?? 0;
}

export async function mark(sql: Sql, scope: RecordScope, ids: readonly string[]): Promise<number> {
  const rows = await sql.query(
    `update records set deleted_at = now(), updated_at = now(), change = nextval('record_changes')
     where ${SCOPE} and external_id = any($4::text[]) and deleted_at is null returning 1`,
    [...values(scope), ids],
  );
  return rows.length;
}

/**
 * One writer per stream at a time: changes are committed in the order of their numbers, so that a reader who follows the
 * cursor misses none, and two writers of the same records cannot wait for each other.
 */
export async function lockScope(sql: Sql, scope: RecordScope): Promise<void> {
  await sql.query('select pg_advisory_xact_lock(hashtextextended($1, 7240017))', [values(scope).join(' ')]);
}

export function values({ storeId, integrationId, stream }: RecordScope): string[] {
  return [storeId, integrationId, stream];
}
