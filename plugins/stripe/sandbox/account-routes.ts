import { Refusal } from './answers.ts';
import { type Call, type Route, readable } from './call.ts';
import { metadataOf, type Params, text, texts } from './params.ts';
import { type Doc, nulls, settled } from './shapes.ts';

const MOST_ENDPOINTS = 16;

function account({ place }: Call): object {
  return {
    id: place.account,
    object: 'account',
    type: 'standard',
    email: place.email,
    country: place.country,
    default_currency: place.currency,
    charges_enabled: true,
    payouts_enabled: true,
    details_submitted: true,
    business_profile: {
      name: place.name,
      ...nulls('mcc', 'product_description', 'support_email', 'support_phone', 'support_url', 'url'),
    },
    settings: { dashboard: { display_name: place.name, timezone: 'Etc/UTC' } },
    capabilities: { card_payments: 'active', transfers: 'active' },
    metadata: {},
  };
}

function balance({ shop, place }: Call): object {
  const sums: Record<string, Record<string, number>> = { available: {}, pending: {} };
  for (const doc of shop.all('balance_transactions')) {
    const of = sums[settled(doc, shop.given.now)['status'] === 'available' ? 'available' : 'pending'] ?? {};
    const currency = String(doc['currency']);
    of[currency] = (of[currency] ?? 0) + Number(doc['net']);
  }
  const listed = (of: Record<string, number> = {}) =>
    Object.entries(of).map(([currency, amount]) => ({ amount, currency, source_types: { card: amount } }));
  return { object: 'balance', livemode: place.live, available: listed(sums['available']), pending: listed(sums['pending']) };
}

function ofTypes(docs: readonly Doc[], { params }: Call): readonly Doc[] {
  const types = texts(params['types'], 'types');
  if (types.length > 20) throw new Refusal(400, 'You may pass at most 20 event types.', { param: 'types' });
  const one = text(params['type']);
  const wants = (type: string) =>
    one
      ? new RegExp(`^${one.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(type)
      : types.length === 0 || types.includes(type);
  return docs.filter((doc) => wants(String(doc['type'])));
}

function urlIn(params: Params): string {
  const url = text(params['url']);
  if (!url) throw new Refusal(400, 'Missing required param: url.', { code: 'parameter_missing', param: 'url' });
  // The hub of a demo has no certificate; anybody else needs one.
  const ok = URL.canParse(url) && (url.startsWith('https://') || ['127.0.0.1', 'localhost'].includes(new URL(url).hostname));
  if (!ok)
    throw new Refusal(400, 'Invalid URL: URL must be publicly accessible and start with https://.', {
      code: 'url_invalid',
      param: 'url',
    });
  return url;
}

function createEndpoint({ shop, hooks, params }: Call): object {
  const url = urlIn(params);
  const events = texts(params['enabled_events'], 'enabled_events');
  if (events.length === 0)
    throw new Refusal(400, 'Missing required param: enabled_events.', { code: 'parameter_missing', param: 'enabled_events' });
  if (shop.all('webhook_endpoints').length >= MOST_ENDPOINTS) {
    throw new Refusal(400, `You have reached the maximum of ${MOST_ENDPOINTS} test webhook endpoints.`);
  }
  const given = {
    api_version: text(params['api_version']) ?? null,
    description: text(params['description']) ?? null,
    metadata: metadataOf(params),
  };
  const made = {
    ...shop.common,
    id: shop.newId('we'),
    object: 'webhook_endpoint',
    application: null,
    enabled_events: events,
    status: 'enabled',
    url,
    ...given,
  };
  const secret = shop.newId('whsec').replace('whsec_', 'whsec_Demo');
  hooks.roll(made, secret);
  return { ...shop.put('webhook_endpoints', made), secret };
}

function updateEndpoint({ shop, params, id }: Call): object {
  const before = shop.find('webhook_endpoints', id);
  const events =
    params['enabled_events'] === undefined ? {} : { enabled_events: texts(params['enabled_events'], 'enabled_events') };
  const url = params['url'] === undefined ? {} : { url: urlIn(params) };
  const status = params['disabled'] === undefined ? {} : { status: params['disabled'] === 'true' ? 'disabled' : 'enabled' };
  return shop.put('webhook_endpoints', { ...before, ...events, ...url, ...status });
}

function removeEndpoint({ shop, world, place, id }: Call): object {
  shop.find('webhook_endpoints', id);
  world.remove(place.slug, 'webhook_endpoints', id);
  return { id, object: 'webhook_endpoint', deleted: true };
}

const ENDPOINT = ['url', 'enabled_events', 'description', 'metadata', 'expand'];

export const accountRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/account', params: ['expand'], run: account },
  { method: 'GET', path: '/v1/balance', right: 'balance_read', params: ['expand'], run: balance },
  ...readable({
    path: '/v1/events',
    kind: 'events',
    right: 'event_read',
    others: ['type', 'types', 'delivery_success'],
    select: ofTypes,
  }),
  ...readable({ path: '/v1/webhook_endpoints', kind: 'webhook_endpoints', right: 'webhook_read' }),
  {
    method: 'POST',
    path: '/v1/webhook_endpoints',
    right: 'webhook_write',
    params: [...ENDPOINT, 'api_version', 'connect'],
    run: createEndpoint,
  },
  {
    method: 'POST',
    path: '/v1/webhook_endpoints/{id}',
    right: 'webhook_write',
    params: [...ENDPOINT, 'disabled'],
    run: updateEndpoint,
  },
  { method: 'DELETE', path: '/v1/webhook_endpoints/{id}', right: 'webhook_write', params: [], run: removeEndpoint },
];
