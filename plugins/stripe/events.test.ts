import { describe, expect, it } from '@jest/globals';
import type { HubEvent } from 'patchbay';
import { BLUE_TEST, DEMO_SUBSCRIPTION } from './sandbox/demo.ts';
import { dataOf, handlers, newRig, type Rig, recordsIn } from './test-rig.ts';

const url = 'http://127.0.0.1:3000/webhooks/stripe/c/key';

/** What the simulator sent since, as events. */
async function sent(
  rig: Rig,
  command: string,
  input: object = {},
): Promise<{ result: Record<string, unknown>; events: HubEvent[] }> {
  if (rig.sim.world.list('blue-test', 'webhook_endpoints').length === 0) await handlers.webhook.subscribe?.(rig.ctx(), url);
  const before = rig.webhooks().length;
  const result = await rig.press(command, input);
  return {
    result,
    events: rig
      .webhooks()
      .slice(before)
      .flatMap((req) => handlers.webhook.events(req)),
  };
}

async function effectsOf(rig: Rig, events: readonly HubEvent[], type: string) {
  const event = events.find((one) => one.type === type);
  if (!event) throw new Error(`no ${type} among ${events.map((one) => one.type).join(', ')}`);
  return (await handlers.webhook.onEvent?.(rig.ctx(), event)) ?? [];
}

describe('the events a store needs', () => {
  it('charge.succeeded brings the payment with its fee', async () => {
    const rig = newRig();
    const { result, events } = await sent(rig, 'charge', { amount: 5000, orderId: '4711' });
    const [record] = recordsIn(await effectsOf(rig, events, 'charge.succeeded'), 'charges');
    expect(record).toMatchObject({ id: result['chargeId'], updatedAt: events[0]?.at });
    expect(dataOf(record)).toMatchObject({
      status: 'succeeded',
      amount: 5000,
      currency: 'usd',
      fee: 175,
      net: 4825,
      order: '4711',
    });
  });

  it('charge.failed brings why', async () => {
    const rig = newRig();
    const { events } = await sent(rig, 'charge', { outcome: 'insufficient_funds' });
    const [record] = recordsIn(await effectsOf(rig, events, 'charge.failed'), 'charges');
    expect(dataOf(record)).toMatchObject({ status: 'failed', failure_message: 'Your card has insufficient funds.' });
  });

  it('charge.refunded brings what went back, and refund.created the refund with its payment', async () => {
    const rig = newRig();
    const { result, events } = await sent(rig, 'refund', { amount: 200 });
    const [paid] = recordsIn(await effectsOf(rig, events, 'charge.refunded'), 'charges');
    expect(dataOf(paid)).toMatchObject({ id: result['chargeId'], amount_refunded: 200, refunded: false });
    const created = await effectsOf(rig, events, 'refund.created');
    expect(dataOf(recordsIn(created, 'refunds')[0])).toMatchObject({ id: result['refundId'], amount: 200, status: 'succeeded' });
    expect(recordsIn(created, 'charges')).toHaveLength(1);
  });

  it('refund.failed takes back what a pending refund had promised', async () => {
    const rig = newRig();
    const { result } = await sent(rig, 'refund', { pending: true });
    const { events } = await sent(rig, 'settleRefund', { refundId: result['refundId'], failed: true });
    const effects = await effectsOf(rig, events, 'refund.failed');
    expect(dataOf(recordsIn(effects, 'refunds')[0])).toMatchObject({ status: 'failed', failure_reason: 'lost_or_stolen_card' });
    expect(dataOf(recordsIn(effects, 'charges')[0])).toMatchObject({ amount_refunded: 0, refunded: false });
  });

  it('customer.subscription.created, .updated and .deleted bring the subscription', async () => {
    const rig = newRig();
    const { result, events } = await sent(rig, 'startSubscription');
    const [begun] = recordsIn(await effectsOf(rig, events, 'customer.subscription.created'), 'subscriptions');
    expect(dataOf(begun)).toMatchObject({
      id: result['subscriptionId'],
      status: 'active',
      current_period_end: expect.any(Number),
    });
    const changed = await sent(rig, 'changeSubscription', result);
    const [ending] = recordsIn(await effectsOf(rig, changed.events, 'customer.subscription.updated'), 'subscriptions');
    expect(dataOf(ending)).toMatchObject({ cancel_at_period_end: true });
    const ended = await sent(rig, 'cancelSubscription', result);
    const [gone] = recordsIn(await effectsOf(rig, ended.events, 'customer.subscription.deleted'), 'subscriptions');
    expect(dataOf(gone)).toMatchObject({ status: 'canceled', ended_at: expect.any(Number) });
  });

  it('invoice.payment_succeeded and invoice.payment_failed bring the invoice with its subscription', async () => {
    const rig = newRig();
    const good = await sent(rig, 'renewSubscription', { subscriptionId: DEMO_SUBSCRIPTION });
    const [paid] = recordsIn(await effectsOf(rig, good.events, 'invoice.payment_succeeded'), 'invoices');
    const payments = [{ payment_intent: expect.stringMatching(/^pi_/), status: 'paid', amount_paid: 4900 }];
    expect(dataOf(paid)).toMatchObject({ status: 'paid', subscription: DEMO_SUBSCRIPTION, amount_remaining: 0, payments });
    const bad = await sent(rig, 'renewSubscription', { subscriptionId: DEMO_SUBSCRIPTION, declined: true });
    const [open] = recordsIn(await effectsOf(rig, bad.events, 'invoice.payment_failed'), 'invoices');
    expect(dataOf(open)).toMatchObject({ status: 'open', amount_remaining: 4900, next_payment_attempt: expect.any(Number) });
    const [late] = recordsIn(await effectsOf(rig, bad.events, 'customer.subscription.updated'), 'subscriptions');
    expect(dataOf(late)).toMatchObject({ status: 'past_due' });
  });

  it('a dispute marks its payment, and a deleted customer goes', async () => {
    const rig = newRig();
    const disputed = await sent(rig, 'dispute');
    const [record] = recordsIn(await effectsOf(rig, disputed.events, 'charge.dispute.created'), 'charges');
    expect(dataOf(record)).toMatchObject({ disputed: true });
    const { result, events } = await sent(rig, 'deleteCustomer');
    expect(recordsIn(await effectsOf(rig, events, 'customer.deleted'), 'customers')).toEqual([
      { id: result['customerId'], deleted: true },
    ]);
  });

  it('the end of access ends the connection', async () => {
    const rig = newRig();
    const { events } = await sent(rig, 'deauthorize');
    expect(await effectsOf(rig, events, 'account.application.deauthorized')).toEqual([
      { kind: 'disconnect', reason: expect.stringMatching(/\S/) },
    ]);
  });
});

