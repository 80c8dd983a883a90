import { describe, expect, it } from '@jest/globals';
import { act, handlers, newRig, paths, recordIn } from './test-rig.ts';

const active = (rig: ReturnType<typeof newRig>, kind: 'campaigns' | 'adsets' | 'ads') =>
  rig.sim.world.inAccount(kind, 'act_10101010101').find((doc) => doc['effective_status'] === 'ACTIVE')?.id ?? '';

describe('pausing and resuming', () => {
  it('is refused where the settings say that nothing may be changed', async () => {
    const rig = newRig();
    const work = act(rig.ctx({ config: { permissions: [] } }), 'pauseAd', { id: active(rig, 'ads') });
    await expect(work).rejects.toMatchObject({ code: 'FORBIDDEN', consequence: 'rejected' });
    expect(rig.seen).toEqual([]);
  });

  it('says so of what does not exist', async () => {
    await expect(act(newRig().ctx(), 'pauseCampaign', { id: '1' })).rejects.toMatchObject({ consequence: 'not-found' });
  });

  it('is not taken for done unless the provider confirms it', async () => {
    const rig = newRig();
    rig.intercept = ({ method }) => (method === 'POST' ? { status: 200, body: { success: false } } : undefined);
    await expect(act(rig.ctx(), 'pauseAd', { id: active(rig, 'ads') })).rejects.toMatchObject({ consequence: 'try-later' });
  });

  it.each([
    ['Campaign', 'campaigns', 'campaigns'],
    ['AdSet', 'adsets', 'adSets'],
    ['Ad', 'ads', 'ads'],
  ] as const)('changes one %s there and here', async (name, kind, stream) => {
    const rig = newRig();
    const id = active(rig, kind);
    const paused = await act(rig.ctx(), `pause${name}`, { id });
    expect(paused).toMatchObject({
      data: { id, status: 'PAUSED' },
      effects: [{ stream, items: [{ id, data: { status: 'PAUSED' } }] }],
    });
    expect(rig.sim.world.get(kind, id)?.['status']).toBe('PAUSED');
    const resumed = await act(rig.ctx(), `resume${name}`, { id });
    expect(recordIn(resumed.effects)).toMatchObject({ data: { status: 'ACTIVE', currency: 'USD' } });
  });

  it('has still happened where it cannot be read back, and is synced', async () => {
    const rig = newRig();
    const id = active(rig, 'campaigns');
    rig.intercept = ({ method }) => (method === 'GET' ? { status: 500, body: '' } : undefined);
    expect(await act(rig.ctx(), 'pauseCampaign', { id })).toEqual({
      data: { id, status: 'PAUSED' },
      effects: [{ kind: 'resync', stream: 'campaigns' }],
    });
  });
});

describe('a test lead', () => {
  const config = { permissions: ['testLeads'] as const };

  it('is refused unless it was allowed', async () => {
    await expect(act(newRig().ctx(), 'createTestLead', { formId: '1' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('is refused for a form of no page', async () => {
    await expect(act(newRig().ctx({ config }), 'createTestLead', { formId: '1' })).rejects.toMatchObject({
      fields: [expect.objectContaining({ pointer: '/formId' })],
    });
  });

  it('is made once for each form, and again after it was deleted', async () => {
    const rig = newRig();
    const form = rig.sim.world.all('forms')[0];
    const make = () => act(rig.ctx({ config }), 'createTestLead', { formId: form?.id });
    const { data, effects } = await make();
    expect(recordIn(effects)).toMatchObject({ id: data['leadId'], data: { form_id: form?.id } });
    await expect(make()).rejects.toMatchObject({ message: expect.stringMatching(/already have a test lead/) });
    const gone = await act(rig.ctx({ config }), 'deleteTestLead', { leadId: data['leadId'], pageId: form?.['page_id'] });
    expect(recordIn(gone.effects)).toEqual({ id: data['leadId'], deleted: true });
    expect((await make()).data['leadId']).toBe(data['leadId']);
  });
});

describe('choices', () => {
  const offer = (name: string, rig = newRig(), draft = {}, method: 'oauth' | 'manual' = 'oauth') =>
    handlers.options[name]?.(rig.ctx({ method }), draft);

  it('of ad accounts are the login’s, or the one of the token', async () => {
    expect(await offer('adAccounts')).toHaveLength(3);
    expect(await offer('adAccounts', newRig(), {}, 'manual')).toEqual([
      { value: 'act_10101010101', label: 'Blue Fitness (act_10101010101, USD)' },
    ]);
  });

  it('of lead forms follow the pages chosen so far', async () => {
    expect(await offer('leadForms')).toHaveLength(5);
    expect(await offer('leadForms', newRig(), { pageIds: ['110000000000002'] })).toHaveLength(2);
  });

  it('of questions are those of the forms and the provider’s own', async () => {
    const found = await offer('leadQuestions');
    expect(found).toContainEqual({ value: 'what_is_your_goal?', label: 'What is your goal?' });
    expect(found).toContainEqual({ value: 'company_name', label: 'Company' });
  });

  it('of campaigns say whose they are and whether they run, and leave out removed ones', async () => {
    const rig = newRig();
    const found = (await offer('campaigns', rig)) ?? [];
    expect(found.every(({ label }) => /, (active|paused)\)$/.test(label))).toBe(true);
    expect(paths(rig)).toContain('GET /act_20202020202/campaigns');
  });
});
