import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type HubError, hubError } from 'patchbay';
import type { actions } from './actions.ts';
import { BLUE_FITNESS, BLUE_TOKYO, HOSTS } from './sandbox/demo.ts';
import { act, dataOf, KEYS, newRig, type Rig, recordsIn } from './test-rig.ts';

let rig: Rig;
beforeEach(() => {
  rig = newRig();
});

const VISITOR = '1234567890.1700000000';
const order = { clientId: VISITOR, transactionId: 'T-1', value: 59.9, currency: 'USD' };
const collected = () => rig.seen.filter(({ req }) => [HOSTS.collect, HOSTS.collectEu].some((host) => host === req.host));
const bodies = () => collected().map(({ req }) => JSON.parse(req.body));
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

async function refusal(name: keyof typeof actions, input: object, ctx = rig.ctx()): Promise<HubError> {
  const error = await act(ctx, name, input).then(
    () => undefined,
    (thrown: unknown) => hubError(thrown),
  );
  if (!error) throw new Error('this should have been refused');
  expect(collected()).toEqual([]);
  return error;
}

const pointers = async (name: keyof typeof actions, input: object) =>
  (await refusal(name, input)).fields?.map(({ pointer }) => pointer);

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
    expect(await pointers('sendEvent', { name: 'sign_up', clientId: VISITOR, ...change })).toEqual([pointer]);
  });

  it('are found among many, each by its row, and nothing is sent', async () => {
    const events = [
      { name: 'login', clientId: VISITOR },
      { name: 'first_visit', clientId: VISITOR },
      { name: 'login', clientId: 'a b' },
      { name: 'login', clientId: VISITOR, params: `long=${'x'.repeat(101)}` },
      { name: 'purchase', clientId: VISITOR, value: 5 },
    ];
    expect(await pointers('sendEvents', { events })).toEqual([
      '/events/1/name',
      '/events/2/clientId',
      '/events/3/params',
      '/events/4/transactionId',
      '/events/4/currency',
    ]);
    expect(await pointers('sendEvents', { events: [] })).toEqual(['/events']);
  });

  it('are refunds with an amount and no currency', async () => {
    expect(await pointers('sendRefund', { clientId: VISITOR, transactionId: 'T-1', value: 5 })).toEqual(['/currency']);
  });

  it('are those the settings do not allow', async () => {
    const error = await refusal('sendPurchase', order, rig.ctx({ config: { events: ['refund'] } }));
    expect(error).toMatchObject({ code: 'FORBIDDEN', fields: [{ pointer: '/transactionId' }] });
    const own = await refusal(
      'sendEvent',
      { name: 'trial_booked', clientId: VISITOR },
      rig.ctx({ config: { events: ['login'] } }),
    );
    expect(own.message).toMatch(/trial_booked is not among those/);
  });

  it('pass the validation server where they pass here', async () => {
    const items = [{ id: 'A', price: 5, quantity: 2 }];
    const { data, effects } = await act(rig.ctx(), 'sendPurchase', { ...order, items, checkOnly: true });
    expect(data).toMatchObject({ valid: true, problems: [] });
    expect(effects).toBeUndefined();
    expect(collected()[0]?.req.path).toBe('/debug/mp/collect');
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

describe('sending', () => {
  it('tells of a purchase as the documents want it', async () => {
    const happenedAt = new Date(Date.now() - 3_600_000).toISOString();
    const items = [{ id: 'TRIAL-4', name: 'Four trial sessions', price: 59.9, quantity: 1 }, { name: 'Gift' }];
    const input = {
      ...order,
      clientId: `GA1.1.${VISITOR}`,
      sessionId: 'GS2.1.s1700000123$o3$g1$t1700000200',
      happenedAt,
      tax: 9.5,
      items,
    };
    const { data, effects } = await act(rig.ctx(), 'sendPurchase', input, 'order-1');
    expect(bodies()).toEqual([
      {
        client_id: VISITOR,
        events: [
          {
            name: 'purchase',
            timestamp_micros: Date.parse(happenedAt) * 1000,
            params: {
              session_id: '1700000123',
              engagement_time_msec: 100,
              transaction_id: 'T-1',
              value: 59.9,
              currency: 'USD',
              tax: 9.5,
              items: [
                { item_id: 'TRIAL-4', item_name: 'Four trial sessions', price: 59.9, quantity: 1, index: 0 },
                { item_name: 'Gift', index: 1 },
              ],
            },
          },
        ],
      },
    ]);
    expect(data).toMatchObject({ sent: 1, requests: 1, to: KEYS.measurementId, note: expect.stringMatching(/Realtime/) });
    expect(recordsIn(effects)).toEqual([
      {
        id: 'order-1/0',
        data: expect.objectContaining({ name: 'purchase', transactionId: 'T-1', value: 59.9, items: 2, happenedAt }),
      },
    ]);
    expect(rig.sim.world.state.received).toMatchObject([{ name: 'purchase', counted: true }]);
  });

  it('is counted once for one order number, however often it is sent', async () => {
    await act(rig.ctx(), 'sendPurchase', { ...order, transactionId: 'T-77' });
    await act(rig.ctx(), 'sendPurchase', { ...order, transactionId: 'T-77' });
    const report = await rig
      .ctx()
      .http.post<{ rows?: object[] }>('https://analyticsdata.googleapis.com/v1beta/properties/310000001:runReport', {
        json: {
          dimensions: [{ name: 'transactionId' }],
          metrics: [{ name: 'ecommercePurchases' }],
          dateRanges: [{ startDate: 'today', endDate: 'today' }],
          dimensionFilter: { filter: { fieldName: 'transactionId', stringFilter: { matchType: 'EXACT', value: 'T-77' } } },
        },
      });
    expect(report.data.rows).toEqual([{ dimensionValues: [{ value: 'T-77' }], metricValues: [{ value: '1' }] }]);
  });

  it('bundles up to 25 events of one visitor, and never two visitors', async () => {
    const events = Array.from({ length: 61 }, (_, index) => ({
      name: 'login',
      clientId: index % 3 === 0 ? '1.1' : '2.2',
      params: `n=${index}`,
    }));
    const { data, effects } = await act(rig.ctx(), 'sendEvents', { events });
    const sizes = bodies().map(({ client_id: id, events: { length } }) => [id, length]);
    expect(sizes).toEqual([
      ['1.1', 21],
      ['2.2', 25],
      ['2.2', 15],
    ]);
    expect(data).toMatchObject({ sent: 61, requests: 3 });
    expect(recordsIn(effects)).toHaveLength(61);
  });

  it('stays below the size of a body', async () => {
    const params = Array.from({ length: 10 }, (_, index) => `page_location${index}=${'x'.repeat(90)}`).join('&');
    const long = `page_location=${'y'.repeat(1000)}&page_referrer=${'z'.repeat(400)}&page_title=${'t'.repeat(300)}`;
    const events = Array.from({ length: 50 }, () => ({ name: 'view_item', clientId: '1.1', params: `${params}&${long}` }));
    await act(rig.ctx(), 'sendEvents', { events });
    expect(collected().length).toBe(2);
    const items = Array.from({ length: 200 }, () => ({
      id: 'x'.repeat(100),
      name: 'y'.repeat(100),
      brand: 'z'.repeat(100),
      category: 'c'.repeat(100),
      variant: 'v'.repeat(100),
      coupon: 'k'.repeat(100),
    }));
    rig = newRig();
    expect(await pointers('sendPurchase', { ...order, items })).toEqual(['/transactionId']);
  });

  it('says what was sent and what was not, when it breaks off half-way', async () => {
    let calls = 0;
    rig.intercept = (req) => {
      if (req.path !== '/mp/collect') return undefined;
      calls += 1;
      return calls > 1 ? { status: 500, body: '' } : undefined;
    };
    const events = Array.from({ length: 30 }, () => ({ name: 'login', clientId: '1.1' }));
    const { data, effects } = await act(rig.ctx(), 'sendEvents', { events });
    expect(data).toMatchObject({ sent: 25 });
    expect((data['unsent'] as { index: number }[]).map(({ index }) => index)).toEqual([25, 26, 27, 28, 29]);
    expect(recordsIn(effects)).toHaveLength(25);
  });

  it('uses the keys of the connection, and never shows them a token', async () => {
    await act(rig.ctx({ method: 'manual' }), 'sendPurchase', order);
    await act(rig.ctx(), 'sendPurchase', order);
    await act(rig.ctx({ config: { measurementId: 'G-BLUETOKYO1', apiSecret: 'another_secret_of_mine' } }), 'sendPurchase', order);
    const asked = collected().map(({ req }) => ({ ...Object.fromEntries(req.query), token: req.headers['authorization'] }));
    const own = { measurement_id: KEYS.measurementId, api_secret: KEYS.apiSecret, token: undefined };
    expect(asked).toEqual([own, own, { measurement_id: 'G-BLUETOKYO1', api_secret: 'another_secret_of_mine', token: undefined }]);
  });

  it('asks for a secret or a data stream where there is none', async () => {
    const tokyo = rig.ctx({ config: { propertyId: BLUE_TOKYO.id } });
    expect((await refusal('sendPurchase', order, tokyo)).message).toMatch(/no API secret yet/);
    const wrong = rig.ctx({ config: { measurementId: 'G-NOTTHERE1' } });
    expect((await refusal('sendPurchase', order, wrong)).message).toMatch(/no website G-NOTTHERE1/);
    const unchosen = rig.ctx({ config: { propertyId: '' } });
    expect((await refusal('sendPurchase', order, unchosen)).message).toMatch(/Choose a property/);
  });

  it('goes to the European Union where the settings say so', async () => {
    await act(rig.ctx({ config: { endpointRegion: 'eu' } }), 'sendPurchase', order);
    expect(collected()[0]?.req.host).toBe(HOSTS.collectEu);
  });

  it('gives the consent of the call, else that of the settings, else none', async () => {
    await act(rig.ctx(), 'sendPurchase', order);
    await act(rig.ctx({ config: { adUserData: 'DENIED', adPersonalization: 'DENIED' } }), 'sendPurchase', {
      ...order,
      adUserData: 'GRANTED',
    });
    expect(bodies().map(({ consent }) => consent)).toEqual([
      undefined,
      { ad_user_data: 'GRANTED', ad_personalization: 'DENIED' },
    ]);
  });

  it('is answered alike with a wrong secret: only Realtime tells', async () => {
    await rig.press('replaceSecret');
    const ctx = rig.ctx({ method: 'manual' });
    const { data } = await act(ctx, 'sendEvent', { name: 'sign_up', clientId: VISITOR });
    expect(data).toMatchObject({ sent: 1 });
    expect(rig.sim.world.state.received).toMatchObject([{ counted: false, why: 'wrong API secret' }]);
    const live = await act(rig.ctx(), 'liveVisitors', {});
    expect((live.data['events'] as { event: string }[]).map(({ event }) => event)).toEqual(['page_view']);
    await act(rig.ctx(), 'sendEvent', { name: 'sign_up', clientId: VISITOR });
    const again = await act(rig.ctx(), 'liveVisitors', {});
    expect(again.data['events']).toContainEqual({ event: 'sign_up', count: 1, users: 1 });
  });
});

describe('user data', () => {
  const person = {
    email: ' Ada.Box+shop@Gmail.com ',
    phone: '+1 (555) 123-4567',
    firstName: ' Ada ',
    lastName: 'BOX',
    street: '1 High St',
    city: 'Austin',
    country: 'US',
  };

  it('is not sent unless the settings allow it', async () => {
    const error = await refusal('sendPurchase', { ...order, userId: '42', email: 'a@b.example' });
    expect(error).toMatchObject({ code: 'FORBIDDEN', fields: [{ pointer: '/email' }] });
  });

  it('needs a user ID, and an address and number that are some', async () => {
    const ctx = rig.ctx({ config: { sendUserData: true } });
    const error = await refusal('sendPurchase', { ...order, email: 'ada', phone: '555' }, ctx);
    expect(error.fields?.map(({ pointer }) => pointer)).toEqual(['/userId', '/email', '/phone']);
  });

  it('leaves as fingerprints made as documented, and is not kept here', async () => {
    const ctx = rig.ctx({ config: { sendUserData: true } });
    const { effects } = await act(ctx, 'sendPurchase', { ...order, userId: '42', ...person });
    expect(bodies()[0].user_data).toEqual({
      sha256_email_address: [hash('adabox@gmail.com')],
      sha256_phone_number: [hash('+15551234567')],
      address: [
        {
          sha256_first_name: hash('ada'),
          sha256_last_name: hash('box'),
          sha256_street: hash('1 high st'),
          city: 'Austin',
          country: 'US',
        },
      ],
    });
    expect(JSON.stringify(bodies())).not.toMatch(/gmail|555|Ada/i);
    expect(JSON.stringify(dataOf(recordsIn(effects)[0]))).not.toMatch(/gmail|42|Ada/i);
  });

  it('keeps the dots of other mailboxes', async () => {
    await act(rig.ctx({ config: { sendUserData: true } }), 'sendPurchase', {
      ...order,
      userId: '42',
      email: 'Ada.Box+x@Example.com',
    });
    expect(bodies()[0].user_data.sha256_email_address).toEqual([hash('ada.box+x@example.com')]);
  });
});

describe('changes to the property', () => {
  it('are refused over a connection that only sends, and without the right to edit', async () => {
    for (const name of ['liveVisitors', 'createKeyEvent', 'createApiSecret', 'setDataRetention', 'checkReports'] as const)
      expect((await refusal(name, { acknowledge: true }, rig.ctx({ method: 'manual' }))).message).toMatch(/only send events/);
    const viewer = rig.ctx({ config: { propertyId: '310000003' } });
    expect(await refusal('createKeyEvent', { eventName: 'login' }, viewer)).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('make a secret only for those who agree, and use it from then on', async () => {
    const ctx = rig.ctx({ config: { propertyId: BLUE_TOKYO.id } });
    expect(await refusal('createApiSecret', { acknowledge: false }, ctx)).toMatchObject({
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
    expect(await refusal('createKeyEvent', { eventName: 'login' })).toMatchObject({ code: 'CONFLICT' });
  });

  it('set data retention as asked, else as the settings prefer, else not', async () => {
    expect((await refusal('setDataRetention', {})).message).toMatch(/Nothing to change/);
    await act(rig.ctx({ config: { eventDataRetention: 'FOURTEEN_MONTHS' } }), 'setDataRetention', {
      userDataRetention: 'TWO_MONTHS',
    });
    expect(rig.sim.world.retention(BLUE_FITNESS)).toEqual({
      eventDataRetention: 'FOURTEEN_MONTHS',
      userDataRetention: 'TWO_MONTHS',
      resetUserDataOnNewActivity: true,
    });
    const error = await refusal('setDataRetention', { eventDataRetention: 'FIFTY_MONTHS' });
    expect(error.message).toMatch(/standard property/);
  });

  it('are not needed for the reports: Google says that they can be made', async () => {
    const { data } = await act(rig.ctx(), 'checkReports', {});
    expect(data).toMatchObject({ fine: true });
    expect(data['reports']).toHaveLength(5);
  });
});
