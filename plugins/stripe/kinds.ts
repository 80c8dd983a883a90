import { type Raw, text } from 'patchbay';
import { idOf } from './api.ts';
import {
  balanceTransactionData,
  chargeData,
  customerData,
  invoiceData,
  refundData,
  type Shape,
  subscriptionData,
} from './records.ts';

export type KindName = 'charges' | 'customers' | 'subscriptions' | 'invoices' | 'refunds' | 'balanceTransactions';

/** A kind of object: where it is listed, what reports its changes, and how it is kept. */
export interface Kind {
  readonly name: KindName;
  readonly title: string;
  readonly path: string;
  /** Filters of a list of everything. */
  readonly all: Readonly<Record<string, string>>;
  /** Filters under which those that may still change are listed, to be read again once a day. */
  readonly open: readonly Readonly<Record<string, string>>[];
  readonly expand: readonly string[];
  /** Types of events after which one is read again; at most twenty may be asked for at once. */
  readonly events: readonly string[];
  readonly data: Shape;
}

const REFUND = ['refund.created', 'refund.updated', 'refund.failed'] as const;
const of = (prefix: string, ...names: string[]) => names.map((name) => `${prefix}.${name}`);

export const KINDS: Readonly<Record<KindName, Kind>> = {
  charges: {
    name: 'charges',
    title: 'Payments',
    path: '/v1/charges',
    all: {},
    open: [],
    expand: ['balance_transaction'],
    events: [
      ...of('charge', 'succeeded', 'failed', 'pending', 'captured', 'refunded', 'updated', 'expired'),
      ...of('charge.dispute', 'created', 'updated', 'closed'),
      ...REFUND,
    ],
    data: chargeData,
  },
  customers: {
    name: 'customers',
    title: 'Customers',
    path: '/v1/customers',
    all: {},
    open: [],
    expand: [],
    events: of('customer', 'created', 'updated', 'deleted'),
    data: customerData,
  },
  subscriptions: {
    name: 'subscriptions',
    title: 'Subscriptions',
    path: '/v1/subscriptions',
    // Without it canceled ones are left out.
    all: { status: 'all' },
    open: [{}],
    expand: [],
    events: of('customer.subscription', 'created', 'updated', 'deleted', 'paused', 'resumed', 'trial_will_end'),
    data: subscriptionData,
  },
  invoices: {
    name: 'invoices',
    title: 'Invoices',
    path: '/v1/invoices',
    all: {},
    open: [{ status: 'open' }, { status: 'draft' }],
    expand: ['payments'],
    events: [
      ...of('invoice', 'created', 'deleted', 'finalized', 'paid', 'payment_succeeded', 'payment_failed', 'updated', 'voided'),
      ...of('invoice', 'payment_action_required', 'marked_uncollectible', 'overdue', 'sent'),
    ],
    data: invoiceData,
  },
  refunds: {
    name: 'refunds',
    title: 'Refunds',
    path: '/v1/refunds',
    all: {},
    open: [],
    expand: [],
    events: [...REFUND, 'charge.refund.updated'],
    data: refundData,
  },
  balanceTransactions: {
    name: 'balanceTransactions',
    title: 'Balance transactions',
    path: '/v1/balance_transactions',
    all: {},
    open: [],
    expand: [],
    events: [],
    data: balanceTransactionData,
  },
};

/** An object a message is about; `gone` where the message says that it no longer exists. */
export interface Target {
  readonly kind: Kind;
  readonly id: string;
  readonly gone: boolean;
}

/** What an event changes: a refund changes its payment as well, a dispute only that. */
export function targetsOf(type: string, object: Raw): Target[] {
  const gone = type === 'customer.deleted' || type === 'invoice.deleted';
  const target = (name: KindName, id: string | undefined): Target[] =>
    id === undefined || !(KINDS[name].events.includes(type) || type === 'charge.refund.updated')
      ? []
      : [{ kind: KINDS[name], id, gone }];
  const id = text(object['id']);
  if (type.startsWith('refund.') || type.startsWith('charge.refund.')) {
    return [...target('refunds', id), ...target('charges', idOf(object['charge']))];
  }
  if (type.startsWith('charge.dispute.')) return target('charges', idOf(object['charge']));
  if (type.startsWith('charge.')) return target('charges', id);
  if (type.startsWith('customer.subscription.')) return target('subscriptions', id);
  if (type.startsWith('customer.')) return target('customers', id);
  return type.startsWith('invoice.') ? target('invoices', id) : [];
}
