import { createHash } from 'node:crypto';
import {
  ed25519,
  type HubEvent,
  type Incoming,
  isRaw,
  jsonObject,
  type Raw,
  Rejected,
  rsaSha256,
  text,
  type Webhook,
  type WebhookKeys,
} from 'patchbay';
import { onEvent } from './events.ts';
import type { Config } from './manifest.ts';
import { timeFrom } from './records.ts';

const HOUR = 3_600_000;
/**
 * The provider's guide asks for five minutes, yet its own retries come ten minutes apart for over an hour with the same
 * body: so a day. What is sent again within that day (and seven more) is recognised by its `webhookId`.
 */
const OLDEST_MS = 24 * HOUR;
const FUTURE_MS = 5 * 60_000;

/**
 * The new signature, where there is one, decides alone: falling back would let a forger choose the weaker check.
 * A body without a timestamp is accepted: not every kind of event carries one, and the signature already holds.
 */
export function verify(req: Incoming, keys: WebhookKeys): boolean {
  const signature = req.headers['x-ghl-signature'];
  const signed =
    signature === undefined
      ? isOn(keys.app['legacyRsa']) && rsaSha256(keys.app['legacyRsaKey'], req.raw, req.headers['x-wh-signature'])
      : ed25519(keys.app['webhookPublicKey'], req.raw, signature);
  if (!signed) return false;
  const body = jsonObject(req.raw);
  return isTimely(body, req.receivedAt) && isForApp(body, keys.app['clientId']);
}

/** All apps of the marketplace are signed for with one key: what another one was sent, its end above all, is not ours to act on. */
function isForApp(body: Raw | undefined, clientId: string | undefined): boolean {
  const own = /^([0-9a-f]{24})-/i.exec(clientId ?? '')?.[1];
  const nested = isRaw(body?.['data']) ? body['data']['appId'] : undefined;
  const named = text(body?.['appId']) ?? text(nested);
  return own === undefined || named === undefined || named === own;
}

function isOn(value: string | undefined): boolean {
  return /^(1|true|yes|on)$/i.test(value ?? '');
}

function isTimely(body: Raw | undefined, receivedAt: string): boolean {
  const sent = Date.parse(text(body?.['timestamp']) ?? '');
  if (Number.isNaN(sent)) return true;
  const age = Date.parse(receivedAt) - sent;
  return age <= OLDEST_MS && age >= -FUTURE_MS;
}

/** One event a call. The envelope is flat, though the guide's sample shows the rest under `data`: both are read. */
export function events(req: Incoming): readonly HubEvent[] {
  const body = jsonObject(req.raw);
  const type = text(body?.['type']);
  if (!body || !type) throw new Rejected('This is not an event of LeadConnector: a JSON object with a type was expected.');
  const data = isRaw(body['data']) ? { ...body['data'], ...withoutData(body) } : body;
  const account = accountOf(data);
  const object = objectOf(type, data);
  const at = timeFrom(data['timestamp']);
  return [
    {
      id: text(data['webhookId']) ?? createHash('sha256').update(req.raw).digest('hex'),
      type,
      data,
      ...(account && { account }),
      ...(object && { object }),
      ...(at && { at }),
    },
  ];
}

function withoutData(body: Raw): Raw {
  const { data: _, ...envelope } = body;
  return envelope;
}

function accountOf(data: Raw): string | undefined {
  const other = data['altType'] === 'location' ? text(data['altId']) : undefined;
  const nested = isRaw(data['appointment']) ? text(data['appointment']['locationId']) : undefined;
  return text(data['locationId']) ?? other ?? nested;
}

/** Events of one object are handled in order; the trays of unrelated objects never wait for each other. */
function objectOf(type: string, data: Raw): string | undefined {
  const id = text(data['id']);
  if (type.startsWith('Contact')) return id && `contact:${id}`;
  if (type.startsWith('Appointment')) {
    const appointment = isRaw(data['appointment']) ? text(data['appointment']['id']) : undefined;
    return (appointment ?? id) && `appointment:${appointment ?? id}`;
  }
  if (type.startsWith('Opportunity')) return id && `opportunity:${id}`;
  if (type.endsWith('boundMessage')) {
    const message = text(data['messageId']) ?? text(data['emailMessageId']);
    return message && `message:${message}`;
  }
  if (type === 'INSTALL' || type === 'UNINSTALL') return 'app';
  return undefined;
}

export const webhook: Webhook<Config> = {
  scope: 'app',
  // The only status this provider sends again for; anything else that is not 2xx is lost.
  retryStatus: 429,
  verify,
  events,
  onEvent,
};
