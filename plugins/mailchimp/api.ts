import { createHash } from 'node:crypto';
import { type Http, isRaw, type Raw, rows, TryLater, text } from 'patchbay';

/** The list under `key`; an answer without one says nothing, least of all that everything is gone. */
export function listed(data: unknown, key: string): Raw[] {
  if (isRaw(data) && Array.isArray(data[key])) return rows(data[key]);
  throw new TryLater(`Mailchimp answered without a list of ${key.replace('_', ' ')}. Try again in a moment.`);
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
