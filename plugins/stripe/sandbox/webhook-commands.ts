import { createHmac } from 'node:crypto';
import { Rejected, type SandboxCommand } from 'patchbay';
import { command, NO_INPUT } from 'patchbay/simulator';
import { accountField, at, type Desk, idField } from './desk.ts';
import { signatureOf } from './hooks.ts';
import type { Doc } from './shapes.ts';

const BAD = ['changed byte', 'signed long ago', 'another secret', 'no signature', 'v0 only', 'other mode', 'thin event'] as const;

/** The endpoint of an account that was made last. */
function endpointOf(desk: Desk, account: string | undefined): Doc {
  const [endpoint] = at(desk, account).shop.all('webhook_endpoints');
  if (endpoint) return endpoint;
  throw new Rejected('This account has no webhook endpoint yet. Connect it, or make one by hand.');
}

const badWebhook = (desk: Desk) =>
  command({
    title: 'Send a bad webhook',
    description: 'A good hub answers 4xx and keeps nothing.',
    input: {
      type: 'object',
      properties: { account: accountField, how: { type: 'string', title: 'What is wrong', enum: BAD, default: 'changed byte' } },
    },
    async run({ account, how = 'changed byte' }) {
      const endpoint = endpointOf(desk, account);
      const { shop } = at(desk, account);
      const event = desk.event(shop, { type: 'charge.succeeded', object: { ...shop.all('charges')[0] } });
      const { headers, body } = spoiled(desk, { endpoint, event, how });
      const status = await desk.hooks.post({ endpoint, label: `with ${how}`, body }, headers);
      return { message: `The hub answered ${status}.`, status, eventId: event.id };
    },
  });

function spoiled(desk: Desk, given: { endpoint: Doc; event: Doc; how: (typeof BAD)[number] }) {
  const { endpoint, event, how } = given;
  const whole = JSON.stringify(how === 'other mode' ? { ...event, livemode: !event['livemode'] } : event);
  const body =
    how === 'thin event'
      ? JSON.stringify({
          id: event.id,
          object: 'v2.core.event',
          type: 'v1.billing.meter.no_meter_found',
          created: '2026-01-01T00:00:00Z',
        })
      : whole;
  const good = desk.hooks.signed({ endpoint, body, ...(how === 'signed long ago' && { signedAt: desk.now - 3600 }) });
  if (how === 'changed byte') return { headers: good, body: body.replace('evt_', 'evt-') };
  if (how === 'no signature') return { headers: {}, body };
  if (how === 'another secret')
    return { headers: { 'stripe-signature': signatureOf(['whsec_SomebodyElsesSecret0001'], desk.now, body) }, body };
  if (how !== 'v0 only') return { headers: good, body };
  const secret = desk.secrets[endpoint.id]?.secret ?? '';
  const v0 = createHmac('sha256', secret).update(`${desk.now}.${body}`).digest('hex');
  return { headers: { 'stripe-signature': `t=${desk.now},v0=${v0}` }, body };
}

const resendEvent = (desk: Desk) =>
  command({
    title: 'Send an old event again',
    description: 'As it was then, also when the object has changed since: order is not guaranteed.',
    input: { type: 'object', properties: { account: accountField, eventId: idField('Event ID') } },
    async run({ account, eventId }) {
      const { shop } = at(desk, account);
      const event = eventId ? shop.find('events', eventId) : shop.all('events')[0];
      if (!event) throw new Rejected('Nothing has happened in this account yet.');
      desk.hooks.send(endpointOf(desk, account), event);
      await desk.hooks.settled();
      return { message: `Sent ${String(event['type'])} again.`, eventId: event.id };
    },
  });

const mute = (desk: Desk) =>
  command({
    title: 'Stop or start sending webhooks',
    description: 'Events go on happening, and a sync finds them.',
    input: NO_INPUT,
    async run() {
      desk.hooks.muted = !desk.hooks.muted;
      return { message: desk.hooks.muted ? 'No webhooks are sent.' : 'Webhooks are sent.' };
    },
  });

const createEndpoint = (desk: Desk) =>
  command({
    title: 'Make a webhook endpoint by hand',
    description: 'As a person would under Developers > Webhooks.',
    input: {
      type: 'object',
      required: ['url'],
      properties: { account: accountField, url: { type: 'string', title: 'Endpoint URL', format: 'uri' } },
    },
    async run({ account, url }) {
      const { shop } = at(desk, account);
      const secret = shop.newId('whsec').replace('whsec_', 'whsec_Hand');
      const rest = { api_version: null, application: null, description: 'by hand', metadata: {}, status: 'enabled' };
      const made = { ...shop.common, id: shop.newId('we'), object: 'webhook_endpoint', enabled_events: ['*'], url, ...rest };
      desk.hooks.roll(made, secret);
      shop.put('webhook_endpoints', made);
      return { message: `Made ${made.id}. Its signing secret is ${secret}.`, endpointId: made.id, secret };
    },
  });

const rollSecret = (desk: Desk) =>
  command({
    title: 'Roll the signing secret',
    description: 'For a day both the old and the new secret sign.',
    input: { type: 'object', properties: { account: accountField } },
    async run({ account }) {
      const endpoint = endpointOf(desk, account);
      const secret = at(desk, account).shop.newId('whsec').replace('whsec_', 'whsec_Roll');
      desk.hooks.roll(endpoint, secret);
      desk.save();
      return { message: `${endpoint.id} signs with two secrets for a day.`, secret };
    },
  });

const disableEndpoint = (desk: Desk) =>
  command({
    title: 'Switch the webhook endpoint off',
    description: 'As the provider does after days of failures.',
    input: { type: 'object', properties: { account: accountField } },
    async run({ account }) {
      const endpoint = endpointOf(desk, account);
      at(desk, account).shop.put('webhook_endpoints', { ...endpoint, status: 'disabled' });
      return { message: `${endpoint.id} is disabled; nothing is sent to it.`, endpointId: endpoint.id };
    },
  });

export function webhookCommands(desk: Desk): Record<string, SandboxCommand> {
  return {
    badWebhook: badWebhook(desk),
    resendEvent: resendEvent(desk),
    mute: mute(desk),
    createEndpoint: createEndpoint(desk),
    disableEndpoint: disableEndpoint(desk),
    rollSecret: rollSecret(desk),
  };
}
