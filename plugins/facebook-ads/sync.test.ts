import { describe, expect, it } from '@jest/globals';
import type { Checkpoint, SandboxResponse } from 'patchbay';
import { failure } from 'patchbay/testing';
import { handlers, newRig, paths, type Rig, run } from './test-rig.ts';

const BLUE = 'act_10101010101';
const HOUR = 3_600_000;

const asked = (rig: Rig, edge: string) => rig.seen.filter(({ req }) => req.path.endsWith(`/${edge}`)).map(({ req }) => req.query);
const one = (body: object): SandboxResponse => ({ status: 200, body });

describe('syncing campaigns, ad sets and ads', () => {
  it('goes on after an empty page that names a next one', async () => {
    const rig = newRig();
    const answers = [
      { data: [], paging: { next: 'https://graph.facebook.com/v26.0/x?after=second' } },
      { data: [{ id: '1', updated_time: '2026-01-31T10:00:00+0000' }] },
    ];
    rig.intercept = ({ path }) => (path.endsWith('/campaigns') ? one(answers.shift() ?? { data: [] }) : undefined);
    const { items } = await run(rig.ctx({ config: { adAccountIds: [BLUE] } }), 'campaigns');
    expect(items).toMatchObject([{ id: '1', updatedAt: '2026-01-31T10:00:00.000Z', data: { currency: 'USD' } }]);
    expect(asked(rig, 'campaigns')[1]?.get('after')).toBe('second');
  });

  it('asks for half as much where a page is too much, down to ten', async () => {
    const rig = newRig();
    const limits: (string | null)[] = [];
    rig.intercept = ({ path, query }) => {
      if (!path.endsWith('/ads')) return undefined;
      limits.push(query.get('limit'));
      const error = { code: 1, message: "Please reduce the amount of data you're asking for, then retry your request" };
      return { status: 500, body: { error } };
    };
    expect((await failure(run(rig.ctx({ config: { adAccountIds: [BLUE] } }), 'ads')))?.consequence).toBe('try-later');
    expect(limits).toEqual(['100', '50', '25', '12', '10']);
  });

  it('reads the chosen ad accounts, all without a choice, and the token’s own for keys', async () => {
    const ids = async (given: Parameters<Rig['ctx']>[0]) => {
      const { items } = await run(newRig().ctx(given), 'campaigns');
      return new Set(items.map((item) => 'data' in item && item.data['account_id']));
    };
    expect((await ids({})).size).toBe(3);
    expect([...(await ids({ config: { adAccountIds: [BLUE] } }))]).toEqual(['10101010101']);
    expect([...(await ids({ method: 'manual' }))]).toEqual(['10101010101']);
  });

  it('leaves removed ones out at first, and tells of those removed since', async () => {
    const rig = newRig();
    const first = await run(rig.ctx(), 'campaigns');
    expect(first.items.every((item) => !('deleted' in item))).toBe(true);
    const { campaignId } = await rig.press('deleteCampaign');
    const next = await run(rig.ctx(), 'campaigns', { from: first.checkpoint });
    expect(next.items).toEqual([{ id: campaignId, deleted: true }]);
    const sets = await run(rig.ctx(), 'adSets', { from: first.checkpoint });
    expect(sets.items).toHaveLength(3);
  });

  it('asks for changes in the way each edge knows, and looks back over the lag of lists', async () => {
    const rig = newRig();
    for (const stream of ['campaigns', 'adSets', 'ads']) {
      const { checkpoint } = await run(rig.ctx({ config: { adAccountIds: [BLUE] } }), stream);
      await run(rig.ctx({ config: { adAccountIds: [BLUE] } }), stream, { from: checkpoint });
    }
    const since = (text: string | null | undefined) => Date.now() - Number(text) * 1000;
    const filter = JSON.parse(asked(rig, 'campaigns').at(-1)?.get('filtering') ?? '[]');
    expect(filter).toMatchObject([{ field: 'campaign.updated_time', operator: 'GREATER_THAN' }]);
    for (const age of [
      filter[0].value,
      asked(rig, 'adsets').at(-1)?.get('updated_since'),
      asked(rig, 'ads').at(-1)?.get('updated_since'),
    ]) {
      expect(since(String(age))).toBeGreaterThanOrEqual(5 * 60_000);
      expect(since(String(age))).toBeLessThan(HOUR);
    }
  });

  it('reads an ad account whole that was chosen after the others', async () => {
    const rig = newRig();
    const { checkpoint } = await run(rig.ctx({ config: { adAccountIds: [BLUE] } }), 'campaigns');
    const next = await run(rig.ctx(), 'campaigns', { from: checkpoint });
    expect(next.items.length).toBeGreaterThan(8);
    expect(next.items.every((item) => 'data' in item && item.data['account_id'] !== '10101010101')).toBe(true);
  });

  it('does not trust a cursor of long ago', async () => {
    const rig = newRig();
    const whole = await run(rig.ctx(), 'ads');
    const part = await run(rig.ctx(), 'ads', { pages: 1 });
    const stale = { ...part.checkpoint, began: Date.now() - 2 * HOUR } as Checkpoint;
    const again = await run(rig.ctx(), 'ads', { from: stale });
    expect(new Set(again.ids)).toEqual(new Set(whole.ids));
  });

  it('begins anew where Facebook no longer knows a cursor, and not where it refuses anything else', async () => {
    const rig = newRig();
    const ctx = rig.ctx({ config: { adAccountIds: [BLUE] } });
    const whole = await run(ctx, 'ads');
    const part = await run(ctx, 'ads', { pages: 1 });
    expect(part.checkpoint).toMatchObject({ after: expect.any(String) });
    rig.seen.length = 0;
    const again = await run(ctx, 'ads', { from: { ...part.checkpoint, after: 'gone' } as Checkpoint });
    expect(again.ids).toEqual(whole.ids);
    expect(asked(rig, 'ads').map((query) => query.get('after') === 'gone')).toEqual([true, ...whole.pages.map(() => false)]);
    const error = { code: 100, type: 'OAuthException', message: '(#100) Tried accessing nonexisting field (foo)' };
    rig.intercept = ({ path }) => (path.endsWith('/ads') ? { status: 400, body: { error } } : undefined);
    rig.seen.length = 0;
    expect((await failure(run(ctx, 'ads', { from: part.checkpoint as Checkpoint })))?.consequence).toBe('rejected');
    expect(asked(rig, 'ads')).toHaveLength(2);
  });
});

