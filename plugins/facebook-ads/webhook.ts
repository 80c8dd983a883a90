import { createHash } from 'node:crypto';
import {
  type Ack,
  type Effect,
  type HubError,
  type HubEvent,
  hmac,
  hubError,
  type Incoming,
  isRaw,
  jsonObject,
  type Raw,
  Rejected,
  rows,
  type Subscribed,
  sameText,
  text,
  type Webhook,
  type WebhookKeys,
} from 'patchbay';
import { type PageAccess, pages, pageToken } from './access.ts';
import { LEAD_FIELDS, leadItem } from './leads.ts';
import type { Config, Context } from './manifest.ts';

/** https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests */
function challenge(req: Incoming, keys: WebhookKeys): Ack | undefined {
  if (req.method !== 'GET' || req.query['hub.mode'] !== 'subscribe') return undefined;
  const asked = req.query['hub.challenge'];
  if (!asked || !sameText(req.query['hub.verify_token'], keys.app['verifyToken'])) return { status: 403 };
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: asked };
}

/** SHA-256 only: the provider sends the older SHA-1 signature beside it, which proves less. */
function verify(req: Incoming, keys: WebhookKeys): boolean {
  const signature = /^sha256=([0-9a-f]{64})$/.exec(req.headers['x-hub-signature-256'] ?? '')?.[1];
  return hmac('sha256', keys.app['clientSecret'], req.raw, signature);
}

/** Up to a thousand changes of several pages in one call; each is a message of its own. */
function events(req: Incoming): readonly HubEvent[] {
  const body = jsonObject(req.raw);
  if (body?.['object'] !== 'page' || !Array.isArray(body['entry'])) {
    throw new Rejected('This is not a message about a page: {"object":"page","entry":[…]} was expected.');
  }
  return rows(body['entry']).flatMap((entry) => rows(entry['changes']).map((change) => toEvent(entry, change)));
}

function toEvent(entry: Raw, change: Raw): HubEvent {
  const type = text(change['field']) ?? 'unknown';
  const value = isRaw(change['value']) ? change['value'] : {};
  const [account, lead] = [text(entry['id']), text(value['leadgen_id'])];
  const seconds = value['created_time'] ?? entry['time'];
  return {
    // The same lead of the same page is one message, however often and in whichever company it is sent.
    id: lead
      ? `${type}:${account ?? ''}:${lead}`
      : createHash('sha256')
          .update(JSON.stringify([entry['id'], entry['time'], change]))
          .digest('hex'),
    type,
    data: value,
    ...(account && { account }),
    ...(lead && { object: `lead:${lead}` }),
    ...(typeof seconds === 'number' && { at: new Date(seconds * 1000).toISOString() }),
  };
}

/** What was answered is not in the message: the lead is fetched with the page's own token. */
async function onEvent(ctx: Context, event: HubEvent): Promise<readonly Effect[]> {
  const [lead, page] = [text(event.data['leadgen_id']), text(event.data['page_id']) ?? event.account];
  if (event.type !== 'leadgen' || !lead || !page || !isWanted(ctx.config, { page, form: text(event.data['form_id']) })) return [];
  const token = await pageToken(ctx, page);
  try {
    const { data } = await ctx.http.get<Raw>(`/${encodeURIComponent(lead)}`, { query: { fields: LEAD_FIELDS }, token });
    const item = isRaw(data) ? leadItem(data, page, ctx.config) : undefined;
    return item ? [{ kind: 'records', stream: 'leads', items: [item] }] : [];
  } catch (error) {
    if (hubError(error)?.consequence !== 'not-found') throw error;
    return [{ kind: 'records', stream: 'leads', items: [{ id: lead, deleted: true }] }];
  }
}

function isWanted(
  { streams, pageIds = [], leadFormIds = [] }: Config,
  given: { page: string; form: string | undefined },
): boolean {
  if (streams && !streams.includes('leads')) return false;
  if (pageIds.length > 0 && !pageIds.includes(given.page)) return false;
  return leadFormIds.length === 0 || (given.form !== undefined && leadFormIds.includes(given.form));
}

/** Installs the app on the pages, so that their leads are reported to the app's one address. */
async function subscribe(ctx: Context): Promise<Subscribed | undefined> {
  if (ctx.config.streams && !ctx.config.streams.includes('leads')) return undefined;
  const chosen = (ctx.config.pageIds ?? []).length > 0;
  const done = await Promise.all((await pages(ctx)).map((page) => install(ctx, page)));
  const accounts = done.flatMap(({ page, refused }) => (refused ? [] : [page]));
  const refused = done.find((one) => one.refused && (chosen || accounts.length === 0))?.refused;
  if (refused) throw refused;
  return accounts.length > 0 ? { id: accounts.join(','), accounts } : undefined;
}

/** Where all pages are meant, one that this login may not manage does not keep the others from being reported. */
async function install({ http, log }: Context, { id, name, token }: PageAccess): Promise<{ page: string; refused?: HubError }> {
  try {
    await http.post(`/${id}/subscribed_apps`, { form: { subscribed_fields: 'leadgen' }, token, idempotent: true });
    return { page: id };
  } catch (error) {
    const refused = hubError(error);
    if (refused?.code !== 'FORBIDDEN') throw error;
    log.info({ page: id }, 'the login may not install the app on this page');
    return { page: id, refused: new Rejected(`${name}: ${refused.message}`, { code: 'FORBIDDEN', cause: error }) };
  }
}

/** Removes the app from the pages; one that the login has lost has nothing left to remove. */
/** A page is registered once for the app, however many connections hear of it. */
async function unsubscribe(ctx: Context, subscription: string, shared: readonly string[]): Promise<void> {
  for (const page of subscription.split(',').filter((id) => id !== '' && !shared.includes(id))) {
    try {
      await ctx.http.delete(`/${page}/subscribed_apps`, { token: await pageToken(ctx, page) });
    } catch (error) {
      const known = hubError(error);
      if (known?.consequence !== 'not-found' && known?.code !== 'FORBIDDEN') throw error;
      ctx.log.info({ page }, 'the page is out of reach; the app was not removed from it');
    }
  }
}

export const webhook: Webhook<Config> = {
  scope: 'app',
  // Anything but 200 is sent again, for 36 hours.
  retryStatus: 503,
  challenge,
  verify,
  events,
  onEvent,
  subscribe,
  follows: ['pageIds', 'streams'],
  unsubscribe,
};
