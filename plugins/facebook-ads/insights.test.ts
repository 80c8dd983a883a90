import { describe, expect, it } from '@jest/globals';
import { addDays, type Item } from 'patchbay';
import { failure } from 'patchbay/testing';
import { todayIn } from './days.ts';
import { handlers, newRig, paths, type Rig, run } from './test-rig.ts';

const BLUE = 'act_10101010101';
const JAPAN = 'act_20202020202';
const today = todayIn('America/Chicago');
const only = { adAccountIds: [BLUE] };

const dataOf = (item: Item | undefined) => (item && 'data' in item ? item.data : {});
const daysOf = (items: readonly Item[]) => items.map((item) => String(dataOf(item)['date_start'])).sort();
const reports = (rig: Rig) => paths(rig).filter((path) => path === `POST /${BLUE}/insights`).length;
/** The days asked for, synchronously or as a report. */
const ranges = (rig: Rig) =>
  rig.seen
    .filter(({ req }) => req.path.endsWith(`${BLUE}/insights`))
    .map(({ req }) => JSON.parse(new URLSearchParams(req.method === 'POST' ? req.body : req.query).get('time_range') ?? '{}'));

describe('a report of many days', () => {
  it('that takes long lets the run go, and is taken up again where it was', async () => {
    const rig = newRig();
    await rig.press('slowReports', { polls: 12 });
    const pages: Record<string, unknown>[] = [];
    const sync = handlers.streams['insights']?.sync?.(rig.ctx({ config: only }), null);
    const error = await failure(
      (async () => {
        for await (const page of sync ?? []) pages.push(page.checkpoint);
      })(),
    );
    expect(error).toMatchObject({ consequence: 'try-later', afterSeconds: 15 });
    const left = pages.at(-1) as Record<string, string>;
    expect(left).toMatchObject({ at: BLUE, report: expect.any(String), until: today });
    await rig.press('slowReports', { polls: 1 });
    const { items } = await run(rig.ctx({ config: only }), 'insights', { from: left });
    expect(items.length).toBeGreaterThan(1000);
    expect(reports(rig)).toBe(1);
  });

  it('that fails is asked for in half as many days', async () => {
    const rig = newRig();
    await rig.press('failReports', { times: 1 });
    const { items } = await run(rig.ctx({ config: only }), 'insights');
    expect(new Set(daysOf(items)).size).toBe(90);
    expect(ranges(rig)[0]).toEqual({ since: addDays(today, -89), until: today });
    expect(ranges(rig)[1]).toEqual({ since: addDays(today, -89), until: addDays(today, -45) });
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  });

  it('that is gone is begun anew', async () => {
    const rig = newRig();
    const first = await run(rig.ctx({ config: only }), 'insights', { pages: 1 });
    const gone = { ...first.checkpoint, report: '6100000000009999' };
    const { items } = await run(rig.ctx({ config: only }), 'insights', { from: gone });
    expect(new Set(daysOf(items)).size).toBe(90);
  });

  it('is what an answer that was too much is turned into', async () => {
    const rig = newRig();
    const config = { ...only, historyDays: 10 };
    rig.intercept = ({ method, path }) =>
      method === 'GET' && path.endsWith(`${BLUE}/insights`)
        ? { status: 400, body: { error: { code: 100, error_subcode: 1504018, message: 'Your request timed out' } } }
        : undefined;
    const { items } = await run(rig.ctx({ config }), 'insights');
    expect(new Set(daysOf(items)).size).toBe(10);
    expect(reports(rig)).toBe(1);
  });

  it('is asked for one ad at a time of more than a week, and for parts of the audience', async () => {
    for (const config of [{ insightsLevel: 'ad' }, { audience: 'country' }] as const) {
      const rig = newRig();
      await run(rig.ctx({ config: { ...only, historyDays: 8, ...config } }), 'insights');
      expect(reports(rig)).toBe(1);
    }
  });
});

