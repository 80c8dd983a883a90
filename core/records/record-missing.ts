import type { Sql } from '../database/transaction.ts';
import { byKey, type RecordScope, SCOPE, values } from './record-sql.ts';

/** Ids. */
export interface Missing {
  readonly gone: readonly string[];
  readonly unchosen: readonly string[];
}

interface Looked {
  readonly last: string | null;
  readonly looked: number;
  readonly id: string | null;
  readonly data: Record<string, unknown> | null;
}

/** Should the run have met this record? `unchosen`: it is not chosen any more. */
export type Covers = (data: Readonly<Record<string, unknown>>) => boolean | 'unchosen';

const LOOK = 1_000;

/**
 * Of the next `$6` records after the id `$4`, those the run `$5` should have met and did not; `last` is the id to go on
 * from, `looked` how many there were. So that no statement takes longer the larger the stream is.
 */
const MISSING = `
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

/**
 * What the run should have met and did not, and what is not chosen any more, in batches. What was written since the run
 * began is left out: it came by another way and may be newer than the page it would have been on.
 */
export async function* missingOf(
  sql: Sql,
  scope: RecordScope,
  { runId, covers }: { runId: string; covers: Covers },
): AsyncGenerator<Missing, void> {
  for (let last = ''; ; ) {
    const rows = await sql.query<Looked>(MISSING, [...values(scope), last, runId, LOOK]);
    const [gone, unchosen]: [string[], string[]] = [[], []];
    for (const { id, data } of rows) {
      const covered = id !== null && data !== null && covers(data);
      if (covered) (covered === 'unchosen' ? unchosen : gone).push(id);
    }
    if (gone.length + unchosen.length > 0) yield { gone, unchosen };
    const [{ last: reached, looked } = { last: null, looked: 0 }] = rows;
    if (reached === null || looked < LOOK) return;
    last = reached;
  }
}
