import type { Pool } from 'pg';
import { isAccepted, type OutsideChecker } from './outside-checker.ts';

export interface Verdict {
  /** Accepted, and neither handled nor waiting to be. */
  readonly lost: string[];
  readonly twice: string[];
  /** Handled or kept though nobody was told 2xx, or was refused. */
  readonly uncalledFor: string[];
  /** Objects with a change that overtook one accepted before it was sent, or that did not end with the last of them. */
  readonly outOfOrder: string[];
  /** Accepted and not handled yet. */
  readonly waiting: number;
}

export const FAULTLESS: Verdict = { lost: [], twice: [], uncalledFor: [], outOfOrder: [], waiting: 0 };

interface Stored {
  readonly id: string;
  readonly state: string;
  readonly times: number;
  /** Events about one object are handled in the order of these. */
  readonly seq: number;
}

interface Kept {
  readonly object: string;
  readonly times: number;
  readonly version: number;
}

/** Holds what callers were told against what the database has. */
export async function judge(checker: OutsideChecker, sql: Pool): Promise<Verdict> {
  const events = await sql.query<Stored>(
    `select event_id as id, max(state) as state, count(*)::int as times, min(seq)::float8 as seq
     from webhook_events group by event_id`,
  );
  const records = await sql.query<Kept>(
    `select external_id as object, count(*)::int as times, max((data ->> 'version')::int) as version
     from records group by external_id`,
  );
  const stored = new Map(events.rows.map((row) => [row.id, row]));
  const kept = new Map(records.rows.map((row) => [row.object, row]));
  const objects = new Map([...checker.steps].flatMap(([object, ids]) => ids.map((id) => [id, object])));
  const recordOf = (id: string) => kept.get(objects.get(id) ?? `thing-${id}`);
  const stateOf = (id: string) => stored.get(id)?.state;
  const isEffective = (id: string) => stateOf(id) === 'handled' && recordOf(id) !== undefined;
  const accepted = checker.accepted();
  return {
    lost: accepted.filter((id) => stateOf(id) !== 'pending' && !isEffective(id)),
    twice: events.rows.flatMap(({ id, times }) => (times > 1 || (recordOf(id)?.times ?? 0) > 1 ? [id] : [])),
    uncalledFor: events.rows.flatMap(({ id }) => (checker.forged.has(id) || !checker.told.has(id) ? [id] : [])),
    outOfOrder: [...checker.steps].flatMap(([object, ids]) => {
      const steps = ids.flatMap((id, at) => (isAccepted(checker.told.get(id)) ? [{ id, version: at + 1 }] : []));
      const places = steps.map(({ id }) => stored.get(id)?.seq ?? Number.NaN);
      const hasOvertaken = places.some((seq, at) => seq < (places[at - 1] ?? 0));
      return hasOvertaken || (kept.get(object)?.version ?? 0) < (steps.at(-1)?.version ?? 0) ? [object] : [];
    }),
    waiting: accepted.filter((id) => stateOf(id) === 'pending').length,
  };
}
