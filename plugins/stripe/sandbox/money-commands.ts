import type { SandboxCommand } from 'patchbay';
import { command } from 'patchbay/simulator';
import { accountField, at, type Desk, idField, pick } from './desk.ts';
import { DECLINES } from './shop.ts';

const decline = {
  type: 'string',
  title: 'Outcome',
  enum: ['paid', ...Object.keys(DECLINES)],
  'x-labels': {
    paid: 'Paid',
    card_declined: 'Card declined',
    insufficient_funds: 'Insufficient funds',
    expired_card: 'Card expired',
  },
  default: 'paid',
} as const;

const charge = (desk: Desk) =>
  command({
    title: 'Take a payment',
    description: 'Sends charge.succeeded or charge.failed.',
    input: {
      type: 'object',
      properties: {
        account: accountField,
        customerId: idField('Customer ID'),
        amount: {
          type: 'integer',
          title: 'Amount',
          description: 'In the smallest unit: 1500 is 15.00.',
          default: 1500,
          minimum: 1,
        },
        currency: { type: 'string', title: 'Currency', description: 'Empty: the account’s own.', pattern: '^[a-z]{3}$' },
        orderId: { type: 'string', title: 'Order number', description: 'Goes into the metadata as order_id.', maxLength: 40 },
        outcome: decline,
      },
    },
    async run({ account, customerId, amount = 1500, currency, orderId, outcome = 'paid' }) {
      const { place, shop } = at(desk, account);
      const payer = pick(shop, 'customers', { id: customerId });
      const wish = { customer: payer.id, amount, currency: currency || place.currency, description: 'Sandbox payment' };
      const made = shop.charge({
        ...wish,
        metadata: orderId ? { order_id: orderId } : {},
        decline: outcome === 'paid' ? undefined : outcome,
      });
      await desk.hooks.settled();
      return { message: outcome === 'paid' ? `Paid: ${made.id}.` : `Declined: ${made.id}.`, chargeId: made.id };
    },
  });

const refund = (desk: Desk) =>
  command({
    title: 'Refund a payment',
    description: 'Sends refund.created and charge.refunded.',
    input: {
      type: 'object',
      properties: {
        account: accountField,
        chargeId: idField('Charge ID'),
        amount: { type: 'integer', title: 'Amount', description: 'Empty: all of it.', minimum: 1 },
        pending: { type: 'boolean', title: 'Stays pending, as with bank payments', default: false },
      },
    },
    async run({ account, chargeId, amount, pending = false }) {
      const { shop } = at(desk, account);
      const fits = (doc: { [name: string]: unknown }) => doc['status'] === 'succeeded' && doc['refunded'] === false;
      const paid = pick(shop, 'charges', { id: chargeId, fits });
      const made = shop.refund({ charge: paid, amount, reason: 'requested_by_customer', pending });
      await desk.hooks.settled();
      return { message: `Refunded ${String(made['amount'])} of ${paid.id}.`, refundId: made.id, chargeId: paid.id };
    },
  });

const settleRefund = (desk: Desk) =>
  command({
    title: 'Settle a pending refund',
    input: {
      type: 'object',
      properties: {
        account: accountField,
        refundId: idField('Refund ID'),
        failed: { type: 'boolean', title: 'The bank sends it back', default: false },
      },
    },
    async run({ account, refundId, failed = false }) {
      const { shop } = at(desk, account);
      const pending = pick(shop, 'refunds', { id: refundId, fits: (doc) => doc['status'] === 'pending' });
      const after = shop.settleRefund(pending, failed);
      await desk.hooks.settled();
      return { message: `The refund has ${String(after['status'])}.`, refundId: after.id };
    },
  });

const dispute = (desk: Desk) =>
  command({
    title: 'Dispute a payment',
    input: { type: 'object', properties: { account: accountField, chargeId: idField('Charge ID') } },
    async run({ account, chargeId }) {
      const { shop } = at(desk, account);
      const paid = pick(shop, 'charges', {
        id: chargeId,
        fits: (doc) => doc['status'] === 'succeeded' && doc['disputed'] === false,
      });
      shop.dispute(paid);
      await desk.hooks.settled();
      return { message: `${paid.id} is disputed.`, chargeId: paid.id };
    },
  });

export function moneyCommands(desk: Desk): Record<string, SandboxCommand> {
  return { charge: charge(desk), refund: refund(desk), settleRefund: settleRefund(desk), dispute: dispute(desk) };
}
