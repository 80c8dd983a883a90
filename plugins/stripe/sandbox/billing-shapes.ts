import { type Common, type Doc, nulls } from './shapes.ts';

/** Products, prices, subscriptions and invoices, in the shapes since basil: periods on items, the subscription under `parent`. */

export function product({ metadata = {}, ...given }: Common & { readonly name: string }): Doc {
  return {
    object: 'product',
    ...given,
    active: true,
    type: 'service',
    images: [],
    marketing_features: [],
    updated: given.created,
    metadata,
    ...nulls('description', 'package_dimensions', 'shippable', 'tax_code', 'tax_details', 'unit_label', 'url', 'default_price'),
  };
}

export interface PriceGiven extends Common {
  readonly product: string;
  readonly currency: string;
  readonly unit_amount: number;
  readonly interval?: 'day' | 'week' | 'month' | 'year';
}

export function price({ interval, metadata = {}, ...given }: PriceGiven): Doc {
  const recurring = interval && { interval, interval_count: 1, usage_type: 'licensed', ...nulls('meter', 'trial_period_days') };
  return {
    object: 'price',
    ...given,
    active: true,
    billing_scheme: 'per_unit',
    type: recurring ? 'recurring' : 'one_time',
    recurring: recurring ?? null,
    tax_behavior: 'unspecified',
    unit_amount_decimal: String(given.unit_amount),
    metadata,
    ...nulls('custom_unit_amount', 'lookup_key', 'nickname', 'tiers_mode', 'transform_quantity'),
  };
}

export interface SubscriptionGiven extends Common {
  readonly customer: string;
  readonly price: Doc;
  readonly status: string;
  readonly itemId: string;
  readonly period: { readonly start: number; readonly end: number };
  readonly endedAt?: number;
  readonly trialEnd?: number;
}

export function subscription(given: SubscriptionGiven): Doc {
  const { id, created, livemode, metadata = {}, price: paid, period, endedAt = null, trialEnd = null } = given;
  return {
    id,
    object: 'subscription',
    created,
    livemode,
    metadata,
    customer: given.customer,
    currency: paid['currency'],
    status: given.status,
    start_date: created,
    billing_cycle_anchor: created,
    items: listOf([itemOf(given)], `/v1/subscription_items?subscription=${id}`),
    cancel_at_period_end: false,
    canceled_at: endedAt,
    ended_at: endedAt,
    cancellation_details: { comment: null, feedback: null, reason: endedAt ? 'cancellation_requested' : null },
    trial_start: trialEnd && period.start,
    trial_end: trialEnd,
    collection_method: 'charge_automatically',
    automatic_tax: { enabled: false, disabled_reason: null, liability: null },
    billing_mode: { type: 'flexible' },
    billing_schedules: [],
    discounts: [],
    invoice_settings: { account_tax_ids: null, issuer: { type: 'self' } },
    trial_settings: { end_behavior: { missing_payment_method: 'create_invoice' } },
    payment_settings: { ...nulls('payment_method_options', 'payment_method_types'), save_default_payment_method: 'off' },
    ...nulls(
      'application',
      'application_fee_percent',
      'billing_cycle_anchor_config',
      'billing_thresholds',
      'cancel_at',
      'schedule',
    ),
    ...nulls('customer_account', 'days_until_due', 'default_payment_method', 'default_source', 'description', 'latest_invoice'),
    ...nulls('managed_payments', 'next_pending_invoice_item_invoice', 'on_behalf_of', 'pause_collection', 'transfer_data'),
    ...nulls('pending_invoice_item_interval', 'pending_setup_intent', 'pending_update', 'test_clock'),
  };
}

function itemOf({ id, created, itemId, price: paid, period }: SubscriptionGiven): object {
  return {
    id: itemId,
    object: 'subscription_item',
    created,
    subscription: id,
    price: paid,
    plan: { id: paid.id, object: 'plan', amount: paid['unit_amount'], currency: paid['currency'], active: true },
    quantity: 1,
    current_period_start: period.start,
    current_period_end: period.end,
    discounts: [],
    tax_rates: [],
    metadata: {},
    ...nulls('billing_thresholds', 'current_trial'),
  };
}

/** The list inside an object. */
export function listOf(data: readonly object[], url: string): object {
  return { object: 'list', data, has_more: false, url };
}
