import { Refusal } from './answers.ts';
import { subscription } from './billing-shapes.ts';
import { invoice, invoicePayment } from './invoice-shapes.ts';
import type { Doc } from './shapes.ts';
import type { Shop } from './shop.ts';

const MONTH = 30 * 86_400;

/** Subscriptions and the invoices they bring, each change with the events the provider sends for it. */
export class Billing {
  readonly #shop: Shop;

  constructor(shop: Shop) {
    this.#shop = shop;
  }

  start(payer: Doc, plan: Doc): Doc {
    const shop = this.#shop;
    const { now } = shop.given;
    const period = { start: now, end: now + MONTH };
    const given = { id: shop.newId('sub'), itemId: shop.newId('si'), customer: payer.id, price: plan, status: 'active', period };
    const made = shop.put('subscriptions', subscription({ ...shop.common, ...given }));
    shop.given.emit('customer.subscription.created', made);
    this.renew(made);
    return shop.find('subscriptions', made.id);
  }

  /** The next invoice of a subscription, paid or not; resolves with the invoice. */
  renew(of: Doc, decline?: string): Doc {
    const shop = this.#shop;
    const draft = this.#invoice(of);
    shop.given.emit('invoice.created', draft);
    const open = shop.change('invoices', draft, {
      changes: { ...finalized(shop.given.now), number: numberOf(shop) },
      event: 'invoice.finalized',
    });
    return this.#collect(of, open, decline);
  }

  update(before: Doc, changes: Readonly<Record<string, unknown>>): Doc {
    if (before['status'] === 'canceled') {
      throw new Refusal(400, 'A canceled subscription can only update its cancellation_details and metadata.');
    }
    return this.#shop.change('subscriptions', before, { changes, event: 'customer.subscription.updated' });
  }

  cancel(before: Doc, details: object = {}): Doc {
    const { now } = this.#shop.given;
    const ended = { status: 'canceled', canceled_at: now, ended_at: now, cancel_at_period_end: false, cancel_at: null };
    const why = { ...(before['cancellation_details'] as object), reason: 'cancellation_requested', ...details };
    return this.#shop.change('subscriptions', before, {
      changes: { ...ended, cancellation_details: why },
      event: 'customer.subscription.deleted',
    });
  }

  #collect(of: Doc, open: Doc, decline: string | undefined): Doc {
    const shop = this.#shop;
    const { now } = shop.given;
    const wish = { customer: String(open['customer']), amount: Number(open['amount_due']), currency: String(open['currency']) };
    const paid = shop.charge({ ...wish, description: 'Subscription update', decline });
    if (decline !== undefined) {
      const changes = {
        attempt_count: Number(open['attempt_count']) + 1,
        attempted: true,
        next_payment_attempt: now + 3 * 86_400,
      };
      const failed = shop.change('invoices', open, { changes, event: 'invoice.payment_failed' });
      this.update(shop.find('subscriptions', of.id), { status: 'past_due', latest_invoice: failed.id });
      return failed;
    }
    const transitions = { ...(open['status_transitions'] as object), paid_at: now };
    const changes = {
      status: 'paid',
      amount_paid: open['amount_due'],
      amount_remaining: 0,
      attempted: true,
      status_transitions: transitions,
    };
    const done = shop.change('invoices', open, { changes, event: 'invoice.paid' });
    const link = { ...shop.common, id: shop.newId('inpay'), invoice: done, paymentIntent: String(paid['payment_intent']) };
    shop.put('invoice_payments', invoicePayment(link));
    shop.given.emit('invoice.payment_succeeded', done);
    this.update(shop.find('subscriptions', of.id), { status: 'active', latest_invoice: done.id });
    return done;
  }

  #invoice(of: Doc): Doc {
    const shop = this.#shop;
    const { now, place } = shop.given;
    const [item] = (of['items'] as { data: { price: Doc }[] }).data;
    const payer = shop.find('customers', String(of['customer']));
    const amount = Number(item?.price['unit_amount'] ?? 0);
    const given = {
      id: shop.newId('in'),
      number: null,
      customer: payer,
      subscription: of.id,
      amount,
      currency: String(of['currency']),
    };
    const period = { start: now, end: now + MONTH };
    return shop.put(
      'invoices',
      invoice({ ...shop.common, ...given, status: 'draft', description: 'Subscription', period, place }),
    );
  }
}

function finalized(now: number): Record<string, unknown> {
  return {
    status: 'open',
    effective_at: now,
    status_transitions: { finalized_at: now, paid_at: null, voided_at: null, marked_uncollectible_at: null },
  };
}

function numberOf(shop: Shop): string {
  return `${shop.given.place.slug.slice(0, 4).toUpperCase()}-${String(shop.all('invoices').length).padStart(4, '0')}`;
}
