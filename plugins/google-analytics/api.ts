import { type Http, isRaw, type Raw, rows, TryLater, text } from 'patchbay';
import type { Context } from './manifest.ts';

export const DATA_API = 'https://analyticsdata.googleapis.com/v1beta';
export const USERINFO = 'https://openidconnect.googleapis.com/v1/userinfo';

const PAGE_SIZE = 200;

/** `310000001` of `properties/310000001/dataStreams/…`. */
export function propertyIdOf(name: unknown): string | undefined {
  return /^properties\/(\d+)/.exec(text(name) ?? '')?.[1];
}

/** A page of a list. Google leaves an empty list out, so that nothing but an object says anything. */
export async function listPage(
  http: Http,
  path: string,
  given: { key: string; pageToken?: string | undefined },
): Promise<{ found: Raw[]; next: string | undefined }> {
  const { data } = await http.get(path, { query: { pageSize: PAGE_SIZE, pageToken: given.pageToken } });
  if (!isRaw(data) || !(data[given.key] === undefined || Array.isArray(data[given.key])))
    throw new TryLater(`Google Analytics answered without a list of ${given.key}. Try again in a moment.`);
  return { found: rows(data[given.key]), next: text(data['nextPageToken']) };
}

/** All pages of a list. */
export async function listAll(http: Http, path: string, key: string): Promise<Raw[]> {
  const all: Raw[] = [];
  const tokens = new Set<string>();
  let pageToken: string | undefined;
  do {
    const { found, next } = await listPage(http, path, { key, pageToken });
    all.push(...found);
    if (next !== undefined && tokens.has(next)) throw new TryLater(`Google Analytics repeats a page of ${key}. Try again later.`);
    if (next !== undefined) tokens.add(next);
    pageToken = next;
  } while (pageToken !== undefined);
  return all;
}

/** A property as it is set up. */
export interface Property {
  readonly id: string;
  readonly displayName: string;
  readonly timeZone: string;
  readonly currencyCode: string | undefined;
  readonly raw: Raw;
}

/** @throws TryLater when the answer is not about this property */
export async function readProperty(http: Http, id: string): Promise<Property> {
  const { data } = await http.get(`/properties/${encodeURIComponent(id)}`);
  const timeZone = isRaw(data) ? text(data['timeZone']) : undefined;
  if (!isRaw(data) || data['name'] !== `properties/${id}` || !timeZone)
    throw new TryLater('Google Analytics did not answer with this property. Try again in a moment.');
  return { id, displayName: text(data['displayName']) ?? id, timeZone, currencyCode: text(data['currencyCode']), raw: data };
}

/** One line of the property picker. */
export interface Summary {
  readonly id: string;
  readonly displayName: string;
  readonly account: string;
  readonly raw: Raw;
}

/** The properties in a list of account summaries. */
export function summariesIn(accounts: readonly Raw[]): Summary[] {
  return accounts.flatMap((account) =>
    rows(account['propertySummaries']).flatMap((raw) => {
      const id = propertyIdOf(raw['property']);
      return id ? [{ id, displayName: text(raw['displayName']) ?? id, account: text(account['displayName']) ?? '', raw }] : [];
    }),
  );
}

/** The property chosen in the settings, or the only one there is; `undefined` while there is a choice to make. */
export function chosenProperty({ config, account }: Pick<Context, 'config' | 'account'>): string | undefined {
  return text(config.propertyId) ?? account.vars?.['propertyId'];
}

/** Does a record belong to another property than the chosen one? */
export function isOther(data: Raw, config: Partial<Context['config']> | undefined): boolean {
  const chosen = text(config?.propertyId);
  return chosen !== undefined && typeof data['propertyId'] === 'string' && data['propertyId'] !== chosen;
}

export const CHOOSE = 'Choose a property in the settings of this connection, then sync again.';
