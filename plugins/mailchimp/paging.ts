import { type Checkpoint, isRaw, number, type QueryValue, type Raw } from 'patchbay';
import { listed } from './api.ts';
import type { Context } from './manifest.ts';

/** A collection read page by page: https://mailchimp.com/developer/marketing/docs/methods-parameters/#pagination */
export interface Collection {
  readonly path: string;
  /** Key of the list in the answer. */
  readonly list: string;
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly size?: number;
}

export interface Answer {
  readonly raws: readonly Raw[];
  readonly total: number | undefined;
}

const SIZE = 250;
/** Offsets shift when something is removed meanwhile: each page looks back over so many of the one before. */
const OVERLAP = 10;

export async function fetchPage(ctx: Context, { path, list, query }: Collection, at: Readonly<Record<string, QueryValue>>) {
  const { data } = await ctx.http.get(path, { query: { ...query, ...at, exclude_fields: `_links,${list}._links` } });
  const raws = listed(data, list);
  return { raws, total: isRaw(data) ? number(data['total_items']) : undefined } satisfies Answer;
}

/** What a page brings that no page before it has; all of it where it brings nothing new, so that the hub sees it repeat. */
export function unmet(raws: readonly Raw[], met: Set<string>): readonly Raw[] {
  const fresh = raws.filter((raw) => !met.has(keyOf(raw)));
  for (const raw of raws) met.add(keyOf(raw));
  return fresh.length > 0 ? fresh : raws;
}

/** What changed since it was met is met anew. */
function keyOf(raw: Raw): string {
  return JSON.stringify([raw['id'] ?? raw['merge_id'] ?? raw, raw['last_changed']]);
}

/** Every page of a collection, from the offset of a checkpoint. */
export async function* walkOffset(ctx: Context, collection: Collection, from: Checkpoint | null) {
  const { size = SIZE } = collection;
  const met = new Set<string>();
  let offset = typeof from?.['offset'] === 'number' ? from['offset'] : 0;
  for (;;) {
    const { raws, total } = await fetchPage(ctx, collection, { count: size, offset });
    const reached = offset + raws.length;
    // A page may be shorter than asked for without being the last one.
    const last = raws.length === 0 || (raws.length < size && reached >= (total ?? 0));
    offset = last ? reached : Math.max(offset + 1, reached - OVERLAP);
    yield { raws: unmet(raws, met), total, last, checkpoint: { offset } };
    if (last) return;
  }
}
