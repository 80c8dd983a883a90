import { beforeEach, describe, expect, it } from '@jest/globals';
import { propertyActions } from './actions-property.ts';
import { BLUE_FITNESS, BLUE_TOKYO } from './sandbox/demo.ts';
import { act, handlers, newRig, type Rig } from './test-rig.ts';
import { order, refusal } from './test-sending.ts';

let rig: Rig;
beforeEach(() => {
  rig = newRig();
});

describe('changes to the property', () => {
  it('are forbidden until a property is chosen, and refused without the right to edit', async () => {
    const unchosen = rig.ctx({ config: { propertyId: '' } });
    for (const name of ['liveVisitors', 'createKeyEvent', 'createApiSecret', 'setDataRetention', 'checkReports'] as const) {
      expect(handlers.actions[name]?.methods).toEqual(['oauth']);
      expect(handlers.actions[name]?.barred?.(unchosen)).toMatchObject({ field: 'propertyId' });
      const input = { acknowledge: true, eventName: 'login', eventDataRetention: 'TWO_MONTHS' } as const;
      expect((await refusal(rig, name, input, unchosen)).message).toMatch(/Choose a property/);
      // As the hub does where `barred` failed to tell.
      const unasked = async () => propertyActions[name].run(unchosen, input, { id: 'call' });
      await expect(unasked()).rejects.toMatchObject({ code: 'FORBIDDEN', message: expect.stringMatching(/Choose a property/) });
    }
    expect(rig.seen).toEqual([]);
    const viewer = rig.ctx({ config: { propertyId: '310000003' } });
    expect(await refusal(rig, 'createKeyEvent', { eventName: 'login' }, viewer)).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('make a secret only for those who agree, and use it from then on', async () => {
    const ctx = rig.ctx({ config: { propertyId: BLUE_TOKYO.id } });
    expect(await refusal(rig, 'createApiSecret', { acknowledge: false }, ctx)).toMatchObject({
      fields: [{ pointer: '/acknowledge' }],
    });
    const { data } = await act(ctx, 'createApiSecret', { acknowledge: true });
    expect(JSON.stringify(data)).not.toContain(rig.sim.world.state.secrets['4100000021']?.[0]?.secretValue);
    await act(ctx, 'sendPurchase', { ...order, currency: 'JPY', value: 5000 });
    expect(rig.sim.world.state.received).toMatchObject([{ counted: true, propertyId: BLUE_TOKYO.id }]);
  });

  it('count an event as a key event, once', async () => {
    const { effects } = await act(rig.ctx(), 'createKeyEvent', { eventName: 'login' });
    expect(effects).toEqual([{ kind: 'resync', stream: 'keyEvents' }]);
    expect(await refusal(rig, 'createKeyEvent', { eventName: 'login' })).toMatchObject({ code: 'CONFLICT' });
  });

  it('set data retention as asked, else as the settings prefer, else not', async () => {
    expect((await refusal(rig, 'setDataRetention', {})).message).toMatch(/Nothing to change/);
    await act(rig.ctx({ config: { eventDataRetention: 'FOURTEEN_MONTHS' } }), 'setDataRetention', {
      userDataRetention: 'TWO_MONTHS',
    });
    expect(rig.sim.world.retention(BLUE_FITNESS)).toEqual({
      eventDataRetention: 'FOURTEEN_MONTHS',
      userDataRetention: 'TWO_MONTHS',
      resetUserDataOnNewActivity: true,
    });
    const error = await refusal(rig, 'setDataRetention', { eventDataRetention: 'FIFTY_MONTHS' });
    expect(error.message).toMatch(/standard property/);
  });

  it('are not needed for the reports: Google says that they can be made', async () => {
    const { data } = await act(rig.ctx(), 'checkReports', {});
    expect(data).toMatchObject({ fine: true });
    expect(data['reports']).toHaveLength(5);
  });
});
