import { isRaw, type Raw, Rejected } from 'patchbay';
import { listPath } from './api.ts';
import type { Context } from './manifest.ts';

export interface Person {
  readonly firstName?: string;
  readonly lastName?: string;
  readonly phone?: string;
  readonly company?: string;
  readonly birthday?: string;
  readonly line1?: string;
  readonly line2?: string;
  readonly city?: string;
  readonly state?: string;
  readonly postalCode?: string;
  readonly country?: string;
}

type Consent = 'opted-in' | 'not-asked';
export type StatusIfNew = 'subscribed' | 'pending' | 'transactional';

/**
 * The status for somebody who is new: https://mailchimp.com/developer/marketing/docs/consent. Whoever agreed is asked to
 * confirm where the audience (or the settings) want that; whoever did not is no subscriber, whatever the store wishes.
 * `undefined`: not to be added at all.
 */
export async function statusIfNew(
  ctx: Context,
  listId: string,
  consent: Consent = 'not-asked',
): Promise<StatusIfNew | undefined> {
  const { optIn = 'audience', addTransactional = false } = ctx.config;
  if (consent === 'not-asked') return addTransactional ? 'transactional' : undefined;
  if (optIn !== 'audience') return optIn === 'double' ? 'pending' : 'subscribed';
  const { data } = await ctx.http.get(listPath(listId), { query: { fields: 'id,double_optin' } });
  // Unknown counts as double: asking once more harms nobody.
  return isRaw(data) && data['double_optin'] === false ? 'subscribed' : 'pending';
}

/** Merge fields by the settings' table, and the given fields the table has no place for. */
export function mergeFields(ctx: Context, person: Person, given: Readonly<Record<string, string>> = {}) {
  const map = ctx.config.fieldMap ?? {};
  const { line1, line2, city, state, postalCode, country, ...plain } = person;
  const postal = address({ line1, line2, city, state, postalCode, country });
  const named = Object.entries({ ...plain, address: postal }).filter(([, value]) => value !== undefined && value !== '');
  const fields: Record<string, unknown> = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
  const notWritten: string[] = [];
  for (const [name, value] of named) {
    const tag = map[name];
    if (tag) fields[tag] ??= value;
    else notWritten.push(name);
  }
  return { fields, notWritten };
}

type Postal = { readonly [K in 'line1' | 'line2' | 'city' | 'state' | 'postalCode' | 'country']: string | undefined };

/** The provider takes an address whole or not at all. */
function address({ line1, line2, city, state, postalCode, country }: Postal): Raw | undefined {
  if (![line1, line2, city, state, postalCode, country].some(Boolean)) return undefined;
  const missing = Object.entries({ line1, city, state, postalCode }).filter(([, value]) => !value);
  if (missing.length > 0) {
    throw new Rejected('Mailchimp takes an address with street, city, state and postal code only. Fill in all four, or none.', {
      fields: missing.map(([name]) => ({ pointer: `/${name}`, message: 'Needed for an address.' })),
    });
  }
  return { addr1: line1, city, state, zip: postalCode, ...(line2 && { addr2: line2 }), ...(country && { country }) };
}

/** `?skip_merge_validation=true` where the settings say so. */
export function validation({ config }: Context) {
  return config.skipRequired ? { skip_merge_validation: true } : {};
}
