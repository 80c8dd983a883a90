import { describe, expect, it } from '@jest/globals';
import { type Checkpoint, hubError } from 'patchbay';
import { BLUE_TEST, LIVE_KEY } from './sandbox/demo.ts';
import { settled } from './sandbox/shapes.ts';
import { blueTest, dataOf, handlers, newRig, type Rig, run } from './test-rig.ts';

const DAY = 86_400;
const now = () => Math.floor(Date.now() / 1000);
const asked = (rig: Rig, path: string) => rig.seen.filter(({ req }) => req.path === path);

/** A checkpoint as a run that began `seconds` ago would have left it. */
async function lastRun(rig: Rig, stream: string, seconds = 0): Promise<Checkpoint> {
  const { checkpoint } = await run(rig.ctx(), stream);
  rig.seen.length = 0;
  return { ...checkpoint, since: now() - seconds - 300 };
}

describe('a first sync', () => {
  it.each([
    ['charges', 'charges'],
    ['customers', 'customers'],
    ['subscriptions', 'subscriptions'],
    ['invoices', 'invoices'],
    ['refunds', 'refunds'],
    ['balanceTransactions', 'balance_transactions'],
  ] as const)('meets every record of %s once, a hundred a page', async (stream, kind) => {
    const rig = newRig();
    const { ids, pages } = await run(rig.ctx(), stream);
    const all = rig.sim.world.list('blue-test', kind).map(({ id }) => id);
    expect([...ids].sort()).toEqual([...all].sort());
    expect(pages).toHaveLength(Math.ceil(all.length / 100));
  });

  it('leaves out nothing that is canceled', async () => {
    const { items } = await run(newRig().ctx(), 'subscriptions');
    expect(items.some((item) => dataOf(item)['status'] === 'canceled')).toBe(true);
  });

  it('goes on by time where the object under its cursor is gone', async () => {
    const rig = newRig();
    const all = rig.sim.world.list('blue-test', 'customers').map(({ id }) => id);
    const first = await run(rig.ctx(), 'customers', { pages: 1 });
    rig.sim.world.remove('blue-test', 'customers', String(first.checkpoint?.['after']));
    const rest = await run(rig.ctx(), 'customers', { from: first.checkpoint });
    expect(new Set([...first.ids, ...rest.ids])).toEqual(new Set(all));
  });

  it('reads from the day and in the currencies the store has chosen', async () => {
    const rig = newRig();
    const day = new Date((rig.sim.world.epoch - 30 * DAY) * 1000).toISOString().slice(0, 10);
    const { items } = await run(rig.ctx({ config: { syncFrom: day } }), 'charges');
    expect(items.length).toBeGreaterThan(0);
    for (const item of items) expect(dataOf(item)['created']).toBeGreaterThanOrEqual(Date.parse(day) / 1000);
    expect((await run(rig.ctx({ config: { currencies: ['eur'] } }), 'charges')).items).toEqual([]);
    expect((await run(rig.ctx({ config: { currencies: ['eur'] } }), 'customers')).items).toHaveLength(640);
  });

  it('dates what it read earlier than it began, so that it cannot undo an event', async () => {
    const began = now();
    const { items } = await run(newRig().ctx(), 'refunds');
    for (const item of items)
      expect('updatedAt' in item && Date.parse(item.updatedAt ?? '') / 1000).toBeLessThanOrEqual(began - 300);
  });
});

