import { describe, expect, it } from '@jest/globals';
import { BLUE_FITNESS } from './sandbox/demo.ts';
import { handlers, newRig, run } from './test-rig.ts';

const HOUR = 3_600_000;

describe('syncing contacts', () => {
  it('refuses to run over a connection that only sends', async () => {
    await expect(run(newRig().ctx({ config: { direction: 'out' } }), 'contacts')).rejects.toMatchObject({
      consequence: 'rejected',
    });
  });

  it('does not take garbage for an empty account', async () => {
    const rig = newRig();
    await rig.press('fail', { how: 'garbage', calls: 1 });
    await expect(run(rig.ctx(), 'contacts')).rejects.toMatchObject({ consequence: 'try-later' });
  });

  it('meets every contact exactly once, those of one instant included', async () => {
    const rig = newRig();
    const { ids, pages, items } = await run(rig.ctx(), 'contacts');
    expect(ids).toHaveLength(3412);
    expect(new Set(ids).size).toBe(3412);
    expect(pages[0]?.total).toBe(3412);
    const bodies = rig.seen.map(({ req }) => JSON.parse(req.body));
    expect(bodies.every((body) => (body.page === undefined) !== (body.searchAfter === undefined))).toBe(true);
    const times = items.map((item) => ('updatedAt' in item ? item.updatedAt : undefined));
    expect([...times].sort()).toEqual(times);
  });

  it('resumes after any page with the same records', async () => {
    const rig = newRig();
    const whole = await run(rig.ctx(), 'contacts');
    for (let pages = 1; pages < whole.pages.length; pages += 1) {
      const first = await run(rig.ctx(), 'contacts', { pages });
      const rest = await run(rig.ctx(), 'contacts', { from: first.checkpoint });
      expect([...first.ids, ...rest.ids]).toEqual(whole.ids);
    }
  });

  it('sees changes only in the next run, and looks back over the lag of the index', async () => {
    const rig = newRig();
    const first = await run(rig.ctx(), 'contacts');
    const quiet = await run(rig.ctx(), 'contacts', { from: first.checkpoint });
    expect(quiet.ids.length).toBeLessThan(10);
    const { contactId } = await rig.press('addContact');
    const next = await run(rig.ctx(), 'contacts', { from: quiet.checkpoint });
    expect(next.ids).toContain(contactId);
    expect(next.ids.length).toBeLessThan(10);
    const since = JSON.parse(rig.seen.at(-1)?.req.body ?? '{}').filters[0].value.gte;
    expect(Date.parse(since)).toBeLessThan(Date.now() - HOUR);
  });

  it('meets what changes while it runs', async () => {
    const rig = newRig();
    const seen: string[] = [];
    let changed = '';
    const sync = handlers.streams['contacts']?.sync;
    for await (const page of sync?.(rig.ctx(), null) ?? []) {
      seen.push(...page.items.map(({ id }) => id));
      if (changed) continue;
      changed = seen[0] as string;
      await rig.press('changeContact', { contactId: changed });
    }
    expect(seen.filter((id) => id === changed)).toHaveLength(2);
  });

  it('gets by without cursors, page by page', async () => {
    const rig = newRig();
    const ctx = rig.ctx();
    const { http } = ctx;
    const withoutCursors = {
      ...http,
      post: async (url: string, options: object) => {
        const reply = await http.post<{ contacts: Record<string, unknown>[] }>(url, options);
        const contacts = reply.data.contacts.map(({ searchAfter: _, ...contact }) => contact);
        return { ...reply, data: { ...reply.data, contacts } };
      },
    };
    const { ids } = await run({ ...ctx, http: withoutCursors as typeof http }, 'contacts');
    expect(new Set(ids).size).toBe(3412);
  });

  it('counts a record without an id as failed instead of losing it silently', async () => {
    const rig = newRig();
    rig.intercept = () => ({ status: 200, body: { contacts: [{ email: 'a@b.example' }, { id: 'c1' }], total: 2 } });
    const { pages } = await run(rig.ctx(), 'contacts');
    expect(pages[0]).toMatchObject({ items: [{ id: 'c1' }], failed: [{ reason: expect.any(String) }] });
  });
});

describe('syncing opportunities, pipelines and calendars', () => {
  it('meets every opportunity once and then changes only', async () => {
    const rig = newRig();
    const first = await run(rig.ctx(), 'opportunities');
    expect(new Set(first.ids).size).toBe(BLUE_FITNESS.opportunities);
    expect(first.ids).toHaveLength(BLUE_FITNESS.opportunities);
    const { opportunityId } = await rig.press('addOpportunity');
    const next = await run(rig.ctx(), 'opportunities', { from: first.checkpoint });
    expect(next.ids).toContain(opportunityId);
    expect(next.ids.length).toBeLessThan(10);
  });

  it('reads pipelines with their stages, and calendars', async () => {
    const rig = newRig();
    const pipelines = await run(rig.ctx(), 'pipelines');
    expect(pipelines.items[0]).toMatchObject({ data: { name: 'Memberships', stages: expect.any(Array) } });
    expect((await run(rig.ctx(), 'calendars')).ids).toHaveLength(3);
  });
});

describe('syncing appointments', () => {
  it('meets each appointment of each calendar, in windows told in milliseconds', async () => {
    const rig = newRig();
    const { ids } = await run(rig.ctx(), 'appointments');
    const all = rig.sim.world.at('events', BLUE_FITNESS.id).map(({ id }) => id);
    expect([...new Set(ids)].sort()).toEqual(all.sort());
    const calls = rig.seen.filter(({ req }) => req.path === '/calendars/events');
    expect(calls.length).toBe(15);
    expect(calls.every(({ req }) => /^\d{13}$/.test(req.query.get('startTime') ?? ''))).toBe(true);
    expect(calls.every(({ req }) => req.headers['version'] === '2021-04-15')).toBe(true);
  });

  it('reads the chosen calendars only', async () => {
    const rig = newRig();
    const calendar = rig.sim.world.furniture(BLUE_FITNESS.id).calendars[1]?.id as string;
    const { items } = await run(rig.ctx({ config: { calendarIds: [calendar] } }), 'appointments');
    expect(items.length).toBeGreaterThan(10);
    expect(items.every((item) => 'data' in item && item.data['calendarId'] === calendar)).toBe(true);
  });

  it('resumes in the middle with the same windows', async () => {
    const rig = newRig();
    const whole = await run(rig.ctx(), 'appointments');
    const first = await run(rig.ctx(), 'appointments', { pages: 7 });
    const rest = await run(rig.ctx(), 'appointments', { from: first.checkpoint });
    expect([...first.ids, ...rest.ids].sort()).toEqual([...whole.ids].sort());
  });

  it('answers for records inside the window and of chosen calendars only', () => {
    const covers = handlers.streams['appointments']?.covers;
    const started = new Date().toISOString();
    const at = (days: number) => ({ calendarId: 'a', startTime: new Date(Date.now() + days * 24 * HOUR).toISOString() });
    expect(covers?.(at(3), started, { calendarIds: [] })).toBe(true);
    expect(covers?.(at(3), started, { calendarIds: ['a'] })).toBe(true);
    expect(covers?.(at(3), started, { calendarIds: ['b'] })).toBe('unchosen');
    expect(covers?.(at(-91), started)).toBe(false);
    expect(covers?.(at(366), started)).toBe(false);
    expect(covers?.({}, started)).toBe(false);
  });
});
