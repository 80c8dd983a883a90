import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { hubError, type Incoming } from 'patchbay';
import { incomingCall } from 'patchbay/testing';
import { DEMO_APP_SECRET, DEMO_VERIFY_TOKEN } from './sandbox/demo.ts';
import { appKeys, handlers, newRig, paths, type Rig, recordIn } from './test-rig.ts';

const { webhook } = handlers;
const BLUE = '110000000000001';
const NORDIC = '110000000000002';

const change = (id: string, page = BLUE) => ({
  field: 'leadgen',
  value: { leadgen_id: id, page_id: page, form_id: '66', ad_id: '34', adgroup_id: '34', created_time: 1_440_120_384 },
});
const call = (body: string, headers: Record<string, string> = {}, more: Partial<Incoming> = {}): Incoming => ({
  ...incomingCall(body, headers),
  receivedAt: '2026-01-31T10:00:00.000Z',
  ...more,
});
const text = JSON.stringify({ object: 'page', entry: [{ id: BLUE, time: 1_438_292_065, changes: [change('1')] }] });
const signed = (body: string, secret = DEMO_APP_SECRET) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

describe('the signature of a call', () => {
  const other = signed(text, 'another secret');
  const good = signed(text);
  it.each([
    ['is missing', {}],
    ['is empty', { 'x-hub-signature-256': '' }],
    ['is of another secret', { 'x-hub-signature-256': other }],
    ['is of other bytes', { 'x-hub-signature-256': signed(`${text} `) }],
    ['lacks its name', { 'x-hub-signature-256': good.replace('sha256=', '') }],
    ['is written in capitals', { 'x-hub-signature-256': good.toUpperCase() }],
    ['is one of several', { 'x-hub-signature-256': `${other}, ${good}` }],
    ['is cut off', { 'x-hub-signature-256': good.slice(0, -1) }],
    ['is the older one alone', { 'x-hub-signature': `sha1=${createHmac('sha1', DEMO_APP_SECRET).update(text).digest('hex')}` }],
  ])('is refused when it %s', (_, headers: Record<string, string>) => {
    expect(webhook.verify(call(text, headers), appKeys)).toBe(false);
  });

  it('is refused when the operator set no secret', () => {
    expect(webhook.verify(call(text, { 'x-hub-signature-256': signed(text, '') }), { app: {}, integration: {} })).toBe(false);
  });

  it('holds over the very bytes, escaped letters and all', () => {
    const escaped = '{"object":"page","entry":[],"note":"Zo\\u00eb"}';
    expect(webhook.verify(call(escaped, { 'x-hub-signature-256': signed(escaped) }), appKeys)).toBe(true);
    expect(webhook.verify(call(JSON.stringify(JSON.parse(escaped)), { 'x-hub-signature-256': signed(escaped) }), appKeys)).toBe(
      false,
    );
  });
});

