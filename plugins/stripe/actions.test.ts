import { describe, expect, it } from '@jest/globals';
import { hubError } from 'patchbay';
import { DEMO_CHARGE, DEMO_SUBSCRIPTION, READER_KEY } from './sandbox/demo.ts';
import { act, dataOf, newRig, type Rig, recordsIn } from './test-rig.ts';

const refunds = (rig: Rig) => rig.sim.world.list('blue-test', 'refunds').filter((doc) => doc['charge'] === DEMO_CHARGE);
const refund = (rig: Rig, input: object = {}, id = 'wish') =>
  act(rig.ctx(), 'refund', { payment: DEMO_CHARGE, ...input }, { id });

async function refused(work: Promise<unknown>) {
  const error = hubError(
    await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    ),
  );
  return error && { consequence: error.consequence, code: error.code, message: error.message };
}

describe('a refund', () => {
  it.each([
    ['more than is left', { amount: 4901 }, { consequence: 'rejected', message: expect.stringContaining('4901') }],
    ['of a payment nobody knows', { payment: 'ch_3NobodyKnowsThisOne01' }, { consequence: 'not-found' }],
    ['of an intent nobody knows', { payment: 'pi_3NobodyKnowsThisOne01' }, { consequence: 'not-found' }],
  ])('%s is refused and nothing moves', async (_, input, why) => {
    const rig = newRig();
    expect(await refused(refund(rig, input))).toMatchObject(why);
    expect(refunds(rig)).toEqual([]);
  });

  it('is refused when all has gone back', async () => {
    const rig = newRig();
    await refund(rig);
    expect(await refused(refund(rig, {}, 'another wish'))).toMatchObject({ code: 'CONFLICT', message: /already been refunded/ });
  });

  it('is refused by the settings, without asking the provider', async () => {
    const rig = newRig();
    const off = act(rig.ctx({ config: { refunds: false } }), 'refund', { payment: DEMO_CHARGE });
    expect(await refused(off)).toMatchObject({ code: 'FORBIDDEN' });
    expect(rig.seen).toEqual([]);
  });

  it('by a key that may only read names the right that is missing', async () => {
    const rig = newRig();
    const work = act(rig.ctx({ key: READER_KEY }), 'refund', { payment: DEMO_CHARGE });
    expect(await refused(work)).toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('"Charge: Write" (rak_charge_write)'),
    });
  });

  it('gives back a part, with reason and order number, and brings refund and payment', async () => {
    const rig = newRig();
    const metadata = [{ name: 'return', value: 'R-9' }];
    const { data, effects } = await refund(rig, { amount: 1200, reason: 'duplicate', orderId: '4711', metadata });
    expect(data).toMatchObject({ status: 'succeeded', amount: 1200, currency: 'usd', message: 'USD 12.00 refunded.' });
    expect(dataOf(recordsIn(effects, 'refunds')[0])).toMatchObject({
      reason: 'duplicate',
      order: '4711',
      metadata: { order_id: '4711' },
    });
    expect(dataOf(recordsIn(effects, 'charges')[0])).toMatchObject({ id: DEMO_CHARGE, amount_refunded: 1200, fee: 172 });
    expect(recordsIn(effects, 'refunds')[0]).not.toHaveProperty('updatedAt');
  });

  it('by the payment intent gives back all that is left', async () => {
    const rig = newRig();
    const payment = rig.sim.world.get('blue-test', 'charges', DEMO_CHARGE)?.['payment_intent'];
    await refund(rig, { amount: 900 }, 'first');
    expect((await refund(rig, { payment }, 'second')).data).toMatchObject({ amount: 4000 });
    expect(rig.sim.world.get('blue-test', 'charges', DEMO_CHARGE)).toMatchObject({ refunded: true });
  });

  it('that goes by bank says that it has not arrived', async () => {
    const rig = newRig();
    const paid = rig.sim.world.get('blue-test', 'charges', DEMO_CHARGE);
    if (paid)
      rig.sim.world.put('blue-test', 'charges', { ...paid, payment_method_details: { type: 'sepa_debit', sepa_debit: {} } });
    expect((await refund(rig)).data).toMatchObject({ status: 'pending', message: expect.stringMatching(/do not count it/) });
  });

  it('succeeds even where the payment cannot be read back, which is then synced', async () => {
    const rig = newRig();
    rig.intercept = ({ method }) => (method === 'GET' ? { status: 500, body: 'no' } : undefined);
    const { effects } = await refund(rig);
    expect(recordsIn(effects, 'refunds')).toHaveLength(1);
    expect(recordsIn(effects, 'charges')).toEqual([]);
    expect(effects).toContainEqual({ kind: 'resync', stream: 'charges' });
  });
});

