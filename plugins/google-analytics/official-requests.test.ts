import { describe, expect, it } from '@jest/globals';
import type { SandboxRequest } from 'patchbay';
import { manifest } from './manifest.ts';
import { BLUE_TOKYO, HOSTS } from './sandbox/demo.ts';
import { answerDepartures, departures, measurementDepartures, officialOf, officials } from './test-official.ts';
import { act, handlers, newRig, type Rig, run, type Seen } from './test-rig.ts';

const [oauth] = manifest.auth;
const VISITOR = 'GA1.1.1234567890.1700000000';
const COLLECTING: readonly string[] = [HOSTS.collect, HOSTS.collectEu];

async function sendEverything(rig: Rig): Promise<void> {
  const items = [
    { id: 'A', name: 'B', brand: 'C', category: 'D', variant: 'E', price: 1, quantity: 2, discount: 0.5, coupon: 'F' },
  ];
  const person = {
    email: 'Ada@Example.com',
    phone: '+1 555 123 4567',
    firstName: 'Ada',
    lastName: 'Box',
    street: '1 High St',
    city: 'X',
    country: 'US',
  };
  const visitor = { clientId: VISITOR, userId: '42', sessionId: 'GS1.1.1700000000.3.1', happenedAt: new Date().toISOString() };
  const said = { adUserData: 'GRANTED', adPersonalization: 'DENIED' };
  const order = { transactionId: 'T-1', value: 59.9, currency: 'USD', items, ...visitor };
  for (const method of ['oauth', 'manual'] as const) {
    const ctx = rig.ctx({ method, config: { sendUserData: true } });
    const eu = rig.ctx({ method, config: { endpointRegion: 'eu', adUserData: 'GRANTED' } });
    await act(ctx, 'sendPurchase', { ...order, tax: 1, shipping: 2, coupon: 'C', customerType: 'new', ...said, ...person });
    await act(eu, 'sendRefund', order);
    await act(eu, 'sendPurchase', { ...order, checkOnly: true });
    const pairs = [
      { name: 'plan', value: 'gold' },
      { name: 'seats', value: '3', number: true },
    ];
    await act(ctx, 'sendEvent', { name: 'sign_up', clientId: VISITOR, params: pairs, userProperties: pairs, ...said });
    const events = Array.from({ length: 60 }, (_, index) => ({
      name: 'login',
      clientId: index < 55 ? '1.1' : '2.2',
      params: 'method=email&n=1',
    }));
    await act(ctx, 'sendEvents', { events });
  }
}

/** Everything the plugin ever asks of Google. */
async function everything(): Promise<readonly Seen[]> {
  const rig = newRig();
  const ctx = rig.ctx();
  await handlers.identify(ctx, {});
  await handlers.identify(rig.ctx({ method: 'manual' }), { measurementId: 'G-BLUEFIT001' });
  await handlers.test(ctx);
  await handlers.test(rig.ctx({ method: 'manual' }));
  for (const [name, stream] of Object.entries(handlers.streams)) {
    if (!stream.sync) continue;
    const { checkpoint } = await run(ctx, name);
    if (stream.mode === 'incremental') await run(ctx, name, { from: checkpoint });
  }
  await run(rig.ctx({ config: { currency: 'EUR', keyEvents: ['sign_up'] } }), 'conversions');
  for (const load of Object.values(handlers.options)) await load(ctx, {});
  await act(rig.ctx({ config: { propertyId: BLUE_TOKYO.id } }), 'createApiSecret', { acknowledge: true });
  await act(ctx, 'createKeyEvent', { eventName: 'add_to_cart', counting: 'ONCE_PER_SESSION' });
  await act(ctx, 'setDataRetention', { eventDataRetention: 'FOURTEEN_MONTHS', resetUserDataOnNewActivity: false });
  await act(ctx, 'liveVisitors', {});
  await act(ctx, 'checkReports', {});
  await sendEverything(rig);
  return rig.seen;
}

