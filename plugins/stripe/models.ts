import {
  type Address,
  type Contact,
  filled,
  type Invoice,
  isRaw,
  type Model,
  type Money,
  number,
  type Payment,
  type Raw,
  rows,
  type Subscription,
  type Time,
  text,
} from 'patchbay';
import { iso } from './items.ts';
import type { KindName } from './kinds.ts';
import { money } from './money.ts';

/** How the records of these streams read in the shapes all providers share. */
export const models: Readonly<Partial<Record<KindName, Model>>> = {
  charges: { kind: 'payment', of: payment },
  customers: { kind: 'contact', of: contact },
  subscriptions: { kind: 'subscription', of: subscription },
  invoices: { kind: 'invoice', of: invoice },
};

function payment(data: Raw): Payment {
  const { amount, currency } = data;
  const refunded = money(number(data['amount_refunded']) || undefined, currency);
  return filled<Payment>({
    status: paymentStatus(data),
    amount: needed(money(amount, currency), 'an amount'),
    refunded,
    fee: money(data['fee'], data['fee_currency'] ?? currency),
    method: methodWords(data['method']),
    failure: text(data['failure_message']) ?? text(data['failure_code']),
    contactId: text(data['customer']),
    invoiceId: text(data['invoice']),
    at: time(data['created']),
  });
}

function paymentStatus(data: Raw): Payment['status'] {
  const status = data['status'];
  if (status === 'failed' || status === 'pending') return status;
  if (status !== 'succeeded') throw new Error(`a payment cannot be ${String(status)}`);
  if (data['disputed'] === true) return 'disputed';
  if (data['refunded'] === true) return 'refunded';
  return (number(data['amount_refunded']) ?? 0) > 0 ? 'partly-refunded' : 'succeeded';
}

function methodWords(method: unknown): string | undefined {
  if (!isRaw(method)) return undefined;
  return [text(method['brand']) ?? text(method['type']), text(method['last4'])].filter(Boolean).join(' ') || undefined;
}

function contact(data: Raw): Contact {
  return filled<Contact>({
    email: text(data['email']),
    phone: text(data['phone']),
    name: text(data['individual_name']) ?? text(data['name']),
    company: text(data['business_name']),
    address: address(data['address']),
    createdAt: time(data['created']),
  });
}

function address(value: unknown): Address | undefined {
  if (!isRaw(value)) return undefined;
  const found = filled<Address>({
    line1: text(value['line1']),
    line2: text(value['line2']),
    city: text(value['city']),
    state: text(value['state']),
    postalCode: text(value['postal_code']),
    country: text(value['country']),
  });
  return Object.keys(found).length > 0 ? found : undefined;
}

function invoice(data: Raw): Invoice {
  const { currency } = data;
  const moments = isRaw(data['status_transitions']) ? data['status_transitions'] : {};
  const statuses = ['draft', 'open', 'paid', 'void', 'uncollectible'] as const;
  return filled<Invoice>({
    number: text(data['number']),
    status: needed(
      statuses.find((status) => status === data['status']),
      'a status',
    ),
    total: needed(money(data['total'], currency), 'a total'),
    due: money(data['amount_remaining'], currency),
    contactId: text(data['customer']),
    subscriptionId: text(data['subscription']),
    issuedAt: time(moments['finalized_at']),
    dueAt: time(data['due_date']),
    paidAt: time(moments['paid_at']),
  });
}

const STATUSES: Readonly<Record<string, Subscription['status']>> = {
  trialing: 'trialing',
  active: 'active',
  past_due: 'past-due',
  paused: 'paused',
  unpaid: 'unpaid',
  incomplete: 'incomplete',
  incomplete_expired: 'cancelled',
  canceled: 'cancelled',
};
const INTERVALS = ['day', 'week', 'month', 'year'] as const;

function subscription(data: Raw): Subscription {
  const status = STATUSES[String(data['status'])];
  const items = rows(data['items']);
  const interval = INTERVALS.find((one) => one === items[0]?.['interval']);
  const ended = number(data['ended_at']) ?? number(data['cancel_at']);
  return filled<Subscription>({
    status: needed(isPaused(data) && status === 'active' ? 'paused' : status, 'a status'),
    price: priceOf(items, data['currency']),
    interval,
    intervalCount: interval && number(items[0]?.['interval_count']),
    contactId: text(data['customer']),
    startedAt: time(data['start_date']),
    paidUntil: status === 'active' ? time(data['current_period_end']) : undefined,
    endsAt: time(ended ?? (data['cancel_at_period_end'] === true ? data['current_period_end'] : undefined)),
  });
}

function isPaused(data: Raw): boolean {
  return isRaw(data['pause_collection']);
}

/** Of one period; unknown where a part of it is metered or has tiers. */
function priceOf(items: readonly Raw[], currency: unknown): Money | undefined {
  const parts = items.map((item) => (number(item['unit_amount']) ?? Number.NaN) * (number(item['quantity']) ?? 1));
  const sum = parts.reduce((a, b) => a + b, 0);
  return items.length === 0 || Number.isNaN(sum) ? undefined : money(sum, currency);
}

function time(seconds: unknown): Time | undefined {
  const at = number(seconds);
  return at === undefined ? undefined : { at: iso(at) };
}

function needed<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`it has not ${what}`);
  return value;
}
