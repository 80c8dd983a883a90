import { type Checkpoint, type Item, type Page, type Raw, rows, TryLater } from 'patchbay';
import type { Context } from './manifest.ts';
import { sorted, timeFrom } from './records.ts';

/** A search that can be walked in order of the last change. */
export interface Search {
  readonly path: '/contacts/search' | '/opportunities/search';
  /** Key of the list in the answer. */
  readonly list: 'contacts' | 'opportunities';
  /** How this search calls its page size. */
  readonly sizeKey: 'pageLimit' | 'limit';
  readonly size: number;
  /** How its filters and sorting call the time of the last change, and how its records do. */
  readonly field: 'dateUpdated' | 'date_updated';
  readonly changed: 'dateUpdated' | 'updatedAt';
  shape(raw: Raw): Item | undefined;
}

/** Where a walk stands. `since` bounds the whole run; `after` is the provider's cursor, as JSON; `newest` the latest change met. */
interface Walk {
  readonly since: string | null;
  readonly after: string | null;
  readonly page: number;
  readonly newest: string | null;
  /** Keeps the checkpoints of two runs apart when nothing changed between them. */
  readonly startedAt: string;
}

/** The search index lags behind writes by some seconds: look back further than that. */
const OVERLAP_MS = 2 * 60_000;
/** Pages reach this many records; a cursor reaches all. */
const REACH = 10_000;

/**
 * Everything changed since the last run, oldest change first: what changes meanwhile moves to the end and is met there.
 * The provider's cursor is (time, id), so records of the same time are neither lost nor met forever.
 */
export async function* walkChanges(ctx: Context, search: Search, from: Checkpoint | null): AsyncGenerator<Page, void> {
  let walk = readWalk(from);
  for (;;) {
    const answer = await fetchPage(ctx, search, walk);
    const raws = rows(answer[search.list]);
    const next = advance(walk, answer, raws, search);
    const { items, failed } = sorted(raws, (raw) => search.shape(raw));
    // A resumed walk is told the rest only; a total of that would look like shrinking.
    const total = walk.page === 1 && typeof answer['total'] === 'number' ? answer['total'] : undefined;
    const done = raws.length < search.size;
    yield {
      items,
      failed,
      checkpoint: { ...(done ? finished(next) : next) },
      ...(total !== undefined && { total }),
    };
    if (done) return;
    walk = next;
  }
}

function readWalk(from: Checkpoint | null): Walk {
  const given = (name: string) => (typeof from?.[name] === 'string' ? from[name] : null);
  return {
    since: given('since'),
    after: given('after'),
    page: typeof from?.['page'] === 'number' ? from['page'] : 1,
    newest: given('newest'),
    startedAt: (given('after') && given('startedAt')) || new Date().toISOString(),
  };
}

async function fetchPage(ctx: Context, search: Search, walk: Walk): Promise<Raw> {
  const reply = await ctx.http.post<Raw>(search.path, {
    idempotent: true,
    json: {
      locationId: ctx.account.externalId,
      [search.sizeKey]: search.size,
      // One or the other: a cursor with a page is refused.
      ...(walk.after ? { searchAfter: JSON.parse(walk.after) } : { page: walk.page }),
      sort: [{ field: search.field, direction: 'asc' }],
      ...(walk.since && { filters: [{ field: search.field, operator: 'range', value: { gte: walk.since } }] }),
    },
  });
  if (!Array.isArray(reply.data?.[search.list])) {
    throw new TryLater(
      `LeadConnector answered a search for ${search.list} without a list. The sync goes on at the next attempt.`,
    );
  }
  return reply.data;
}

function advance(walk: Walk, answer: Raw, raws: readonly Raw[], search: Search): Walk {
  const newest = raws.reduce<string | null>((latest, raw) => {
    const at = timeFrom(raw[search.changed]);
    return at && (!latest || at > latest) ? at : latest;
  }, walk.newest);
  const last = raws.at(-1);
  const cursor = last?.['searchAfter'] ?? answer['searchAfter'] ?? last?.['sort'];
  if (Array.isArray(cursor) && cursor.length > 0) return { ...walk, newest, after: JSON.stringify(cursor), page: walk.page + 1 };
  return withoutCursor({ ...walk, newest, after: null, page: walk.page + 1 }, search);
}

/** No cursor given: pages, and where these end a new start from the newest change. */
function withoutCursor(next: Walk, search: Search): Walk {
  if (next.page * search.size <= REACH) return next;
  if (next.newest && next.newest !== next.since) return { ...next, since: next.newest, page: 1 };
  throw new TryLater(`More than ${REACH} ${search.list} changed in the same instant and LeadConnector gave no cursor to go on.`);
}

function finished(walk: Walk): Walk {
  const reached = walk.newest ?? walk.since;
  const since = reached && new Date(Date.parse(reached) - (walk.newest ? OVERLAP_MS : 0)).toISOString();
  return { since, after: null, page: 1, newest: null, startedAt: walk.startedAt };
}
