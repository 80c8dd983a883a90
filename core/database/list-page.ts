/** Where a page of a list ended: the time the list goes by, to the microsecond, and the id of its last row. */
export interface Position {
  readonly at: string;
  readonly id: string;
}

/** What is asked of a list: how many, and behind which of them. */
export interface Paging {
  readonly limit: number;
  readonly after?: Position | undefined;
}

/** One page of `rows`, of which one more than `limit` was asked for; without `next` it is the last. */
export function cutPage<R extends { readonly mark: string }>(
  rows: readonly R[],
  limit: number,
  idOf: (row: R) => string,
): { readonly page: R[]; readonly next: Position | undefined } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { page, next: rows.length > limit && last ? { at: last.mark, id: idOf(last) } : undefined };
}

/** What is asked for, a `?` for its value; what is undefined is not asked. */
export type Condition = readonly [sql: string, value: unknown];

/**
 * The conditions of a list, latest first, behind `after`.
 * @param order its time and its id
 */
export function whereOf(
  asked: readonly Condition[],
  { order, after }: { order: readonly [time: string, id: string]; after: Position | undefined },
): { readonly where: string; readonly params: unknown[] } {
  const given = asked.filter(([, value]) => value !== undefined);
  const parts = given.map(([sql], at) => sql.replace('?', `$${at + 1}`));
  const params = given.map(([, value]) => value);
  if (!after) return { where: parts.join(' and ') || 'true', params };
  const behind = `(${order.join(', ')}) < ($${params.length + 1}::timestamptz, $${params.length + 2}::uuid)`;
  return { where: [...parts, behind].join(' and '), params: [...params, after.at, after.id] };
}