describe('the question at the webhook’s address', () => {
  const ask = (query: Record<string, string>, method: 'GET' | 'POST' = 'GET') =>
    webhook.challenge?.(call('', {}, { method, query }), appKeys);
  const question = { 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', 'hub.verify_token': DEMO_VERIFY_TOKEN };

  it.each([
    ['another word', { ...question, 'hub.verify_token': 'guessed' }],
    ['no word', { 'hub.mode': 'subscribe', 'hub.challenge': '1' }],
    ['nothing to repeat', { ...question, 'hub.challenge': '' }],
  ])('is refused with %s, and nothing is repeated', (_, query) => {
    expect(ask(query)).toEqual({ status: 403 });
  });

  it('is refused while the operator set no word', () => {
    const empty = call('', {}, { method: 'GET', query: { ...question, 'hub.verify_token': '' } });
    expect(webhook.challenge?.(empty, { app: {}, integration: {} })).toEqual({ status: 403 });
  });

  it('is answered with its challenge as plain text; other calls are none', () => {
    expect(ask(question)).toEqual({ status: 200, headers: { 'content-type': 'text/plain' }, body: '1158201444' });
    expect(ask(question, 'POST')).toBeUndefined();
    expect(ask({})).toBeUndefined();
  });
});

describe('the messages in a call', () => {
  it.each(['', '[]', '{}', '{"object":"user","entry":[]}', '{"object":"page"}'])('are refused of %j', (body) => {
    expect(() => webhook.events(call(body))).toThrow(expect.objectContaining({ consequence: 'rejected' }));
  });

  it('are one for each change, each of its page', () => {
    const entry = [
      { id: BLUE, time: 1, changes: [change('1'), change('2')] },
      { id: NORDIC, time: 1, changes: [change('3', NORDIC)] },
    ];
    expect(webhook.events(call(JSON.stringify({ object: 'page', entry })))).toMatchObject([
      { id: `leadgen:${BLUE}:1`, type: 'leadgen', account: BLUE, object: 'lead:1', at: '2015-08-21T01:26:24.000Z' },
      { id: `leadgen:${BLUE}:2`, account: BLUE, object: 'lead:2' },
      { id: `leadgen:${NORDIC}:3`, account: NORDIC, object: 'lead:3' },
    ]);
  });

  it('have the same id when they come again in other company, and the kind is part of it', () => {
    const id = (body: object) => webhook.events(call(JSON.stringify({ object: 'page', entry: [body] })))[0]?.id;
    const first = id({ id: BLUE, time: 1, changes: [change('1')] });
    expect(id({ id: BLUE, time: 99, changes: [change('1'), change('2')] })).toBe(first);
    expect(id({ id: BLUE, time: 1, changes: [{ ...change('1'), field: 'leadgen_update' }] })).not.toBe(first);
    const feed = (value: number) => id({ id: BLUE, time: 1, changes: [{ field: 'feed', value: { post_id: value } }] });
    expect(feed(1)).not.toBe(feed(2));
  });
});

async function heard(rig: Rig, config: Parameters<Rig['ctx']>[0] = {}) {
  const [event] = rig.webhooks().flatMap((req) => webhook.events(req));
  if (!event) throw new Error('nothing was sent');
  return webhook.onEvent?.(rig.ctx(config), event);
}

async function sent(rig: Rig, command = 'sendWebhook', input: object = {}) {
  const result = await rig.press(command, input);
  while (rig.webhooks().length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  return result;
}

describe('a new lead', () => {
  it.each([
    ['leads are not synced', { streams: ['campaigns'] as const }],
    ['its page is not chosen', { pageIds: [NORDIC] }],
    ['its form is not chosen', { leadFormIds: ['1'] }],
  ])('is left alone where %s', async (_, config) => {
    const rig = newRig();
    await sent(rig);
    expect(await heard(rig, { config })).toEqual([]);
    expect(rig.seen).toEqual([]);
  });

  it('is fetched with the page’s own token and kept with what brought it', async () => {
    const rig = newRig();
    const { leadId } = await sent(rig);
    const item = recordIn(await heard(rig));
    expect(item).toMatchObject({
      id: leadId,
      data: { campaign_id: expect.any(String), adset_id: expect.any(String), ad_id: expect.any(String), page_id: BLUE },
    });
    expect(paths(rig)).toEqual([`GET /${BLUE}`, `GET /${leadId}`]);
    expect(rig.seen[1]?.req.headers['authorization']).toMatch(/^Bearer EAAPage/);
  });

  it('that came without an ad has none', async () => {
    const rig = newRig();
    await sent(rig, 'sendWebhook', { organic: true });
    const item = recordIn(await heard(rig));
    expect(item && 'data' in item ? item.data : {}).toMatchObject({ is_organic: true });
    expect(item && 'data' in item ? item.data : {}).not.toHaveProperty('ad_id');
  });

  it('that is gone by now is gone here', async () => {
    const rig = newRig();
    const { leadId } = await sent(rig);
    await rig.press('deleteLead', { leadId });
    expect(recordIn(await heard(rig))).toEqual({ id: leadId, deleted: true });
  });

  it('that may not be read is not taken for one that is gone', async () => {
    const rig = newRig();
    await sent(rig);
    await rig.press('declineScope', { scope: 'leads_retrieval' });
    await expect(heard(rig)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('the app on the pages', () => {
  it('is not installed where leads are not synced, or there is no page', async () => {
    const rig = newRig();
    expect(await webhook.subscribe?.(rig.ctx({ config: { streams: ['campaigns'] } }), 'https://hub')).toBeUndefined();
    expect(rig.seen).toEqual([]);
    rig.intercept = ({ path }) => (path.endsWith('/me/accounts') ? { status: 200, body: { data: [] } } : undefined);
    expect(await webhook.subscribe?.(rig.ctx(), 'https://hub')).toBeUndefined();
  });

  it('is installed on the chosen ones, whose ids name this connection from then on', async () => {
    const rig = newRig();
    expect(await webhook.subscribe?.(rig.ctx({ config: { pageIds: [NORDIC] } }), 'https://hub')).toEqual({
      id: NORDIC,
      accounts: [NORDIC],
    });
    expect([...rig.sim.hooks.pages]).toEqual([NORDIC]);
    expect(await webhook.subscribe?.(rig.ctx(), 'https://hub')).toEqual({ id: `${BLUE},${NORDIC}`, accounts: [BLUE, NORDIC] });
    expect(rig.seen.at(-1)?.req.body).toBe('subscribed_fields=leadgen');
  });

  it('is not kept from the others by a page that the login may not manage, unless it was chosen', async () => {
    const rig = newRig();
    const forbidden = { status: 403, body: { error: { code: 200, message: '(#200) Requires MANAGE task' } } };
    rig.intercept = ({ method, path }) => (method === 'POST' && path.includes(BLUE) ? forbidden : undefined);
    expect(await webhook.subscribe?.(rig.ctx(), 'https://hub')).toEqual({ id: NORDIC, accounts: [NORDIC] });
    const chosen = webhook.subscribe?.(rig.ctx({ config: { pageIds: [BLUE, NORDIC] } }), 'https://hub');
    await expect(chosen).rejects.toMatchObject({ code: 'FORBIDDEN', message: expect.stringMatching(/^Blue Fitness: /) });
    await rig.press('declineScope', { scope: 'pages_manage_metadata' });
    await expect(webhook.subscribe?.(rig.ctx(), 'https://hub')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('is removed from each, also when one of them is out of reach', async () => {
    const rig = newRig();
    await webhook.subscribe?.(rig.ctx(), 'https://hub');
    await webhook.unsubscribe?.(rig.ctx(), `999,${BLUE},${NORDIC}`, []);
    expect(rig.sim.hooks.pages.size).toBe(0);
  });

  it('stays on a page that another connection still hears of', async () => {
    const rig = newRig();
    await webhook.subscribe?.(rig.ctx(), 'https://hub');
    await webhook.unsubscribe?.(rig.ctx(), `${BLUE},${NORDIC}`, [BLUE]);
    expect([...rig.sim.hooks.pages]).toEqual([BLUE]);
  });

  it('is not taken for removed while the provider is away', async () => {
    const rig = newRig();
    await webhook.subscribe?.(rig.ctx(), 'https://hub');
    await rig.press('fail', { how: '500' });
    const error = await webhook.unsubscribe?.(rig.ctx(), BLUE, []).catch(hubError);
    expect(error).toMatchObject({ consequence: 'try-later' });
  });
});