describe('figures of each day', () => {
  it('are read again for as many past days as the settings say, without a report', async () => {
    const rig = newRig();
    const first = await run(rig.ctx({ config: only }), 'insights');
    rig.seen.length = 0;
    await rig.press('restate', { purchases: 5 });
    const next = await run(rig.ctx({ config: only }), 'insights', { from: first.checkpoint });
    expect(ranges(rig)).toEqual(expect.arrayContaining([{ since: addDays(today, -28), until: today }]));
    expect(reports(rig)).toBe(0);
    expect(next.items.length).toBeLessThan(first.items.length / 2);
    const before = new Map(first.items.map((item) => [item.id, item]));
    const [again] = next.items.filter((item) => dataOf(item)['date_start'] === addDays(today, -3));
    expect(before.has(again?.id ?? '')).toBe(true);
    expect(dataOf(again)['actions']).not.toEqual(dataOf(before.get(again?.id ?? ''))['actions']);
  });

  it('are read from their beginning when they are counted in another way', async () => {
    const rig = newRig();
    const first = await run(rig.ctx({ config: only }), 'insights');
    const config = { ...only, attributionWindow: '1d_click' } as const;
    const { items, ids } = await run(rig.ctx({ config }), 'insights', { from: first.checkpoint });
    expect(new Set(daysOf(items)).size).toBe(90);
    expect(items.every((item) => dataOf(item)['attribution_window'] === '1d_click')).toBe(true);
    expect(new Set(ids)).toEqual(new Set(first.ids));
    const windows = rig.seen.at(-1)?.req.path.includes('insights') && rig.seen.find(({ req }) => req.body.includes('1d_click'));
    expect(windows).toBeDefined();
  });

  it('have one row for each object, day and part of the audience', async () => {
    const rig = newRig();
    const config = { ...only, historyDays: 3, insightsLevel: 'adset', audience: 'age,gender' } as const;
    const { items, ids } = await run(rig.ctx({ config }), 'insights');
    expect(new Set(ids).size).toBe(ids.length);
    expect(dataOf(items[0])).toMatchObject({ age: expect.any(String), gender: expect.any(String), adset_id: expect.any(String) });
  });

  it('that are gone from the days read again are gone here; rows split otherwise make way', async () => {
    const rig = newRig();
    const { checkpoint, items } = await run(rig.ctx({ config: only }), 'insights');
    const { covers } = handlers.streams['insights'] ?? {};
    const config = rig.ctx({ config: only }).config;
    const now = new Date().toISOString();
    const row = (days: number, more: object = {}) => ({ ...dataOf(items[0]), date_start: addDays(today, -days), ...more });
    expect(covers?.(row(27), now, config, checkpoint)).toBe(true);
    expect(covers?.(row(29), now, config, checkpoint)).toBe(false);
    expect(covers?.(row(29), now, config, null)).toBe(true);
    const { way } = checkpoint ?? {};
    const half = { way: way ?? null, at: BLUE, since: addDays(today, -40), span: 90 };
    expect(covers?.(row(41), now, config, half)).toBe(false);
    expect(covers?.(row(40), now, config, half)).toBe(true);
    expect(covers?.(row(30), now, config, { ...half, until: addDays(today, -30) })).toBe(false);
    expect(covers?.(row(91), now, config, null)).toBe(false);
    expect(covers?.(row(1, { account_id: '40404040404' }), now, config, null)).toBe('unchosen');
    expect(covers?.(row(60), now, { ...config, insightsLevel: 'ad' }, checkpoint)).toBe(true);
    expect(covers?.(row(91), now, { ...config, audience: 'country' }, checkpoint)).toBe(false);
  });

  it('are days of the ad account’s own zone', async () => {
    const rig = newRig();
    const { items } = await run(rig.ctx({ config: { adAccountIds: [JAPAN], historyDays: 2 } }), 'insights');
    expect(daysOf(items).at(-1)).toBe(todayIn('Asia/Tokyo'));
    expect(dataOf(items[0])).toMatchObject({ account_currency: 'JPY', timezone: 'Asia/Tokyo' });
  });
});
