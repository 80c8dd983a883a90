import { type Http, isRaw, type Raw, rows, TryLater, text } from 'patchbay';

/** Asked for with every call, given to the webhook endpoint, and what the shapes in `records.ts` are written for. */
export const API_VERSION = '2026-10-28.endive';

/** An id, whether the object behind it is expanded or not. */
export function idOf(value: unknown): string | undefined {
  return text(value) ?? (isRaw(value) ? text(value['id']) : undefined);
}

export interface ListPage {
  readonly data: readonly Raw[];
  readonly hasMore: boolean;
}

/** One page of a list (docs.stripe.com/api/pagination); an answer without one says nothing, least of all that all is gone. */
export async function listPage(
  http: Http,
  path: string,
  query: Readonly<Record<string, string | number | readonly string[] | undefined>>,
): Promise<ListPage> {
  const { data } = await http.get<Raw>(path, { query: { limit: 100, ...query } });
  if (isRaw(data) && Array.isArray(data['data']) && typeof data['has_more'] === 'boolean') {
    return { data: rows(data['data']), hasMore: data['has_more'] };
  }
  throw new TryLater(`Stripe answered without a list at ${path}. It goes on at the next attempt.`);
}

/** One object by its id. */
export async function readObject(http: Http, path: string, given: { id: string; expand?: readonly string[] }): Promise<Raw> {
  const { id, expand = [] } = given;
  const { data } = await http.get<Raw>(`${path}/${encodeURIComponent(id)}`, { query: { 'expand[]': expand } });
  if (isRaw(data) && data['id'] === id) return data;
  throw new TryLater(`Stripe answered without ${id}. It is read again at the next attempt.`);
}
