import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { FakeOAuthProvider } from '../../tests/support/fake-oauth-provider.ts';
import { acmeWebhook, call, event, INBOX_ENTITIES, type InboxRoom, inboxRoom } from '../../tests/support/inbox-room.ts';
import { newStore } from '../../tests/support/integrations-room.ts';
import { hubError, type Incoming } from '../sdk/index.ts';
import type { Answer } from './answer.ts';

let db: TestDatabase;
let provider: FakeOAuthProvider;
let room: InboxRoom;

beforeAll(async () => {
  db = await testDatabase({ entities: INBOX_ENTITIES });
  provider = await new FakeOAuthProvider().start();
});
afterAll(async () => {
  await provider?.close();
  await db?.close();
});
beforeEach(async () => {
  room = await inboxRoom(db, provider);
});
afterEach(() => room.close());

const receive = (req: Incoming, key?: string, sender?: string) => room.intake.receive(room.pluginId, req, { key, sender });

async function refused(receiving: Promise<unknown>): Promise<string | undefined> {
  const code = await receiving.then(
    () => undefined,
    (error: unknown) => hubError(error)?.code,
  );
  expect(await room.rows()).toEqual([]);
  return code;
}

describe('a call that is refused stores nothing', () => {
  beforeEach(() => room.connect());

  it('for a plugin nobody has, or one that is only announced', async () => {
    expect(await refused(room.intake.receive('nobody', call([event('1')])))).toBe('NOT_FOUND');
    room.state.template = 'coming-soon';
    expect(await refused(receive(call([event('1')])))).toBe('NOT_FOUND');
  });

  it('for a plugin without webhooks', async () => {
    room.state.webhook = undefined;
    expect(await refused(receive(call([event('1')])))).toBe('NOT_FOUND');
  });

  it.each<[string, (good: Incoming) => Incoming]>([
    [
      'a byte changed',
      (good) => ({ ...good, raw: Buffer.from(Buffer.from(good.raw).toString().replace('Contact 1', 'Contact 2')) }),
    ],
    ['a byte more', (good) => ({ ...good, raw: Buffer.concat([good.raw, Buffer.from(' ')]) })],
    ['no signature', (good) => ({ ...good, headers: {} })],
    ['a short signature', (good) => ({ ...good, headers: { 'x-acme-sig': good.headers['x-acme-sig']?.slice(0, 10) ?? '' } })],
    ['a signature by another key', () => call([event('1')], { key: 'other' })],
  ])('with %s', async (_, change) => {
    expect(await refused(receive(change(call([event('1')]))))).toBe('WEBHOOK_SIGNATURE_INVALID');
  });

  it('while no key is set', async () => {
    room.state.app = {};
    expect(await refused(receive(call([event('1')], { key: '' })))).toBe('WEBHOOK_SIGNATURE_INVALID');
  });

  it('when verify throws, or says something other than true', async () => {
    const verify = () => {
      throw new Error('no');
    };
    room.state.webhook = acmeWebhook({ verify });
    expect(await refused(receive(call([event('1')])))).toBe('WEBHOOK_SIGNATURE_INVALID');
    room.state.webhook = acmeWebhook({ verify: () => 'yes' as unknown as boolean });
    expect(await refused(receive(call([event('1')])))).toBe('WEBHOOK_SIGNATURE_INVALID');
  });

  it('for a body the provider would never send', async () => {
    expect(await refused(receive(call({ not: 'a list' })))).toBe('VALIDATION_FAILED');
  });

  it('for a key in the URL that Postgres cannot even look for', async () => {
    room.state.webhook = acmeWebhook({ scope: 'integration' });
    expect(await refused(receive(call([event('1')]), 'a\0b'))).toBe('NOT_FOUND');
  });

  it('for a key in the URL where there is none to have, or none with it', async () => {
    expect(await refused(receive(call([event('1')]), 'some-key'))).toBe('NOT_FOUND');
    room.state.webhook = acmeWebhook({ scope: 'integration' });
    expect(await refused(receive(call([event('1')]), 'some-key'))).toBe('NOT_FOUND');
    expect(await refused(receive(call([event('1')])))).toBe('NOT_FOUND');
  });
});