describe('syncing leads', () => {
  it('says that leads were not allowed, and blames no page for it', async () => {
    const rig = newRig();
    await rig.press('declineScope', { scope: 'leads_retrieval' });
    const error = await failure(run(rig.ctx(), 'leads'));
    expect(error).toMatchObject({ code: 'RECONNECT_NEEDED', consequence: 'rejected' });
    expect(error.message).toBe('Not allowed: receive what people write into your lead forms. Connect again to allow it.');
  });

  it('says so when a page does not give its leads away, instead of finding none', async () => {
    const rig = newRig();
    rig.intercept = ({ path }) =>
      path.endsWith('/leadgen_forms')
        ? { status: 403, body: { error: { code: 200, type: 'OAuthException', message: 'No.' } } }
        : undefined;
    expect(await failure(run(rig.ctx(), 'leads'))).toMatchObject({
      code: 'FORBIDDEN',
      consequence: 'rejected',
      message: expect.stringMatching(/The page Blue Fitness does not give its leads.*choose other pages/),
    });
  });

  it('calls with the page’s own token, and with its proof', async () => {
    const rig = newRig();
    await rig.press('requireProof');
    await run(rig.ctx(), 'leads');
    const calls = rig.seen.filter(({ req }) => /leadgen_forms|\/leads$/.test(req.path));
    expect(calls.length).toBeGreaterThan(5);
    for (const { req } of calls) expect(req.headers['authorization']).toMatch(/^Bearer EAAPage/);
    expect(rig.seen.every(({ status }) => status === 200)).toBe(true);
  });

  it('reads 90 days at first, then what came in', async () => {
    const rig = newRig();
    const first = await run(rig.ctx(), 'leads');
    const there = rig.sim.world.all('leads', (lead) => String(lead['page_id']) !== '110000000000003');
    expect(first.ids.length).toBeGreaterThan(500);
    expect(first.ids.length).toBeLessThan(there.length);
    expect(new Set(first.ids).size).toBe(first.ids.length);
    const { leadId } = await rig.press('addLead');
    const next = await run(rig.ctx(), 'leads', { from: first.checkpoint });
    expect(next.ids).toEqual([leadId]);
  });

  it('keeps attribution and the contact as the settings map it', async () => {
    const rig = newRig();
    const { leadId } = await rig.press('addLead', { name: 'Ana Ruiz', email: 'ana@mail.example' });
    const leadFields = { email: 'email', name: 'full_name', company: 'what_is_your_goal?' };
    const { items } = await run(rig.ctx({ config: { leadFields, leadTags: ['ads'] } }), 'leads');
    const lead = items.find(({ id }) => id === leadId);
    expect(lead).toMatchObject({
      data: {
        contact: { name: 'Ana Ruiz', email: 'ana@mail.example', company: expect.any(String) },
        tags: ['ads'],
        ad_id: expect.any(String),
        adset_id: expect.any(String),
        campaign_id: expect.any(String),
        is_organic: false,
      },
    });
  });

  it('reads the chosen forms only, and all that can be had when the choice changes', async () => {
    const rig = newRig();
    const form = rig.sim.world.all('forms')[0]?.id ?? '';
    const config = { leadFormIds: [form] };
    const chosen = await run(rig.ctx({ config }), 'leads');
    expect(new Set(chosen.items.map((item) => 'data' in item && item.data['form_id']))).toEqual(new Set([form]));
    const all = await run(rig.ctx(), 'leads', { from: chosen.checkpoint });
    expect(all.ids.length).toBeGreaterThan(chosen.ids.length);
  });

  it('of a page no longer chosen go with their forms', () => {
    const covers = handlers.streams['leadForms']?.covers;
    const started = new Date().toISOString();
    expect(covers?.({ page_id: 'a' }, started, { pageIds: [] })).toBe(true);
    expect(covers?.({ page_id: 'a' }, started, { pageIds: ['b'] })).toBe('unchosen');
  });

  it('lists forms with their questions', async () => {
    const rig = newRig();
    const { items } = await run(rig.ctx(), 'leadForms');
    expect(items).toHaveLength(5);
    expect(items[0]).toMatchObject({
      data: { page_name: 'Blue Fitness', questions: expect.any(Array), leads_count: expect.any(Number) },
    });
    expect(paths(rig)).toContain('GET /110000000000001/leadgen_forms');
  });
});
