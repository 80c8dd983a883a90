import { beforeEach, describe, expect, it } from '@jest/globals';
import { BLUE_TOKYO, HOSTS } from './sandbox/demo.ts';
import { act, handlers, KEYS, newRig, type Rig, recordsIn } from './test-rig.ts';
import { bodies, collected, order, pointers, refusal, VISITOR } from './test-sending.ts';

let rig: Rig;
beforeEach(() => {
  rig = newRig();
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
    const { data, effects } = await act(rig.ctx(), 'sendPurchase', input, { id: 'order-1' });
    expect(bodies(rig)).toEqual([
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
    const sizes = bodies(rig).map(({ client_id: id, events: { length } }) => [id, length]);
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
    expect(collected(rig).length).toBe(2);
    const items = Array.from({ length: 200 }, () => ({
      id: 'x'.repeat(100),
      name: 'y'.repeat(100),
      brand: 'z'.repeat(100),
      category: 'c'.repeat(100),
      variant: 'v'.repeat(100),
      coupon: 'k'.repeat(100),
    }));
    rig = newRig();
    expect(await pointers(rig, 'sendPurchase', { ...order, items })).toEqual(['/transactionId']);
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
    const asked = collected(rig).map(({ req }) => ({ ...Object.fromEntries(req.query), token: req.headers['authorization'] }));
    const own = { measurement_id: KEYS.measurementId, api_secret: KEYS.apiSecret, token: undefined };
    expect(asked).toEqual([own, own, { measurement_id: 'G-BLUETOKYO1', api_secret: 'another_secret_of_mine', token: undefined }]);
  });

  it('asks for a secret or a data stream where there is none', async () => {
    const tokyo = rig.ctx({ config: { propertyId: BLUE_TOKYO.id } });
    expect((await refusal(rig, 'sendPurchase', order, tokyo)).message).toMatch(/no API secret yet/);
    const wrong = rig.ctx({ config: { measurementId: 'G-NOTTHERE1' } });
    expect((await refusal(rig, 'sendPurchase', order, wrong)).message).toMatch(/no website G-NOTTHERE1/);
    const nameless = rig.ctx({ config: { propertyId: '', measurementId: 'G-BLUETOKYO1' } });
    expect((await refusal(rig, 'sendPurchase', order, nameless)).message).toMatch(/Choose a property/);
  });

  it('is forbidden where there is neither a property nor a data stream to send to', async () => {
    const nowhere = { config: { propertyId: '' } };
    for (const name of ['sendPurchase', 'sendRefund', 'sendEvent', 'sendEvents'] as const) {
      expect(handlers.actions[name]?.barred?.(rig.ctx(nowhere))).toMatchObject({ field: 'propertyId' });
      expect(handlers.actions[name]?.barred?.(rig.ctx({ ...nowhere, method: 'manual' }))).toBeUndefined();
    }
    expect((await refusal(rig, 'sendPurchase', order, rig.ctx(nowhere))).message).toMatch(/Choose a property/);
  });

  it('goes to the European Union where the settings say so', async () => {
    await act(rig.ctx({ config: { endpointRegion: 'eu' } }), 'sendPurchase', order);
    expect(collected(rig)[0]?.req.host).toBe(HOSTS.collectEu);
  });

  it('gives the consent of the call, else that of the settings, else none', async () => {
    await act(rig.ctx(), 'sendPurchase', order);
    await act(rig.ctx({ config: { adUserData: 'DENIED', adPersonalization: 'DENIED' } }), 'sendPurchase', {
      ...order,
      adUserData: 'GRANTED',
    });
    expect(bodies(rig).map(({ consent }) => consent)).toEqual([
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
