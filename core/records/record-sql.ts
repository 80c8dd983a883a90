import type { Sql } from '../database/transaction.ts';

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
export const byKey = (id: string) => `(store_id, integration_id, stream, external_id) >= ($1, $2, $3, ${id})
    and (store_id, integration_id, stream, external_id) <= ($1, $2, $3, ${id})
    order by store_id, integration_id, stream, external_id limit 1`;

/** The one record whose id is `$4`. */
export const BY_ID = byKey('$4');

/** Forgets some of what a run met. */
export const FORGET = `
  with gone as (
    delete from sync_seen where ctid = any(array(select ctid from sync_seen where store_id = $1 and run_id = $2 limit $3))
    returning 1
  )
  select count(*)::integer as count from gone`;

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
