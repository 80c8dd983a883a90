import { randomInt } from 'node:crypto';
import { Random } from 'patchbay/simulator';
import { missing, Refusal } from './answers.ts';
import type { Place } from './demo.ts';
import { idFrom } from './ids.ts';
import { charge, customer, type Doc, feeOf, refund, transaction } from './shapes.ts';
import type { Kind, World } from './world.ts';

/** Tells what happened: kept as an event, and sent to the endpoints that want it. */
export type Emit = (type: string, object: object, previous?: object) => void;

export interface ShopGiven {
  readonly world: World;
  readonly place: Place;
  /** Unix seconds. */
  readonly now: number;
  readonly emit: Emit;
}

export const DECLINES: Readonly<Record<string, { code: string; decline: string; message: string }>> = {
  card_declined: { code: 'card_declined', decline: 'generic_decline', message: 'Your card was declined.' },
  insufficient_funds: { code: 'card_declined', decline: 'insufficient_funds', message: 'Your card has insufficient funds.' },
  expired_card: { code: 'expired_card', decline: 'expired_card', message: 'Your card has expired.' },
};

export interface ChargeWish {
  readonly customer?: string | undefined;
  readonly amount: number;
  readonly currency: string;
  readonly description?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>>;
  /** One of {@link DECLINES}. */
  readonly decline?: string | undefined;
}

export interface RefundWish {
  readonly charge: Doc;
  readonly amount?: number | undefined;
  readonly reason?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly pending?: boolean;
}

/** What happens in one account: customers, payments and refunds, each change with its events. */
export class Shop {
  readonly given: ShopGiven;

  constructor(given: ShopGiven) {
    this.given = given;
  }

  newId(prefix: string): string {
    return idFrom(new Random(randomInt(2 ** 32 - 1)), prefix);
  }

  find(kind: Kind, id: string, param?: string): Doc {
    const found = this.given.world.get(this.given.place.slug, kind, id);
    if (!found) throw missing(kind.replace(/s$/, ''), id, param);
    return found;
  }

  all(kind: Kind): readonly Doc[] {
    return this.given.world.list(this.given.place.slug, kind);
  }

  put(kind: Kind, doc: Doc): Doc {
    return this.given.world.put(this.given.place.slug, kind, doc);
  }

  get common(): { created: number; livemode: boolean } {
    return { created: this.given.now, livemode: this.given.place.live };
  }

  createCustomer(given: { name: string | null; email: string | null; [field: string]: unknown }): Doc {
    const made = this.put('customers', { ...customer({ ...this.common, id: this.newId('cus'), ...given }), ...given });
    this.given.emit('customer.created', made);
    return made;
  }

  updateCustomer(before: Doc, changes: Readonly<Record<string, unknown>>): Doc {
    return this.change('customers', before, { changes, event: 'customer.updated' });
  }

  deleteCustomer(gone: Doc): object {
    this.given.world.remove(this.given.place.slug, 'customers', gone.id);
    this.given.emit('customer.deleted', gone);
    return { id: gone.id, object: 'customer', deleted: true };
  }

  /** Writes changes and says so, with what was there before; nothing happens where nothing is new. */
  change(kind: Kind, before: Doc, { changes, event }: { changes: Readonly<Record<string, unknown>>; event: string }): Doc {
    const names = Object.keys(changes).filter((name) => JSON.stringify(changes[name]) !== JSON.stringify(before[name]));
    if (names.length === 0) return before;
    const after = this.put(kind, { ...before, ...changes });
    this.given.emit(event, after, Object.fromEntries(names.map((name) => [name, before[name] ?? null])));
    return after;
  }

