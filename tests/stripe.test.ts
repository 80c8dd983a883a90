import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';
import { departures } from '../plugins/stripe/test-official.ts';
import { call, type Hub, startHub } from './support/hub.ts';
import { type Recorder, startRecorder } from './support/recorder.ts';
import { until } from './support/wait.ts';

const INTEGRATION = '/api/stores/default/integrations/stripe';
let hub: Hub;
/** Everything the hub asks of the provider, on its way to the simulator. */
let asked: Recorder;
/** Takes the official package, which knows no path before `/v1`, to the simulator. */
let door: Recorder;
let secretKey: string;

beforeAll(async () => {
  [asked, door] = await Promise.all([startRecorder(), startRecorder()]);
  hub = await startHub({ EGRESS_MAP: JSON.stringify({ 'api.stripe.com': asked.url }) });
  asked.forwardTo = `${hub.url}/sandbox/stripe/api/api.stripe.com`;
  door.forwardTo = asked.forwardTo;
  secretKey = (await call('GET', `${hub.url}/sandbox/stripe`)).body.credentials.secretKey;
});
afterAll(async () => {
  await hub.close();
  await Promise.all([asked.close(), door.close()]);
});

function official(key = secretKey): Stripe {
  const { hostname: host, port } = new URL(door.url);
  return new Stripe(key, { host, port, protocol: 'http', telemetry: false });
}

function connect(fields: object = { secretKey }) {
  return hub.api('POST', `${INTEGRATION}/connect`, { method: 'manual', fields });
}

async function press(command: string, input: object = {}) {
  const { status, body } = await hub.sandbox('stripe', command, input);
  if (status !== 200) throw new Error(`${command}: ${status} ${JSON.stringify(body)}`);
  return body.result;
}

async function simulated(what: string): Promise<number> {
  return (await call('GET', `${hub.url}/sandbox/stripe`)).body.facts[`Blue Fitness (test): ${what}`];
}

async function finished(runId: string) {
  return until(
    async () => {
      const { body } = await hub.api('GET', `${INTEGRATION}/runs/${runId}`);
      return ['queued', 'running'].includes(body.status) ? undefined : body;
    },
    { what: 'the run to end' },
  );
}

async function syncAll() {
  const { body } = await hub.api('POST', `${INTEGRATION}/sync`, {});
  return Promise.all(body.runs.map(({ id }: { id: string }) => finished(id)));
}

interface Stored {
  readonly data: Record<string, unknown>;
  readonly deleted_at: Date | null;
}

async function stored(stream: string, id: unknown): Promise<Stored | undefined> {
  const [row] = await hub.rows<Stored>('select data, deleted_at from records where stream = $1 and external_id = $2', [
    stream,
    id,
  ]);
  return row;
}

function untilStored(stream: string, id: unknown, wanted: Record<string, unknown>) {
  const fits = (data: Record<string, unknown> = {}) => Object.entries(wanted).every(([name, value]) => data[name] === value);
  return until(
    async () => {
      const row = await stored(stream, id);
      return row && fits(row.data) ? row : undefined;
    },
    { what: `${stream} ${String(id)} to be ${JSON.stringify(wanted)}` },
  );
}

const events = async () => (await hub.api('GET', `${INTEGRATION}/events?limit=200`)).body.events;

