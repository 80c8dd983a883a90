import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Config, Context } from './manifest.ts';
import { act, handlers, newRig, type Rig } from './test-rig.ts';
import { collected, order, pointers, refusal, VISITOR } from './test-sending.ts';

let rig: Rig;
beforeEach(() => {
  rig = newRig();
});

describe('events that Google would drop without a word', () => {
  it.each([
    ['a name that is reserved', { name: 'session_start' }, '/name'],
    ['a name with a reserved beginning', { name: 'ga_mine' }, '/name'],
    ['a name that begins with a digit', { name: '1st' }, '/name'],
    ['a name that is too long', { name: 'a'.repeat(41) }, '/name'],
    ['a name with a dash', { name: 'sign-up' }, '/name'],
    ['a parameter with a reserved beginning', { params: [{ name: 'firebase_x', value: '1' }] }, '/params/0'],
    ['a parameter that is too long', { params: [{ name: 'plan', value: 'x'.repeat(101) }] }, '/params/0'],
    [
      'a parameter that is no number',
      {
        params: [
          { name: 'ok', value: 'a' },
          { name: 'seats', value: 'three', number: true },
        ],
      },
      '/params/1',
    ],
    ['too many parameters', { params: Array.from({ length: 25 }, (_, i) => ({ name: `p${i}`, value: '1' })) }, '/params'],
    ['an amount without a currency', { value: 5 }, '/currency'],
    ['a currency in small letters', { value: 5, currency: 'usd' }, '/currency'],
    ['an item without number and name', { items: [{ id: 'A' }, { price: 5 }] }, '/items/1/id'],
    ['too many items', { items: Array.from({ length: 201 }, () => ({ id: 'A' })) }, '/items'],
    ['an e-mail address for a visitor', { clientId: 'ada@example.com' }, '/clientId'],
    ['an e-mail address for a user', { userId: 'ada@example.com' }, '/userId'],
    ['a session that is none', { sessionId: 'yesterday' }, '/sessionId'],
    ['what happened four days ago', { happenedAt: new Date(Date.now() - 73 * 3_600_000).toISOString() }, '/happenedAt'],
    ['what will happen tomorrow', { happenedAt: new Date(Date.now() + 24 * 3_600_000).toISOString() }, '/happenedAt'],
    ['a moment that does not exist', { happenedAt: '2026-13-45T10:00:00Z' }, '/happenedAt'],
    ['a user property with a long name', { userProperties: [{ name: 'a'.repeat(25), value: '1' }] }, '/userProperties/0/name'],
    [
      'a user property with a long value',
      { userProperties: [{ name: 'plan', value: 'x'.repeat(37) }] },
      '/userProperties/0/value',
    ],
  ])('are refused here, with the field: %s', async (_, change, pointer) => {
    expect(await pointers(rig, 'sendEvent', { name: 'sign_up', clientId: VISITOR, ...change })).toEqual([pointer]);
  });

  it('are found among many, each by its row, and nothing is sent', async () => {
    const events = [
      { name: 'login', clientId: VISITOR },
      { name: 'first_visit', clientId: VISITOR },
      { name: 'login', clientId: 'a b' },
      { name: 'login', clientId: VISITOR, params: `long=${'x'.repeat(101)}` },
      { name: 'purchase', clientId: VISITOR, value: 5 },
    ];
    expect(await pointers(rig, 'sendEvents', { events })).toEqual([
      '/events/1/name',
      '/events/2/clientId',
      '/events/3/params',
      '/events/4/transactionId',
      '/events/4/currency',
    ]);
    expect(await pointers(rig, 'sendEvents', { events: [] })).toEqual(['/events']);
  });

  it('are refunds with an amount and no currency', async () => {
    expect(await pointers(rig, 'sendRefund', { clientId: VISITOR, transactionId: 'T-1', value: 5 })).toEqual(['/currency']);
  });

  it('are those the settings do not allow', async () => {
    const only = (...events: NonNullable<Config['events']>[number][]) => rig.ctx({ config: { events } });
    const why = (name: 'sendPurchase' | 'sendRefund' | 'sendEvents', ctx: Context) => handlers.actions[name]?.barred?.(ctx);
    const error = await refusal(rig, 'sendPurchase', order, only('refund'));
    expect(error).toMatchObject({ code: 'FORBIDDEN', message: expect.stringMatching(/purchase is not among those/) });
    expect(why('sendPurchase', only('refund'))).toMatchObject({ field: 'events' });
    expect(why('sendRefund', only('refund'))).toBeUndefined();
    expect(why('sendEvents', only())).toMatchObject({ field: 'events', text: expect.stringMatching(/no events/) });
    const events = [
      { name: 'login', clientId: VISITOR },
      { name: 'trial_booked', clientId: VISITOR },
    ];
    expect(await refusal(rig, 'sendEvents', { events }, only('login'))).toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringMatching(/trial_booked is not among those/),
      fields: [{ pointer: '/events/1' }],
    });
  });

  it('pass the validation server where they pass here', async () => {
    const items = [{ id: 'A', price: 5, quantity: 2 }];
    const { data, effects } = await act(rig.ctx(), 'sendPurchase', { ...order, items, checkOnly: true });
    expect(data).toMatchObject({ valid: true, problems: [] });
    expect(effects).toBeUndefined();
    expect(collected(rig)[0]?.req.path).toBe('/debug/mp/collect');
    expect(rig.sim.world.state.received).toEqual([]);
  });

  it('are told by the validation server where it knows more', async () => {
    const problem = { fieldPath: 'events', description: 'No.', validationCode: 'VALUE_INVALID' };
    rig.intercept = (req) =>
      req.path.startsWith('/debug') ? { status: 200, body: { validationMessages: [problem] } } : undefined;
    const { data } = await act(rig.ctx(), 'sendPurchase', { ...order, checkOnly: true });
    expect(data).toMatchObject({ valid: false, problems: [{ path: 'events', message: 'No.', code: 'VALUE_INVALID' }] });
  });
});
