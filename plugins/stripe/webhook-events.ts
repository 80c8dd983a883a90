const of = (prefix: string, ...names: string[]): readonly string[] => names.map((name) => `${prefix}.${name}`);

/** What a store may want to hear of at once, and the types of events behind it. */
export const TOPICS = {
  payments: of('charge', 'succeeded', 'failed', 'refunded', 'captured', 'expired', 'updated'),
  disputes: of('charge.dispute', 'created', 'updated', 'closed'),
  refunds: of('refund', 'created', 'updated', 'failed'),
  customers: of('customer', 'created', 'updated', 'deleted'),
  subscriptions: of('customer.subscription', 'created', 'updated', 'deleted', 'paused', 'resumed'),
  invoices: [
    ...of('invoice', 'payment_succeeded', 'payment_failed', 'created', 'finalized', 'updated'),
    ...of('invoice', 'voided', 'marked_uncollectible', 'deleted'),
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Sent when a person takes the access away; always part of the endpoint. */
export const DEAUTHORIZED = 'account.application.deauthorized';
