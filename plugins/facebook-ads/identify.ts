import {
  type Account,
  type Grant,
  hubError,
  isRaw,
  type Link,
  type Raw,
  Rejected,
  type TestResult,
  TryLater,
  text,
} from 'patchbay';
import { adAccounts, pages, reachableAccounts, reachablePages, readAdAccount } from './access.ts';
import { collect } from './api.ts';
import { type Context, manifest } from './manifest.ts';

const [oauth] = manifest.auth;

/** One connection is one login, or one ad account where somebody gave a token for it. */
export async function identify(link: Link, grant: Grant): Promise<Account> {
  return link.method === 'manual' ? identifyAdAccount(link, grant) : identifyLogin(link);
}

async function identifyLogin(link: Link): Promise<Account> {
  const { data } = await link.http.get<Raw>('/me', { query: { fields: 'id,name' } });
  const id = isRaw(data) ? text(data['id']) : undefined;
  if (!id) throw new TryLater('Facebook did not say who logged in. Try again in a minute.');
  const refused = await declined(link);
  if (refused.includes('ads_read')) {
    throw new Rejected(
      'Reading ads was not allowed, and nothing works without it. Connect again and leave every permission ticked.',
      {
        code: 'INVALID_CREDENTIALS',
      },
    );
  }
  return { externalId: id, label: text(data['name']) ?? `Login ${id}`, vars: await reachOf(link, refused) };
}

/** How many there are to choose from. */
async function reachOf(link: Link, refused: readonly string[]): Promise<Record<string, string>> {
  const [accounts, found] = await Promise.all([
    reachableAccounts(link),
    refused.includes('pages_show_list') ? [] : reachablePages(link),
  ]);
  return { adAccounts: String(accounts.length), pages: String(found.length) };
}

async function identifyAdAccount(link: Link, grant: Grant): Promise<Account> {
  const expiresAt = await checkApp(link, grant);
  try {
    const account = await readAdAccount(link, text(grant['adAccountId']) ?? '');
    const app = text(grant['appId']);
    return { externalId: account.id, label: account.name, ...(app && { vars: { app } }), ...(expiresAt && { expiresAt }) };
  } catch (error) {
    throw namingTheField(error);
  }
}

/**
 * With the app's secret the token can be asked whose it is, instead of failing later in other words.
 * @returns when it ends, where it does
 */
async function checkApp(link: Link, grant: Grant): Promise<string | undefined> {
  const appId = text(grant['appId']);
  if (!appId) return undefined;
  const about = await aboutToken(link);
  const wrong = (message: string, pointer: string) =>
    new Rejected(message, { code: 'INVALID_CREDENTIALS', fields: [{ pointer, message }] });
  if (about.isValid === false)
    throw wrong('Facebook does not accept this access token. Generate a new one.', '/fields/accessToken');
  if (about.appId !== undefined && about.appId !== appId) {
    throw wrong(
      `This token was made with the app ${about.appId}, not with ${appId}. Give that app’s ID and secret.`,
      '/fields/appId',
    );
  }
  return about.expiresAt ? new Date(about.expiresAt * 1000).toISOString() : undefined;
}

function namingTheField(error: unknown): unknown {
  const known = hubError(error);
  if (known?.code !== 'FORBIDDEN' && known?.consequence !== 'not-found') return error;
  const message = 'The token does not reach this ad account. Assign the ad account to the system user, or correct the ID.';
  return new Rejected(message, {
    code: 'INVALID_CREDENTIALS',
    cause: error,
    fields: [{ pointer: '/fields/adAccountId', message }],
  });
}

interface AboutToken {
  readonly appId: string | undefined;
  readonly isValid: boolean | undefined;
  /** Seconds since 1970; 0 for never. */
  readonly expiresAt: number | undefined;
}

/** https://developers.facebook.com/docs/graph-api/reference/debug_token; asked with the app's own token. */
async function aboutToken({ http }: Pick<Link, 'http'>): Promise<AboutToken> {
  const { data } = await http.get<Raw>('/debug_token').catch((error: unknown) => {
    if (hubError(error)?.consequence !== 'reconnect-needed') throw error;
    throw new Rejected('App ID and app secret do not belong together. Copy both from the same app.', {
      code: 'INVALID_CREDENTIALS',
      cause: error,
      fields: [{ pointer: '/fields/appSecret', message: 'Copy the secret of this app.' }],
    });
  });
  const about = isRaw(data) && isRaw(data['data']) ? data['data'] : undefined;
  if (!about) throw new TryLater('Facebook did not say what this token is. Try again in a minute.');
  return {
    appId: text(about['app_id']),
    isValid: typeof about['is_valid'] === 'boolean' ? about['is_valid'] : undefined,
    expiresAt: typeof about['expires_at'] === 'number' ? about['expires_at'] : undefined,
  };
}

/** Permissions that were asked for and not given; a person may untick each one and still be logged in. */
export async function declined({ http }: Pick<Link, 'http'>): Promise<string[]> {
  const found = await collect(http, { path: '/me/permissions', fields: 'permission,status' });
  const given = found.filter(({ status }) => status === 'granted').map(({ permission }) => permission);
  return oauth.scopes.map(({ name }) => name).filter((name) => !given.includes(name));
}

/** What the connection reaches, and in words what it was not allowed to do. */
export async function test(ctx: Context): Promise<TestResult> {
  const [accounts, refused] = [await adAccounts(ctx), await declined(ctx)];
  const reachedPages = refused.includes('pages_show_list') ? [] : await pages(ctx);
  const ending = await endOfToken(ctx);
  const idle = accounts.filter(({ status }) => status !== 1).map(({ name }) => name);
  const parts = [
    `Connected to ${ctx.account.label}, ${count(accounts.length, 'ad account')} and ${count(reachedPages.length, 'page')}.`,
    ...(accounts.length === 0 ? ['This login reaches no ad account; ask for a role on one.'] : []),
    ...(idle.length > 0 ? [`Not active at Facebook: ${idle.join(', ')}.`] : []),
    ...(refused.length > 0 ? [notAllowed(refused)] : []),
    ...(ending ? [ending] : []),
  ];
  return { message: parts.join(' '), ...(refused.length > 0 && { partly: true }) };
}

const WARN_MS = 14 * 86_400_000;

/** Of a system user's token that was made with an end; only its app can be asked for it. */
async function endOfToken(ctx: Context): Promise<string | undefined> {
  if (ctx.method !== 'manual' || !ctx.account.vars?.['app']) return undefined;
  const { expiresAt = 0 } = await aboutToken(ctx);
  const left = expiresAt * 1000 - Date.now();
  if (expiresAt === 0 || left > WARN_MS) return undefined;
  const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(expiresAt * 1000);
  return `The access token ends on ${day}: generate another one, then reconnect with it.`;
}

function count(size: number, what: string): string {
  return size === 1 ? `1 ${what}` : `${size.toLocaleString('en-US')} ${what}s`;
}

/** What a person left unticked, each in words, and the one step that mends it. */
export function notAllowed(refused: readonly string[]): string {
  const reasons = oauth.scopes.filter(({ name }) => refused.includes(name)).map(({ reason }) => lowerFirst(reason));
  return `Not allowed: ${reasons.join('; ')}. Connect again to allow it.`;
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '');
}
