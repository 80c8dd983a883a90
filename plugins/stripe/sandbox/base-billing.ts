import { basePaid, DAY, type Making } from './base-payments.ts';
import { subscription } from './billing-shapes.ts';
import { idFrom } from './ids.ts';
import { invoice, invoicePayment } from './invoice-shapes.ts';
import type { Doc } from './shapes.ts';

interface Given {
  readonly plans: readonly Doc[];
  readonly people: readonly Doc[];
}

const STATES = ['active', 'active', 'active', 'active', 'active', 'active', 'canceled', 'canceled', 'past_due', 'trialing'];
const MOST_CYCLES = 5;

/** A subscription for two of five people, and the invoices and payments of its last periods. */
export function baseBilling(making: Making, { plans, people }: Given): void {
  const { epoch, random } = making;
  const { known } = making.place;
  const [first] = people;
  const [plan] = plans;
  if (known && first && plan) {
    const began = epoch - 3 * DAY;
    baseSubscription(making, { id: known.subscription, payer: first, plan, status: 'active', began });
    basePaid(making, { id: known.charge, created: began, payer: first, amount: 4900, ...goodsOf(making), declined: false });
  }
  let number = 0;
  for (const payer of people) {
    if (!random.chance(0.4)) continue;
    const plan = random.pick(plans);
    const status = random.pick(STATES);
    const length = lengthOf(plan);
    const oldest = Math.max(payer.created, epoch - MOST_CYCLES * length);
    const began = status === 'trialing' ? epoch - 3 * DAY : oldest + random.below(Math.max(epoch - DAY - oldest, 1));
    const made = baseSubscription(making, { id: idFrom(random, 'sub'), payer, plan, status, began });
    for (let start = began; status !== 'trialing' && start < epoch; start += length) {
      number += 1;
      const period = { start, end: start + length };
      baseInvoice(making, { payer, plan, of: made, period, number, isLast: start + length >= epoch });
    }
  }
}

interface Began {
  readonly id: string;
  readonly payer: Doc;
  readonly plan: Doc;
  readonly status: string;
  readonly began: number;
}

function baseSubscription({ place, epoch, random, put }: Making, { id, payer, plan, status, began }: Began): Doc {
  const length = lengthOf(plan);
  const start = began + Math.floor((epoch - began) / length) * length;
  const ended = status === 'canceled' ? { endedAt: Math.min(start + DAY, epoch - 60) } : {};
  const trial = status === 'trialing' ? { trialEnd: began + 14 * DAY } : {};
  const period = { start, end: status === 'trialing' ? began + 14 * DAY : start + length };
  const given = { id, itemId: idFrom(random, 'si'), created: began, livemode: place.live, customer: payer.id };
  return put('subscriptions', subscription({ ...given, price: plan, status, period, ...ended, ...trial }));
}

interface Cycle {
  readonly payer: Doc;
  readonly plan: Doc;
  readonly of: Doc;
  readonly period: { readonly start: number; readonly end: number };
  readonly number: number;
  readonly isLast: boolean;
}

function baseInvoice(making: Making, { payer, plan, of, period, number, isLast }: Cycle): void {
  const { place, random, put } = making;
  const isOpen = isLast && of['status'] === 'past_due';
  const [amount, currency] = [Number(plan['unit_amount']), place.currency];
  const description = `1 × ${String(plan['nickname'] ?? 'Subscription')}`;
  const paid = basePaid(making, {
    id: idFrom(random, 'ch'),
    created: period.start,
    payer,
    amount,
    currency,
    description: 'Subscription update',
    declined: isOpen,
  });
  const shared = { created: period.start, livemode: place.live };
  const made = put(
    'invoices',
    invoice({
      ...shared,
      id: idFrom(random, 'in'),
      number: `${place.slug.slice(0, 4).toUpperCase()}-${String(number).padStart(4, '0')}`,
      customer: payer,
      subscription: of.id,
      amount,
      currency,
      status: isOpen ? 'open' : 'paid',
      description,
      period,
      place,
    }),
  );
  put('subscriptions', { ...of, latest_invoice: made.id });
  const paymentIntent = String(paid['payment_intent']);
  if (!isOpen) put('invoice_payments', invoicePayment({ ...shared, id: idFrom(random, 'inpay'), invoice: made, paymentIntent }));
}

function goodsOf({ place }: Making): { currency: string; description: string } {
  return { currency: place.currency, description: place.goods[0]?.name ?? place.name };
}

function lengthOf(plan: Doc): number {
  const { interval } = plan['recurring'] as { interval: string };
  return (interval === 'year' ? 365 : 30) * DAY;
}
