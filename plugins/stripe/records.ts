import { filled, isRaw, number, picked, type Raw, rows, text } from 'patchbay';
import { idOf } from './api.ts';

/** One shape per kind of object, whichever list, event or API version it came from: else hashes would flap. */
export type Shape = (raw: Raw) => Record<string, unknown>;

const SHARED = ['created', 'currency', 'livemode', 'description'] as const;

export const chargeData: Shape = (raw) => {
  const moved = isRaw(raw['balance_transaction']) ? raw['balance_transaction'] : {};
  return filled({
    ...picked(raw, SHARED),
    ...picked(raw, ['amount', 'amount_captured', 'amount_refunded', 'application_fee_amount', 'captured', 'disputed', 'paid']),
    ...picked(raw, ['billing_details', 'failure_code', 'failure_message', 'receipt_email', 'receipt_url', 'refunded', 'status']),
    ...references(raw, ['balance_transaction', 'customer', 'payment_intent']),
    fee: number(moved['fee']),
    fee_currency: text(moved['currency']),
    net: number(moved['net']),
    invoice: idOf(raw['invoice']),
    method: methodOf(raw['payment_method_details']),
    outcome: isRaw(raw['outcome']) ? picked(raw['outcome'], ['type', 'reason', 'seller_message', 'risk_level']) : undefined,
    metadata: metadataOf(raw),
  });
};

export const customerData: Shape = (raw) =>
  filled({
    ...picked(raw, SHARED),
    ...picked(raw, [
      'address',
      'balance',
      'business_name',
      'delinquent',
      'email',
      'individual_name',
      'name',
      'phone',
      'shipping',
    ]),
    ...picked(raw, ['preferred_locales', 'tax_exempt']),
    default_payment_method: idOf(isRaw(raw['invoice_settings']) ? raw['invoice_settings']['default_payment_method'] : undefined),
    metadata: metadataOf(raw),
  });

/** Until basil the period stood on the subscription, since then on each of its items. */
export const subscriptionData: Shape = (raw) => {
  const items = rows(isRaw(raw['items']) ? raw['items']['data'] : undefined).map(itemData);
  const latest = (name: string) => items.map((item) => number(item[name]) ?? 0).reduce((a, b) => Math.max(a, b), 0);
  return filled({
    ...picked(raw, SHARED),
    ...picked(raw, ['cancel_at', 'cancel_at_period_end', 'canceled_at', 'cancellation_details', 'collection_method', 'ended_at']),
    ...picked(raw, ['pause_collection', 'start_date', 'status', 'trial_end', 'trial_start']),
    ...references(raw, ['customer', 'latest_invoice', 'default_payment_method']),
    current_period_start: latest('current_period_start') || number(raw['current_period_start']),
    current_period_end: latest('current_period_end') || number(raw['current_period_end']),
    items,
    metadata: metadataOf(raw),
  });
};

function itemData(item: Raw): Record<string, unknown> {
  const price = isRaw(item['price']) ? item['price'] : {};
  const recurring = isRaw(price['recurring']) ? price['recurring'] : {};
  return filled({
    id: text(item['id']),
    price: text(price['id']),
    product: idOf(price['product']),
    nickname: text(price['nickname']),
    unit_amount: number(price['unit_amount']),
    currency: text(price['currency']),
    interval: text(recurring['interval']),
    interval_count: number(recurring['interval_count']),
    ...picked(item, ['quantity', 'current_period_start', 'current_period_end']),
  });
}

/** Until basil subscription, charge and payment intent stood on the invoice, since then under `parent` and `payments`. */
export const invoiceData: Shape = (raw) => {
  const parent = isRaw(raw['parent']) ? raw['parent'] : {};
  const details = isRaw(parent['subscription_details']) ? parent['subscription_details'] : {};
  return filled({
    ...picked(raw, SHARED),
    ...picked(raw, ['amount_due', 'amount_paid', 'amount_remaining', 'attempt_count', 'billing_reason', 'due_date', 'number']),
    ...picked(raw, ['customer_email', 'customer_name', 'hosted_invoice_url', 'invoice_pdf', 'next_payment_attempt']),
    ...picked(raw, ['period_end', 'period_start', 'status', 'status_transitions', 'subtotal', 'total', 'total_taxes']),
    customer: idOf(raw['customer']),
    subscription: idOf(details['subscription']) ?? idOf(raw['subscription']),
    subscription_metadata: isRaw(details['metadata']) ? details['metadata'] : undefined,
    payments: paymentsOf(raw),
    lines: rows(isRaw(raw['lines']) ? raw['lines']['data'] : undefined).map((line) =>
      picked(line, ['id', 'description', 'amount', 'quantity', 'period']),
    ),
    metadata: metadataOf(raw),
  });
};

function paymentsOf(raw: Raw): Record<string, unknown>[] | undefined {
  const listed = isRaw(raw['payments']) ? rows(raw['payments']['data']) : undefined;
  const old = filled({ charge: idOf(raw['charge']), payment_intent: idOf(raw['payment_intent']) });
  if (!listed) return Object.keys(old).length > 0 ? [old] : undefined;
  return listed.map((paid) => {
    const by = isRaw(paid['payment']) ? paid['payment'] : {};
    const links = { charge: idOf(by['charge']), payment_intent: idOf(by['payment_intent']) };
    return filled({ ...links, ...picked(paid, ['amount_paid', 'status']) });
  });
}

export const refundData: Shape = (raw) =>
  filled({
    ...picked(raw, ['created', 'currency', 'description', 'amount', 'failure_reason', 'pending_reason', 'reason', 'status']),
    ...references(raw, ['balance_transaction', 'charge', 'customer', 'payment_intent']),
    metadata: metadataOf(raw),
  });

export const balanceTransactionData: Shape = (raw) =>
  filled({
    ...picked(raw, ['amount', 'available_on', 'balance_type', 'created', 'currency', 'description', 'exchange_rate']),
    ...picked(raw, ['fee', 'fee_details', 'net', 'reporting_category', 'status', 'type']),
    source: idOf(raw['source']),
  });

/** Enough to say how somebody paid, and no more of the card than that. */
function methodOf(value: unknown): Record<string, unknown> | undefined {
  if (!isRaw(value)) return undefined;
  const type = text(value['type']);
  const own = type && isRaw(value[type]) ? value[type] : {};
  return filled({ type, ...picked(own, ['brand', 'last4', 'exp_month', 'exp_year', 'bank_name', 'country']) });
}

function metadataOf(raw: Raw): Raw {
  return isRaw(raw['metadata']) ? raw['metadata'] : {};
}

function references(raw: Raw, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, idOf(raw[name])]));
}
