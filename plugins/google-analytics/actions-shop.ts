import { type ActionCall, type ActionResult, action, type Form, filled } from 'patchbay';
import { eventNamed } from './barred.ts';
import { dispatch } from './dispatch.ts';
import { checkOnly, consent, currency, folded, items, person, transactionId, value, visitor } from './event-fields.ts';
import { eventFaults, type Places } from './event-rules.ts';
import type { Context } from './manifest.ts';
import { type ItemInput, itemsOf } from './order.ts';
import { type ConsentInput, consentOf, withVisit } from './payload.ts';
import { type PersonInput, userData } from './user-data.ts';
import { readVisitor, type VisitorInput } from './visitor.ts';

const coupon = { type: 'string', title: 'Coupon', description: 'Of the whole order.', maxLength: 100 } as const;

const purchaseForm = {
  type: 'object',
  required: ['clientId', 'transactionId', 'value', 'currency'],
  properties: {
    transactionId,
    value: { ...value, description: 'What the order is worth, as your tag on the website counts it: 59.90.' },
    currency,
    tax: { type: 'number', title: 'Tax', description: 'In it.', minimum: 0 },
    shipping: { type: 'number', title: 'Shipping', description: 'In it.', minimum: 0 },
    coupon,
    customerType: {
      type: 'string',
      title: 'Customer',
      description: 'Does somebody buy for the first time?',
      enum: ['new', 'returning'],
      'x-labels': { new: 'New', returning: 'Returning' },
    },
    items,
    ...visitor,
    ...folded({ ...consent, ...person, checkOnly }),
  },
} as const satisfies Form;

const refundForm = {
  type: 'object',
  required: ['clientId', 'transactionId'],
  properties: {
    transactionId: { ...transactionId, description: 'Of the order that is paid back.' },
    value: { ...value, description: 'What is paid back; empty with no items: the whole order.' },
    currency,
    items: { ...items, description: 'What was given back; empty: the whole order.' },
    ...visitor,
    ...folded({ ...consent, checkOnly }),
  },
} as const satisfies Form;

const POINTERS: Readonly<Record<string, string>> = { transaction_id: '/transactionId', customer_type: '/customerType' };
const PLACES: Places = { name: '', params: '', param: (key) => POINTERS[key] ?? `/${key}` };

type OrderInput = VisitorInput &
  ConsentInput &
  PersonInput & { readonly items?: readonly ItemInput[]; readonly checkOnly?: boolean };

/** One event about an order. */
async function sendOrder(
  ctx: Context,
  order: { name: 'purchase' | 'refund'; params: Readonly<Record<string, string | number | undefined>>; input: OrderInput },
  call: ActionCall,
): Promise<ActionResult> {
  const { name, params, input } = order;
  const { visitor: who, faults } = readVisitor(input, '', Date.now());
  const lines = input.items?.length ? { items: itemsOf(input.items) } : {};
  const event = withVisit({ name, params: { ...filled(params), ...lines } }, who);
  const known = userData(input, { config: ctx.config, userId: who.userId });
  return dispatch(
    ctx,
    {
      events: [{ visitor: who, event }],
      beside: { consent: consentOf(input, ctx.config), userData: known.data },
      checkOnly: input.checkOnly ?? false,
      faults: [...faults, ...eventFaults(event, PLACES), ...known.faults],
      at: () => '/transactionId',
    },
    call,
  );
}

const sendPurchase = action({
  title: 'Send a purchase',
  description: 'Tells Google Analytics of an order. The same order number is counted once, whoever tells it, and how often.',
  input: purchaseForm,
  barred: eventNamed('purchase'),
  run(ctx: Context, input, call) {
    const { transactionId: transaction_id, value: amount, tax, shipping } = input;
    const params = {
      transaction_id,
      value: amount,
      currency: input.currency,
      tax,
      shipping,
      coupon: input.coupon,
      customer_type: input.customerType,
    };
    return sendOrder(ctx, { name: 'purchase', params, input }, call);
  },
});

const sendRefund = action({
  title: 'Send a refund',
  description: 'Tells Google Analytics that an order, or some of its items, was paid back. Sent twice, it counts twice.',
  input: refundForm,
  barred: eventNamed('refund'),
  run(ctx: Context, input, call) {
    const { transactionId: transaction_id, value: amount } = input;
    return sendOrder(ctx, { name: 'refund', params: { transaction_id, value: amount, currency: input.currency }, input }, call);
  },
});

export const shopActions = { sendPurchase, sendRefund };
