import type { Paging, Position } from '../../database/list-page.ts';

/** A page reads on through so many repeated failures; those before are on the next one, counted by themselves. */
const MOST_REPEATED = 500;
const PIECE = 100;

interface ReadPage<T> {
  readonly rows: readonly T[];
  readonly next: Position | undefined;
}

/** A list whose equal failures are told once. */
export interface List<T> {
  readonly page: (paging: Paging) => Promise<ReadPage<T>>;
  /** What a failure says; undefined for what did not fail. */
  readonly failureOf: (row: T) => string | undefined;
  readonly positionOf: (row: T) => Position;
}

/** A page, and behind it what repeats the failures it ends with: what is told once with its count has all of it on one page. */
export async function readOn<T>({ page, failureOf, positionOf }: List<T>, paging: Paging): Promise<ReadPage<T>> {
  let { rows, next } = await page(paging);
  const keys = lastFailures(rows.map(failureOf));
  while (keys.size > 0 && next && rows.length < paging.limit + MOST_REPEATED) {
    const more = await page({ limit: PIECE, after: next });
    const end = more.rows.findIndex((row) => !keys.has(failureOf(row)));
    const repeated = end < 0 ? more.rows : more.rows.slice(0, end);
    rows = [...rows, ...repeated];
    const last = repeated.at(-1);
    if (end >= 0) return { rows, next: last ? positionOf(last) : next };
    next = more.next;
  }
  return { rows, next };
}

/** What the failures say with which it ends. */
function lastFailures(said: readonly (string | undefined)[]): ReadonlySet<string | undefined> {
  return new Set(said.slice(said.lastIndexOf(undefined) + 1));
}
