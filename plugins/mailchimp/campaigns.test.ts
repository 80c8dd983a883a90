import { describe, expect, it } from '@jest/globals';
import { stamp } from './sandbox/base.ts';
import { BLUE_FITNESS } from './sandbox/demo.ts';
import { dataOf, handlers, newRig, type Rig, run } from './test-rig.ts';

const asked = (rig: Rig, path: string) => rig.seen.filter(({ req }) => req.path === path).map(({ req }) => req.query);

describe('syncing campaigns and reports', () => {
  const days = (count: number) => new Date(Date.now() - count * 86_400_000).toISOString();

  it('reads those created within the window, and older ones sent within it', async () => {
    const rig = newRig();
    const draft = rig.sim.world.all('campaigns').find(({ account }) => account === BLUE_FITNESS.id);
    const old = rig.sim.world.put('campaigns', {
      ...draft,
      key: 'oldbutsent',
      id: 'oldbutsent',
      create_time: stamp(Date.parse(days(300))),
      send_time: stamp(Date.parse(days(2))),
    });
    const { ids, items } = await run(rig.ctx({ reportingDays: 30 }), 'campaigns');
    expect(ids).toContain(old.key);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeLessThan(12);
    expect(items.map((item) => dataOf(item)?.['status'])).toEqual(expect.arrayContaining(['sent', 'schedule']));
    expect(asked(rig, '/3.0/campaigns')[0]?.get('since_create_time')).toMatch(/T00:00:00\+00:00$/);
  });

  it('reads all campaigns of a longer window, page by page, and resumes in the same window', async () => {
    const rig = newRig();
    const whole = await run(rig.ctx({ reportingDays: 3650 }), 'campaigns');
    expect(whole.ids).toHaveLength(BLUE_FITNESS.campaigns);
    const part = await run(rig.ctx({ reportingDays: 3650 }), 'campaigns', { pages: 1 });
    const rest = await run(rig.ctx({ reportingDays: 3650 }), 'campaigns', { from: part.checkpoint });
    expect([...new Set([...part.ids, ...rest.ids])].sort()).toEqual([...whole.ids].sort());
  });

  it('reads the report of each campaign sent within the window', async () => {
    const rig = newRig();
    const { items } = await run(rig.ctx({ reportingDays: 60 }), 'reports');
    expect(items.length).toBeGreaterThan(5);
    expect(dataOf(items[0])).toMatchObject({ emailsSent: expect.any(Number), uniqueOpens: expect.any(Number), currency: 'USD' });
  });

  it.each(['campaigns', 'reports'])('answers for %s within the window only', (stream) => {
    const covers = handlers.streams[stream]?.covers;
    const at = new Date().toISOString();
    expect(covers?.({ createdAt: days(10), sentAt: days(9) }, at, { reportingDays: 30 })).toBe(true);
    expect(covers?.({ createdAt: days(300), sentAt: days(9) }, at, { reportingDays: 30 })).toBe(true);
    expect(covers?.({ createdAt: days(31), sentAt: days(31) }, at, { reportingDays: 30 })).toBe(false);
    expect(covers?.({}, at, { reportingDays: 30 })).toBe(false);
  });
});
