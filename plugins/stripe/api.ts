import { type Http, TryLater } from 'patchbay';

/** Whatever object the provider sent; what matters is checked where it is used. */
export type Raw = Readonly<Record<string, unknown>>;

/** Asked for with every call, given to the webhook endpoint, and what the shapes in `records.ts` are written for. */
export const API_VERSION = '2026-10-28.endive';

export function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The objects of a list that may be missing or hold junk. */
export function rows(value: unknown): Raw[] {
  return Array.isArray(value) ? value.filter(isRaw) : [];
}

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
