import { describe, expect, it } from '@jest/globals';
import { hubError } from 'patchbay';
import { memberHash } from './api.ts';
import { blankMember, stamp } from './sandbox/base.ts';
import { RIVERSIDE_DENTAL } from './sandbox/demo.ts';
import { act, dataOf, handlers, MEMBERS, MINUTE, newRig, PARTNERS, type Rig, recordsIn, run } from './test-rig.ts';

const asked = (rig: Rig, path: string) => rig.seen.filter(({ req }) => req.path === path).map(({ req }) => req.query);
const members = (rig: Rig) => asked(rig, `/3.0/lists/${MEMBERS}/members`);
const stored = (rig: Rig, list: string) =>
  rig.sim.world
    .at('members', list)
    .map(({ key }) => key)
    .sort();

describe('syncing contacts', () => {
  it('meets each one once, whatever its status, archived ones too', async () => {
    const rig = newRig();
    const { ids, items } = await run(rig.ctx(), 'members');
    expect([...ids].sort()).toEqual(stored(rig, MEMBERS));
    const statuses = new Set(items.map((item) => dataOf(item)?.['status']));
    expect([...statuses].sort()).toEqual(['archived', 'cleaned', 'pending', 'subscribed', 'transactional', 'unsubscribed']);
  });

  it('reads all audiences until one is chosen', async () => {
    const rig = newRig();
    const { audienceId: _, ...config } = rig.ctx().config;
    const { ids } = await run({ ...rig.ctx(), config }, 'members');
    expect([...ids].sort()).toEqual([...stored(rig, MEMBERS), ...stored(rig, PARTNERS)].sort());
  });

  it('keeps what somebody agreed to in an audience that asks for it', async () => {
    const rig = newRig();
    const [riverside] = RIVERSIDE_DENTAL.audiences;
    const [asked] = rig.sim.world.at('members', riverside.id);
    const own = (email: string) => ({
      ...blankMember(MEMBERS, email, { at: stamp(Date.now()), webId: 1 }),
      status: 'subscribed',
    });
    const marketing_permissions = asked?.['marketing_permissions'] as { text: string; enabled: boolean }[];
    rig.sim.world.put('members', { ...own('asked@mail.example'), marketing_permissions });
    rig.sim.world.put('members', {
      ...own('no@mail.example'),
      marketing_permissions: marketing_permissions.map((one) => ({ ...one, enabled: false })),
    });
    const { items } = await run(rig.ctx(), 'members');
    const of = (email: string) => dataOf(items.find(({ id }) => id.endsWith(memberHash(email))));
    expect(of('asked@mail.example')?.['permissions']).toEqual(['Email', 'Direct mail']);
    expect(of('no@mail.example')?.['permissions']).toEqual([]);
    expect(items.filter((item) => dataOf(item)?.['permissions'])).toHaveLength(2);
  });

  it('asks for what changed since, with an overlap, and finds one of each kind of change', async () => {
    const rig = newRig();
    const first = await run(rig.ctx(), 'members');
    rig.seen.length = 0;
    await rig.press('addMember', { email: 'late@mail.example' });
    const [archived] = rig.sim.world.at('members', MEMBERS).filter(({ status }) => status === 'subscribed');
    await rig.press('archiveMember', { email: String(archived?.['email_address']) });
    const next = await run(rig.ctx(), 'members', { from: first.checkpoint });
    expect(next.ids).toContain(`${MEMBERS}:${memberHash('late@mail.example')}`);
    expect(next.items.find(({ id }) => id === archived?.key)).toMatchObject({ data: { status: 'archived' } });
    expect(next.ids.length).toBeLessThan(first.ids.length / 10);
    const since = Date.parse(members(rig)[0]?.get('since_last_changed') ?? '');
    const newest = Math.max(...first.items.map((item) => Date.parse(String(dataOf(item)?.['updatedAt']))));
    expect(newest - since).toBeGreaterThanOrEqual(2 * MINUTE);
    expect(members(rig)[0]?.get('since_last_changed')).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+00:00$/);
  });

  it('loses none of more contacts than a page holds that changed in the same second', async () => {
    const rig = newRig();
    const at = stamp(Date.now() - 5 * MINUTE);
    for (let i = 0; i < 620; i += 1)
      rig.sim.world.put('members', { ...blankMember(MEMBERS, `bulk${i}@mail.example`, { at, webId: i }), status: 'subscribed' });
    const { ids } = await run(rig.ctx(), 'members');
    expect([...ids].sort()).toEqual(stored(rig, MEMBERS));
  });

  it('meets at the end what changes while it reads, and misses nobody else for it', async () => {
    const rig = newRig();
    const before = stored(rig, MEMBERS);
    const changed = new Set<string>();
    rig.intercept = ({ path, query }) => {
      if (!path.endsWith('/members') || query.get('status') !== null || changed.size === 3) return undefined;
      const [oldest] = rig.sim.world
        .at('members', MEMBERS)
        .filter(({ status, language }) => status === 'subscribed' && language !== 'de')
        .toSorted((x, y) => String(x['last_changed']).localeCompare(String(y['last_changed'])));
      if (oldest) rig.sim.world.put('members', { ...oldest, language: 'de', last_changed: rig.sim.now() });
      if (oldest) changed.add(oldest.key);
      return undefined;
    };
    const { items } = await run(rig.ctx(), 'members');
    expect([...new Set(items.map(({ id }) => id))].sort()).toEqual(before);
    const last = new Map(items.map((item) => [item.id, dataOf(item)?.['language']]));
    expect([...changed].map((id) => last.get(id))).toEqual(['de', 'de', 'de']);
  });

  it('resumes in the middle with what was left', async () => {
    const rig = newRig();
    const whole = await run(rig.ctx(), 'members');
    const part = await run(rig.ctx(), 'members', { pages: 2 });
    const rest = await run(rig.ctx(), 'members', { from: part.checkpoint });
    expect([...new Set([...part.ids, ...rest.ids])].sort()).toEqual([...whole.ids].sort());
    expect(rest.ids.length).toBeLessThan(whole.ids.length);
  });

  it('begins anew for an audience it has not read before, and goes on for one it has', async () => {
    const rig = newRig();
    const first = await run(rig.ctx(), 'members');
    const other = await run(rig.ctx({ audienceId: PARTNERS }), 'members', { from: first.checkpoint });
    expect([...other.ids].sort()).toEqual(stored(rig, PARTNERS));
    const back = await run(rig.ctx(), 'members', { from: other.checkpoint });
    expect(back.ids.length).toBeLessThan(100);
  });

  it('goes on behind a page that is shorter than asked for', async () => {
    const rig = newRig();
    rig.intercept = ({ path, query }) => {
      if (path.endsWith('/members') && query.get('count') === '500') query.set('count', '120');
      return undefined;
    };
    const { ids } = await run(rig.ctx(), 'members');
    expect([...new Set(ids)].sort()).toEqual(stored(rig, MEMBERS));
  });

  it('does not take half an answer for the end', async () => {
    const rig = newRig();
    await rig.press('fail', { how: 'cut' });
    const error = await run(rig.ctx(), 'members').then(
      () => undefined,
      (reason) => hubError(reason),
    );
    expect(error?.consequence).toBe('try-later');
  });

  it('counts a contact without an address as failed instead of losing it silently', async () => {
    const rig = newRig();
    rig.intercept = () => ({ status: 200, body: { members: [{ id: 'abc' }], total_items: 1 } });
    const { pages } = await run(rig.ctx(), 'members');
    expect(pages[0]).toMatchObject({ items: [], failed: [{ id: 'abc', reason: expect.any(String) }] });
  });

  it('says that a contact has more tags than the provider shows', async () => {
    const rig = newRig();
    const tags = Array.from({ length: 60 }, (_, i) => `tag ${i}`);
    const { effects } = await act(rig.ctx(), 'saveMember', { email: 'tagged@mail.example', consent: 'opted-in', tags });
    const data = dataOf(recordsIn(effects)[0]);
    expect(data).toMatchObject({ moreTags: true });
    expect(data?.['tags']).toHaveLength(50);
  });

  it('takes who a run from the beginning did not meet for deleted, of the chosen audience only', () => {
    const covers = handlers.streams['members']?.covers;
    const at = new Date().toISOString();
    const config = { audienceId: MEMBERS };
    expect(covers?.({ listId: MEMBERS }, at, config, null)).toBe(true);
    expect(covers?.({ listId: PARTNERS }, at, config, null)).toBe('unchosen');
    expect(covers?.({ listId: MEMBERS }, at, config, { run: at })).toBe(false);
    expect(covers?.({ listId: PARTNERS }, at, config, { run: at })).toBe('unchosen');
    expect(covers?.({ listId: PARTNERS }, at, {}, null)).toBe(true);
  });

  it('reads store fields where the settings say they are', async () => {
    const rig = newRig();
    const { items } = await run(rig.ctx({ fieldMap: { firstName: 'LNAME', company: 'COMPANY' } }), 'members', { pages: 1 });
    const data = dataOf(items[0]);
    const merge = data?.['mergeFields'] as Record<string, string>;
    expect(data).toMatchObject({ firstName: merge['LNAME'], company: merge['COMPANY'] });
    expect(data).not.toHaveProperty('lastName');
  });
});

describe('syncing what belongs to an audience', () => {
  it('reads audiences, tags and fields, the same number in two audiences told apart', async () => {
    const rig = newRig();
    const { audienceId: _, ...config } = rig.ctx().config;
    const all = { ...rig.ctx(), config };
    expect((await run(all, 'audiences')).ids.sort()).toEqual([MEMBERS, PARTNERS].sort());
    const fields = await run(all, 'mergeFields');
    expect(new Set(fields.ids).size).toBe(12);
    expect(fields.items.map((item) => dataOf(item)?.['required'])).toContain(true);
    expect((await run(all, 'tags')).ids).toHaveLength(8);
    expect((await run(rig.ctx(), 'tags')).ids).toHaveLength(6);
  });

  it('shows a tag and how many carry it', async () => {
    const rig = newRig();
    await act(rig.ctx(), 'saveMember', { email: 'tagged@mail.example', consent: 'opted-in', tags: ['brand new'] });
    const { items } = await run(rig.ctx(), 'tags');
    expect(items.map(dataOf)).toContainEqual(expect.objectContaining({ name: 'brand new', members: 1 }));
  });
});
