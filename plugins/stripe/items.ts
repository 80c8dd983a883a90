import { type Item, isRaw, number, type Raw, text } from 'patchbay';
import type { Kind } from './kinds.ts';
import type { Config } from './manifest.ts';

/** Clocks differ: what a list says is taken to be as old as this, so that it never undoes what an event said meanwhile. */
export const SKEW_SECONDS = 300;

export function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/** The day before which nothing is wanted, in unix seconds. */
export function oldest(config: Partial<Config> | undefined): number | undefined {
  const at = Date.parse(config?.syncFrom ?? '');
  return Number.isNaN(at) ? undefined : at / 1000;
}

/** Does the store want this object? Customers have no currency of their own. */
export function isWanted(data: Raw, config: Partial<Config> | undefined): boolean {
  const since = oldest(config);
  if (since !== undefined && (number(data['created']) ?? since) < since) return false;
  const [currency, wanted] = [text(data['currency']), config?.currencies ?? []];
  return currency === undefined || wanted.length === 0 || wanted.includes(currency);
}

/** The record of an object; a deletion for one the provider only remembers; nothing where it has no id or is not wanted. */
export function itemOf(kind: Kind, raw: Raw, given: { config: Partial<Config>; updatedAt?: string }): Item | undefined {
  const id = text(raw['id']);
  if (!id) return undefined;
  if (raw['deleted'] === true) return { id, deleted: true };
  if (kind.name !== 'customers' && !isWanted(raw, given.config)) return undefined;
  if (kind.name === 'customers' && !isWanted({ created: raw['created'] }, given.config)) return undefined;
  const order = orderOf(raw, given.config.orderField);
  const data = { id, ...kind.data(raw), ...(order && { order }) };
  return { id, data, ...(given.updatedAt && { updatedAt: given.updatedAt }) };
}

/** The store's own order number, from the object or the subscription behind it. */
function orderOf(raw: Raw, key: string | undefined): string | undefined {
  if (!key) return undefined;
  const parent = isRaw(raw['parent']) ? raw['parent']['subscription_details'] : undefined;
  const places = [raw['metadata'], isRaw(parent) ? parent['metadata'] : undefined];
  return places.map((place) => (isRaw(place) ? text(place[key]) : undefined)).find(Boolean);
}
