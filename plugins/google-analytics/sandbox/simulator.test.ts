import { describe, expect, it } from '@jest/globals';
import { BLUE_FITNESS, HOSTS } from './demo.ts';
import type { Simulator } from './simulator.ts';
import { ask, simulator, stand } from './test-stand.ts';

const ADMIN = `https://${HOSTS.admin}/v1beta`;
const REPORT = `https://${HOSTS.data}/v1beta/properties/${BLUE_FITNESS.id}:runReport`;
const COLLECT = `https://${HOSTS.collect}/mp/collect?measurement_id=G-BLUEFIT001&api_secret=k3Demo_Blue-Fitness001`;
const DEBUG = `https://${HOSTS.collect}/debug/mp/collect?measurement_id=G-BLUEFIT001&api_secret=wrong`;
const names = (...list: string[]) => list.map((name) => ({ name }));
const week = { dateRanges: [{ startDate: '6daysAgo', endDate: 'today' }] };

interface ReportBody {
  readonly rows?: { dimensionValues: { value: string }[]; metricValues: { value: string }[] }[];
  readonly rowCount?: number;
  readonly propertyQuota?: Record<string, { consumed: number; remaining: number }>;
}

async function report(sim: Simulator, json: object): Promise<ReportBody> {
  const { status, body } = await ask(sim, 'POST', REPORT, { json });
  expect(status).toBe(200);
  return body as ReportBody;
}

