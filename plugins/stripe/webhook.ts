import { createHmac } from 'node:crypto';
import {
  filled,
  type HubEvent,
  type Incoming,
  isRaw,
  jsonObject,
  number,
  type Raw,
  Rejected,
  sameText,
  text,
  type Webhook,
  type WebhookKeys,
} from 'patchbay';
import { idOf } from './api.ts';
import { onEvent } from './events.ts';
import type { Config } from './manifest.ts';
import { subscribe, unsubscribe } from './subscribe.ts';

/** docs.stripe.com/webhooks#verify-manually: the tolerance of the provider's own libraries. */
const TOLERANCE_MS = 300_000;

/**
 * `t=<seconds>,v1=<hex>[,v1=<hex>][,v0=<hex>]` over `<t>.<bytes>`: any v1 may match, as two are sent while a secret is rolled;
 * v0 is no proof. The secret of our own endpoint and the one given by hand both count, the API key never does.
 */
export function verify(req: Incoming, keys: WebhookKeys): boolean {
  const { signedAt, signatures } = signatureIn(req.headers['stripe-signature']);
  if (signedAt === undefined || !(Math.abs(Date.parse(req.receivedAt) - signedAt * 1000) <= TOLERANCE_MS)) return false;
  const { signingSecret, webhookSecret, secretKey } = keys.integration;
  const wanted = [signingSecret, webhookSecret].flatMap((secret) => (secret ? [signatureBy(secret, signedAt, req.raw)] : []));
  return signatures.some((given) => wanted.some((good) => sameText(good, given))) && isOfMode(req.raw, secretKey);
}

/** Made once for each secret, however many signatures somebody puts into the header. */
function signatureBy(secret: string, signedAt: number, raw: Uint8Array): string {
  return createHmac('sha256', secret).update(`${signedAt}.`).update(raw).digest('hex');
}

function signatureIn(header: string | undefined): { signedAt: number | undefined; signatures: string[] } {
  const pairs = (header ?? '').split(',').map((part) => part.trim().split('='));
  const times = pairs.filter(([name]) => name === 't').map(([, value]) => value ?? '');
  const signatures = pairs.flatMap(([name, value]) => (name === 'v1' && value ? [value] : []));
  const [time] = times;
  const isTime = times.length === 1 && time !== undefined && /^\d{1,12}$/.test(time);
  return { signedAt: isTime ? Number(time) : undefined, signatures };
}

/** An endpoint made by hand in the other mode is refused: test and live must not mix. */
function isOfMode(raw: Uint8Array, key: string | undefined): boolean {
  const livemode = jsonObject(raw)?.['livemode'];
  const mode = /^[a-z]+_(test|live)_/.exec(key?.trim() ?? '')?.[1];
  return typeof livemode !== 'boolean' || mode === undefined || (mode === 'live') === livemode;
}

/** One event a call. Thin events (`v2.core.event`) name no object and belong to another kind of endpoint. */
export function events(req: Incoming): readonly HubEvent[] {
  const body = jsonObject(req.raw);
  const [id, type, created] = [text(body?.['id']), text(body?.['type']), number(body?.['created'])];
  const object = isRaw(body?.['data']) ? body['data']['object'] : undefined;
  if (body?.['object'] !== 'event' || !id || !type || created === undefined || !isRaw(object)) {
    throw new Rejected('This is not an event of Stripe in the snapshot style. Set the endpoint up for snapshot events.');
  }
  const at = new Date(created * 1000);
  if (Number.isNaN(at.getTime())) throw new Rejected('This event of Stripe happened at a time that does not exist.');
  const { livemode, account, previous_attributes: previous } = { ...body, ...(body['data'] as Raw) } as Raw;
  const of = orderedBy(type, object);
  const data = { created, object, ...filled({ livemode, account, previous }) };
  return [{ id, type, at: at.toISOString(), data, ...(of && { object: of }) }];
}

/** Events of one object are handled in order; refunds and disputes also touch their payment. */
function orderedBy(type: string, object: Raw): string | undefined {
  if (type.startsWith('refund.') || type.startsWith('charge.')) {
    const charge = text(object['object']) === 'charge' ? text(object['id']) : idOf(object['charge']);
    return charge && `charge:${charge}`;
  }
  const id = text(object['id']);
  return id && `${text(object['object']) ?? type.split('.')[0]}:${id}`;
}

export const webhook: Webhook<Config> = {
  scope: 'integration',
  // Anything but 2xx is sent again: for three days in live mode.
  retryStatus: 503,
  verify,
  events,
  onEvent,
  subscribe,
  follows: ['webhookMode', 'events', 'streams'],
  unsubscribe,
};
