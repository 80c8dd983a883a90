/** Types of events the webhook endpoint is set up for, in words for the settings. */
export const WEBHOOK_EVENTS = {
  'charge.succeeded': 'Payment succeeded',
  'charge.failed': 'Payment failed',
  'charge.refunded': 'Payment refunded',
  'charge.captured': 'Payment captured',
  'charge.updated': 'Payment changed, such as its fee',
  'charge.dispute.created': 'Payment disputed',
  'charge.dispute.closed': 'Dispute closed',
  'refund.created': 'Refund created',
  'refund.updated': 'Refund arrived or changed',
  'refund.failed': 'Refund failed',
  'customer.created': 'Customer created',
  'customer.updated': 'Customer changed',
  'customer.deleted': 'Customer deleted',
  'customer.subscription.created': 'Subscription started',
  'customer.subscription.updated': 'Subscription changed',
  'customer.subscription.deleted': 'Subscription ended',
  'customer.subscription.paused': 'Subscription paused',
  'customer.subscription.resumed': 'Subscription resumed',
  'invoice.created': 'Invoice created',
  'invoice.finalized': 'Invoice finalized',
  'invoice.payment_succeeded': 'Invoice paid',
  'invoice.payment_failed': 'Invoice payment failed',
  'invoice.voided': 'Invoice voided',
  'invoice.deleted': 'Draft invoice deleted',
} as const;

/** Sent when a person takes the access away; always part of the endpoint. */
export const DEAUTHORIZED = 'account.application.deauthorized';
