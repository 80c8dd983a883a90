import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { openStand, type RequestOptions, requestOf } from 'patchbay/testing';
import { objectFaults } from '../test-official.ts';
import { BLUE_TEST, DEMO_KEY, HOST } from './demo.ts';
import { Throttle } from './gate.ts';
import { Simulator } from './simulator.ts';

const DAY_MS = 86_400_000;
const url = 'http://127.0.0.1:3000/webhooks/stripe/c/key';

const START = 1_795_000_000_000;
const stand = (saved?: unknown) => openStand((env) => new Simulator(env), { saved, now: () => new Date(START) });
const simulator = () => stand().sim;

function later(at: { now: Date }, ms: number): void {
  at.now = new Date(at.now.getTime() + ms);
}

async function ask(sim: Simulator, method: string, path: string, { headers, ...given }: RequestOptions = {}) {
  const all = { authorization: `Bearer ${DEMO_KEY}`, ...headers };
  const answer = await sim.handle(requestOf(method, `https://${HOST}${path}`, { ...given, headers: all }));
  return { ...answer, body: answer.body as Record<string, unknown> };
}

const makeEndpoint = (sim: Simulator, events = 'charge.succeeded') =>
  ask(sim, 'POST', '/v1/webhook_endpoints', { body: `url=${encodeURIComponent(url)}&enabled_events[]=${events}` });
const charge = (sim: Simulator) => ask(sim, 'POST', '/v1/charges', { body: 'amount=500&currency=usd&source=tok_visa' });

afterEach(() => {
  jest.useRealTimers();
});

