import { describe, expect, it } from '@jest/globals';
import { addDays, dayIn, type Item } from 'patchbay';
import { reportModel } from './report-rows.ts';
import { BLUE_FITNESS, BLUE_TOKYO, HOSTS, RIVERSIDE } from './sandbox/demo.ts';
import { dataOf, handlers, newRig, run } from './test-rig.ts';

const dayOf = (item: Item) => String(dataOf(item)['date']);

const today = () => dayIn(BLUE_FITNESS.timeZone, Date.now());

const model = handlers.streams['traffic']?.model;

describe('figures that change afterwards', () => {
  it('are met by the next run, which says which rows it would have met', async () => {
    const rig = newRig();
    const ctx = rig.ctx();
    const first = await run(ctx, 'traffic');
    await rig.press('restate');
    const next = await run(ctx, 'traffic', { from: first.checkpoint });
    const covers = handlers.streams['traffic']?.covers;
    const now = new Date().toISOString();
    const gone = first.items.filter(
      (item) => covers?.(dataOf(item), now, ctx.config, first.checkpoint) && !next.ids.includes(item.id),
    );
    expect(gone).toHaveLength(3);
    for (const item of gone) expect(dataOf(item)['dimensions']).toMatchObject({ sessionSource: '(not set)' });
    const kept = first.items.filter((item) => !covers?.(dataOf(item), now, ctx.config, first.checkpoint));
    expect(new Set(kept.map(dayOf)).size).toBe(83);
  });

  it('are not taken for gone where nothing was read of them', () => {
    const covers = handlers.streams['traffic']?.covers;
    const now = new Date().toISOString();
    const row = (propertyId: string, days: number) => ({ propertyId, date: addDays(today(), days), timeZone: 'America/Chicago' });
    const config = { ...newRig().ctx().config, reportLookbackDays: 7 };
    const done = { property: BLUE_FITNESS.id, through: today() };
    expect(covers?.(row(BLUE_FITNESS.id, -3), now, config, done)).toBe(true);
    expect(covers?.(row(BLUE_FITNESS.id, -7), now, config, done)).toBe(false);
    expect(covers?.(row(RIVERSIDE.id, -3), now, config, done)).toBe('unchosen');
    expect(covers?.(row(BLUE_FITNESS.id, -3), now, { ...config, propertyId: '' }, done)).toBe(false);
    expect(covers?.(row(BLUE_FITNESS.id, -3), now, { ...config, propertyId: '' }, { ...done, auto: true })).toBe(true);
    const within = {
      property: BLUE_FITNESS.id,
      first: addDays(today(), -30),
      last: addDays(today(), -2),
      offset: 2500,
      startedAt: 'x',
    };
    expect(covers?.(row(BLUE_FITNESS.id, -3), now, config, within)).toBe(false);
    expect(covers?.(row(BLUE_FITNESS.id, -1), now, config, within)).toBe(true);
    expect(covers?.({}, now, config, done)).toBe(false);
  });
});

describe('what Google leaves out or estimates', () => {
  it('is said in words, counted, and marked in the rows', async () => {
    const rig = newRig();
    await rig.press('blur', { thresholds: true, sampling: true, otherRow: true });
    const { items, notes } = await run(rig.ctx({ config: { reportHistoryDays: 10 } }), 'traffic');
    const others = items.filter((item) => dataOf(item)['other']).length;
    expect(others).toBeGreaterThan(5);
    expect(notes).toEqual([
      'Google may have withheld rows of few visitors (data thresholds).',
      `Google added rare rows up as "(other)": ${others} such rows.`,
      'Google estimated figures from 25% of the events (sampling).',
    ]);
    expect(dataOf(items[0])).toMatchObject({ thresholded: true, sampled: 0.25 });
  });

  it('is said of columns the account may not see', async () => {
    const rig = newRig();
    const restricted = { activeMetricRestrictions: [{ metricName: 'purchaseRevenue', restrictedMetricTypes: ['REVENUE_DATA'] }] };
    const body = { metricHeaders: [{ name: 'sessions' }], metadata: { schemaRestrictionResponse: restricted } };
    rig.intercept = (req) => (req.host === HOSTS.data ? { status: 200, body } : undefined);
    expect((await run(rig.ctx(), 'traffic')).notes[0]).toMatch(/may not see purchaseRevenue/);
  });
});