  charge({ customer: payer, amount, currency, description, metadata = {}, decline }: ChargeWish): Doc {
    const id = this.newId('ch');
    const declined = decline === undefined ? undefined : DECLINES[decline];
    const moved = declined ? null : this.#move({ type: 'charge', amount, fee: feeOf(amount), currency, source: id });
    const made = charge({
      ...this.common,
      id,
      amount,
      currency,
      metadata,
      customer: payer === undefined ? undefined : this.find('customers', payer, 'customer'),
      description: description ?? null,
      paymentIntent: this.newId('pi'),
      balanceTransaction: moved,
      card: { brand: 'visa', last4: declined ? '0002' : '4242' },
      ...(declined && { declined }),
    });
    this.put('charges', made);
    this.given.emit(declined ? 'charge.failed' : 'charge.succeeded', made);
    return made;
  }

  refund({ charge: paid, amount, reason, metadata = {}, pending = false }: RefundWish): Doc {
    const left = Number(paid['amount_captured']) - Number(paid['amount_refunded']);
    if (paid['status'] !== 'succeeded')
      throw new Refusal(400, `Charge ${paid.id} has not succeeded and cannot be refunded.`, { code: 'charge_not_refundable' });
    if (left <= 0) throw new Refusal(400, `Charge ${paid.id} has already been refunded.`, { code: 'charge_already_refunded' });
    const back = amount ?? left;
    if (back < 1) throw new Refusal(400, 'Invalid positive integer', { param: 'amount', code: 'parameter_invalid_integer' });
    if (back > left) {
      const message = `Refund amount (${back} ${String(paid['currency'])}) is greater than unrefunded amount on charge (${left} ${String(paid['currency'])})`;
      throw new Refusal(400, message, { param: 'amount', code: 'amount_too_large' });
    }
    const id = this.newId('re');
    const moved = this.#move({ type: 'refund', amount: -back, fee: 0, currency: String(paid['currency']), source: id });
    const status = pending ? 'pending' : 'succeeded';
    const { created } = this.common;
    const made = this.put(
      'refunds',
      refund({ id, created, charge: paid, amount: back, reason: reason ?? null, metadata, status, balanceTransaction: moved }),
    );
    const refunded = Number(paid['amount_refunded']) + back;
    this.given.emit('refund.created', made);
    this.change('charges', paid, {
      changes: { amount_refunded: refunded, refunded: refunded === paid['amount'] },
      event: 'charge.refunded',
    });
    return made;
  }

  /** A refund that was pending arrives, or comes back. */
  settleRefund(pending: Doc, failed: boolean): Doc {
    if (pending['status'] !== 'pending') throw new Refusal(400, `Refund ${pending.id} is not pending.`);
    const changes = failed ? { status: 'failed', failure_reason: 'lost_or_stolen_card' } : { status: 'succeeded' };
    const after = this.change('refunds', pending, { changes, event: failed ? 'refund.failed' : 'refund.updated' });
    if (!failed) return after;
    const paid = this.find('charges', String(pending['charge']));
    const refunded = Number(paid['amount_refunded']) - Number(pending['amount']);
    this.change('charges', paid, { changes: { amount_refunded: refunded, refunded: false }, event: 'charge.updated' });
    return after;
  }

  dispute(paid: Doc): Doc {
    const { amount, currency, payment_intent } = paid;
    const given = {
      amount,
      currency,
      payment_intent,
      charge: paid.id,
      reason: 'fraudulent',
      status: 'needs_response',
      metadata: {},
    };
    const rest = {
      balance_transactions: [],
      enhanced_eligibility_types: [],
      evidence: {},
      evidence_details: {},
      intended_submission_method: null,
    };
    const made = this.put('disputes', {
      ...this.common,
      id: this.newId('du'),
      object: 'dispute',
      is_charge_refundable: false,
      ...given,
      ...rest,
    });
    this.put('charges', { ...paid, disputed: true });
    this.given.emit('charge.dispute.created', made);
    return made;
  }

  #move(given: { type: string; amount: number; fee: number; currency: string; source: string }): string {
    const { now } = this.given;
    return this.put(
      'balance_transactions',
      transaction({ ...given, id: this.newId('txn'), created: now, now, description: null }),
    ).id;
  }
}