describe('the simulated provider', () => {
  it('is after a restart as it was before: what was made, signed and answered', async () => {
    const at = stand();
    const before = at.sim;
    const { body: endpoint } = await makeEndpoint(before);
    const wish = { body: 'amount=500&currency=usd&source=tok_visa', headers: { 'idempotency-key': 'once' } };
    const { body: paid } = await ask(before, 'POST', '/v1/charges', wish);
    await before.commands['rollKey']?.run({ account: 'riverside-test' });
    const after = stand(at.saved).sim;
    expect((await ask(after, 'GET', `/v1/charges/${String(paid['id'])}`)).body['amount']).toBe(500);
    expect((await ask(after, 'POST', '/v1/charges', wish)).body['id']).toBe(paid['id']);
    expect(after.secrets[String(endpoint['id'])]?.secret).toBe(endpoint['secret']);
    expect(after.keys.made).toHaveLength(1);
    after.reset();
    expect((await ask(after, 'GET', `/v1/charges/${String(paid['id'])}`)).status).toBe(404);
  });

  it('sends only what an endpoint wants, to the address it was given', async () => {
    const at = stand();
    const { sim } = at;
    await makeEndpoint(sim, 'charge.failed');
    await charge(sim);
    await ask(sim, 'POST', '/v1/charges', { body: 'amount=500&currency=usd&source=tok_chargeDeclined' });
    await sim.hooks.settled();
    expect(at.delivered.map(({ path, body }) => [path, JSON.parse(body).type])).toEqual([['/c/key', 'charge.failed']]);
  });

  it('sends again three times when nobody says 2xx, then gives up', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    const at = stand();
    at.status = 503;
    const { sim } = at;
    await makeEndpoint(sim);
    await charge(sim);
    await sim.hooks.settled();
    expect(at.delivered).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(at.delivered).toHaveLength(4);
    expect(new Set(at.delivered.map(({ body }) => JSON.parse(body).id)).size).toBe(1);
    await sim.close();
  });

  it('keeps events for thirty days and idempotency keys for one', async () => {
    const at = stand();
    const { sim } = at;
    const wish = { body: 'amount=500&currency=usd&source=tok_visa', headers: { 'idempotency-key': 'once' } };
    const first = await ask(sim, 'POST', '/v1/charges', wish);
    later(at, DAY_MS - 1000);
    expect((await ask(sim, 'POST', '/v1/charges', wish)).headers?.['idempotent-replayed']).toBe('true');
    later(at, 2000);
    expect((await ask(sim, 'POST', '/v1/charges', wish)).body['id']).not.toBe(first.body['id']);
    expect((await ask(sim, 'GET', '/v1/events')).body['data']).toHaveLength(2);
    later(at, 30 * DAY_MS + 1000);
    await charge(sim);
    expect((await ask(sim, 'GET', '/v1/events')).body['data']).toHaveLength(1);
  });

  it('refuses a declined payment again under the same key, and takes a wrong parameter back', async () => {
    const { sim } = stand();
    const headers = { 'idempotency-key': 'declined' };
    const body = 'amount=500&currency=usd&source=tok_chargeDeclined';
    const first = await ask(sim, 'POST', '/v1/charges', { body, headers });
    const again = await ask(sim, 'POST', '/v1/charges', { body, headers });
    expect([first.status, again.status, again.headers?.['idempotent-replayed']]).toEqual([402, 402, 'true']);
    expect(again.body).toEqual(first.body);
    const other = { 'idempotency-key': 'mistyped' };
    expect((await ask(sim, 'POST', '/v1/charges', { body: 'amount=x&currency=usd', headers: other })).status).toBe(400);
    expect((await ask(sim, 'POST', '/v1/charges', { body: 'amount=5&currency=usd', headers: other })).status).toBe(200);
  });

  it('lets money become available a week after it came', async () => {
    const at = stand();
    const { sim } = at;
    const { body: paid } = await charge(sim);
    const status = async () =>
      (await ask(sim, 'GET', `/v1/balance_transactions/${String(paid['balance_transaction'])}`)).body['status'];
    expect(await status()).toBe('pending');
    later(at, 7 * DAY_MS);
    expect(await status()).toBe('available');
  });

  it('allows twenty-five calls in one second, for each account by itself', () => {
    const throttle = new Throttle();
    for (let call = 0; call < 100; call += 1) throttle.check('a', 1000);
    throttle.on = true;
    for (let call = 0; call < 25; call += 1) throttle.check('a', 2000);
    expect(() => throttle.check('a', 2999)).toThrow(/rate limit/);
    throttle.check('b', 2999);
    throttle.check('a', 3000);
  });

  it.each([
    ['GET', '/v1/charges?limit=101', '', 400, 'parameter_invalid_integer'],
    ['GET', '/v1/charges?colour=red', '', 400, 'parameter_unknown'],
    ['GET', '/v1/charges?starting_after=ch_unknown', '', 400, 'resource_missing'],
    ['GET', '/v1/charges/ch_unknown', '', 404, 'resource_missing'],
    ['GET', '/v1/nothing', '', 404, undefined],
    ['POST', '/v1/webhook_endpoints', 'url=http://example.com&enabled_events[]=*', 400, 'url_invalid'],
    ['POST', '/v1/refunds', 'amount=5', 400, undefined],
    ['POST', '/v1/charges', 'currency=usd', 400, 'parameter_missing'],
  ])('answers %s %s %s with %i %s', async (method, path, body, status, code) => {
    const answer = await ask(simulator(), method, path, { body });
    expect(answer.status).toBe(status);
    expect(answer.body['error']).toMatchObject({ type: 'invalid_request_error', ...(code && { code }) });
    expect(answer.headers).toMatchObject({ 'request-id': expect.stringMatching(/^req_/) });
  });

  it('shows account and balance in the current shapes', async () => {
    const sim = simulator();
    expect(objectFaults('Account', (await ask(sim, 'GET', '/v1/account')).body)).toEqual([]);
    expect(objectFaults('Balance', (await ask(sim, 'GET', '/v1/balance')).body)).toEqual([]);
  });

  it('names on its panel a key that works, also after the keys were rolled', async () => {
    const sim = simulator();
    expect(sim.panel().credentials).toEqual({ secretKey: DEMO_KEY });
    await sim.commands['rollKey']?.run({ account: BLUE_TEST.slug });
    const { secretKey } = sim.panel().credentials;
    expect(secretKey).not.toBe(DEMO_KEY);
    expect((await ask(sim, 'GET', '/v1/account')).status).toBe(401);
    const headers = { authorization: `Bearer ${String(secretKey)}` };
    expect((await ask(sim, 'GET', '/v1/account', { headers })).body['id']).toBe(BLUE_TEST.account);
  });
});
