import { describe, expect, it } from '@jest/globals';
import type { Account } from 'patchbay';
import { models } from './models.ts';
import { money, moneyWords } from './money.ts';
import { chargeData, customerData, invoiceData, subscriptionData } from './records.ts';

const account: Account = { externalId: 'acct_1', label: 'A' };
const modelled = (name: 'charges' | 'customers' | 'subscriptions' | 'invoices', data: Readonly<Record<string, unknown>>) =>
  models[name]?.of(data, account);

describe('objects from before basil', () => {
  it('have their period on the subscription, later ones on each item, and read the same', () => {
    const price = {
      id: 'price_1',
      unit_amount: 500,
      currency: 'usd',
      product: 'prod_1',
      recurring: { interval: 'month', interval_count: 1 },
    };
    const shared = { id: 'sub_1', status: 'active', currency: 'usd', start_date: 1 };
    const old = {
      ...shared,
      current_period_start: 100,
      current_period_end: 200,
      items: { data: [{ id: 'si_1', quantity: 2, price }] },
    };
    const period = { current_period_start: 100, current_period_end: 200 };
    const later = {
      ...shared,
      items: {
        data: [
          { id: 'si_1', quantity: 2, price, ...period },
          { id: 'si_2', price, current_period_end: 150 },
        ],
      },
    };
    expect(subscriptionData(old)).toMatchObject(period);
    expect(subscriptionData(later)).toMatchObject(period);
    expect(modelled('subscriptions', subscriptionData(old))).toEqual({
      status: 'active',
      price: { amount: 1000, currency: 'USD' },
      interval: 'month',
      intervalCount: 1,
      startedAt: { at: '1970-01-01T00:00:01.000Z' },
      paidUntil: { at: '1970-01-01T00:03:20.000Z' },
    });
  });

  it('have subscription and payment on the invoice, later ones under parent and payments', () => {
    const shared = { id: 'in_1', status: 'paid', total: 500, currency: 'usd' };
    const old = invoiceData({ ...shared, subscription: 'sub_1', charge: 'ch_1', payment_intent: { id: 'pi_1' } });
    const parent = { type: 'subscription_details', subscription_details: { subscription: 'sub_1', metadata: {} } };
    const payment = { type: 'payment_intent', payment_intent: 'pi_1' };
    const later = invoiceData({ ...shared, parent, payments: { data: [{ payment, amount_paid: 500, status: 'paid' }] } });
    expect(old).toMatchObject({ subscription: 'sub_1', payments: [{ charge: 'ch_1', payment_intent: 'pi_1' }] });
    expect(later).toMatchObject({
      subscription: 'sub_1',
      payments: [{ payment_intent: 'pi_1', amount_paid: 500, status: 'paid' }],
    });
  });

  it('read the same whether a reference is expanded or not', () => {
    const shared = { id: 'ch_1', amount: 5, currency: 'usd', status: 'succeeded' };
    expect(chargeData({ ...shared, customer: 'cus_1' })).toEqual(
      chargeData({ ...shared, customer: { id: 'cus_1', name: 'Ada' } }),
    );
  });

  it('keep of a card what says how somebody paid, and no more', () => {
    const card = { brand: 'visa', last4: '4242', exp_month: 8, exp_year: 2031, fingerprint: 'secret', checks: {} };
    expect(chargeData({ id: 'ch_1', payment_method_details: { type: 'card', card } })['method']).toEqual({
      type: 'card',
      brand: 'visa',
      last4: '4242',
      exp_month: 8,
      exp_year: 2031,
    });
  });
});

describe('money', () => {
  it.each([
    ['usd', 1999, { amount: 1999, currency: 'USD' }, 'USD 19.99'],
    ['jpy', 1999, { amount: 1999, currency: 'JPY' }, 'JPY 1,999'],
    ['huf', 100_000, { amount: 100_000, currency: 'HUF' }, 'HUF 1,000.00'],
    ['mga', 5, { amount: 500, currency: 'MGA' }, 'MGA 5.00'],
    ['ugx', 50_000, { amount: 500, currency: 'UGX' }, 'UGX 500'],
    ['isk', 50_000, { amount: 500, currency: 'ISK' }, 'ISK 500'],
    ['kwd', 1234, { amount: 1234, currency: 'KWD' }, 'KWD 1.234'],
  ])('in %s is counted in its smallest unit', (currency, amount, wanted, words) => {
    const found = money(amount, currency);
    expect(found).toEqual(wanted);
    expect(found && moneyWords(found)).toBe(words);
  });
});

describe('a payment in the shared shape', () => {
  const paid = { status: 'succeeded', amount: 500, currency: 'eur', customer: 'cus_1', created: 0 };

  it.each([
    ['succeeded', {}, 'succeeded'],
    ['partly-refunded', { amount_refunded: 100 }, 'partly-refunded'],
    ['refunded', { amount_refunded: 500, refunded: true }, 'refunded'],
    ['disputed', { amount_refunded: 100, disputed: true }, 'disputed'],
    ['pending', { status: 'pending' }, 'pending'],
    ['failed', { status: 'failed' }, 'failed'],
  ])('is %s', (_, change, status) => {
    expect(modelled('charges', { ...paid, ...change })).toMatchObject({ status });
  });

  it('holds what went back, the fee in its own currency, how and why not', () => {
    const data = {
      ...paid,
      status: 'failed',
      fee: 30,
      fee_currency: 'usd',
      amount_refunded: 0,
      failure_message: 'Your card was declined.',
    };
    expect(modelled('charges', { ...data, method: { brand: 'visa', last4: '0002' } })).toEqual({
      status: 'failed',
      amount: { amount: 500, currency: 'EUR' },
      fee: { amount: 30, currency: 'USD' },
      method: 'visa 0002',
      failure: 'Your card was declined.',
      contactId: 'cus_1',
      at: { at: '1970-01-01T00:00:00.000Z' },
    });
  });

  it('is not guessed at', () => {
    expect(() => modelled('charges', { status: 'succeeded' })).toThrow(/amount/);
    expect(() => modelled('charges', { ...paid, status: 'unheard of' })).toThrow(/unheard of/);
  });
});

describe('others in the shared shapes', () => {
  it('are a contact, without what is not known', () => {
    const data = customerData({ id: 'cus_1', name: 'Ada', email: null, address: { city: 'Austin', line1: null }, created: 0 });
    expect(modelled('customers', data)).toEqual({
      name: 'Ada',
      address: { city: 'Austin' },
      createdAt: { at: expect.any(String) },
    });
  });

  it('are an invoice with what is still due', () => {
    const data = invoiceData({
      id: 'in_1',
      number: 'A-1',
      status: 'open',
      total: 900,
      amount_remaining: 400,
      currency: 'chf',
      customer: 'cus_1',
    });
    expect(modelled('invoices', data)).toEqual({
      number: 'A-1',
      status: 'open',
      total: { amount: 900, currency: 'CHF' },
      due: { amount: 400, currency: 'CHF' },
      contactId: 'cus_1',
    });
  });

  it.each([
    ['past_due', {}, 'past-due'],
    ['incomplete_expired', {}, 'cancelled'],
    ['active', { pause_collection: { behavior: 'void' } }, 'paused'],
  ])('are a subscription that is %s', (status, change, wanted) => {
    expect(modelled('subscriptions', { status, currency: 'usd', ...change })).toEqual({ status: wanted });
  });
});
