import { randomUUID } from 'node:crypto';
import { hubError, isRaw, type Raw, Rejected, type Subscribed, text } from 'patchbay';
import { API_VERSION, listPage } from './api.ts';
import { KINDS, type KindName } from './kinds.ts';
import type { Config, Context } from './manifest.ts';
import { DEAUTHORIZED, TOPICS } from './webhook-events.ts';

/** Types the endpoint is set up for: those of the chosen topics that serve a stream which is synced. */
export function wantedEvents(config: Config): string[] {
  const streams = (config.streams ?? Object.keys(KINDS)) as readonly KindName[];
  const served = new Set(streams.flatMap((name) => KINDS[name].events));
  const topics = (config.events ?? Object.keys(TOPICS)) as readonly (keyof typeof TOPICS)[];
  return topics.flatMap((topic) => TOPICS[topic]).filter((type) => served.has(type));
}

/** Makes an endpoint of our own with our API version; its secret is told this once (docs.stripe.com/api/webhook_endpoints/create). */
export async function subscribe(ctx: Context, url: string): Promise<Subscribed | undefined> {
  const types = wantedEvents(ctx.config);
  if (types.length === 0) return undefined;
  if (ctx.config.webhookMode === 'manual') return byHand(ctx.config);
  await removeLeftovers(ctx, url);
  const form = {
    url,
    api_version: API_VERSION,
    description: 'Keeps the connected store up to date',
    ...Object.fromEntries([...types, DEAUTHORIZED].map((type, index) => [`enabled_events[${index}]`, type])),
  };
  // Sent again after an unclear failure, it must not become a second endpoint.
  const headers = { 'Idempotency-Key': randomUUID() };
  const { data } = await ctx.http.post<Raw>('/v1/webhook_endpoints', { form, headers, idempotent: true }).catch(orByHand);
  const [id, secret] = isRaw(data) ? [text(data['id']), text(data['secret'])] : [];
  if (id && secret) return { id, secrets: { signingSecret: secret } };
  throw new Rejected('Stripe made a webhook endpoint but did not tell its secret. Set webhooks up by hand in the settings.');
}

/** A key that may not make endpoints can still be heard of. */
function orByHand(error: unknown): never {
  const known = hubError(error);
  if (known?.code !== 'FORBIDDEN') throw error;
  const message = `${known.message} Or make the webhook by hand: Configure > Webhooks says how.`;
  throw new Rejected(message, { code: 'FORBIDDEN', cause: error });
}

/** Nothing to make; but without its secret no call of an endpoint made by hand can be believed. */
function byHand({ webhookSecret }: Config): undefined {
  if (webhookSecret) return undefined;
  throw new Rejected('Paste the signing secret of the endpoint made by hand into the settings, or let it be set up by itself.');
}

/** An endpoint with our address whose secret nobody knows any more would be refused for ever, and fill the sixteen there may be. */
async function removeLeftovers(ctx: Context, url: string): Promise<void> {
  for (const endpoint of await knownEndpoints(ctx)) {
    const id = text(endpoint['id']);
    if (endpoint['url'] === url && id) await unsubscribe(ctx, id);
  }
}

/** None where the key may not look: that it may not write either is said by the call that has to. */
async function knownEndpoints(ctx: Context): Promise<readonly Raw[]> {
  try {
    return (await listPage(ctx.http, '/v1/webhook_endpoints', {})).data;
  } catch (error) {
    if (hubError(error)?.code !== 'FORBIDDEN') throw error;
    return [];
  }
}

/** The provider ends endpoints that failed for days, and tells its own users only, by mail. */
export async function isSwitchedOff(ctx: Context): Promise<boolean> {
  if (ctx.webhookUrl === undefined) return false;
  const own = (await knownEndpoints(ctx)).filter(({ url }) => url === ctx.webhookUrl);
  return own.length > 0 && own.every(({ status }) => status === 'disabled');
}

export async function unsubscribe(ctx: Context, id: string): Promise<void> {
  try {
    await ctx.http.delete(`/v1/webhook_endpoints/${encodeURIComponent(id)}`);
  } catch (error) {
    // Somebody has removed it already.
    if (hubError(error)?.consequence !== 'not-found') throw error;
  }
}