describe('the simulated APIs', () => {
  it('refuse what Google refuses, in its shape', async () => {
    const sim = simulator();
    const refused = async (json: object) => ask(sim, 'POST', REPORT, { json });
    const argument = (message: RegExp) => ({
      status: 400,
      body: { error: { code: 400, status: 'INVALID_ARGUMENT', message: expect.stringMatching(message) } },
    });
    expect(await refused({ ...week, metrics: names('sessions'), dimension: [] })).toMatchObject(
      argument(/Unknown name "dimension"/),
    );
    expect(await refused({ ...week, metrics: names('visits') })).toMatchObject(argument(/visits is not a valid/));
    expect(await refused({ ...week, dimensions: names('itemId'), metrics: names('sessions') })).toMatchObject(
      argument(/incompatible/),
    );
    expect(await refused({ metrics: names('sessions') })).toMatchObject(argument(/date ranges/));
    expect(
      await refused({ dateRanges: [{ startDate: '2026-11-03', endDate: '2026-11-01' }], metrics: names('sessions') }),
    ).toMatchObject(argument(/must not be after/));
    expect((await ask(sim, 'GET', `${ADMIN}/properties/999999999`)).status).toBe(403);
    expect(await ask(sim, 'GET', `${ADMIN}/nothing`)).toMatchObject({ status: 404 });
    const unknown = await ask(sim, 'GET', `${ADMIN}/accountSummaries`, { headers: { authorization: 'Bearer x' } });
    expect(unknown).toMatchObject({ status: 401, body: { error: { status: 'UNAUTHENTICATED' } } });
  });

  it('say the same each time, and add up alike whatever they are asked by', async () => {
    const sum = ({ rows = [] }: ReportBody) =>
      rows.reduce((total, { metricValues }) => total + Number(metricValues[0]?.value), 0);
    const daily = await report(simulator(), { ...week, dimensions: names('date'), metrics: names('sessions') });
    const sources = await report(simulator(), {
      ...week,
      dimensions: names('date', 'sessionSource'),
      metrics: names('sessions'),
    });
    expect(daily.rows).toHaveLength(7);
    expect(sum(daily)).toBe(sum(sources));
    const revenue = await report(simulator(), { ...week, metrics: names('purchaseRevenue') });
    const orders = await report(simulator(), { ...week, dimensions: names('transactionId'), metrics: names('purchaseRevenue') });
    expect(sum(revenue)).toBeCloseTo(sum(orders), 4);
  });

  it('count what reports cost, and stop when it is used up', async () => {
    const sim = simulator();
    const asked = { ...week, metrics: names('sessions'), returnPropertyQuota: true };
    const { propertyQuota } = await report(sim, asked);
    expect(propertyQuota?.['tokensPerHour']).toEqual({ consumed: 3, remaining: 39_997 });
    await sim.commands['drainQuota']?.run({ quota: 'tokensPerProjectPerHour' });
    expect(await ask(sim, 'POST', REPORT, { json: asked })).toMatchObject({
      status: 429,
      body: { error: { status: 'RESOURCE_EXHAUSTED' } },
    });
    await sim.commands['refillQuotas']?.run({});
    await sim.commands['fail']?.run({ how: '500', calls: 10 });
    for (const _ of Array.from({ length: 10 })) expect((await ask(sim, 'POST', REPORT, { json: asked })).status).toBe(500);
    expect(await ask(sim, 'POST', REPORT, { json: asked })).toMatchObject({
      status: 429,
      body: { error: { message: expect.stringMatching(/server errors/) } },
    });
  });

  it.each([
    ['garbage', { status: 200, body: expect.stringMatching(/^<html>/) }],
    ['cut JSON', { status: 200, body: expect.stringMatching(/^\{"dimensionHeaders.*[^}]$/s) }],
    ['hang up', { hangUp: true }],
    ['503', { status: 503 }],
  ])('fail with %s as long as asked', async (how, expected) => {
    const sim = simulator();
    await sim.commands['fail']?.run({ how, calls: 1 });
    expect(await ask(sim, 'POST', REPORT, { json: { ...week, metrics: names('sessions') } })).toMatchObject(expected);
    expect((await ask(sim, 'POST', REPORT, { json: { ...week, metrics: names('sessions') } })).status).toBe(200);
  });

  it('repeat their first page when told to', async () => {
    const sim = simulator();
    const asked = { ...week, dimensions: names('date'), metrics: names('sessions'), limit: '2' };
    await sim.commands['fail']?.run({ how: 'first page again', calls: 1 });
    expect((await report(sim, { ...asked, offset: '2' })).rows).toEqual((await report(sim, { ...asked, offset: '0' })).rows);
  });
});

describe('the simulated collecting hosts', () => {
  const event = (change: object = {}) => ({ client_id: '1.1', events: [{ name: 'sign_up', params: {}, ...change }] });

  it('take anything with 204, and count what is right', async () => {
    const sim = simulator();
    for (const json of [
      event(),
      event({ name: '_bad' }),
      { client_id: '1.1', events: Array.from({ length: 26 }, () => ({ name: 'a' })) },
    ])
      expect(await ask(sim, 'POST', COLLECT, { headers: {}, json })).toEqual({ status: 204, body: '' });
    expect(await ask(sim, 'POST', COLLECT.replace('001', '002'), { headers: {}, json: event() })).toMatchObject({ status: 204 });
    expect(await ask(sim, 'POST', COLLECT, { headers: {}, body: '{' })).toMatchObject({ status: 204 });
    expect(sim.world.state.received.filter(({ counted }) => counted)).toHaveLength(1);
    expect(sim.panel().facts).toMatchObject({ 'Events counted in reports': 1 });
  });

  it.each([
    ['a name with a sign before it', event({ name: '_badEventName' }), 'NAME_INVALID', 'events'],
    ['a reserved name', event({ name: 'session_start' }), 'NAME_RESERVED', 'events'],
    ['a reserved beginning', event({ name: 'ga_x' }), 'NAME_RESERVED', 'events'],
    ['nobody', { events: [{ name: 'a' }] }, 'VALUE_REQUIRED', 'client_id'],
    ['nothing', { client_id: '1.1', events: [] }, 'VALUE_REQUIRED', 'events'],
    [
      'too much',
      { client_id: '1.1', events: Array.from({ length: 26 }, () => ({ name: 'a' })) },
      'EXCEEDED_MAX_ENTITIES',
      'events',
    ],
    ['null', event({ params: { plan: null } }), 'VALUE_INVALID', 'events[0].params.plan'],
    ['a long text', event({ params: { plan: 'x'.repeat(101) } }), 'VALUE_OUT_OF_BOUNDS', 'events[0].params.plan'],
    [
      'a long property',
      { ...event(), user_properties: { p: { value: 'x'.repeat(37) } } },
      'VALUE_OUT_OF_BOUNDS',
      'user_properties',
    ],
    ['another consent', { ...event(), consent: { ad_user_data: 'YES' } }, 'VALUE_INVALID', 'consent'],
    ['user data of nobody', { ...event(), user_data: { sha256_email_address: ['a'] } }, 'VALUE_REQUIRED', 'user_id'],
    ['an amount of no currency', event({ params: { value: 1 } }), 'VALUE_REQUIRED', 'events[0].params.currency'],
    [
      'last week',
      { ...event(), timestamp_micros: (Date.now() - 7 * 86_400_000) * 1000 },
      'VALUE_OUT_OF_BOUNDS',
      'timestamp_micros',
    ],
  ])('say at the debug address what is wrong with %s, and nothing of the secret', async (_, json, validationCode, fieldPath) => {
    const { status, body } = await ask(simulator(), 'POST', DEBUG, { headers: {}, json });
    expect({ status, body }).toMatchObject({ status: 200, body: { validationMessages: [{ validationCode, fieldPath }] } });
  });

  it('take a long address of a page', async () => {
    const json = event({ params: { page_location: `https://shop.example/${'x'.repeat(900)}` } });
    expect(await ask(simulator(), 'POST', DEBUG, { headers: {}, json })).toMatchObject({ body: { validationMessages: [] } });
  });

  it('say of a good event nothing at all, and keep none', async () => {
    const sim = simulator();
    expect(await ask(sim, 'POST', DEBUG, { headers: {}, json: event() })).toMatchObject({
      status: 200,
      body: { validationMessages: [] },
    });
    expect(sim.world.state.received).toEqual([]);
  });

  it('notice a token that does not belong there', async () => {
    const sim = simulator();
    await ask(sim, 'POST', COLLECT, { json: event() });
    expect(sim.panel().log[0]?.line).toMatch(/a token came along/);
  });

  it('remember what came over a restart', async () => {
    const at = stand();
    await ask(at.sim, 'POST', COLLECT, { headers: {}, json: event() });
    expect(simulator({ saved: at.saved }).world.state.received).toHaveLength(1);
  });
});