describe('rows in the shared shape', () => {
  const account = { externalId: 'x', label: 'x' };

  it('hold money in minor units of the report’s own currency', async () => {
    const dollars = (await run(newRig().ctx({ config: { reportHistoryDays: 7 } }), 'transactions')).items[0];
    const yen = (await run(newRig().ctx({ config: { propertyId: BLUE_TOKYO.id, reportHistoryDays: 30 } }), 'transactions'))
      .items[0];
    const [shaped, inYen] = [dollars, yen].map((item) => model?.of(dataOf(item), account));
    const metrics = (item: Item | undefined) => dataOf(item)['metrics'] as Record<string, number>;
    expect(shaped).toMatchObject({
      currency: 'USD',
      zone: 'America/Chicago',
      dimensions: { transactionId: expect.stringMatching(/^01-/) },
    });
    expect(shaped).toMatchObject({
      metrics: { purchaseRevenue: Math.round((metrics(dollars)['purchaseRevenue'] ?? 0) * 100), ecommercePurchases: 1 },
    });
    expect(inYen).toMatchObject({ currency: 'JPY', metrics: { purchaseRevenue: metrics(yen)['purchaseRevenue'] } });
  });

  it.each([
    ['HUF', 1000.5, 100_050],
    ['JPY', 500, 500],
    ['KWD', 1.234, 1234],
  ])('count money in the smallest unit of %s', (currency, purchaseRevenue, wanted) => {
    const data = { date: '2026-11-01', dimensions: {}, metrics: { purchaseRevenue }, money: ['purchaseRevenue'], currency };
    expect(reportModel.of(data, account)).toMatchObject({ currency, metrics: { purchaseRevenue: wanted } });
  });

  it('leave out an amount whose currency nobody named', () => {
    const data = {
      date: '2026-11-01',
      dimensions: {},
      metrics: { sessions: 2, purchaseRevenue: 9.5 },
      money: ['purchaseRevenue'],
    };
    expect(reportModel.of(data, account)).toEqual({
      from: '2026-11-01',
      to: '2026-11-01',
      dimensions: {},
      metrics: { sessions: 2 },
    });
    expect(() => reportModel.of({}, account)).toThrow(/no day/);
  });
});

describe('the directory', () => {
  it('lists every property of an agency, over pages', async () => {
    const rig = newRig();
    const scopes = ['openid', 'https://www.googleapis.com/auth/analytics.readonly'];
    const agency = { subject: '114955102840182740022', scopes, refreshable: false };
    const ctx = rig.ctx({ accessToken: rig.sim.tokens.open(agency, rig.sim.now()).accessToken });
    const { ids, pages } = await run(ctx, 'properties');
    expect(pages).toHaveLength(2);
    expect(new Set(ids).size).toBe(230);
    expect((await run(ctx, 'properties', { from: pages[0]?.checkpoint ?? null })).ids).toHaveLength(30);
  });

  it('tells where data retention differs from what the settings prefer', async () => {
    const rig = newRig();
    const { items, notes } = await run(
      rig.ctx({ config: { eventDataRetention: 'FOURTEEN_MONTHS', userDataRetention: 'FOURTEEN_MONTHS' } }),
      'settings',
    );
    expect(dataOf(items[0])).toMatchObject({ timeZone: 'America/Chicago', currency: 'USD', eventDataRetention: 'TWO_MONTHS' });
    expect(notes).toEqual([
      'Google Analytics keeps event data for 2 months, your settings prefer 14 months; "Change data retention" sets it there.',
    ]);
  });
});
