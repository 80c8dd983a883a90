import { missing, Refusal } from './answers.ts';
import { type Call, type Route, readable } from './call.ts';
import { isTrue, metadataOf, type Params, text } from './params.ts';
import type { Doc } from './shapes.ts';

const ENDED = ['canceled', 'incomplete_expired'];
const FEEDBACK = [
  'customer_service',
  'low_quality',
  'missing_features',
  'other',
  'switched_service',
  'too_complex',
  'too_expensive',
  'unused',
];
const CHANGED = ['cancel_at_period_end', 'cancellation_details', 'expand', 'metadata', 'pause_collection', 'proration_behavior'];

/** Canceled ones are left out unless they are asked for; `ended` and `all` are no states of their own. */
function ofStatus(docs: readonly Doc[], { params }: Call): readonly Doc[] {
  const status = text(params['status']);
  if (status === 'all') return docs;
  if (status === 'ended') return docs.filter((doc) => ENDED.includes(String(doc['status'])));
  if (status !== undefined) return docs.filter((doc) => doc['status'] === status);
  return docs.filter((doc) => doc['status'] !== 'canceled');
}

/** Since basil the subscription of an invoice stands under `parent`. */
function ofSubscription(docs: readonly Doc[], { params }: Call): readonly Doc[] {
  const wanted = params['subscription'];
  const named = (doc: Doc) =>
    (doc['parent'] as { subscription_details?: { subscription?: string } } | null)?.subscription_details?.subscription;
  return wanted === undefined ? docs : docs.filter((doc) => named(doc) === wanted);
}

function details(params: Params): Record<string, unknown> {
  const given = params['cancellation_details'];
  if (given === undefined) return {};
  if (typeof given !== 'object' || Array.isArray(given))
    throw new Refusal(400, 'Invalid object', { param: 'cancellation_details' });
  const feedback = text(given['feedback']);
  if (feedback && !FEEDBACK.includes(feedback)) {
    throw new Refusal(400, `Invalid cancellation_details[feedback]: must be one of ${FEEDBACK.join(', ')}`, {
      param: 'cancellation_details[feedback]',
    });
  }
  return { ...(feedback && { feedback }), ...(text(given['comment']) && { comment: given['comment'] }) };
}

function update({ shop, billing, params, id }: Call): object {
  const before = shop.find('subscriptions', id);
  const atEnd = isTrue(params, 'cancel_at_period_end');
  const [item] = (before['items'] as { data: { current_period_end: number }[] }).data;
  const when =
    atEnd === undefined
      ? {}
      : {
          cancel_at_period_end: atEnd,
          cancel_at: atEnd ? (item?.current_period_end ?? null) : null,
          canceled_at: atEnd ? shop.given.now : null,
        };
  const reason = atEnd === undefined ? {} : { reason: atEnd ? 'cancellation_requested' : null };
  const why = { ...(before['cancellation_details'] as object), ...reason, ...details(params) };
  return billing.update(before, {
    ...when,
    cancellation_details: why,
    metadata: metadataOf(params, before['metadata'] as object),
  });
}

function cancel({ shop, billing, params, id }: Call): object {
  const before = shop.find('subscriptions', id);
  if (before['status'] === 'canceled') throw missing('subscription', id);
  isTrue(params, 'prorate');
  isTrue(params, 'invoice_now');
  return billing.cancel(before, details(params));
}

export const billingRoutes: readonly Route[] = [
  ...readable({
    path: '/v1/subscriptions',
    kind: 'subscriptions',
    right: 'subscription_read',
    filters: ['customer', 'collection_method'],
    others: ['status', 'price', 'current_period_start', 'current_period_end'],
    select: ofStatus,
  }),
  ...readable({
    path: '/v1/invoices',
    kind: 'invoices',
    right: 'invoice_read',
    filters: ['customer', 'status', 'collection_method'],
    others: ['subscription', 'due_date'],
    select: ofSubscription,
  }),
  ...readable({ path: '/v1/products', kind: 'products', right: 'product_read', others: ['active', 'ids'] }),
  ...readable({
    path: '/v1/prices',
    kind: 'prices',
    right: 'plan_read',
    filters: ['currency', 'product', 'type'],
    others: ['active'],
  }),
  { method: 'POST', path: '/v1/subscriptions/{id}', right: 'subscription_write', params: CHANGED, run: update },
  {
    method: 'DELETE',
    path: '/v1/subscriptions/{id}',
    right: 'subscription_write',
    params: ['cancellation_details', 'expand', 'invoice_now', 'prorate'],
    run: cancel,
  },
];
