import { isRaw, type Link, type Raw, Rejected, TryLater, text } from 'patchbay';
import { collect } from './api.ts';
import type { Context } from './manifest.ts';

/** An ad account the connection reads. */
export interface AdAccount {
  /** With `act_`. */
  readonly id: string;
  readonly name: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly timezone: string;
  /** 1 is active. */
  readonly status: number;
}

/** A page and the token that opens it. Never kept: it is asked for anew by whoever needs it. */
export interface PageAccess {
  readonly id: string;
  readonly name: string;
  readonly token: string;
}

const ACCOUNT_FIELDS = 'id,account_id,name,account_status,currency,timezone_name';

/** `act_123` for `123` and for itself. */
export function actId(id: string): string {
  return id.startsWith('act_') ? id : `act_${id}`;
}

export async function readAdAccount({ http }: Pick<Link, 'http'>, id: string): Promise<AdAccount> {
  const account = toAccount((await http.get(`/${actId(id)}`, { query: { fields: ACCOUNT_FIELDS } })).data);
  if (account?.id !== actId(id)) throw new TryLater('Facebook did not answer with this ad account. Try again in a minute.');
  return account;
}

/** Every ad account the login reaches. */
export async function reachableAccounts(link: Pick<Link, 'http'>): Promise<AdAccount[]> {
  const found = await collect(link.http, { path: '/me/adaccounts', fields: ACCOUNT_FIELDS });
  return found.flatMap((raw) => toAccount(raw) ?? []).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * The ad accounts to read: the one the token was given for, or those that were chosen (none chosen: all), by id.
 * @throws Rejected for a chosen one that the login does not reach any more
 */
export async function adAccounts(ctx: Context): Promise<AdAccount[]> {
  if (ctx.method === 'manual') return [await readAdAccount(ctx, ctx.account.externalId)];
  const all = await reachableAccounts(ctx);
  return chosen(all, ctx.config.adAccountIds ?? [], 'ad account');
}

/** The pages to read leads of, as {@link adAccounts}. */
export async function pages(ctx: Context): Promise<PageAccess[]> {
  return chosen(await reachablePages(ctx), ctx.config.pageIds ?? [], 'page');
}

/** https://developers.facebook.com/docs/pages-api/overview: with a long-lived login these tokens do not expire. */
export async function reachablePages(ctx: Pick<Link, 'http'>): Promise<PageAccess[]> {
  const found = await collect(ctx.http, { path: '/me/accounts', fields: 'id,name,access_token' });
  return found
    .flatMap((raw) => {
      const [id, token] = [text(raw['id']), text(raw['access_token'])];
      return id && token ? [{ id, token, name: text(raw['name']) ?? `Page ${id}` }] : [];
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** One page's token. @throws NotFound or Rejected where the login has nothing to do with the page */
export async function pageToken({ http }: Pick<Link, 'http'>, page: string): Promise<string> {
  const { data } = await http.get<Raw>(`/${encodeURIComponent(page)}`, { query: { fields: 'access_token' } });
  const token = isRaw(data) ? text(data['access_token']) : undefined;
  if (token) return token;
  throw new Rejected('Facebook gives no access to this page. Ask for a task on the page, then connect again.', {
    code: 'FORBIDDEN',
  });
}

function toAccount(raw: unknown): AdAccount | undefined {
  if (!isRaw(raw)) return undefined;
  const [id, currency] = [text(raw['id']), text(raw['currency'])];
  if (!id || !currency) return undefined;
  const status = typeof raw['account_status'] === 'number' ? raw['account_status'] : 1;
  return { id, currency, status, name: text(raw['name']) ?? id, timezone: text(raw['timezone_name']) ?? 'UTC' };
}

function chosen<T extends { readonly id: string }>(all: readonly T[], ids: readonly string[], what: string): T[] {
  if (ids.length === 0) return [...all];
  const gone = ids.filter((id) => !all.some((one) => one.id === id));
  if (gone.length === 0) return all.filter(({ id }) => ids.includes(id));
  throw new Rejected(
    `This login no longer reaches the ${what} ${gone.join(', ')}. Choose again in the connection’s settings, or ask for access in Business Settings.`,
    { code: 'CONFIG_SCHEMA_INVALID' },
  );
}
