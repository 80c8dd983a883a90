import { describe, expect, it } from '@jest/globals';
import type { SandboxRequest } from 'patchbay';
import { DEMO_CHARGE, DEMO_SUBSCRIPTION } from './sandbox/demo.ts';
import { departures, objectFaults, officialOf, requests } from './test-official.ts';
import { act, handlers, newRig, type Rig, run, type Seen } from './test-rig.ts';

const DAY_SECONDS = 86_400;

async function readAll(rig: Rig): Promise<void> {
  const ctx = rig.ctx({ config: { syncFrom: '2020-01-01' } });
  for (const name of Object.keys(handlers.streams)) {
    const { checkpoint } = await run(ctx, name);
    await rig.press('renewSubscription');
    await rig.press('refund');
    await rig.press('changeCustomer');
    // As if what may still change had last been looked through two days ago.
    await run(ctx, name, { from: { ...checkpoint, openAt: Number(checkpoint?.['openAt']) - 2 * DAY_SECONDS } });
  }
}

async function writeAll(rig: Rig): Promise<void> {
  const ctx = rig.ctx();
  const wish = { reason: 'duplicate', orderId: '4711', amount: 100, metadata: [{ name: 'return', value: 'R-9' }] };
  await act(ctx, 'refund', { payment: DEMO_CHARGE, ...wish });
  const intent = rig.sim.world.get('blue-test', 'charges', DEMO_CHARGE)?.['payment_intent'];
  await act(ctx, 'refund', { payment: intent });
  const why = { feedback: 'too_expensive', comment: 'moved away' };
  await act(ctx, 'cancelSubscription', { subscriptionId: DEMO_SUBSCRIPTION, when: 'period-end', ...why });
  await act(ctx, 'keepSubscription', { subscriptionId: DEMO_SUBSCRIPTION });
  const now = { when: 'now', prorate: true, invoiceNow: true, ...why };
  await act(ctx, 'cancelSubscription', { subscriptionId: DEMO_SUBSCRIPTION, ...now });
}

/** Everything the plugin ever asks of the provider. */
async function everything(): Promise<readonly Seen[]> {
  const rig = newRig();
  const ctx = rig.ctx();
  await handlers.identify(ctx, {});
  await handlers.test(ctx);
  for (const load of Object.values(handlers.options)) await load(ctx, {});
  const url = 'https://hub.example/webhooks/stripe/c/key';
  await handlers.webhook.subscribe?.(ctx, url);
  const again = await handlers.webhook.subscribe?.(ctx, url);
  await readAll(rig);
  await writeAll(rig);
  for (const req of rig.webhooks()) {
    for (const event of handlers.webhook.events(req)) await handlers.webhook.onEvent?.(ctx, event);
  }
  await handlers.webhook.unsubscribe?.(ctx, again?.id ?? '', []);
  return rig.seen;
}

describe('what the plugin asks of the provider', () => {
  it('is noticed when it departs from the specification', () => {
    const headers = {
      'stripe-version': '2026-10-28.endive',
      'idempotency-key': 'k',
      'content-type': 'application/x-www-form-urlencoded',
    };
    const req = (change: Partial<SandboxRequest>): SandboxRequest => ({
      method: 'POST',
      host: 'api.stripe.com',
      path: '/v1/refunds',
      query: new URLSearchParams(),
      headers,
      body: 'charge=ch_1&amount=5&metadata[order_id]=7',
      signal: new AbortController().signal,
      ...change,
    });
    expect(departures(req({}))).toEqual([]);
    expect(departures(req({ headers: { ...headers, 'stripe-version': '2022-11-15' } }))).toHaveLength(1);
    expect(departures(req({ headers: { 'stripe-version': '2026-10-28.endive' } }))).toHaveLength(2);
    expect(departures(req({ body: 'charge=ch_1&amount=5.5&colour=red' }))).toEqual([
      'amount may not be "5.5"',
      'colour is unknown',
    ]);
    expect(departures(req({ body: 'reason=boredom' }))).toEqual(['reason may not be "boredom"']);
    expect(departures(req({ path: '/v1/webhook_endpoints', body: 'url=x&enabled_events[0]=charge.exploded' }))).toHaveLength(1);
    expect(departures(req({ path: '/v1/webhook_endpoints', body: '' }))).toEqual(['enabled_events is missing', 'url is missing']);
    expect(departures(req({ path: '/v2/refunds' }))).toEqual(['no such request']);
  });

  it('follows the official specification, request by request, and is answered', async () => {
    const seen = await everything();
    const faults = seen.flatMap(({ req, status }) => {
      const all = [...departures(req), ...(status === 200 ? [] : [`was answered ${status}`])];
      return all.map((fault) => `${req.method} ${req.path}: ${fault}`);
    });
    expect(faults).toEqual([]);
    const asked = new Set(seen.map(({ req }) => officialOf(req)));
    expect(requests.filter((official) => !asked.has(official)).map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });
});

describe('what the simulator answers', () => {
  it.each([
    ['Charge', 'charges'],
    ['Customer', 'customers'],
    ['Refund', 'refunds'],
    ['BalanceTransaction', 'balance_transactions'],
    ['Subscription', 'subscriptions'],
    ['Invoice', 'invoices'],
    ['InvoicePayment', 'invoice_payments'],
    ['Price', 'prices'],
    ['Product', 'products'],
    ['EventBase', 'events'],
    ['WebhookEndpoint', 'webhook_endpoints'],
    ['Dispute', 'disputes'],
  ] as const)('has every field of the current %s and no other', async (name, kind) => {
    const rig = newRig();
    await handlers.webhook.subscribe?.(rig.ctx(), 'https://hub.example/webhooks/stripe/c/key');
    await rig.press('dispute');
    await rig.press('startSubscription');
    const docs = rig.sim.world.list('blue-test', kind);
    expect(docs.length).toBeGreaterThan(0);
    expect([...new Set(docs.flatMap((doc) => objectFaults(name, doc)))]).toEqual([]);
  });

  it('holds current items and lines within subscriptions and invoices', () => {
    const { world } = newRig().sim;
    const inner = (kind: 'subscriptions' | 'invoices', list: string) =>
      world.list('blue-test', kind).flatMap((doc) => (doc[list] as { data: Record<string, unknown>[] }).data);
    expect(inner('subscriptions', 'items').flatMap((item) => objectFaults('SubscriptionItem', item))).toEqual([]);
    expect(inner('invoices', 'lines').flatMap((line) => objectFaults('InvoiceLineItem', line))).toEqual([]);
  });
});
