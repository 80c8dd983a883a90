/** Objects as the provider shows them in API version 2026-10-28.endive (its own type declarations are what they are held to). */

export type Doc = Readonly<Record<string, unknown>> & { readonly id: string; readonly object: string; readonly created: number };

export function nulls(...names: string[]): Record<string, null> {
  return Object.fromEntries(names.map((name) => [name, null]));
}

/** What every object of a place shares. */
export interface Common {
  readonly id: string;
  readonly created: number;
  readonly livemode: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface CustomerGiven extends Common {
  readonly name: string | null;
  readonly email: string | null;
  readonly phone?: string | null;
  readonly address?: object | null;
  readonly description?: string | null;
}

export function customer({ metadata = {}, phone = null, address = null, description = null, ...given }: CustomerGiven): Doc {
  return {
    object: 'customer',
    ...given,
    phone,
    address,
    description,
    balance: 0,
    delinquent: false,
    invoice_settings: nulls('custom_fields', 'default_payment_method', 'footer', 'rendering_options'),
    preferred_locales: [],
    tax_exempt: 'none',
    metadata,
    ...nulls('currency', 'default_source', 'discount', 'shipping', 'test_clock'),
  };
}

export interface ChargeGiven extends Common {
  readonly amount: number;
  readonly currency: string;
  readonly customer: Doc | undefined;
  readonly paymentIntent: string | null;
  readonly description: string | null;
  readonly balanceTransaction: string | null;
  /** Why it was declined; paid without. */
  readonly declined?: { readonly code: string; readonly message: string };
  readonly card: { readonly brand: string; readonly last4: string };
}

export function charge(given: ChargeGiven): Doc {
  const { id, created, livemode, metadata = {}, amount, currency, customer: payer, declined, card } = given;
  const billing = { name: payer?.['name'] ?? null, email: payer?.['email'] ?? null, phone: null, tax_id: null };
  return {
    id,
    object: 'charge',
    created,
    livemode,
    metadata,
    amount,
    currency,
    amount_captured: declined ? 0 : amount,
    amount_refunded: 0,
    captured: !declined,
    paid: !declined,
    refunded: false,
    disputed: false,
    status: declined ? 'failed' : 'succeeded',
    failure_code: declined?.code ?? null,
    failure_message: declined?.message ?? null,
    customer: payer?.id ?? null,
    description: given.description,
    payment_intent: given.paymentIntent,
    balance_transaction: given.balanceTransaction,
    billing_details: { ...billing, address: payer?.['address'] ?? null },
    payment_method: `pm_${id.slice(3)}`,
    payment_method_details: { type: 'card', card: { ...card, country: 'US', exp_month: 8, exp_year: 2031, funding: 'credit' } },
    outcome: {
      type: declined ? 'issuer_declined' : 'authorized',
      network_status: declined ? 'declined_by_network' : 'approved_by_network',
    },
    receipt_email: payer?.['email'] ?? null,
    receipt_url: declined ? null : `https://pay.stripe.com/receipts/${id}`,
    fraud_details: {},
    ...nulls('application', 'application_fee', 'application_fee_amount', 'calculated_statement_descriptor', 'review'),
    ...nulls('failure_balance_transaction', 'on_behalf_of', 'receipt_number', 'shipping', 'source', 'source_transfer'),
    ...nulls('statement_descriptor', 'statement_descriptor_suffix', 'transfer_data', 'transfer_group'),
  };
}

export interface RefundGiven extends Omit<Common, 'livemode'> {
  readonly charge: Doc;
  readonly amount: number;
  readonly reason: string | null;
  readonly status: string;
  readonly balanceTransaction: string | null;
}

export function refund({ charge: paid, balanceTransaction, metadata = {}, ...given }: RefundGiven): Doc {
  return {
    object: 'refund',
    ...given,
    charge: paid.id,
    currency: paid['currency'],
    customer: paid['customer'],
    payment_intent: paid['payment_intent'],
    payment_method: paid['payment_method'],
    balance_transaction: balanceTransaction,
    destination_details: { type: 'card', card: { type: 'refund' } },
    metadata,
    ...nulls('customer_account', 'receipt_number', 'source_transfer_reversal', 'transfer_reversal'),
  };
}

export interface TransactionGiven {
  readonly id: string;
  readonly created: number;
  readonly type: string;
  readonly amount: number;
  readonly fee: number;
  readonly currency: string;
  readonly source: string;
  readonly description: string | null;
  /** Money is available a week after it came. */
  readonly now: number;
}

const WEEK = 7 * 86_400;

export function transaction({ now, ...given }: TransactionGiven): Doc {
  const available = given.created + WEEK;
  const detail = {
    amount: given.fee,
    application: null,
    currency: given.currency,
    description: 'Stripe processing fees',
    type: 'stripe_fee',
  };
  return {
    object: 'balance_transaction',
    ...given,
    net: given.amount - given.fee,
    fee_details: given.fee > 0 ? [detail] : [],
    available_on: available,
    status: available <= now ? 'available' : 'pending',
    balance_type: 'payments',
    reporting_category: given.type,
    exchange_rate: null,
  };
}

/** Pending money becomes available as time goes by. */
export function settled(doc: Doc, now: number): Doc {
  return doc['status'] === 'pending' && Number(doc['available_on']) <= now ? { ...doc, status: 'available' } : doc;
}

/** 2.9 % and 30, as the price list says. */
export function feeOf(amount: number): number {
  return Math.round(amount * 0.029) + 30;
}
