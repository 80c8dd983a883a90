import type { Delivery } from '../../notices/delivery-store.ts';
import type { Endpoint } from '../../notices/endpoint-store.ts';
import { cursorOf, positionOf } from '../http/cursor.ts';
import { param } from '../http/request.ts';
import { inStore } from './place.ts';
import { PageQuery } from './query.ts';
import { type ApiRoute, accepted, at, created, NOTHING, ok, type Reply, type StoreCall } from './route.ts';
import { listOf, object, pageOf, uuid } from './schema.ts';
import { DELIVERY, NewWebhook, WEBHOOK, WebhookChange, WITH_SECRET } from './webhook-schemas.ts';

function webhookJson({ id, url: address, kinds, description, enabled, problem, failingSince, formerUntil, createdAt }: Endpoint) {
  const shown = { id, url: address, events: kinds, description, enabled, problem, failingSince };
  return { ...shown, formerSecretUntil: formerUntil, createdAt };
}

function deliveryJson({ id, kind, state, attempts, statusCode, reason, createdAt, nextTryAt, endedAt }: Delivery) {
  const shown = { id, event: kind, status: state, attempts, statusCode, reason, createdAt };
  return { ...shown, nextTryAt: state === 'queued' ? nextTryAt : null, endedAt };
}

function namedBy({ req, store, principal }: StoreCall) {
  return { storeId: store.id, id: param(req, 'webhook'), principal };
}

async function make({ web, store, principal, body }: StoreCall<NewWebhook>): Promise<Reply> {
  const { url: address, events: kinds, description } = body;
  const { endpoint, secret } = await web.webhooks.create({ storeId: store.id, principal, url: address, kinds, description });
  return created({ ...webhookJson(endpoint), secret });
}

async function change(call: StoreCall<WebhookChange>): Promise<Reply> {
  const { events: kinds, ...fields } = call.body;
  return ok(webhookJson(await call.web.webhooks.change(namedBy(call), { ...fields, ...(kinds && { kinds }) })));
}

async function deliveries({ web, req, store, query }: StoreCall<unknown, PageQuery>): Promise<Reply> {
  const { limit, cursor } = query;
  const paging = { limit, after: positionOf(cursor) };
  const { deliveries: page, next } = await web.webhooks.deliveries(store.id, param(req, 'webhook'), paging);
  return ok({ deliveries: page.map(deliveryJson), next: cursorOf(next) });
}

const BASE = '/api/stores/:store/webhooks';
const ONE = `${BASE}/:webhook`;
const tag = 'Webhooks to your systems';
const here = at(inStore);
const need = 'manage';
const EXAMPLE = { url: 'https://example.com/webhooks', events: ['integration.needs_attention', 'integration.recovered'] };

export const webhookRoutes: readonly ApiRoute[] = [
  here({
    on: `GET ${BASE}`,
    tag,
    does: 'List webhooks',
    need,
    answers: { 200: { says: 'Oldest first, without their secrets.', schema: object({ webhooks: listOf(WEBHOOK) }) } },
    run: async ({ web, store }) => ok({ webhooks: (await web.webhooks.list(store.id)).map(webhookJson) }),
  }),
  here({
    on: `POST ${BASE}`,
    tag,
    does: 'Make a webhook',
    more: 'Calls follow Standard Webhooks. The secret is shown once.',
    need,
    body: NewWebhook,
    once: true,
    examples: { attention: EXAMPLE },
    problems: ['CONFLICT'],
    answers: { 201: { says: 'The webhook with its secret, this once.', schema: WITH_SECRET } },
    run: make,
  }),
  here({
    on: `GET ${ONE}`,
    tag,
    does: 'Read a webhook',
    need,
    answers: { 200: { says: 'The webhook.', schema: WEBHOOK } },
    run: async ({ web, req, store }) => ok(webhookJson(await web.webhooks.get(store.id, param(req, 'webhook')))),
  }),
  here({
    on: `PATCH ${ONE}`,
    tag,
    does: 'Change a webhook',
    need,
    body: WebhookChange,
    examples: { 'switch off': { enabled: false } },
    answers: { 200: { says: 'As it is now.', schema: WEBHOOK } },
    run: change,
  }),
  here({
    on: `DELETE ${ONE}`,
    tag,
    does: 'Remove a webhook',
    more: 'What waits to be delivered goes with it.',
    need,
    answers: { 204: { says: 'It is gone.' } },
    run: async (call) => {
      await call.web.webhooks.remove(namedBy(call));
      return NOTHING;
    },
  }),
  here({
    on: `POST ${ONE}/rotate`,
    tag,
    does: 'Make a new secret',
    more: 'The one before signs as well for a day.',
    need,
    answers: { 200: { says: 'The webhook with its new secret, this once.', schema: WITH_SECRET } },
    run: async (call) => {
      const { endpoint, secret } = await call.web.webhooks.rotate(namedBy(call));
      return ok({ ...webhookJson(endpoint), secret });
    },
  }),
  here({
    on: `POST ${ONE}/test`,
    tag,
    does: 'Send a test',
    need,
    answers: { 202: { says: 'It is on its way.', schema: object({ delivery: uuid }) } },
    run: async ({ web, req, store }) => accepted({ delivery: await web.webhooks.test(store.id, param(req, 'webhook')) }),
  }),
  here({
    on: `GET ${ONE}/deliveries`,
    tag,
    does: 'List what was sent',
    need,
    query: PageQuery,
    answers: { 200: { says: 'Latest first, of the last 30 days.', schema: pageOf('deliveries', DELIVERY) } },
    run: deliveries,
  }),
  here({
    on: `POST ${ONE}/deliveries/:delivery/replay`,
    tag,
    does: 'Send one again',
    more: 'The same message under the same id.',
    need,
    answers: { 202: { says: 'It is on its way.' } },
    run: async (call) => {
      await call.web.webhooks.replay(namedBy(call), param(call.req, 'delivery'));
      return { status: 202 };
    },
  }),
];