describe('an event', () => {
  it('that comes late brings what is so now, dated by when it happened', async () => {
    const rig = newRig();
    const first = await sent(rig, 'addCustomer');
    await sent(rig, 'changeCustomer', { customerId: first.result['customerId'], name: 'Newest Name' });
    const [record] = recordsIn(await effectsOf(rig, first.events, 'customer.created'), 'customers');
    expect(dataOf(record)).toMatchObject({ name: 'Newest Name' });
    expect(record).toMatchObject({ updatedAt: first.events[0]?.at });
  });

  it('of a customer who is gone by now says that it is gone', async () => {
    const rig = newRig();
    const first = await sent(rig, 'addCustomer');
    await rig.press('deleteCustomer', { customerId: first.result['customerId'] });
    rig.intercept = (req) =>
      req.path.startsWith('/v1/customers/')
        ? { status: 200, body: { id: first.result['customerId'], object: 'customer', deleted: true } }
        : undefined;
    const effects = await effectsOf(rig, first.events, 'customer.created');
    expect(recordsIn(effects, 'customers')).toEqual([{ id: first.result['customerId'], deleted: true }]);
  });

  it('is taken at its word where the object is not to be found, save for a draft that was thrown away', async () => {
    const rig = newRig();
    const event = (type: string, object: object): HubEvent => ({
      id: 'evt_1',
      type,
      data: { created: 1_795_000_000, livemode: false, object: { created: 1, ...object } },
    });
    const of = async (one: HubEvent) => (await handlers.webhook.onEvent?.(rig.ctx(), one)) ?? [];
    const unknown = await of(event('charge.succeeded', { id: 'ch_unknown', status: 'succeeded', amount: 7, currency: 'eur' }));
    expect(dataOf(recordsIn(unknown, 'charges')[0])).toMatchObject({ amount: 7, currency: 'eur' });
    const draft = await of(event('invoice.created', { id: 'in_unknown', status: 'draft', currency: 'eur' }));
    expect(recordsIn(draft, 'invoices')).toEqual([{ id: 'in_unknown', deleted: true }]);
    expect(await of(event('invoice.upcoming', { currency: 'eur' }))).toEqual([]);
  });

  it.each([
    ['of live mode', { livemode: true }],
    ['of another account', { account: 'acct_1SomebodyElse00001' }],
  ])('%s changes nothing', async (_, change) => {
    const rig = newRig();
    const { events } = await sent(rig, 'charge');
    const [event] = events;
    if (!event) throw new Error('nothing was sent');
    expect(await handlers.webhook.onEvent?.(rig.ctx(), { ...event, data: { ...event.data, ...change } })).toEqual([]);
    const own = { ...event, data: { ...event.data, account: BLUE_TEST.account } };
    expect(await handlers.webhook.onEvent?.(rig.ctx(), own)).toHaveLength(1);
  });

  it('changes only streams the store has chosen, in currencies and from days it has chosen', async () => {
    const rig = newRig();
    const { events } = await sent(rig, 'refund');
    const event = events.find(({ type }) => type === 'refund.created');
    const with_ = async (config: object) => (await handlers.webhook.onEvent?.(rig.ctx({ config }), event as HubEvent)) ?? [];
    expect((await with_({ streams: ['refunds'] })).map((effect) => 'stream' in effect && effect.stream)).toEqual(['refunds']);
    expect(await with_({ currencies: ['eur'] })).toEqual([]);
    expect(await with_({ syncFrom: '2999-01-01' })).toEqual([]);
  });
});
