import { describe, expect, it } from '@jest/globals';
import { hubError, type Item } from 'patchbay';
import { addDays, dayIn } from './dates.ts';
import { reportModel } from './report-rows.ts';
import { PAGE_ROWS } from './report-sync.ts';
import { BLUE_FITNESS, BLUE_TOKYO, HOSTS, RIVERSIDE } from './sandbox/demo.ts';
import { dataOf, handlers, newRig, type Rig, run } from './test-rig.ts';

const reports = (rig: Rig) =>
  rig.seen.filter(({ req }) => req.path.endsWith(':runReport')).map(({ req }) => JSON.parse(req.body));
const dayOf = (item: Item) => String(dataOf(item)['date']);
const today = () => dayIn(BLUE_FITNESS.timeZone, Date.now());
const model = handlers.streams['traffic']?.model;

async function failure(promise: Promise<unknown>) {
  return promise.then(
    () => undefined,
    (error: unknown) => hubError(error),
  );
}

describe('reading reports', () => {
  it('stops for an answer that is no report, and never takes it for an empty one', async () => {
    for (const body of ['<html>', {}, { rows: [] }, { metricHeaders: 'x' }, { metricHeaders: [], rows: {} }]) {
      const rig = newRig();
      rig.intercept = (req) => (req.host === HOSTS.data ? { status: 200, body } : undefined);
      expect(await failure(run(rig.ctx(), 'traffic'))).toMatchObject({ consequence: 'try-later' });
    }
  });

  it('takes a report without rows for what it is', async () => {
    const rig = newRig();
    rig.intercept = (req) =>
      req.host === HOSTS.data
        ? {
            status: 200,
            body: { dimensionHeaders: [], metricHeaders: [{ name: 'sessions', type: 'TYPE_INTEGER' }], metadata: {} },
          }
        : undefined;
    const { items, checkpoint } = await run(rig.ctx(), 'traffic');
    expect(items).toEqual([]);
    expect(checkpoint).toMatchObject({ property: BLUE_FITNESS.id, through: today() });
  });

  it('counts rows it cannot read as failed', async () => {
    const rig = newRig();
    const body = {
      dimensionHeaders: ['date', 'transactionId'].map((name) => ({ name })),
      metricHeaders: [{ name: 'purchaseRevenue', type: 'TYPE_CURRENCY' }],
      rows: [
        { dimensionValues: [{ value: '20261101' }, { value: 'T-1' }], metricValues: [{ value: '5.5' }] },
        { dimensionValues: [{ value: '(other)' }, { value: 'T-2' }], metricValues: [{ value: '5.5' }] },
        { dimensionValues: [{ value: '20261101' }], metricValues: [] },
        { dimensionValues: [{ value: '20261101' }, { value: 'T-3' }], metricValues: [{ value: 'many' }] },
      ],
      rowCount: 4,
      metadata: { currencyCode: 'USD', timeZone: 'America/Chicago' },
    };
    rig.intercept = (req) => (req.host === HOSTS.data ? { status: 200, body } : undefined);
    const { pages } = await run(rig.ctx({ config: { reportHistoryDays: 7 } }), 'transactions');
    expect(pages[0]?.items).toHaveLength(1);
    expect(pages[0]?.failed?.map(({ id }) => id)).toEqual(['row 2', 'row 3', 'row 4']);
  });

  it('goes back as far as the settings say, in slices of days that neither overlap nor leave one out', async () => {
    const rig = newRig();
    const { items } = await run(rig.ctx({ config: { reportHistoryDays: 75 } }), 'traffic');
    const ranges = reports(rig).map(({ dateRanges: [range] }) => [range.startDate, range.endDate]);
    expect(ranges[0]?.[0]).toBe(addDays(today(), -74));
    expect(ranges.at(-1)?.[1]).toBe(today());
    for (const [index, [first]] of ranges.entries()) if (index > 0) expect(first).toBe(addDays(ranges[index - 1]?.[1] ?? '', 1));
    expect(new Set(items.map(dayOf)).size).toBe(75);
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  });

  it('pages through the rows of a slice in one order', async () => {
    const rig = newRig();
    const { items } = await run(rig.ctx({ config: { reportHistoryDays: 30 } }), 'landingPages');
    const asked = reports(rig);
    expect(asked.map(({ offset }) => offset)).toEqual(['0', String(PAGE_ROWS)]);
    expect(asked[1]).toMatchObject({ limit: String(PAGE_ROWS), orderBys: asked[0].orderBys, returnPropertyQuota: true });
    expect(items.length).toBeGreaterThan(PAGE_ROWS);
  });

  it('reads the last days again, and nothing before them, in the next run', async () => {
    const rig = newRig();
    const ctx = rig.ctx({ config: { reportLookbackDays: 4 } });
    const first = await run(ctx, 'traffic');
    const before = reports(rig).length;
    const next = await run(ctx, 'traffic', { from: first.checkpoint });
    expect(reports(rig).slice(before)).toHaveLength(1);
    expect([...new Set(next.items.map(dayOf))]).toEqual([-3, -2, -1, 0].map((days) => addDays(today(), days)));
    expect(next.pages[0]?.total).toBe(next.items.length);
  });

  it('finds the gap after a long pause', async () => {
    const rig = newRig();
    const from = { property: BLUE_FITNESS.id, through: addDays(today(), -50), startedAt: 'x' };
    const { items } = await run(rig.ctx(), 'traffic', { from });
    expect(dayOf(items[0] as Item)).toBe(addDays(today(), -56));
    expect(dayOf(items.at(-1) as Item)).toBe(today());
  });

  it('begins anew for another property', async () => {
    const rig = newRig();
    const first = await run(rig.ctx(), 'traffic');
    const other = await run(rig.ctx({ config: { propertyId: RIVERSIDE.id } }), 'traffic', { from: first.checkpoint });
    expect(new Set(other.items.map(dayOf)).size).toBeGreaterThanOrEqual(90);
    expect(other.ids.every((id) => id.startsWith(`${RIVERSIDE.id}/`))).toBe(true);
  });

  it('goes on within a slice after it died there', async () => {
    const rig = newRig();
    const whole = await run(rig.ctx(), 'landingPages');
    const part = await run(rig.ctx(), 'landingPages', { pages: 1 });
    const rest = await run(rig.ctx(), 'landingPages', { from: part.checkpoint });
    expect([...part.ids, ...rest.ids]).toEqual(whole.ids);
  });

  it('reads conversions of the chosen key events, of all by default, and says when there are none', async () => {
    const rig = newRig();
    await run(rig.ctx({ config: { keyEvents: ['sign_up'], reportHistoryDays: 7 } }), 'conversions');
    await run(rig.ctx({ config: { reportHistoryDays: 7 } }), 'conversions');
    const values = reports(rig).map(({ dimensionFilter }) => dimensionFilter.filter.inListFilter.values);
    expect(values).toEqual([['sign_up'], ['purchase', 'generate_lead', 'sign_up']]);
    rig.sim.world.change({ keyEvents: { [BLUE_FITNESS.id]: [] } });
    const { items, notes } = await run(rig.ctx(), 'conversions');
    expect(items).toEqual([]);
    expect(notes[0]).toMatch(/no key events/);
  });

  it('does not guess a property where there are several, and says so', async () => {
    const { items, notes } = await run(newRig().ctx({ config: { propertyId: '' } }), 'traffic');
    expect({ items, notes }).toEqual({
      items: [],
      notes: ['Choose a property in the settings of this connection, then sync again.'],
    });
  });

  it('stops over a quota until it comes back', async () => {
    const rig = newRig();
    await rig.press('drainQuota', { quota: 'tokensPerDay' });
    const error = await failure(run(rig.ctx(), 'traffic'));
    expect(error).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED', message: expect.stringMatching(/midnight in California/) });
  });

  it('asks a broken property once, not three times', async () => {
    const rig = newRig();
    rig.intercept = (req) =>
      req.host === HOSTS.data ? { status: 503, body: { error: { code: 503, status: 'UNAVAILABLE', message: '' } } } : undefined;
    await failure(run(rig.ctx(), 'traffic'));
    expect(reports(rig)).toHaveLength(1);
    const [{ req }] = rig.seen.slice(-1) as [(typeof rig.seen)[number]];
    expect(req.method).toBe('POST');
  });
});

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
    expect(covers?.(row(RIVERSIDE.id, -3), now, config, done)).toBe(false);
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
    const now = rig.sim.now();
    const scopes = ['openid', 'https://www.googleapis.com/auth/analytics.readonly'];
    const code = rig.sim.tokens.newCode(
      { redirectUri: 'x', sub: '114955102840182740022', scopes, challenge: undefined, offline: false },
      now,
    );
    const issued = rig.sim.tokens.redeem({ code, redirectUri: 'x', verifier: undefined }, now);
    const ctx = rig.ctx({ token: typeof issued === 'string' ? '' : issued.accessToken });
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
