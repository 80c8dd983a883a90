import { randomUUID } from 'node:crypto';
import { hubError, Rejected, type Subscribed } from 'patchbay';
import { API_VERSION, isRaw, listPage, type Raw, text } from './api.ts';
import { KINDS, type KindName } from './kinds.ts';
import type { Config, Context } from './manifest.ts';
import { DEAUTHORIZED, WEBHOOK_EVENTS } from './webhook-events.ts';

/** Types the endpoint is set up for: those chosen, of which one serves a stream that is synced. */
export function wantedEvents(config: Config): string[] {
  const streams = (config.streams ?? Object.keys(KINDS)) as readonly KindName[];
  const served = new Set(streams.flatMap((name) => KINDS[name].events));
  const chosen: readonly string[] = config.events ?? Object.keys(WEBHOOK_EVENTS);
  return chosen.filter((type) => served.has(type));
}

/** Makes an endpoint of our own with our API version; its secret is told this once (docs.stripe.com/api/webhook_endpoints/create). */
export async function subscribe(ctx: Context, url: string): Promise<Subscribed | undefined> {
  const types = wantedEvents(ctx.config);
  if (ctx.config.webhookMode === 'manual' || types.length === 0) return undefined;
  await removeLeftovers(ctx, url);
  const form = {
    url,
    api_version: API_VERSION,
    description: 'Keeps the connected store up to date',
    ...Object.fromEntries([...types, DEAUTHORIZED].map((type, index) => [`enabled_events[${index}]`, type])),
  };
  // Sent again after an unclear failure, it must not become a second endpoint.
  const headers = { 'Idempotency-Key': randomUUID() };
  const { data } = await ctx.http.post<Raw>('/v1/webhook_endpoints', { form, headers, idempotent: true });
  const [id, secret] = isRaw(data) ? [text(data['id']), text(data['secret'])] : [];
  if (id && secret) return { id, secrets: { signingSecret: secret } };
  throw new Rejected('Stripe made a webhook endpoint but did not tell its secret. Set webhooks up by hand in the settings.');
}

/** An endpoint with our address whose secret nobody knows any more would be refused for ever, and fill the sixteen there may be. */
async function removeLeftovers(ctx: Context, url: string): Promise<void> {
  const { data } = await listPage(ctx.http, '/v1/webhook_endpoints', {});
  for (const endpoint of data) {
    const id = text(endpoint['id']);
    if (endpoint['url'] === url && id) await unsubscribe(ctx, id);
  }
}

export async function unsubscribe(ctx: Context, id: string): Promise<void> {
  try {
    await ctx.http.delete(`/v1/webhook_endpoints/${encodeURIComponent(id)}`);
  } catch (error) {
    // Somebody has removed it already.
    if (hubError(error)?.consequence !== 'not-found') throw error;
  }
}
