import { action, type Barred } from 'patchbay';
import { idOf } from './api.ts';
import type { Config, Context } from './manifest.ts';
import { money, moneyWords } from './money.ts';
import { copied, readBack, write } from './writing.ts';

const subscriptionId = {
  type: 'string',
  title: 'Subscription',
  description: 'Its id in Stripe.',
  'x-record': 'subscriptions',
  pattern: '^sub_[A-Za-z0-9]{8,}$',
  'x-pattern-message': 'A subscription is named "sub_" and some letters and digits.',
} as const;

const metadata = {
  type: 'array',
  title: 'Metadata',
  description: 'Names and values kept with it in Stripe, next to the order number.',
  items: {
    type: 'object',
    required: ['name', 'value'],
    properties: {
      name: {
        type: 'string',
        title: 'Name',
        minLength: 1,
        maxLength: 40,
        pattern: '^[^\\[\\]]+$',
        'x-pattern-message': 'Square brackets cannot be part of a name.',
      },
      value: { type: 'string', title: 'Value', maxLength: 500 },
    },
  },
  maxItems: 49,
} as const;

function metadataForm(pairs: readonly { readonly name: string; readonly value: string }[] = []): Record<string, string> {
  return Object.fromEntries(pairs.map(({ name, value }) => [`metadata[${name}]`, value]));
}

const refund = action({
  title: 'Refund a payment',
  description:
    'Gives back all of a payment or a part of it. Money that came by bank may take days; the refund says so as it goes.',
  input: {
    type: 'object',
    required: ['payment'],
    properties: {
      payment: {
        type: 'string',
        title: 'Payment',
        description: 'Its id in Stripe.',
        'x-record': 'charges',
        pattern: '^(ch|py|pi)_[A-Za-z0-9]{8,}$',
        'x-pattern-message': 'A payment is named "ch_", "py_" or "pi_" and some letters and digits.',
      },
      amount: {
        type: 'integer',
        title: 'Amount',
        description: 'Empty: all that is left.',
        'x-money': 'payment.amount',
        minimum: 1,
        maximum: 99_999_999_999,
      },
      reason: {
        type: 'string',
        title: 'Reason',
        description: 'Kept with the refund.',
        enum: ['requested_by_customer', 'duplicate', 'fraudulent'],
        'x-labels': { requested_by_customer: 'The customer asked for it', duplicate: 'Paid twice', fraudulent: 'Fraud' },
      },
      orderId: { type: 'string', title: 'Order number', description: 'Your own; kept in the metadata.', maxLength: 500 },
      metadata,
    },
  },
  barred: refundsOff,
  async run(ctx: Context, { payment, amount, reason, orderId, metadata: pairs }, call) {
    const form = {
      [payment.startsWith('pi_') ? 'payment_intent' : 'charge']: payment,
      ...(amount !== undefined && { amount: String(amount) }),
      ...(reason && { reason }),
      ...metadataForm(pairs),
      ...(orderId && { [`metadata[${ctx.config.orderField || 'order_id'}]`]: orderId }),
    };
    const made = await write(ctx, { path: '/v1/refunds', form }, call);
    const back = money(made['amount'], made['currency']);
    const { id, status, currency } = made;
    const effects = [...copied(ctx, 'refunds', made), ...(await readBack(ctx, 'charges', idOf(made['charge'])))];
    return {
      data: { id, status, amount: made['amount'], currency, message: outcome(status, back && moneyWords(back)) },
      effects,
    };
  },
});

function refundsOff({ config }: Pick<Context, 'config'>): Barred<Config> | undefined {
  const text = 'Refunds from the store are switched off in the settings of this connection.';
  return config.refunds === false ? { field: 'refunds', text } : undefined;
}

/** Accepted is not given back: money that goes by bank can still return. */
function outcome(status: unknown, sum = 'The payment'): string {
  if (status === 'succeeded') return `${sum} refunded.`;
  if (status === 'failed' || status === 'canceled') return `${sum} could not be refunded.`;
  return `${sum} on its way back; do not count it as refunded before it has succeeded.`;
}

const cancel = action({
  title: 'Cancel a subscription',
  description: 'Ends a subscription at once or with the period that is paid for. Ended at once, it cannot be taken up again.',
  input: {
    type: 'object',
    required: ['subscriptionId'],
    properties: {
      subscriptionId,
      when: {
        type: 'string',
        title: 'When',
        description: 'Empty: as the settings say.',
        enum: ['now', 'period-end'],
        'x-labels': { now: 'At once', 'period-end': 'With the period that is paid for' },
      },
      prorate: { type: 'boolean', title: 'Credit unused time', description: 'At once only. Empty: as the settings say.' },
      invoiceNow: {
        type: 'boolean',
        title: 'Bill what is open',
        description: 'At once only: a last invoice for usage and credits.',
      },
      feedback: {
        type: 'string',
        title: 'Why',
        description: 'What the customer gave as the reason.',
        enum: [
          'customer_service',
          'low_quality',
          'missing_features',
          'other',
          'switched_service',
          'too_complex',
          'too_expensive',
          'unused',
        ],
        'x-labels': {
          customer_service: 'Customer service',
          low_quality: 'Quality',
          missing_features: 'Something is missing',
          other: 'Another reason',
          switched_service: 'Went to another service',
          too_complex: 'Too complicated',
          too_expensive: 'Too expensive',
          unused: 'Not used',
        },
      },
      comment: {
        type: 'string',
        title: 'Comment',
        description: 'Kept with the subscription.',
        maxLength: 500,
        'x-multiline': true,
      },
    },
  },
  async run(ctx: Context, { subscriptionId: id, when = ctx.config.cancelAt, prorate, invoiceNow, feedback, comment }, call) {
    const path = `/v1/subscriptions/${encodeURIComponent(id)}`;
    const why = {
      ...(feedback && { 'cancellation_details[feedback]': feedback }),
      ...(comment && { 'cancellation_details[comment]': comment }),
    };
    const now = {
      prorate: String(prorate ?? ctx.config.prorate ?? false),
      ...(invoiceNow !== undefined && { invoice_now: String(invoiceNow) }),
    };
    const changed =
      when === 'now'
        ? await write(ctx, { method: 'delete', path, form: { ...now, ...why } }, call)
        : await write(ctx, { path, form: { cancel_at_period_end: 'true', ...why } }, call);
    return { data: { id, ...said(changed) }, effects: copied(ctx, 'subscriptions', changed) };
  },
});

const keep = action({
  title: 'Keep a subscription',
  description: 'Takes a cancellation back while the period still runs.',
  input: { type: 'object', required: ['subscriptionId'], properties: { subscriptionId } },
  async run(ctx: Context, { subscriptionId: id }, call) {
    const path = `/v1/subscriptions/${encodeURIComponent(id)}`;
    const changed = await write(ctx, { path, form: { cancel_at_period_end: 'false' } }, call);
    return { data: { id, ...said(changed) }, effects: copied(ctx, 'subscriptions', changed) };
  },
});

function said(changed: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { status, cancel_at_period_end: endsWithPeriod, cancel_at: endsAt, ended_at: endedAt } = changed;
  return { status, cancel_at_period_end: endsWithPeriod, cancel_at: endsAt ?? null, ended_at: endedAt ?? null };
}

export const actions = { refund, cancelSubscription: cancel, keepSubscription: keep };
