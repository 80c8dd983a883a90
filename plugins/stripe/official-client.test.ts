import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { requestOf } from 'patchbay/testing';
import Stripe from 'stripe';
import { DEMO_KEY, DEMO_SUBSCRIPTION, HOST, READER_KEY } from './sandbox/demo.ts';
import type { Simulator } from './sandbox/simulator.ts';
import { newRig } from './test-rig.ts';

let sim: Simulator;
let server: Server;

beforeAll(async () => {
  const rig = newRig();
  sim = rig.sim;
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = 'GET', url = '/', headers } = request;
    const body = Buffer.concat(chunks).toString();
    const given = { headers: headers as Record<string, string>, body };
    const answer = await sim.handle(requestOf(method, `https://${HOST}${url}`, given));
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function client(key = DEMO_KEY, maxNetworkRetries = 0): Stripe {
  const { port } = server.address() as AddressInfo;
  return new Stripe(key, { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries, telemetry: false });
}

/** What the package throws, to be looked into. */
async function failure(work: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Stripe.errors.StripeError) return error;
  throw new Error('it did not fail as the package fails', { cause: error });
}

describe('the simulator, for the official package', () => {
  it('pages through everything, either way', async () => {
    const all = await client().charges.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 });
    expect(all).toHaveLength(sim.world.list('blue-test', 'charges').length);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    const last = all.at(-1)?.id ?? '';
    const back = await client().charges.list({ limit: 3, ending_before: last });
    expect(back.data.map(({ id }) => id)).toEqual(all.slice(-4, -1).map(({ id }) => id));
  });

  it('filters, expands and looks up', async () => {
    const [first] = (await client().subscriptions.list({ status: 'canceled', limit: 1 })).data;
    expect(first?.status).toBe('canceled');
    expect((await client().subscriptions.list({ limit: 100 })).data.some(({ status }) => status === 'canceled')).toBe(false);
    const [charge] = (await client().charges.list({ created: { gte: 0 }, limit: 1, expand: ['data.balance_transaction'] })).data;
    expect(charge?.balance_transaction).toMatchObject({ object: 'balance_transaction' });
    expect((await client().accounts.retrieveCurrent()).settings?.dashboard.display_name).toBe('Blue Fitness');
    expect((await client().balance.retrieve()).livemode).toBe(false);
  });

  it('keeps what is written, and tells of it', async () => {
    const stripe = client();
    const customer = await stripe.customers.create({
      name: 'Sandra Box',
      email: 'sandra@mail.example',
      metadata: { tier: 'gold' },
    });
    await stripe.customers.update(customer.id, { phone: '+15550001111' });
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ phone: '+15550001111', metadata: { tier: 'gold' } });
    const charge = await stripe.charges.create({ amount: 2000, currency: 'usd', customer: customer.id, source: 'tok_visa' });
    const refund = await stripe.refunds.create({ charge: charge.id, amount: 500 });
    expect(refund).toMatchObject({ amount: 500, status: 'succeeded' });
    expect(await stripe.charges.retrieve(charge.id)).toMatchObject({ amount_refunded: 500, refunded: false });
    await stripe.customers.del(customer.id);
    const types = (await stripe.events.list({ limit: 100 })).data.map(({ type }) => type);
    expect(types).toEqual([
      'customer.deleted',
      'charge.refunded',
      'refund.created',
      'charge.succeeded',
      'customer.updated',
      'customer.created',
    ]);
    expect((await stripe.events.list({ types: ['charge.refunded'] })).data).toHaveLength(1);
  });

  it('cancels with the period, takes it back, and cancels at once', async () => {
    const { subscriptions } = client();
    const why = { cancellation_details: { feedback: 'unused' as const } };
    expect(await subscriptions.update(DEMO_SUBSCRIPTION, { cancel_at_period_end: true, ...why })).toMatchObject({
      cancel_at_period_end: true,
      cancel_at: expect.any(Number),
      cancellation_details: { feedback: 'unused' },
    });
    expect(await subscriptions.update(DEMO_SUBSCRIPTION, { cancel_at_period_end: false })).toMatchObject({ cancel_at: null });
    expect(await subscriptions.cancel(DEMO_SUBSCRIPTION, { prorate: true })).toMatchObject({ status: 'canceled' });
    const again = await failure(subscriptions.cancel(DEMO_SUBSCRIPTION));
    expect(again).toMatchObject({ statusCode: 404, code: 'resource_missing' });
  });

  it('makes endpoints whose events the package finds well signed', async () => {
    const stripe = client();
    const url = 'http://127.0.0.1:1/webhooks/stripe/c/key';
    const endpoint = await stripe.webhookEndpoints.create({
      url,
      enabled_events: ['charge.succeeded'],
      api_version: '2026-10-28.endive',
    });
    expect((await stripe.webhookEndpoints.retrieve(endpoint.id)).secret).toBeUndefined();
    const payload = JSON.stringify({ id: 'evt_1', object: 'event' });
    const doc = sim.world.get('blue-test', 'webhook_endpoints', endpoint.id);
    if (!doc) throw new Error('the endpoint is not kept');
    const header = sim.hooks.signed({ endpoint: doc, body: payload })['stripe-signature'] ?? '';
    expect(stripe.webhooks.constructEvent(payload, header, endpoint.secret ?? '')).toMatchObject({ id: 'evt_1' });
    expect(() => stripe.webhooks.constructEvent(`${payload} `, header, endpoint.secret ?? '')).toThrow(/signature/i);
    await stripe.webhookEndpoints.del(endpoint.id);
  });

  it('does once what is asked twice with one key, and refuses the key for something else', async () => {
    const stripe = client();
    const wish = { amount: 700, currency: 'usd', source: 'tok_visa' };
    const options = { idempotencyKey: 'order-1' };
    const [one, two] = [await stripe.charges.create(wish, options), await stripe.charges.create(wish, options)];
    expect(two.id).toBe(one.id);
    expect(two.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(await failure(stripe.charges.create({ ...wish, amount: 701 }, options))).toMatchObject({
      type: 'StripeIdempotencyError',
    });
    sim.idempotency.busy.add('order-2');
    expect((await client(DEMO_KEY, 2).charges.create(wish, { idempotencyKey: 'order-2' })).id).not.toBe(one.id);
  });

  it.each([
    ['an unknown key', 'sk_test_51NobodyKnowsThisOne001', 'StripeAuthenticationError', /Invalid API Key/],
    ['a publishable key', 'pk_test_51BlueFitnessDemoPublic', 'StripePermissionError', /publishable/],
  ])('refuses %s as the provider does', async (_, key, type, words) => {
    expect(await failure(client(key).customers.list())).toMatchObject({ type, message: expect.stringMatching(words) });
  });

  it('names the right a restricted key lacks, and keeps the account from it', async () => {
    const charge = sim.world.list('blue-test', 'charges').find((doc) => doc['refunded'] === false)?.id ?? '';
    const refused = await failure(client(READER_KEY).refunds.create({ charge }));
    expect(refused).toMatchObject({
      type: 'StripePermissionError',
      message: expect.stringContaining("'rak_charge_write' permission"),
    });
    expect(await failure(client(READER_KEY).accounts.retrieveCurrent())).toMatchObject({ statusCode: 403 });
    expect((await client(READER_KEY).charges.list({ limit: 1 })).data).toHaveLength(1);
  });

  it('declines cards, knows no unknown parameter, and limits calls', async () => {
    const declined = await failure(
      client().charges.create({ amount: 5, currency: 'usd', source: 'tok_chargeDeclinedInsufficientFunds' }),
    );
    expect(declined).toMatchObject({ type: 'StripeCardError', statusCode: 402, decline_code: 'insufficient_funds' });
    const unknown = { limit: 1, colour: 'red' } as Stripe.CustomerListParams;
    expect(await failure(client().customers.list(unknown))).toMatchObject({ code: 'parameter_unknown', param: 'colour' });
    sim.trouble.failure = '429';
    expect(await failure(client().balance.retrieve())).toMatchObject({ type: 'StripeRateLimitError', statusCode: 429 });
    sim.trouble.clear();
  });
});