const request = (change: Partial<SandboxRequest>): SandboxRequest => ({
  method: 'GET',
  host: HOSTS.admin,
  path: '/v1beta/accountSummaries',
  query: new URLSearchParams(),
  headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
  body: '',
  signal: new AbortController().signal,
  ...change,
});

describe('what the plugin asks of Google', () => {
  it('is noticed when it departs from the documents', () => {
    expect(departures(request({}))).toEqual([]);
    expect(departures(request({ query: new URLSearchParams({ pageSize: 'many', page: '1' }) }))).toHaveLength(2);
    expect(departures(request({ path: '/v1beta/accountSummary' }))).toEqual(['no such method']);
    expect(departures(request({ headers: {} }))).toEqual(['carries no token']);
    const report = { method: 'POST', host: HOSTS.data, path: '/v1beta/properties/1:runReport' };
    expect(departures(request({ ...report, body: '{"dimensions":[{"name":"date"}]}' }))).toEqual([]);
    expect(departures(request({ ...report, body: '{"dimension":[]}' }))).toHaveLength(1);
    expect(departures(request({ ...report, body: '{"dateRanges":[{"startDate":20261101}]}' }))).toHaveLength(1);
    const event = {
      method: 'POST',
      host: HOSTS.collect,
      path: '/mp/collect',
      query: new URLSearchParams({ measurement_id: 'G-1', api_secret: 's' }),
    };
    expect(measurementDepartures(request({ ...event, headers: {}, body: '{"client_id":"1","events":[{"name":"a"}]}' }))).toEqual(
      [],
    );
    expect(
      measurementDepartures(request({ ...event, headers: {}, body: '{"client_id":"1","events":[{"name":"_a"}]}' })),
    ).toHaveLength(1);
    expect(measurementDepartures(request({ ...event, body: '{"client_id":"1","events":[{"name":"purchase"}]}' }))).toEqual(
      expect.arrayContaining(['carries a token']),
    );
  });

  it('follows the official documents, request by request, and is answered as they say', async () => {
    const seen = await everything();
    const apis = seen.filter(({ req }) => ![...COLLECTING, HOSTS.userinfo].includes(req.host));
    const faults = seen.flatMap(({ req, status, response }) => {
      if (req.host === HOSTS.userinfo) return [];
      const own = COLLECTING.includes(req.host)
        ? measurementDepartures(req)
        : [...departures(req), ...answerDepartures(req, response.body)];
      return [...own, ...(status < 300 ? [] : [`was answered ${status}`])].map(
        (fault) => `${req.method} ${req.host}${req.path}: ${fault}`,
      );
    });
    expect(faults).toEqual([]);
    const asked = new Set(apis.map(({ req }) => officialOf(req)?.id));
    expect(officials.map(({ id }) => id).filter((id) => !asked.has(id))).toEqual([]);
    expect(seen.filter(({ req }) => COLLECTING.includes(req.host)).length).toBeGreaterThan(15);
  });

  it('is covered by the scopes it asks for, and reads with the least of them', () => {
    const asked = oauth.scopes.map(({ name }) => name as string);
    for (const { method } of officials) expect(method.scopes.some((scope) => asked.includes(scope))).toBe(true);
    const required: readonly string[] = oauth.scopes.filter((scope) => !('optional' in scope)).map(({ name }) => name);
    const reading = officials.filter(
      ({ method }) => method.httpMethod === 'GET' || method.scopes.some((scope) => scope.endsWith('analytics.readonly')),
    );
    for (const { method } of reading) expect(method.scopes.some((scope) => required.includes(scope))).toBe(true);
  });

  it('goes to hosts of the discovery documents and those of the Measurement Protocol only', () => {
    const declared = [new URL(manifest.baseUrl).host, ...manifest.hosts];
    expect([...declared].sort()).toEqual(
      [...new Set([...officials.map(({ host }) => host), HOSTS.userinfo, ...COLLECTING])].sort(),
    );
  });
});
