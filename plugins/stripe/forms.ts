import type { Form } from 'patchbay';

export const KEY_PATTERN = '^(sk|rk)_(test|live)_[A-Za-z0-9]{16,}$';

export const keyFields = {
  type: 'object',
  properties: {
    secretKey: {
      type: 'string',
      title: 'Restricted or secret key',
      description: 'Developers > API keys. A restricted key with the rights of the guide is the safer one.',
      minLength: 10,
      maxLength: 300,
      'x-placeholder': 'rk_live_…',
      'x-secret': true,
    },
    accountId: {
      type: 'string',
      title: 'Account ID',
      description:
        'Only if you are asked for it: Settings > Business > Account details. Restricted keys may not always say whose they are.',
      pattern: '^acct_[A-Za-z0-9]{8,}$',
      'x-pattern-message': 'An account ID is "acct_" and some letters and digits.',
      'x-placeholder': 'acct_1032D82eZvKYlo2C',
    },
  },
  required: ['secretKey'],
} as const satisfies Form;

const labels = {
  charges: 'Payments',
  customers: 'Customers',
  subscriptions: 'Subscriptions',
  invoices: 'Invoices',
  refunds: 'Refunds',
  balanceTransactions: 'Balance transactions: fees and payouts',
} as const;

export const configForm = {
  type: 'object',
  properties: {
    streams: {
      type: 'array',
      title: 'What to sync',
      description: 'Copied by each sync and kept up to date by webhooks in between.',
      items: { type: 'string', enum: ['charges', 'customers', 'subscriptions', 'invoices', 'refunds', 'balanceTransactions'] },
      'x-labels': labels,
      default: ['charges', 'customers', 'subscriptions', 'invoices', 'refunds', 'balanceTransactions'],
    },
    syncFrom: {
      type: 'string',
      title: 'Nothing older than',
      description: 'What was created before this day is left out. Empty: everything. A change reads all of it once more.',
      format: 'date',
    },
    currencies: {
      type: 'array',
      title: 'Currencies',
      description: 'Payments, subscriptions, invoices and refunds in these currencies only. None chosen means all.',
      items: { type: 'string' },
      'x-options': 'currencies',
      default: [],
    },
    orderField: {
      type: 'string',
      title: 'Order number',
      'x-advanced': true,
      description:
        'The metadata of a payment that holds your order number; it is kept with the record as "order", and written with each refund.',
      'x-options': 'metadataKeys',
      default: 'order_id',
    },
    webhookMode: {
      type: 'string',
      title: 'Webhooks',
      'x-advanced': true,
      description:
        'By hand: copy the "Address for changes" from the Details of this connection, make an endpoint for it under Developers > Webhooks, and paste its signing secret below.',
      enum: ['automatic', 'manual'],
      'x-labels': { automatic: 'Set up by itself', manual: 'Made by hand' },
      default: 'automatic',
    },
    webhookSecret: {
      type: 'string',
      title: 'Signing secret',
      'x-advanced': true,
      description: 'Of an endpoint made by hand: Developers > Webhooks > the endpoint > Signing secret. Not needed otherwise.',
      pattern: '^whsec_[A-Za-z0-9+/=_-]{20,}$',
      'x-pattern-message': 'A signing secret is "whsec_" and at least 20 letters and digits; copy all of it.',
      'x-placeholder': 'whsec_…',
      'x-secret': true,
    },
    events: {
      type: 'array',
      title: 'What Stripe reports at once',
      'x-advanced': true,
      description: 'The webhook is set up for these. What is left out comes with the next sync.',
      items: { type: 'string', enum: ['payments', 'disputes', 'refunds', 'customers', 'subscriptions', 'invoices'] },
      'x-labels': {
        payments: 'Payments: succeeded, failed, refunded',
        disputes: 'Disputes',
        refunds: 'Refunds: on their way, arrived, failed',
        customers: 'Customers',
        subscriptions: 'Subscriptions: started, changed, ended',
        invoices: 'Invoices: issued, paid, payment failed',
      },
      default: ['payments', 'disputes', 'refunds', 'customers', 'subscriptions', 'invoices'],
    },
    refunds: {
      type: 'boolean',
      title: 'Refunds from the store',
      description: 'Off: nobody can refund a payment over this connection.',
      default: true,
    },
    cancelAt: {
      type: 'string',
      title: 'When a subscription is canceled',
      'x-advanced': true,
      description: 'Unless the one who cancels says otherwise.',
      enum: ['period-end', 'now'],
      'x-labels': { 'period-end': 'It ends with the period that is paid for', now: 'It ends at once' },
      default: 'period-end',
    },
    prorate: {
      type: 'boolean',
      title: 'Credit unused time',
      'x-advanced': true,
      description: 'When a subscription ends at once, the customer is credited for the rest of the period.',
      default: false,
    },
  },
} as const satisfies Form;
