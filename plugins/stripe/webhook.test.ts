import { describe, expect, it } from '@jest/globals';
import { type Incoming, Rejected, type WebhookKeys } from 'patchbay';
import Stripe from 'stripe';
import { DEMO_KEY } from './sandbox/demo.ts';
import { handlers, incoming } from './test-rig.ts';

const stripe = new Stripe(DEMO_KEY);
const SECRET = 'whsec_TheSecretOfOurOwnEndpoint1';
const BY_HAND = 'whsec_TheSecretOfTheOneByHand02';
const keys: WebhookKeys = { app: {}, integration: { secretKey: DEMO_KEY, signingSecret: SECRET } };
const { verify, events } = handlers.webhook;

const charge = {
  id: 'ch_3SignedByTheOfficialOne01',
  object: 'charge',
  amount: 1500,
  currency: 'usd',
  status: 'succeeded',
  created: 5,
};
const body = (change: object = {}) =>
  JSON.stringify({
    id: 'evt_1SignedByTheOfficialOne01',
    object: 'event',
    type: 'charge.succeeded',
    created: 1_795_000_000,
    livemode: false,
    api_version: '2026-10-28.endive',
    pending_webhooks: 1,
    request: null,
    data: { object: charge },
    ...change,
  });

const now = () => Math.floor(Date.now() / 1000);

/** A call whose header the official package made. */
function signed(
  given: { payload?: string; secret?: string; timestamp?: number; header?: (good: string) => string } = {},
): Incoming {
  const { payload = body(), secret = SECRET, timestamp = now(), header = (good) => good } = given;
  const good = stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  return incoming({ 'stripe-signature': header(good) }, payload);
}

describe('a signature', () => {
  it.each([
    ['is missing', incoming({}, body())],
    ['is empty', signed({ header: () => '' })],
    ['is garbage', signed({ header: () => 'N/A' })],
    ['has no time', signed({ header: (good) => good.replace(/^t=\d+,/, '') })],
    ['has two times', signed({ header: (good) => `t=${now()},${good}` })],
    ['has a time that is none', signed({ header: (good) => good.replace(/^t=\d+/, 't=1e9') })],
    ['has another time than it was made with', signed({ header: (good) => good.replace(/^t=\d+/, `t=${now() - 1}`) })],
    ['is of the scheme v0 alone', signed({ header: (good) => good.replace('v1=', 'v0=') })],
    ['is cut off', signed({ header: (good) => good.slice(0, -2) })],
    ['was made with another secret', signed({ secret: 'whsec_SomebodyElsesSecret00001' })],
    ['was made with the API key', signed({ secret: DEMO_KEY })],
    ['is older than five minutes', signed({ timestamp: now() - 301 })],
    ['is more than five minutes ahead', signed({ timestamp: now() + 302 })],
    ['came at nobody knows when', { ...signed(), receivedAt: 'yesterday' }],
    ['is of a body that says live while the key is for tests', signed({ payload: body({ livemode: true }) })],
  ])('is refused when it %s', (_, req) => {
    expect(verify(req, keys)).toBe(false);
  });

  it('is refused when the body is another one, even in spelling only', () => {
    const good = signed();
    const headers = { 'stripe-signature': good.headers['stripe-signature'] ?? '' };
    expect(verify(incoming(headers, body().replace('1500', '1501')), keys)).toBe(false);
    expect(verify(incoming(headers, JSON.stringify(JSON.parse(body()), null, 1)), keys)).toBe(false);
  });

  it.each([
    ['no secret is known', { secretKey: DEMO_KEY }],
    ['the secret is empty', { secretKey: DEMO_KEY, signingSecret: '' }],
  ])('is refused while %s', (_, integration) => {
    expect(verify(signed(), { app: {}, integration })).toBe(false);
    expect(verify(signed({ secret: '' }), { app: {}, integration })).toBe(false);
  });

  it('made by the official package is accepted', () => {
    expect(verify(signed(), keys)).toBe(true);
    expect(verify(signed({ timestamp: now() - 299 }), keys)).toBe(true);
  });

  it('is judged by when the call came, not by the clock', () => {
    const yesterday = now() - 86_400;
    const kept = { ...signed({ timestamp: yesterday }), receivedAt: new Date((yesterday + 5) * 1000).toISOString() };
    expect(verify(kept, keys)).toBe(true);
    expect(verify({ ...kept, receivedAt: new Date((yesterday + 400) * 1000).toISOString() }, keys)).toBe(false);
  });

  it.each(['first', 'last'])('is accepted among several when the right one is the %s', (place) => {
    const both = (good: string) => {
      const [t, v1] = good.split(',');
      const other = `v1=${'0'.repeat(64)}`;
      return [t, ...(place === 'first' ? [v1, other] : [other, v1]), 'v0=6ffbb59b2300aae63f272406069a9788'].join(',');
    };
    expect(verify(signed({ header: both }), keys)).toBe(true);
  });

  it('is accepted by the secret given by hand as well', () => {
    const integration = { ...keys.integration, webhookSecret: BY_HAND };
    expect(verify(signed({ secret: BY_HAND }), { app: {}, integration })).toBe(true);
    expect(verify(signed(), { app: {}, integration })).toBe(true);
  });

  it('is accepted for live events with a live key only', () => {
    const liveKey = DEMO_KEY.replace('test', 'live');
    const live = signed({ payload: body({ livemode: true }) });
    expect(verify(live, { app: {}, integration: { ...keys.integration, secretKey: liveKey } })).toBe(true);
    expect(verify(signed(), { app: {}, integration: { ...keys.integration, secretKey: liveKey } })).toBe(false);
  });
});

describe('a body', () => {
  it('is one event, named by the provider and in line with others of its object', () => {
    expect(events(signed())).toEqual([
      {
        id: 'evt_1SignedByTheOfficialOne01',
        type: 'charge.succeeded',
        at: new Date(1_795_000_000_000).toISOString(),
        object: `charge:${charge.id}`,
        data: { created: 1_795_000_000, object: charge, livemode: false },
      },
    ]);
  });

  it.each([
    ['refund.created', { id: 're_1', object: 'refund', charge: 'ch_9' }, 'charge:ch_9'],
    ['charge.dispute.created', { id: 'du_1', object: 'dispute', charge: 'ch_9' }, 'charge:ch_9'],
    ['customer.subscription.updated', { id: 'sub_9', object: 'subscription' }, 'subscription:sub_9'],
    ['invoice.upcoming', { object: 'invoice' }, undefined],
  ])('of %s waits for its own object', (type, object, waits) => {
    const [event] = events(signed({ payload: body({ type, data: { object } }) }));
    expect(event?.object).toBe(waits);
  });

  it.each([
    ['a thin event', '{"id":"evt_1","object":"v2.core.event","type":"v1.billing.meter.error","created":"2026-01-01T00:00:00Z"}'],
    ['an event without an object', body({ data: {} })],
    ['no JSON', 'id=evt_1'],
  ])('that is %s is refused in words', (_, payload) => {
    expect(() => events(incoming({}, payload))).toThrow(/snapshot/);
  });

  it.each([8_640_000_000_001, -1e300, 1e15])('at a moment that no calendar has is refused: %d', (created) => {
    expect(() => events(incoming({}, body({ created })))).toThrow(Rejected);
  });
});
