import { createHash, createHmac } from 'node:crypto';
import {
  type Ack,
  type HubEvent,
  type Incoming,
  isRaw,
  type Raw,
  Rejected,
  sameText,
  text,
  type Webhook,
  type WebhookKeys,
} from 'patchbay';
import { memberHash } from './api.ts';
import { onEvent } from './events.ts';
import { parseForm, plain } from './form-body.ts';
import type { Config } from './manifest.ts';
import { subscribe, UNSIGNED, unsubscribe } from './subscription.ts';

const TOLERANCE_SECONDS = 300;

/** The validator asks by GET before a webhook is kept, and wants any 2xx; there is nothing to prove to it. */
function challenge(req: Incoming): Ack | undefined {
  return req.method === 'GET' ? { status: 200 } : undefined;
}

/**
 * A webhook with a signing secret must be signed: https://mailchimp.com/developer/marketing/api-concepts/webhooks. One
 * that was made without has the unguessable address of this connection alone, and that it was made so is remembered.
 * Either way it must be about the audience it was made for.
 */
export function verify(req: Incoming, { integration: keys }: WebhookKeys): boolean {
  if (req.method !== 'POST' || !keys['listId']) return false;
  const secret = keys['signingSecret'];
  if (secret ? !isSigned(req, secret) : keys['signing'] !== UNSIGNED) return false;
  const named = text(dataOf(req)?.['list_id']);
  return named === undefined ? Boolean(secret) : sameText(keys['listId'], named);
}

function isSigned(req: Incoming, secret: string): boolean {
  const parts = (req.headers['x-mailchimp-signature'] ?? '').split(',').map((part) => part.trim());
  const valuesOf = (name: string) => parts.flatMap((part) => (part.startsWith(`${name}=`) ? [part.slice(name.length + 1)] : []));
  const [sent, ...others] = valuesOf('t');
  if (!sent || others.length > 0 || !/^\d{1,12}$/.test(sent)) return false;
  const age = Math.abs(Date.parse(req.receivedAt) / 1000 - Number(sent));
  if (!(age <= TOLERANCE_SECONDS)) return false;
  // Made once, however many signatures somebody puts into the header.
  const wanted = createHmac('sha256', secret).update(`${sent}.`).update(req.raw).digest('hex');
  return valuesOf('v1').some((signature) => sameText(wanted, signature.toLowerCase()));
}

function dataOf(req: Incoming): Raw | undefined {
  const data = parseForm(req.raw)?.['data'];
  return typeof data === 'object' ? plain(data) : undefined;
}

/** One event a call. It has no id of its own: type, object and moment name it, and the body where they do not. */
export function events(req: Incoming): readonly HubEvent[] {
  const body = parseForm(req.raw);
  const [type, data] = [text(body?.['type']), dataOf(req)];
  if (!body || !type || !data) throw new Rejected('This is not an event of Mailchimp: a form with a type and data was expected.');
  const firedAt = text(body['fired_at']);
  const at = momentOf(firedAt);
  const object = objectOf(type, data);
  const named = [type, data['id'] ?? data['new_id'] ?? '', data['list_id'] ?? '', firedAt ?? ''].join('|');
  const id = createHash('sha256').update(`${named}|`).update(req.raw).digest('hex');
  return [{ id, type, data, ...(object && { object }), ...(at && { at }) }];
}

/** `2026-03-14 12:00:00`, without a zone: UTC. */
function momentOf(firedAt: string | undefined): string | undefined {
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/.exec(firedAt ?? '');
  const time = match ? Date.parse(`${match[1]}T${match[2]}Z`) : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** Events of one contact are handled in order; a changed address is in order with what follows under the new one. */
function objectOf(type: string, data: Raw): string | undefined {
  if (type === 'campaign') return text(data['id']) && `campaign:${data['id']}`;
  const email = text(data['new_email']) ?? text(data['email']);
  if (email) return `member:${memberHash(email)}`;
  return isRaw(data) && text(data['id']) ? `member:${data['id']}` : undefined;
}

export const webhook: Webhook<Config> = {
  scope: 'integration',
  // Anything but 2xx is sent again for about 75 minutes.
  retryStatus: 503,
  follows: ['audienceId', 'webhookEvents'],
  challenge,
  verify,
  events,
  onEvent,
  subscribe,
  unsubscribe,
};