describe('a wish', () => {
  it('is done once, however often it is sent, and another one is another', async () => {
    const rig = newRig();
    const [one, two] = [await refund(rig, { amount: 100 }), await refund(rig, { amount: 100 })];
    expect(two.data).toEqual(one.data);
    expect(refunds(rig)).toHaveLength(1);
    await refund(rig, { amount: 100 }, 'another wish');
    expect(refunds(rig)).toHaveLength(2);
  });

  it('is refused when the same key asks for something else', async () => {
    const rig = newRig();
    await refund(rig, { amount: 100 });
    expect(await refused(refund(rig, { amount: 200 }))).toMatchObject({ consequence: 'rejected', code: 'CONFLICT' });
    expect(refunds(rig)).toHaveLength(1);
  });

  it.each(['409', 'lock', '500'] as const)('is sent again with its key where the provider says so (%s)', async (failure) => {
    const rig = newRig();
    rig.sim.trouble.failure = failure;
    rig.sim.trouble.left = 1;
    await refund(rig, { amount: 100 });
    const posts = rig.seen.filter(({ req }) => req.method === 'POST');
    expect(posts).toHaveLength(2);
    expect(new Set(posts.map(({ req }) => req.headers['idempotency-key'])).size).toBe(1);
    expect(refunds(rig)).toHaveLength(1);
  });

  it('is not sent again where the provider says that it is no use', async () => {
    const rig = newRig();
    rig.sim.trouble.failure = '500 never again';
    expect(await refused(refund(rig))).toMatchObject({ consequence: 'try-later' });
    expect(rig.seen).toHaveLength(1);
  });
});

describe('a cancellation', () => {
  const subscription = (rig: Rig) => rig.sim.world.get('blue-test', 'subscriptions', DEMO_SUBSCRIPTION);
  const cancel = (rig: Rig, input: object = {}, config = {}) =>
    act(rig.ctx({ config }), 'cancelSubscription', { subscriptionId: DEMO_SUBSCRIPTION, ...input });

  it('goes with the period unless the settings or the caller say otherwise', async () => {
    const rig = newRig();
    const { data, effects } = await cancel(rig);
    expect(data).toMatchObject({ status: 'active', cancel_at_period_end: true, cancel_at: expect.any(Number) });
    expect(dataOf(recordsIn(effects, 'subscriptions')[0])).toMatchObject({ cancel_at_period_end: true });
    const other = newRig();
    expect((await cancel(other, {}, { cancelAt: 'now' })).data).toMatchObject({
      status: 'canceled',
      ended_at: expect.any(Number),
    });
  });

  it('is taken back while the period runs', async () => {
    const rig = newRig();
    await cancel(rig);
    const { data } = await act(rig.ctx(), 'keepSubscription', { subscriptionId: DEMO_SUBSCRIPTION });
    expect(data).toMatchObject({ cancel_at_period_end: false, cancel_at: null });
  });

  it('at once keeps reason and comment, credits as told, and cannot be taken back', async () => {
    const rig = newRig();
    await cancel(rig, { when: 'now', prorate: true, feedback: 'too_expensive', comment: 'moved' });
    expect(subscription(rig)).toMatchObject({
      status: 'canceled',
      cancellation_details: { feedback: 'too_expensive', comment: 'moved' },
    });
    expect(rig.seen.find(({ req }) => req.method === 'DELETE')?.req.body).toContain('prorate=true');
    const back = act(rig.ctx(), 'keepSubscription', { subscriptionId: DEMO_SUBSCRIPTION });
    expect(await refused(back)).toMatchObject({
      consequence: 'rejected',
      message: expect.stringMatching(/canceled subscription/),
    });
    expect(await refused(cancel(rig, { when: 'now' }))).toMatchObject({ consequence: 'not-found' });
  });
});
