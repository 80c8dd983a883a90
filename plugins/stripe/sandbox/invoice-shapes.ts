import { listOf } from './billing-shapes.ts';
import { type Common, type Doc, nulls } from './shapes.ts';

export interface InvoiceGiven extends Common {
  readonly number: string | null;
  readonly customer: Doc | undefined;
  readonly subscription: string | null;
  readonly amount: number;
  readonly currency: string;
  readonly status: 'draft' | 'open' | 'paid' | 'void' | 'uncollectible';
  readonly description: string;
  readonly period: { readonly start: number; readonly end: number };
  readonly place: { readonly name: string; readonly country: string };
}

export function invoice(given: InvoiceGiven): Doc {
  const { id, created, livemode, metadata = {}, status, subscription: of, period } = given;
  const parent = of && {
    type: 'subscription_details',
    quote_details: null,
    subscription_details: { subscription: of, metadata: {} },
  };
  return {
    id,
    object: 'invoice',
    created,
    livemode,
    metadata,
    status,
    number: given.number,
    currency: given.currency,
    parent: parent || null,
    billing_reason: of ? 'subscription_cycle' : 'manual',
    lines: listOf([lineOf(given)], `/v1/invoices/${id}/lines`),
    period_start: period.start,
    period_end: period.end,
    auto_advance: true,
    collection_method: 'charge_automatically',
    ...payerOf(given),
    ...amounts(given),
    ...progress(given),
    ...CONSTANT,
  };
}

function payerOf({ customer: payer, place }: InvoiceGiven): object {
  return {
    account_name: place.name,
    account_country: place.country,
    customer: payer?.id ?? null,
    customer_name: payer?.['name'] ?? null,
    customer_email: payer?.['email'] ?? null,
    customer_address: payer?.['address'] ?? null,
    customer_tax_exempt: 'none',
  };
}

function progress({ id, created, status }: InvoiceGiven): object {
  const isDraft = status === 'draft';
  return {
    attempt_count: isDraft ? 0 : 1,
    attempted: !isDraft,
    effective_at: isDraft ? null : created,
    hosted_invoice_url: isDraft ? null : `https://invoice.stripe.com/i/${id}`,
    invoice_pdf: isDraft ? null : `https://pay.stripe.com/invoice/${id}/pdf`,
    status_transitions: {
      finalized_at: isDraft ? null : created,
      paid_at: status === 'paid' ? created : null,
      voided_at: status === 'void' ? created : null,
      marked_uncollectible_at: null,
    },
  };
}

const CONSTANT = {
  automatic_tax: { enabled: false, ...nulls('disabled_reason', 'liability', 'provider', 'status') },
  issuer: { type: 'self' },
  payment_settings: nulls('default_mandate', 'payment_method_options', 'payment_method_types'),
  default_tax_rates: [],
  discounts: [],
  total_discount_amounts: [],
  total_pretax_credit_amounts: [],
  total_taxes: [],
  ...nulls('account_tax_ids', 'application', 'automatically_finalizes_at', 'custom_fields', 'customer_account', 'due_date'),
  ...nulls('customer_phone', 'customer_shipping', 'default_payment_method', 'default_source', 'description', 'footer'),
  ...nulls('from_invoice', 'last_finalization_error', 'latest_revision', 'next_payment_attempt', 'on_behalf_of', 'rendering'),
  ...nulls('receipt_number', 'shipping_cost', 'shipping_details', 'statement_descriptor', 'test_clock', 'webhooks_delivered_at'),
};

function amounts({ amount, status }: InvoiceGiven): object {
  const paid = status === 'paid' ? amount : 0;
  const totals = { subtotal: amount, subtotal_excluding_tax: amount, total: amount, total_excluding_tax: amount };
  const none = { amount_overpaid: 0, amount_shipping: 0, starting_balance: 0, ending_balance: 0 };
  const credit = { post_payment_credit_notes_amount: 0, pre_payment_credit_notes_amount: 0 };
  return {
    ...totals,
    ...none,
    ...credit,
    amount_due: amount,
    amount_paid: paid,
    amount_remaining: status === 'void' ? 0 : amount - paid,
  };
}

function lineOf({ id, amount, currency, description, period, subscription: of, livemode }: InvoiceGiven): object {
  return {
    id: `il_${id.slice(3)}`,
    object: 'line_item',
    invoice: id,
    amount,
    subtotal: amount,
    currency,
    description,
    livemode,
    period,
    subscription: of,
    quantity: 1,
    quantity_decimal: '1',
    discountable: true,
    discounts: [],
    discount_amounts: [],
    metadata: {},
    taxes: [],
    ...nulls('parent', 'pretax_credit_amounts', 'pricing'),
  };
}

export interface InvoicePaymentGiven {
  readonly id: string;
  readonly created: number;
  readonly livemode: boolean;
  readonly invoice: Doc;
  readonly paymentIntent: string;
}

/** What links an invoice with the payment behind it, since `invoice.charge` is gone. */
export function invoicePayment({ invoice: of, paymentIntent, ...given }: InvoicePaymentGiven): Doc {
  return {
    object: 'invoice_payment',
    ...given,
    invoice: of.id,
    amount_paid: of['amount_due'],
    amount_requested: of['amount_due'],
    currency: of['currency'],
    is_default: true,
    payment: { type: 'payment_intent', payment_intent: paymentIntent },
    status: 'paid',
    status_transitions: { canceled_at: null, paid_at: given.created },
  };
}
