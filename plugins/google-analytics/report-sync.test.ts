import { describe, expect, it } from '@jest/globals';
import { addDays, dayIn, type Item } from 'patchbay';
import { failure } from 'patchbay/testing';
import { PAGE_ROWS } from './report-sync.ts';
import { BLUE_FITNESS, HOSTS, RIVERSIDE } from './sandbox/demo.ts';
import { dataOf, newRig, type Rig, run } from './test-rig.ts';

const reports = (rig: Rig) =>
  rig.seen.filter(({ req }) => req.path.endsWith(':runReport')).map(({ req }) => JSON.parse(req.body));

const dayOf = (item: Item) => String(dataOf(item)['date']);

const today = () => dayIn(BLUE_FITNESS.timeZone, Date.now());

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
