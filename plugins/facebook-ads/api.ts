import { type Http, hubError, isRaw, type Raw, rawOf, rows, TryLater, text } from 'patchbay';

/** A list of the provider's, read page by page. */
export interface Listing {
  readonly path: string;
  readonly fields: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** A page's own token. */
  readonly token?: string;
  /** Default 100; the provider's own is 25. */
  readonly limit?: number;
  /** Where it is told that it asks too much, it goes on asking for less down to this. Default 10. */
  readonly smallest?: number;
}

export interface ListPage {
  readonly rows: readonly Raw[];
  /** Where the next page begins; none after the last one. */
  readonly next: string | undefined;
}

/**
 * Reads on while the provider names a next page, also after an empty one. Where it says that a page is too much, half of it
 * is asked for; a cursor of another run that it no longer knows is forgotten, and the list read from its beginning.
 */
export async function* listPages(http: Http, listing: Listing, from?: string): AsyncGenerator<ListPage, void> {
  const { smallest = 10 } = listing;
  let limit = listing.limit ?? 100;
  let after = from;
  for (let begun = false; ; ) {
    const page = await readPage(http, listing, { after, limit }).catch((error: unknown) => {
      if (asksTooMuch(error) && limit > smallest) limit = Math.max(smallest, Math.floor(limit / 2));
      else if (after !== undefined && !begun && isBadParameter(error)) after = undefined;
      else throw error;
      return undefined;
    });
    if (!page) continue;
    yield page;
    if (!page.next) return;
    [begun, after] = [true, page.next];
  }
}

async function readPage(http: Http, listing: Listing, given: { after: string | undefined; limit: number }): Promise<ListPage> {
  const { path, fields, query, token } = listing;
  const reply = await http.get<Raw>(path, {
    query: { ...query, fields, limit: given.limit, after: given.after },
    ...(token && { token }),
  });
  return { rows: listed(reply.data), next: nextCursor(reply.data) };
}

/** An answer without a list says nothing, least of all that everything is gone. */
function listed(data: unknown): Raw[] {
  if (isRaw(data) && Array.isArray(data['data'])) return rows(data['data']);
  throw new TryLater('Facebook answered without a list. Try again in a moment.');
}

function nextCursor(data: Raw): string | undefined {
  const paging = isRaw(data['paging']) ? data['paging'] : {};
  const next = text(paging['next']);
  if (!next) return undefined;
  const cursors = isRaw(paging['cursors']) ? paging['cursors'] : {};
  return text(cursors['after']) ?? (URL.canParse(next) ? (new URL(next).searchParams.get('after') ?? undefined) : undefined);
}

const MOST_PAGES = 100;

/** A whole list of moderate length. */
export async function collect(http: Http, listing: Listing): Promise<Raw[]> {
  const all: Raw[] = [];
  const seen = new Set<string>();
  for await (const page of listPages(http, listing)) {
    all.push(...page.rows);
    if (page.next && (seen.has(page.next) || seen.size >= MOST_PAGES)) {
      throw new TryLater('Facebook repeated a page of a list instead of going on. Try again in a few minutes.');
    }
    if (page.next) seen.add(page.next);
  }
  return all;
}

/** Marks the errors after which the same question has to be asked in smaller parts. */
export const TOO_MUCH = 'too-much';

export function asksTooMuch(error: unknown): boolean {
  return causeOf(error)['kind'] === TOO_MUCH;
}

/** Its words differ; that something asked for is not as it should be has this code. */
function isBadParameter(error: unknown): boolean {
  return hubError(error)?.consequence === 'rejected' && causeOf(error)['code'] === 100;
}

function causeOf(error: unknown): Raw {
  return rawOf(hubError(error)?.cause);
}
