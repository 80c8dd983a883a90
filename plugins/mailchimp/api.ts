import { createHash } from 'node:crypto';
import { type Http, TryLater } from 'patchbay';

/** Whatever object the provider sent; what matters is checked where it is used. */
export type Raw = Readonly<Record<string, unknown>>;

export function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list that may be missing or hold junk. */
export function rows(value: unknown): Raw[] {
  return Array.isArray(value) ? value.filter(isRaw) : [];
}

/** The list under `key`; an answer without one says nothing, least of all that everything is gone. */
export function listed(data: unknown, key: string): Raw[] {
  if (isRaw(data) && Array.isArray(data[key])) return rows(data[key]);
  throw new TryLater(`Mailchimp answered without a list of ${key.replace('_', ' ')}. Try again in a moment.`);
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** `2026-01-31T10:00:00.000Z`; undefined for "" and anything else that is no moment. */
export function isoTime(value: unknown): string | undefined {
  const time = typeof value === 'string' && value !== '' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** Times in queries: `2015-10-21T15:41:36+00:00`. */
export function apiTime(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 19)}+00:00`;
}

/** The id of a member within its audience: https://mailchimp.com/developer/marketing/docs/methods-parameters/#path-parameters */
export function memberHash(email: string): string {
  return createHash('md5').update(email.trim().toLowerCase()).digest('hex');
}

/** A member is one of an audience: the same address may be in several. */
export function memberId(listId: string, hash: string): string {
  return `${listId}:${hash}`;
}

export function memberPath(listId: string, email: string): string {
  return `${listPath(listId)}/members/${memberHash(email)}`;
}

export function listPath(listId: string): string {
  return `/lists/${encodeURIComponent(listId)}`;
}

export async function readMember(http: Http, listId: string, hash: string): Promise<Raw> {
  const { data } = await http.get(`${listPath(listId)}/members/${hash}`, { query: { exclude_fields: '_links' } });
  if (isRaw(data) && text(data['email_address'])) return data;
  throw new TryLater('Mailchimp answered without the contact. Try again in a moment.');
}