describe('a call about several', () => {
  const bodies = async (storeId: string) =>
    (await room.events.list({ storeId })).map(async ({ id }) => (await room.events.get(storeId, id)).body);
  const secret = (id: string, account: string) => event(id, { account, data: { lead: `of ${account}` } });

  it('shows no store what is of another, nor of an account nobody has', async () => {
    room.state.webhook = acmeWebhook({ subscribe: async () => ({ id: 'sub-1', accounts: ['page-7'] }) });
    const other = await room.connect(await newStore(db.dataSource));
    room.state.webhook = acmeWebhook();
    const own = await room.connect();
    await receive(call([secret('1', 'acc-1'), secret('2', 'page-7')]));
    await receive(call([secret('3', 'acc-1'), secret('4', 'acc-9')]));
    await receive(call([secret('5', 'page-7'), secret('6', 'acc-9')]));
    const shown = await Promise.all(await bodies(own.storeId));
    expect(new Set(shown)).toEqual(new Set(['{"lead":"of acc-1"}']));
    expect(shown).toHaveLength(2);
    expect((await Promise.all(await bodies(other.storeId))).sort()).toEqual([
      ...['{"lead":"of acc-1"}', '{"lead":"of acc-1"}'],
      ...['{"lead":"of page-7"}', '{"lead":"of page-7"}'],
    ]);
  });

  it('that nobody has yet is not kept whole for whoever connects one of them', async () => {
    await receive(call([secret('1', 'acc-8'), secret('2', 'acc-9')]));
    const kept = await room.sql.query<{ body: string }>(
      `select convert_from(raw, 'UTF8') as body from webhook_events where plugin_id = $1 order by seq`,
      [room.pluginId],
    );
    expect(kept.map(({ body }) => body)).toEqual(['{"lead":"of acc-8"}', '{"lead":"of acc-9"}']);
  });

  it('of one store is kept whole', async () => {
    const { storeId } = await room.connect();
    const good = call([secret('1', 'acc-1'), secret('2', 'acc-1')]);
    await receive(good);
    const whole = Buffer.from(good.raw).toString();
    expect(await Promise.all(await bodies(storeId))).toEqual([whole, whole]);
  });
});

describe('when it cannot be stored', () => {
  it('the provider is told to send it again, in the way it understands', async () => {
    await room.connect();
    room.state.webhook = acmeWebhook({ retryStatus: 418 });
    room.events.add = () => Promise.reject(new Error('could not extend file: No space left on device'));
    expect(await receive(call([event('1')]))).toEqual({ status: 418, headers: { 'retry-after': '30' }, refused: 'not-stored' });
    expect(await room.rows()).toEqual([]);
  });

  it('the same when the plugin is at fault: a signed message is not lost', async () => {
    const events = () => {
      throw new TypeError('x is not a function');
    };
    room.state.webhook = acmeWebhook({ events });
    expect(await receive(call([event('1')]))).toMatchObject({ status: 429 });
    room.state.webhook = acmeWebhook({ events: () => [{ id: '1' } as never] });
    expect(await receive(call([event('1')]))).toMatchObject({ status: 429 });
  });

  it('the same when one integration brings more than its share of a minute, while others go on', async () => {
    await room.connect();
    const intake = room.intakeWith({ perIntegration: 3 });
    const answers = [];
    for (let at = 0; at < 5; at += 1) answers.push(await intake.receive(room.pluginId, call([event(String(at))])));
    expect(answers.map(({ status, refused }) => refused ?? status)).toEqual([202, 202, 202, 'too-many', 'too-many']);
    expect(answers[4]).toMatchObject({ status: 429, headers: { 'retry-after': '30' } });
    expect(await intake.receive(room.pluginId, call([event('x', { account: 'acc-9' })]))).toMatchObject({ status: 202 });
    expect(await room.rows()).toHaveLength(4);
  });

  it('the same at once when too much waits already', async () => {
    await room.connect();
    let go: () => void = () => undefined;
    const stuck = new Promise<void>((done) => (go = done));
    const { add } = room.events;
    room.events.add = async (...args) => {
      await stuck;
      return add.apply(room.events, args);
    };
    const many = (from: number) => Array.from({ length: 4000 }, (_, at) => event(String(from + at), { data: {} }));
    const calls = [0, 1, 2, 3, 4, 5].map((at) => receive(call(many(4000 * at))));
    const isFull = async (answer: Promise<Answer>) => {
      if ((await answer).refused !== 'full') throw new Error('accepted');
    };
    await Promise.any(calls.map(isFull));
    go();
    const answers = (await Promise.all(calls)).map(({ status, refused }) => refused ?? status);
    expect(answers.filter((answer) => answer === 202).length).toBeGreaterThanOrEqual(3);
    expect(answers.filter((answer) => answer === 'full').length).toBeGreaterThanOrEqual(1);
    room.events.add = add;
  });

  it('the same when its routing cannot be looked up', async () => {
    room.store.byAccount = () => Promise.reject(new Error('Connection terminated unexpectedly'));
    expect(await receive(call([event('1')]))).toMatchObject({ status: 429 });
  });
});