describe('a Stripe account connected by its key', () => {
  it.each([
    ['a publishable key', 'pk_test_51BlueFitnessDemoPublic', /publishable/],
    ['the key of an organisation', 'sk_org_test_51BlueFitnessDemo001', /organisation/],
    ['a key nobody knows', 'sk_test_51NobodyKnowsThisOne001', /does not know/],
  ])('is refused with %s, with the reason, and nothing is kept', async (_, key, words) => {
    const { status, body } = await connect({ secretKey: key });
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'INVALID_CREDENTIALS' });
    expect(JSON.stringify(body)).toMatch(words);
    expect(JSON.stringify(body)).not.toContain(key);
    expect(await hub.rows('select 1 from integrations')).toEqual([]);
  });

  it('is kept with its name and mode, makes its own webhook, and syncs every record', async () => {
    const { status, body } = await connect();
    expect(status).toBe(201);
    expect(body).toMatchObject({ name: 'Blue Fitness', status: 'active', account: { mode: 'test' } });
    expect(JSON.stringify(body)).not.toContain(secretKey);
    expect((await official().webhookEndpoints.list()).data).toMatchObject([
      { api_version: '2026-10-28.endive', url: expect.stringContaining(`${hub.url}/webhooks/stripe/c/`) },
    ]);
    const { runs } = (await hub.api('GET', `${INTEGRATION}/runs`)).body;
    expect(runs).toHaveLength(6);
    for (const { id } of runs) expect(await finished(id)).toMatchObject({ status: 'succeeded', failed: 0, trigger: 'initial' });
    const { counts } = (await hub.api('GET', INTEGRATION)).body;
    expect(counts).toEqual({
      charges: await simulated('charges'),
      customers: await simulated('customers'),
      subscriptions: await simulated('subscriptions'),
      invoices: await simulated('invoices'),
      refunds: await simulated('refunds'),
      balanceTransactions: await simulated('balance transactions'),
    });
  });

  it('asks little and rewrites nothing when it is synced again', async () => {
    const before = asked.seen.length;
    for (const run of await syncAll()) expect(run).toMatchObject({ status: 'succeeded', written: 0, deleted: 0 });
    const paths = asked.seen.slice(before).map(({ path }) => path);
    expect(paths.filter((path) => path === '/v1/events')).toHaveLength(5);
    // Besides, the week of balance transactions that are still pending.
    expect(new Set(paths)).toEqual(new Set(['/v1/events', '/v1/balance_transactions']));
    expect(paths.length).toBeLessThan(10);
  });

  it('says in words that it works, and offers what is in use there', async () => {
    const { body } = await hub.api('POST', `${INTEGRATION}/test`, {});
    expect(body.message).toMatch(/^Connected to Blue Fitness \(test mode\), USD [\d,.]+ available\.$/);
    const currencies = (await hub.api('GET', `${INTEGRATION}/options/currencies`)).body;
    expect(JSON.stringify(currencies)).toContain('"label":"USD, US Dollar"');
    expect(JSON.stringify((await hub.api('GET', `${INTEGRATION}/options/metadataKeys`)).body)).toContain('order_id');
  });

  it('hears of the eight events a store needs, each with its effect', async () => {
    const paid = await press('charge', { amount: 5000, orderId: '4711' });
    await untilStored('charges', paid.chargeId, { status: 'succeeded', amount: 5000, currency: 'usd', order: '4711' });
    const failed = await press('charge', { outcome: 'insufficient_funds' });
    await untilStored('charges', failed.chargeId, { status: 'failed', failure_message: 'Your card has insufficient funds.' });
    const refund = await press('refund', { chargeId: paid.chargeId, amount: 1200 });
    await untilStored('charges', paid.chargeId, { amount_refunded: 1200 });
    await untilStored('refunds', refund.refundId, { amount: 1200, status: 'succeeded' });
    const { subscriptionId } = await press('startSubscription');
    await untilStored('subscriptions', subscriptionId, { status: 'active' });
    await press('changeSubscription', { subscriptionId });
    await untilStored('subscriptions', subscriptionId, { cancel_at_period_end: true });
    const good = await press('renewSubscription', { subscriptionId });
    await untilStored('invoices', good.invoiceId, { status: 'paid', subscription: subscriptionId });
    const bad = await press('renewSubscription', { subscriptionId, declined: true });
    await untilStored('invoices', bad.invoiceId, { status: 'open', attempt_count: 1 });
    await press('cancelSubscription', { subscriptionId });
    await untilStored('subscriptions', subscriptionId, { status: 'canceled' });
    const heard = new Set((await events()).map(({ type }: { type: string }) => type));
    expect([...heard]).toEqual(
      expect.arrayContaining([
        ...['charge.succeeded', 'charge.failed', 'charge.refunded', 'invoice.payment_succeeded', 'invoice.payment_failed'],
        ...['customer.subscription.created', 'customer.subscription.updated', 'customer.subscription.deleted'],
      ]),
    );
    const kept = async () => (await hub.api('GET', INTEGRATION)).body.counts.charges;
    // The renewals made charges of their own, whose events may still be on their way.
    await until(async () => (await kept()) === (await simulated('charges')), { what: 'every charge to be counted' });
  });

  it('does not let an old event undo a newer one', async () => {
    await press('mute');
    const { customerId } = await press('addCustomer', { name: 'First Name' });
    await press('mute');
    await press('changeCustomer', { customerId, name: 'Second Name' });
    await untilStored('customers', customerId, { name: 'Second Name' });
    const [old] = (await official().events.list({ type: 'customer.created' })).data;
    await press('resendEvent', { eventId: old?.id });
    const handled = (event: { type: string; state: string }) => event.type === 'customer.created' && event.state === 'handled';
    await until(async () => (await events()).some(handled), { what: 'the old event to be handled' });
    expect((await stored('customers', customerId))?.data['name']).toBe('Second Name');
    await press('deleteCustomer', { customerId });
    await until(async () => (await stored('customers', customerId))?.deleted_at, { what: 'the customer to be marked deleted' });
  });

  it.each(['changed byte', 'signed long ago', 'another secret', 'no signature', 'v0 only', 'other mode'])(
    'refuses a webhook with %s, and keeps nothing of it',
    async (how) => {
      const before = (await events()).length;
      expect(await press('badWebhook', { how })).toMatchObject({ status: 401 });
      expect(await events()).toHaveLength(before);
    },
  );

  it('refunds once, however often it is asked with one key, and refuses the key for something else', async () => {
    const { chargeId } = await press('charge', { amount: 3000 });
    // What the event of the charge read may be older than the refund, and be written after it.
    await untilStored('charges', chargeId, { amount: 3000 });
    const refund = (amount: number) =>
      hub.api(
        'POST',
        `${INTEGRATION}/actions/refund`,
        { payment: chargeId, amount, reason: 'duplicate', orderId: '9' },
        { 'idempotency-key': 'order-9' },
      );
    const [one, two] = [await refund(1000), await refund(1000)];
    expect(one).toMatchObject({
      status: 200,
      body: { data: { status: 'succeeded', amount: 1000, message: 'USD 10.00 refunded.' } },
    });
    expect(two.body.data).toEqual(one.body.data);
    expect(await refund(2000)).toMatchObject({ status: 422, body: { code: 'CONFLICT' } });
    expect((await official().refunds.list({ charge: chargeId })).data).toMatchObject([
      { amount: 1000, metadata: { order_id: '9' } },
    ]);
    expect((await stored('charges', chargeId))?.data['amount_refunded']).toBe(1000);
    expect((await stored('refunds', one.body.data.id))?.data).toMatchObject({ order: '9', reason: 'duplicate' });
  });

  it('cancels a subscription with its period, keeps it after all, and ends it', async () => {
    const { subscriptionId } = await press('startSubscription');
    const act = async (action: string, input: object = {}) =>
      (await hub.api('POST', `${INTEGRATION}/actions/${action}`, { subscriptionId, ...input })).body.data;
    expect(await act('cancelSubscription')).toMatchObject({ status: 'active', cancel_at_period_end: true });
    expect(await act('keepSubscription')).toMatchObject({ cancel_at_period_end: false });
    expect(await act('cancelSubscription', { when: 'now', feedback: 'unused' })).toMatchObject({ status: 'canceled' });
    expect(await official().subscriptions.retrieve(subscriptionId)).toMatchObject({
      cancellation_details: { feedback: 'unused' },
    });
    await untilStored('subscriptions', subscriptionId, { status: 'canceled' });
  });

  it('takes over a webhook made by hand, and what the official package signs for it', async () => {
    const { config, webhookUrl } = (await hub.api('GET', INTEGRATION)).body;
    const { secret } = await press('createEndpoint', { url: webhookUrl });
    const manual = { ...config, webhookMode: 'manual', webhookSecret: secret };
    expect((await hub.api('PUT', `${INTEGRATION}/configure`, manual)).status).toBe(200);
    const left = (await official().webhookEndpoints.list()).data;
    expect(left).toMatchObject([{ description: 'by hand' }]);

    const [charge] = (await official().charges.list({ limit: 1 })).data;
    const payload = JSON.stringify({
      ...{
        id: 'evt_1MadeByTheOfficialOne001',
        object: 'event',
        type: 'charge.succeeded',
        livemode: false,
        api_version: '2019-12-03',
      },
      ...{ created: Math.floor(Date.now() / 1000), pending_webhooks: 1, request: null, data: { object: charge } },
    });
    const sign = (given: object = {}) => official().webhooks.generateTestHeaderString({ payload, secret, ...given });
    const post = async (header: string, body = payload) => {
      const headers = { 'content-type': 'application/json', 'stripe-signature': header };
      return (await fetch(webhookUrl, { method: 'POST', headers, body })).status;
    };
    const before = (await events()).length;
    expect(await post(sign({ secret: 'whsec_SomebodyElsesSecret00001' }))).toBe(401);
    expect(await post(sign({ timestamp: Math.floor(Date.now() / 1000) - 400 }))).toBe(401);
    expect(await post(sign(), payload.replace('evt_1', 'evt_2'))).toBe(401);
    expect(await events()).toHaveLength(before);
    expect(await post(sign())).toBe(200);
    expect(await post(sign())).toBe(200);
    expect(await events()).toHaveLength(before + 1);

    expect((await hub.api('PUT', `${INTEGRATION}/configure`, { ...config, webhookMode: 'automatic' })).status).toBe(200);
    const replaced = (await official().webhookEndpoints.list()).data;
    expect(replaced).toMatchObject([{ url: webhookUrl, api_version: '2026-10-28.endive' }]);
    const { chargeId } = await press('charge', { amount: 4200 });
    await untilStored('charges', chargeId, { amount: 4200 });
  });

  it('finds by a sync what no webhook said', async () => {
    await press('mute');
    const { chargeId } = await press('charge', { amount: 777 });
    await press('mute');
    for (const run of await syncAll()) expect(run).toMatchObject({ status: 'succeeded' });
    expect((await stored('charges', chargeId))?.data).toMatchObject({ amount: 777 });
  });

  it('reads everything again while Stripe throttles, without once being told to slow down', async () => {
    await press('throttle');
    const { body } = await hub.api('POST', `${INTEGRATION}/sync`, { mode: 'full' });
    for (const { id } of body.runs) expect(await finished(id)).toMatchObject({ status: 'succeeded', deleted: 0 });
    await press('throttle');
    const { log } = (await call('GET', `${hub.url}/sandbox/stripe`)).body;
    expect(log.filter(({ line }: { line: string }) => line.endsWith('429'))).toEqual([]);
  });

  it('goes on with a sync after half an answer, and with another after one that asks for a pause', async () => {
    const runs: string[] = [];
    for (const [how, stream] of [
      ['cut JSON', 'customers'],
      ['429', 'subscriptions'],
    ]) {
      await press('fail', { how, calls: 1 });
      const { body } = await hub.api('POST', `${INTEGRATION}/sync`, { stream });
      runs.push(body.runs[0].id);
      const met = async () => (await hub.api('GET', `${INTEGRATION}/runs/${runs.at(-1)}`)).body.message;
      await until(met, { what: `the run to meet ${how}` });
    }
    for (const run of runs) expect(await finished(run)).toMatchObject({ status: 'succeeded' });
  });

  it('says that its key has expired, and works again with a new one of the same account and mode', async () => {
    const rolled = await press('rollKey');
    expect(await hub.api('POST', `${INTEGRATION}/test`, {})).toMatchObject({
      body: { code: expect.any(String), detail: expect.stringMatching(/expired/) },
    });
    expect((await hub.api('GET', INTEGRATION)).body).toMatchObject({
      status: 'error',
      reason: { message: expect.stringMatching(/expired/) },
    });
    const reconnect = (key: string) =>
      hub.api('POST', `${INTEGRATION}/reconnect`, { method: 'manual', fields: { secretKey: key } });
    const live = ['sk', 'live', '51BlueFitnessDemoSecret04'].join('_');
    expect((await reconnect(live)).status).toBeGreaterThanOrEqual(400);
    expect((await reconnect('sk_test_51RiversideDemoSecret05')).status).toBeGreaterThanOrEqual(400);
    expect((await reconnect(rolled.secretKey)).status).toBe(200);
    secretKey = rolled.secretKey;
    expect((await hub.api('POST', `${INTEGRATION}/test`, {})).body.message).toMatch(/^Connected to Blue Fitness/);
    expect((await official().webhookEndpoints.list()).data).toHaveLength(1);
  });

  it('ends when access is taken away in Stripe, and begins again', async () => {
    await press('deauthorize');
    await until(async () => (await hub.api('GET', INTEGRATION)).body.status === 'disconnected', {
      what: 'the connection to end',
    });
    expect(await hub.rows('select 1 from credentials')).toEqual([]);
    expect((await connect({ secretKey })).body).toMatchObject({ status: 'active', name: 'Blue Fitness' });
    expect((await connect({ secretKey })).status).toBe(409);
  });

  it('keeps live mode apart, in a connection of its own', async () => {
    const live = await connect({ secretKey: ['sk', 'live', '51BlueFitnessDemoSecret04'].join('_') });
    expect(live.body).toMatchObject({ status: 'active', account: { mode: 'live' } });
    expect((await hub.api('DELETE', `/api/stores/default/integrations/${live.body.id}`)).status).toBeLessThan(300);
  });

  it('takes its webhook away when it is disconnected', async () => {
    const integrations = (await hub.api('GET', '/api/stores/default/integrations')).body.templates.flatMap(
      ({ id, integrations: all }: { id: string; integrations: { id: string; mode?: string; status: string }[] }) =>
        id === 'stripe' ? all : [],
    );
    const active = integrations.find(({ status }: { status: string }) => status === 'active');
    expect((await hub.api('DELETE', `/api/stores/default/integrations/${active?.id}?keepRecords=true`)).status).toBeLessThan(300);
    expect((await official().webhookEndpoints.list()).data).toEqual([]);
    expect(await hub.rows('select 1 from credentials')).toEqual([]);
  });

  it('has asked nothing in all this that the official specification does not know', () => {
    const faults = asked.seen.flatMap(({ method, path, query, headers, body }) => {
      const request = {
        method,
        path,
        query,
        body,
        headers: headers as Record<string, string>,
        host: 'api.stripe.com',
        signal: AbortSignal.timeout(1000),
      };
      return departures(request).map((fault) => `${method} ${path}: ${fault}`);
    });
    expect(asked.seen.length).toBeGreaterThan(100);
    expect(faults).toEqual([]);
  });
});
