import type { Position } from '../../database/list-page.ts';
import type { ActivitySought, Happening } from '../activity.ts';
import type { Web } from '../services.ts';
import { failureKey, type RowsInput } from '../view-models/activity-rows.ts';

/** A page reads on through so many repeated failures; those before are on the next one, counted by themselves. */
const MOST_REPEATED = 500;
const PIECE = 100;

interface Asked {
  readonly sought: ActivitySought;
  readonly limit: number;
  readonly after: Position | undefined;
  readonly named: RowsInput['named'];
}

/** A page, and behind it what repeats the failures it ends with: what is told once with its count has all of it on one page. */
export async function readActivity(web: Web, { sought, limit, after, named }: Asked) {
  let { happenings, next } = await web.activity.page(sought, { limit, after });
  const keys = lastFailures(happenings, named);
  while (keys.size > 0 && next && happenings.length < limit + MOST_REPEATED) {
    const more = await web.activity.page(sought, { limit: PIECE, after: next });
    const end = more.happenings.findIndex((one) => !keys.has(failureKey(one, named)));
    const repeated = end < 0 ? more.happenings : more.happenings.slice(0, end);
    happenings = [...happenings, ...repeated];
    const last = repeated.at(-1);
    if (end >= 0) return { happenings, next: last ? { at: last.mark, id: last.id } : next };
    next = more.next;
  }
  return { happenings, next };
}

/** What the failures say with which it ends. */
function lastFailures(happenings: readonly Happening[], named: RowsInput['named']): ReadonlySet<string | undefined> {
  const keys = happenings.map((one) => failureKey(one, named));
  return new Set(keys.slice(keys.lastIndexOf(undefined) + 1));
}