describe('a call that is accepted', () => {
  it('answers the handshake and stores nothing', async () => {
    const handshake = { ...call(''), method: 'GET', query: { challenge: 'abc' } } as const;
    expect(await receive(handshake)).toEqual({ status: 200, body: 'abc' });
    expect(await room.rows()).toEqual([]);
  });

  it('is on disk, with its bytes and without its secrets, before the plugin answers', async () => {
    const integration = await room.connect();
    const good = call([event('1', { at: '2026-05-01T10:00:00Z' })]);
    const secrets = { authorization: 'Bearer hidden', cookie: 'hidden', 'x-hub-token': 'hidden' };
    const req = { ...good, eventType: 'contacts', headers: { ...good.headers, ...secrets } };
    expect(await receive(req)).toEqual({ status: 202, body: 'thanks' });
    const [row] = await room.events.list({ storeId: room.storeId });
    expect(row).toMatchObject({
      integrationId: integration.id,
      eventId: '1',
      type: 'ContactUpdate',
      state: 'pending',
      attempts: 0,
    });
    const kept = await room.events.get(room.storeId, row?.id ?? '');
    expect(kept.body).toBe(Buffer.from(good.raw).toString());
    expect(kept.headers).toMatchObject({ 'content-type': 'application/json', ':method': 'POST', ':event-type': 'contacts' });
    expect(JSON.stringify(kept.headers)).not.toContain('hidden');
    expect(JSON.stringify(kept.headers)).not.toContain(good.headers['x-acme-sig']);
  });

  it('is stored once however often it comes, and every time gets the same answer', async () => {
    await room.connect();
    const req = call([event('1'), event('2'), event('1')]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => receive(req)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['{"status":202,"body":"thanks"}']));
    expect((await room.rows()).map(({ eventId }) => eventId)).toEqual(['1', '2']);
  });

  it('is recognised for 8 days and not for ever', async () => {
    const integration = await room.connect();
    await receive(call([event('1')]));
    const grow = (days: number) =>
      room.sql.query(
        `update webhook_dedupe set received_at = now() - $3 * interval '1 day' where key = webhook_key($1, $2, '1')`,
        [room.pluginId, integration.id, days],
      );
    await grow(7.9);
    await receive(call([event('1')]));
    expect(await room.rows()).toHaveLength(1);
    await grow(8.1);
    await receive(call([event('1')]));
    expect(await room.rows()).toHaveLength(2);
  });

  it('reaches every integration of its account, in any store', async () => {
    await room.connect();
    await room.connect(await newStore(db.dataSource));
    await receive(call([event('1')]));
    const rows = await room.rows();
    expect(rows.map(({ state }) => state)).toEqual(['pending', 'pending']);
    expect(new Set(rows.map(({ storeId }) => storeId)).size).toBe(2);
    expect(await room.events.list({ storeId: room.storeId })).toHaveLength(1);
  });

  it('waits in the tray when nobody has its account, once', async () => {
    await receive(call([event('1', { account: 'acc-9' })]));
    await receive(call([event('1', { account: 'acc-9' })]));
    expect(await room.rows()).toMatchObject([
      { state: 'unmatched', storeId: null, reason: 'No integration here has this account.' },
    ]);
  });

  it('is nothing to an integration that is disconnected, and waits in the tray when it has no other', async () => {
    const left = await room.connect();
    const other = await newStore(db.dataSource);
    const stays = await room.connect(other);
    await room.store.setStatus(left.storeId, left.id, { status: 'disconnected' });
    await receive(call([event('1')]));
    expect(await room.rows()).toMatchObject([{ state: 'pending', storeId: stays.storeId }]);
    await room.store.setStatus(stays.storeId, stays.id, { status: 'disconnected' });
    await receive(call([event('2')]));
    expect(await room.rows()).toMatchObject([{ state: 'pending' }, { state: 'unmatched', storeId: null }]);
    expect(await room.worker().matchUnmatched(await room.connect(other))).toBe(1);
    expect(await room.rows()).toMatchObject([{ state: 'pending' }, { state: 'pending', storeId: stays.storeId }]);
  });

  it('is parked for a disconnected integration where the URL is its own', async () => {
    room.state.webhook = acmeWebhook({ scope: 'integration' });
    const { id, webhookKey } = await room.connect();
    await room.store.update(room.storeId, id, { status: 'disconnected' });
    expect(await receive(call([event('1')]), webhookKey)).toMatchObject({ status: 202 });
    expect(await room.rows()).toMatchObject([{ state: 'parked', reason: expect.stringContaining('is disconnected') }]);
  });

  it.each([
    [{ status: 'error', reasonCode: 'RECONNECT_NEEDED', message: 'Sign in again.' }, 'needs attention: Sign in again.'],
    [{ status: 'active', enabled: false }, 'paused'],
  ] as const)('is parked when its integration is %o', async (change, reason) => {
    const integration = await room.connect();
    await room.store.update(room.storeId, integration.id, change);
    expect(await receive(call([event('1')]))).toMatchObject({ status: 202 });
    expect(await room.rows()).toMatchObject([{ state: 'parked', reason: expect.stringContaining(reason) }]);
  });

  it('is not parked any more where its integration works again by the time it is sorted in', async () => {
    const { id } = await room.connect();
    await room.store.update(room.storeId, id, { enabled: false });
    const many = Array.from({ length: 16 }, (_, at) => event(`${at}`));
    expect(await receive(call(many))).toMatchObject({ status: 202 });
    await room.store.update(room.storeId, id, { enabled: true });
    expect(await room.rows()).toEqual(many.map(() => expect.objectContaining({ state: 'pending', reason: null })));
  });

  it('is checked with the key of its integration where the URL is that', async () => {
    room.state.webhook = acmeWebhook({ scope: 'integration' });
    const integration = await room.connect();
    const sealed = await room.vault.sealAll({ store: room.storeId, owner: integration.id }, { signingKey: 'its own key' });
    await room.store.update(room.storeId, integration.id, { configSecrets: sealed });
    const { account: _, ...bare } = event('1');
    await expect(receive(call([bare]), integration.webhookKey)).rejects.toMatchObject({ code: 'WEBHOOK_SIGNATURE_INVALID' });
    expect(await receive(call([bare], { key: 'its own key' }), integration.webhookKey)).toMatchObject({ status: 202 });
    expect(await room.rows()).toMatchObject([{ state: 'pending', storeId: room.storeId }]);
  });

  it('is checked with the secrets of its subscription, and for a while with those before', async () => {
    const secrets = ['first', 'second'];
    const subscribe = async () => ({ id: `sub-${secrets.length}`, secrets: { signingKey: secrets.shift() ?? '' } });
    room.state.webhook = acmeWebhook({ scope: 'integration', subscribe, unsubscribe: async () => undefined });
    const { id, webhookKey } = await room.connect();
    const send = (eventId: string, key: string) => receive(call([event(eventId)], { key }), webhookKey);
    await expect(send('1', 'second')).rejects.toMatchObject({ code: 'WEBHOOK_SIGNATURE_INVALID' });
    expect(await send('1', 'first')).toMatchObject({ status: 202 });
    await room.store.setStatus(room.storeId, id, { status: 'error', reasonCode: 'RECONNECT_NEEDED' });
    await room.connect();
    expect(await send('2', 'second')).toMatchObject({ status: 202 });
    expect(await send('3', 'first')).toMatchObject({ status: 202 });
    await room.sql.query("update integrations set webhook_former_until = now() - interval '1 second' where id = $1", [id]);
    await expect(send('4', 'first')).rejects.toMatchObject({ code: 'WEBHOOK_SIGNATURE_INVALID' });
    expect(await room.rows()).toHaveLength(3);
  });

  it('finds every integration whose subscription names its account, in any store', async () => {
    room.state.webhook = acmeWebhook({ subscribe: async () => ({ id: 'sub-1', accounts: ['page-7', 'page-8'] }) });
    const one = await room.connect();
    const other = await room.connect(await newStore(db.dataSource));
    await receive(call([event('1', { account: 'page-8' })]));
    expect(new Set((await room.rows()).map(({ storeId }) => storeId))).toEqual(new Set([one.storeId, other.storeId]));
  });

  it('may hold what Postgres cannot', async () => {
    await room.connect();
    const data = { name: 'a\0b\ud800', 'k\0': '\\u0000', deep: [{ x: '\\\0' }] };
    const odd = event(`long-${'x'.repeat(5000)}`, { data, object: 'y'.repeat(5000), type: 'T\0', at: 'yesterday' });
    room.state.webhook = acmeWebhook({ events: () => [odd] });
    expect(await receive(call('whatever'))).toMatchObject({ status: 202 });
    const [row] = await room.sql.query<{ data: unknown; eventId: string }>(
      'select data, event_id as "eventId" from webhook_events where plugin_id = $1',
      [room.pluginId],
    );
    expect(row?.data).toEqual({ name: 'a\ufffdb\ufffd', 'k\ufffd': '\\u0000', deep: [{ x: '\\\ufffd' }] });
    expect(row?.eventId).toMatch(/^sha256:/);
  });

  it('may hold numbers that Postgres would write out in hundreds of digits each, and is handed on without them', async () => {
    await room.connect();
    const huge = event('huge', { data: { amount: 12.5, text: 'ae+308', all: [...Array(1000).fill(1e308), -5e-324, 1e21] } });
    room.state.webhook = acmeWebhook({ events: () => [huge] });
    expect(await receive(call('whatever'))).toMatchObject({ status: 202 });
    const [row] = await room.sql.query<{ data: { all: unknown[] }; bytes: number }>(
      'select data, octet_length(data::text) as bytes from webhook_events where plugin_id = $1',
      [room.pluginId],
    );
    expect(row?.data).toMatchObject({ amount: 12.5, text: 'ae+308' });
    expect(row?.data.all.slice(-3)).toEqual(['1e+308', '-5e-324', 1e21]);
    expect(row?.bytes).toBeLessThan(20_000);
  });

  it('waits in the tray when its account is one that Postgres cannot even look for', async () => {
    await room.connect();
    const odd = { ...event('1'), account: 'a\0b' };
    expect(await receive(call([odd]))).toMatchObject({ status: 202 });
    expect(await room.rows()).toMatchObject([{ state: 'unmatched' }]);
  });

  it('may hold thousands of events', async () => {
    await room.connect();
    const many = Array.from({ length: 1200 }, (_, at) => event(String(at), { object: 'contact:1' }));
    await receive(call(many));
    expect((await room.rows()).map(({ eventId }) => eventId)).toEqual(many.map(({ id }) => id));
    const [sizes] = await room.sql.query<{ bytes: number }>(
      'select sum(length(raw))::int as bytes from webhook_events where plugin_id = $1',
      [room.pluginId],
    );
    expect(sizes?.bytes).toBeLessThan(1_000_000);
  });

  it('is accepted even if the plugin stumbles over its answer', async () => {
    await room.connect();
    const ack = () => {
      throw new Error('oops');
    };
    room.state.webhook = acmeWebhook({ ack });
    expect(await receive(call([event('1')]))).toEqual({ status: 200 });
    expect(await room.rows()).toHaveLength(1);
  });
});

