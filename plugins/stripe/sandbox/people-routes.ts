import { type Call, type Route, readable } from './call.ts';
import { metadataOf, type Params, text } from './params.ts';
import type { Doc } from './shapes.ts';

const WRITTEN = ['address', 'description', 'email', 'expand', 'metadata', 'name', 'phone', 'shipping'];

/** What a write changes: an empty value removes, what is not named stays. */
function changesIn(params: Params, before: object = {}): Record<string, unknown> {
  const named = ['email', 'name', 'phone', 'description'].filter((name) => name in params);
  const changed = named.map((name): [string, unknown] => [name, text(params[name]) ?? null]);
  const address = typeof params['address'] === 'object' ? { address: params['address'] } : {};
  return { ...Object.fromEntries(changed), ...address, metadata: metadataOf(params, before) };
}

function create({ shop, params }: Call): object {
  return shop.createCustomer({ name: null, email: null, ...changesIn(params) });
}

function update({ shop, params, id }: Call): object {
  const before = shop.find('customers', id);
  return shop.updateCustomer(before, changesIn(params, before['metadata'] as object));
}

/** Its subscriptions end with it (docs.stripe.com/api/customers/delete). */
function remove({ shop, billing, id }: Call): object {
  const gone = shop.find('customers', id);
  const ending = (doc: Doc) => doc['customer'] === id && doc['status'] !== 'canceled';
  for (const doc of shop.all('subscriptions').filter(ending)) billing.cancel(doc);
  return shop.deleteCustomer(gone);
}

export const peopleRoutes: readonly Route[] = [
  ...readable({ path: '/v1/customers', kind: 'customers', right: 'customer_read', filters: ['email'], others: ['test_clock'] }),
  { method: 'POST', path: '/v1/customers', right: 'customer_write', params: WRITTEN, run: create },
  { method: 'POST', path: '/v1/customers/{id}', right: 'customer_write', params: WRITTEN, run: update },
  { method: 'DELETE', path: '/v1/customers/{id}', right: 'customer_write', params: [], run: remove },
];
