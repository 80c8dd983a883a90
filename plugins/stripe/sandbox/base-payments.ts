import type { Random } from 'patchbay/simulator';
import type { Place } from './demo.ts';
import { idFrom } from './ids.ts';
import { charge, type Doc, feeOf, refund, transaction } from './shapes.ts';

export interface Making {
  readonly place: Place;
  /** Unix seconds: the first day. */
  readonly epoch: number;
  readonly random: Random;
  put(kind: string, doc: Doc): Doc;
}

export const DAY = 86_400;
const CARDS = [
  { brand: 'visa', last4: '4242' },
  { brand: 'mastercard', last4: '4444' },
  { brand: 'amex', last4: '0005' },
];
const DECLINED = { code: 'card_declined', message: 'Your card was declined.' };

export interface Paid {
  readonly id: string;
  readonly created: number;
  readonly payer: Doc;
  readonly amount: number;
  readonly currency: string;
  readonly description: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly declined: boolean;
}

/** A charge, and what it left in the balance. */
export function basePaid({ place, epoch, random, put }: Making, given: Paid): Doc {
  const { id, created, payer, amount, currency, description, declined, metadata = {} } = given;
  const moved = declined ? undefined : idFrom(random, 'txn');
  if (moved) {
    const fee = feeOf(amount);
    put(
      'balance_transactions',
      transaction({ id: moved, created, type: 'charge', amount, fee, currency, source: id, description, now: epoch }),
    );
  }
  const card = random.pick(CARDS);
  const shared = { id, created, livemode: place.live, metadata, amount, currency, customer: payer, description, card };
  const outcome = declined ? { declined: DECLINED } : {};
  return put(
    'charges',
    charge({ ...shared, ...outcome, paymentIntent: idFrom(random, 'pi'), balanceTransaction: moved ?? null }),
  );
}

export function baseRefund({ epoch, random, put }: Making, paid: Doc): void {
  const amount = random.chance(0.5) ? Number(paid['amount']) : Math.floor(Number(paid['amount']) / 2);
  const created = Math.min(paid.created + random.below(9 * DAY), epoch - 60);
  const [id, moved] = [idFrom(random, 're'), idFrom(random, 'txn')];
  const currency = String(paid['currency']);
  put(
    'balance_transactions',
    transaction({
      id: moved,
      created,
      type: 'refund',
      amount: -amount,
      fee: 0,
      currency,
      source: id,
      description: 'REFUND FOR CHARGE',
      now: epoch,
    }),
  );
  put(
    'refunds',
    refund({
      id,
      created,
      charge: paid,
      amount,
      reason: 'requested_by_customer',
      status: 'succeeded',
      balanceTransaction: moved,
    }),
  );
  put('charges', { ...paid, amount_refunded: amount, refunded: amount === paid['amount'] });
}