describe('a second sync', () => {
  it('asks once where nothing has happened', async () => {
    const rig = newRig();
    const from = await lastRun(rig, 'charges');
    expect((await run(rig.ctx(), 'charges', { from })).items).toEqual([]);
    expect(rig.seen.map(({ req }) => req.path)).toEqual(['/v1/events']);
  });

  it('reads again what events name, once each, as it is now', async () => {
    const rig = newRig();
    const from = await lastRun(rig, 'charges');
    const { chargeId } = await rig.press('charge', { amount: 900 });
    await rig.press('refund', { chargeId, amount: 100 });
    await rig.press('refund', { chargeId, amount: 100 });
    const { items } = await run(rig.ctx(), 'charges', { from });
    expect(items).toHaveLength(1);
    expect(dataOf(items[0])).toMatchObject({ id: chargeId, amount: 900, amount_refunded: 200 });
    expect(asked(rig, `/v1/charges/${String(chargeId)}`)).toHaveLength(1);
  });

  it('pages through many events and resumes among them', async () => {
    const rig = newRig();
    const from = await lastRun(rig, 'customers');
    for (let count = 0; count < 230; count += 1) await rig.press('addCustomer');
    const whole = await run(rig.ctx(), 'customers', { from });
    expect(whole.pages).toHaveLength(3);
    expect(new Set(whole.ids).size).toBe(230);
    const first = await run(rig.ctx(), 'customers', { from, pages: 1 });
    const rest = await run(rig.ctx(), 'customers', { from: first.checkpoint });
    expect(new Set([...first.ids, ...rest.ids])).toEqual(new Set(whole.ids));
  });

  it('learns that a customer was deleted, and a draft', async () => {
    const rig = newRig();
    const from = await lastRun(rig, 'customers');
    const { customerId } = await rig.press('deleteCustomer');
    expect((await run(rig.ctx(), 'customers', { from })).items).toEqual([{ id: customerId, deleted: true }]);
  });

  it('reads everything again when events are no longer kept for so long', async () => {
    const rig = newRig();
    const from = await lastRun(rig, 'customers', 31 * DAY);
    const { ids } = await run(rig.ctx(), 'customers', { from });
    expect(ids).toHaveLength(640);
    expect(asked(rig, '/v1/events')).toEqual([]);
  });

  it.each([
    ['the day', { syncFrom: '2020-01-01' }],
    ['the currencies', { currencies: ['usd'] }],
    ['the order number', { orderField: 'shop_order' }],
  ])('reads everything again when the store has changed %s', async (_, config) => {
    const rig = newRig();
    const from = await lastRun(rig, 'charges');
    expect((await run(rig.ctx({ config }), 'charges', { from })).ids.length).toBeGreaterThan(1000);
  });

  it('looks through what may still change once a day', async () => {
    const rig = newRig();
    const from = await lastRun(rig, 'invoices');
    const open = rig.sim.world.list('blue-test', 'invoices').filter((doc) => doc['status'] === 'open');
    expect((await run(rig.ctx(), 'invoices', { from })).items).toEqual([]);
    const due = await run(rig.ctx(), 'invoices', { from: { ...from, openAt: now() - DAY - 1 } });
    expect([...due.ids].sort()).toEqual(open.map(({ id }) => id).sort());
    expect((await run(rig.ctx(), 'invoices', { from: due.checkpoint })).items).toEqual([]);
  });

  it('reads balance transactions again from the oldest that was pending', async () => {
    const rig = newRig();
    const from = await lastRun(rig, 'balanceTransactions');
    const pending = rig.sim.world
      .list('blue-test', 'balance_transactions')
      .filter((doc) => settled(doc, now())['status'] === 'pending');
    expect(from['pendingSince']).toBe(pending.at(-1)?.created);
    const paid = pending.at(-1);
    if (paid) rig.sim.world.put('blue-test', 'balance_transactions', { ...paid, status: 'available' });
    const { items, checkpoint } = await run(rig.ctx(), 'balanceTransactions', { from });
    expect(items.find(({ id }) => id === paid?.id)).toMatchObject({ data: { status: 'available' } });
    expect(items.length).toBeLessThan(200);
    expect(checkpoint?.['pendingSince']).toBeGreaterThan(Number(from['pendingSince']));
  });

  it('gives up for now when the answer is no list', async () => {
    const rig = newRig();
    const from = await lastRun(rig, 'charges');
    rig.intercept = () => ({ status: 200, body: { object: 'list', data: null } });
    const error = await run(rig.ctx(), 'charges', { from }).catch((thrown: unknown) => thrown);
    expect(hubError(error)?.consequence).toBe('try-later');
  });
});

describe('what a run did not meet', () => {
  const covers = (from: Checkpoint | null, config = {}) =>
    handlers.streams['charges']?.covers?.(
      { created: 1_700_000_000, currency: 'usd' },
      new Date().toISOString(),
      config as never,
      from,
    );

  it('is gone after a run that read everything, and only then', async () => {
    const rig = newRig();
    const from = await lastRun(rig, 'charges');
    const { config } = rig.ctx();
    expect(covers(null, config)).toBe(true);
    expect(covers(from, config)).toBe(false);
    expect(covers({ ...from, since: now() - 31 * DAY }, config)).toBe(true);
    expect(covers({ ...from, phase: 'all', since: 0 }, config)).toBe(false);
    expect(covers(from, { ...config, currencies: ['usd'] })).toBe(true);
  });

  it('is kept where the settings leave it out', () => {
    expect(covers(null, { currencies: ['eur'] })).toBe(false);
    expect(covers(null, { syncFrom: '2999-01-01' })).toBe(false);
  });
});

describe('an account in live mode', () => {
  it('is read with the same code and shares no record with test mode', async () => {
    const rig = newRig();
    const test = await run(rig.ctx(), 'customers');

    const live = await run(
      rig.ctx({ key: LIVE_KEY, account: { ...blueTest, externalId: BLUE_TEST.account, mode: 'live' } }),
      'customers',
    );
    expect(live.ids).toHaveLength(45);
    expect(live.ids.filter((id) => test.ids.includes(id))).toEqual([]);
  });
});