describe('a plugin that is known and not there', () => {
  beforeEach(async () => {
    await room.connect();
    room.state.template = 'failed';
  });

  it('has its calls kept, sealed, and checked once it is back', async () => {
    const good = call([event('1')]);
    const forged = call([event('2')], { key: 'other' });
    expect(await receive({ ...good, headers: { ...good.headers, 'x-token': 'hidden' } })).toEqual({ status: 200 });
    expect(await receive(forged)).toEqual({ status: 200 });
    expect(await receive(call('not even JSON'))).toEqual({ status: 200 });
    expect((await room.rows()).map(({ state }) => state)).toEqual(['unverified', 'unverified', 'unverified']);
    const [kept] = await room.sql.query<{ headers: object }>(
      'select headers from webhook_events where plugin_id = $1 order by seq',
      [room.pluginId],
    );
    expect(JSON.stringify(kept)).not.toContain('hidden');
    expect(await room.intake.verifyParked(room.pluginId)).toBe(0);
    room.state.template = 'ready';
    expect(await room.intake.verifyParked(room.pluginId)).toBe(1);
    // Signed, but the plugin stumbles over it: that is no reason to drop it.
    expect(await room.rows()).toMatchObject([{ state: 'unverified' }, { eventId: '1', state: 'pending' }]);
    expect(await room.intake.verifyParked(room.pluginId)).toBe(0);
  });

  it('has its calls checked by the address they came to; those that were kept without one have an empty one', async () => {
    const { url, ...older } = call([event('2')]);
    await receive(call([event('1')]));
    await receive(older as Incoming);
    const seen: string[] = [];
    room.state.webhook = acmeWebhook({ verify: (req) => seen.push(req.url) > 0 });
    room.state.template = 'ready';
    expect(await room.intake.verifyParked(room.pluginId)).toBe(2);
    expect(seen).toEqual([url, '']);
  });

  it('keeps a call beside a copy that lacks what proves it, or has something else', async () => {
    const good = call([event('1')]);
    const forged = [
      { ...good, headers: {} },
      call([event('1')], { key: 'other' }),
      { ...good, query: { token: 'other' } },
      { ...good, url: `${good.url}?` },
    ];
    for (const copy of forged) expect(await receive({ ...copy, raw: good.raw }, undefined, 'forger')).toEqual({ status: 200 });
    expect(await receive(good, undefined, 'provider')).toEqual({ status: 200 });
    expect(await receive({ ...good, headers: { ...good.headers, 'x-trace': 'again' } }, undefined, 'provider')).toEqual({
      status: 200,
    });
    expect(await room.rows()).toHaveLength(5);
    room.state.template = 'ready';
    await room.intake.verifyParked(room.pluginId);
    expect(await room.rows()).toMatchObject([{ eventId: '1', state: 'pending' }]);
  });

  it('has nobody at a key that Postgres cannot even look for', async () => {
    await expect(receive(call([event('1')]), 'a\0b')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await room.rows()).toEqual([]);
  });

  it('keeps a call in the tray while checking it fails for another reason', async () => {
    await receive(call([event('1')]));
    room.state.template = 'ready';
    const { add } = room.events;
    room.events.add = () => Promise.reject(new Error('disk full'));
    expect(await room.intake.verifyParked(room.pluginId)).toBe(0);
    room.events.add = add;
    expect((await room.rows()).map(({ state }) => state)).toEqual(['unverified']);
  });

  it('keeps a call once, of one sender no more than a part, and nothing for an address nobody has', async () => {
    for (let times = 0; times < 3; times += 1) expect(await receive(call([event('1')]))).toEqual({ status: 200 });
    expect(await room.rows()).toHaveLength(1);
    await room.sql.query(
      `insert into webhook_events (id, plugin_id, event_id, type, data, raw, headers, state)
       select gen_random_uuid(), $1, n::text, 'unverified', '{}', '', jsonb_build_object('sender', $2::text), 'unverified'
       from generate_series(1, 100) n`,
      [room.pluginId, createHash('sha256').update('198.51.100.1').digest('hex')],
    );
    expect(await receive(call([event('2')]), undefined, '198.51.100.1')).toMatchObject({ status: 503, refused: 'plugin-away' });
    expect(await receive(call([event('2')]), undefined, '203.0.113.9')).toEqual({ status: 200 });
    await expect(receive(call([event('3')]), 'a-key-nobody-has')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const [{ id, webhookKey } = { id: '', webhookKey: '' }] = await room.store.list({ storeId: room.storeId });
    expect(await receive(call([event('3')]), webhookKey)).toEqual({ status: 200 });
    await room.store.update(room.storeId, id, { status: 'disconnected' });
    await expect(receive(call([event('4')]), webhookKey)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('keeps exactly what one sender may have, however many calls come at once, and on however many hosts', async () => {
    const hosts = [room.intake, room.intakeWith({})];
    const calls = Array.from({ length: 120 }, (_, at) =>
      hosts[at % 2]?.receive(room.pluginId, call([event(`${at}`)]), { sender: '198.51.100.1' }),
    );
    const statuses = (await Promise.all(calls)).map((answer) => answer?.status);
    expect(await room.rows()).toHaveLength(statuses.filter((status) => status === 200).length);
    expect((await room.rows()).length).toBeLessThanOrEqual(100);
    for (let at = 0; at < 50; at += 1) await receive(call([event(`later-${at}`)]), undefined, '198.51.100.1');
    expect(await room.rows()).toHaveLength(100);
  });

  it('has no more kept than the tray holds, nothing large and nothing without a body', async () => {
    expect(await receive({ ...call(''), method: 'GET', query: { challenge: 'x' } })).toMatchObject({ status: 503 });
    expect(await receive(call('x'.repeat(300_000)))).toMatchObject({ status: 503, headers: { 'retry-after': '30' } });
    await room.sql.query(
      `insert into webhook_events (id, plugin_id, event_id, type, data, raw, headers, state)
       select gen_random_uuid(), $1, n::text, 'unverified', '{}', '', '{}', 'unverified' from generate_series(1, 1000) n`,
      [room.pluginId],
    );
    expect(await receive(call([event('1')]))).toMatchObject({ status: 503 });
    expect(await room.rows()).toHaveLength(1000);
  });
});
