import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { FakeOAuthProvider } from '../../tests/support/fake-oauth-provider.ts';
import { acmeWebhook, call, event, INBOX_ENTITIES, type InboxRoom, inboxRoom } from '../../tests/support/inbox-room.ts';
import { newStore } from '../../tests/support/integrations-room.ts';
import { until } from '../../tests/support/wait.ts';
import type { Integration } from '../integrations/integration-store.ts';
import { type Ctx, type Effect, type HubEvent, type Item, NotFound, ReconnectNeeded, Rejected, TryLater } from '../sdk/index.ts';
import { EventStore } from './event-store.ts';

let db: TestDatabase;
let provider: FakeOAuthProvider;
let room: InboxRoom;
let integration: Integration;

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
  integration = await room.connect();
});
afterEach(async () => {
  await room.close();
  // The workers of the next test claim whatever is pending, of any plugin.
  await room.sql.query('truncate webhook_events, webhook_queue, webhook_spool');
});

type OnEvent = (ctx: Ctx, event: HubEvent) => Promise<readonly Effect[]>;

function on(onEvent: OnEvent): void {
  room.state.webhook = acmeWebhook({ onEvent });
}

const receive = (...events: HubEvent[]) => room.intake.receive(room.pluginId, call(events));
const save = (id: string, data: Record<string, unknown> = { id }): Effect => ({
  kind: 'records',
  stream: 'contacts',
  items: [{ id, data }],
});
const states = async () => (await room.rows()).map(({ state }) => state);
const settled = (what = 'all events') => until(async () => (await states()).every((state) => state !== 'pending'), { what });
const due = () => room.sql.query('update webhook_queue set run_after = now()');
const records = async () =>
  (await room.records.list({ storeId: room.storeId, integrationId: integration.id, stream: 'contacts' }, { limit: 10_000 }))
    .records;
const current = () => room.store.get(room.storeId, integration.id);

describe('an event that cannot be handled', () => {
  it.each([
    ['is refused', new Rejected('No such list.'), 'dead', 'No such list.'],
    ['is about something that is gone', new NotFound('No such contact.'), 'dead', 'No such contact.'],
    ['needs a new connection', new ReconnectNeeded('Sign in again.'), 'parked', 'Sign in again.'],
    ['comes too early', new TryLater('Busy.'), 'pending', 'Busy.'],
    ['meets a mistake of the plugin', new TypeError('x is not a function'), 'pending', 'Acme: x is not a function'],
  ])('when it %s', async (_, error, state, reason) => {
    on(() => Promise.reject(error));
    await receive(event('1'));
    room.worker().start();
    await until(async () => (await room.rows())[0]?.reason, { what: 'a reason' });
    expect(await room.rows()).toMatchObject([{ state, reason, attempts: 1 }]);
    if (state === 'parked') expect(await current()).toMatchObject({ status: 'error', reasonCode: 'RECONNECT_NEEDED' });
  });

  it('waits as long as the provider asks', async () => {
    on(() => Promise.reject(new TryLater('Busy.', { afterSeconds: 500 })));
    await receive(event('1'));
    room.worker().start();
    await until(async () => (await room.rows())[0]?.reason, { what: 'a reason' });
    const [row] = await room.events.list({ storeId: room.storeId });
    expect((row?.runAfter.getTime() ?? 0) - Date.now()).toBeGreaterThan(490_000);
  });

  it('is dead after ten attempts, with the last reason', async () => {
    let calls = 0;
    on(async () => {
      calls += 1;
      throw new TypeError('broken');
    });
    await receive(event('1'));
    room.worker({ pollMs: 20 }).start();
    await until(
      async () => {
        await due();
        return (await states())[0] === 'dead';
      },
      { what: 'the end' },
    );
    expect(await room.rows()).toMatchObject([
      { state: 'dead', reason: 'Given up after 10 attempts: Acme: broken', attempts: 10 },
    ]);
    expect(calls).toBe(10);
  });

  it('is given up when every worker that takes it dies of it', async () => {
    on(async () => []);
    await receive(event('1'));
    await room.sql.query('update webhook_queue set attempts = 10');
    room.worker().start();
    await settled();
    expect(await room.rows()).toMatchObject([{ state: 'dead', reason: expect.stringContaining('none of which came to an end') }]);
  });

  it('holds up no other object of its integration, however much came of its own and however it came', async () => {
    const handled: string[] = [];
    on(async (_, { id, object }) => {
      if (object === 'bad') throw new TypeError('broken');
      handled.push(id);
      return [];
    });
    room.worker().start();
    await receive(...Array.from({ length: 100 }, (_, at) => event(`bad ${at}`, { object: 'bad' })));
    const isTried = async () => (await room.events.list({ storeId: room.storeId, limit: 500 })).some(({ reason }) => reason);
    await until(isTried, { what: 'a reason' });
    await receive(...Array.from({ length: 20 }, (_, at) => event(`other ${at}`)));
    await until(() => handled.length === 20, { what: 'the others' });
  });

  it('does not hold up the hub when it never ends', async () => {
    on((_, { id }) => (id === '1' ? new Promise(() => undefined) : Promise.resolve([])));
    await receive(event('1'), event('2'));
    room.worker({ deadlineMs: 100 }).start();
    await until(async () => (await room.rows())[0]?.reason, { what: 'the deadline' });
    expect((await room.rows())[0]).toMatchObject({
      state: 'pending',
      reason: expect.stringContaining('did not finish `onEvent`'),
    });
    await until(async () => (await room.rows())[1]?.state === 'handled', { what: 'the other event to be handled' });
  });

  it.each([
    ['an unknown effect', [{ kind: 'explode' }]],
    ['a stream the plugin does not have', [save('1'), { kind: 'records', stream: 'orders', items: [] }]],
    ['no list', undefined],
  ])('is retried for %s, and nothing of it is kept', async (_, effects) => {
    on(async () => effects as unknown as Effect[]);
    await receive(event('1'));
    room.worker().start();
    await until(async () => (await room.rows())[0]?.reason, { what: 'a reason' });
    expect(await states()).toEqual(['pending']);
    expect(await records()).toEqual([]);
  });
});

describe('a worker that loses its lease', () => {
  it('changes nothing, and the effect happens once', async () => {
    let handled = 0;
    let letGo: () => void = () => undefined;
    const stalled = new Promise<void>((resolve) => (letGo = resolve));
    on(async () => {
      handled += 1;
      const first = handled === 1;
      if (first) await stalled;
      return [save('1', { by: first ? 'the stalled one' : 'the other' })];
    });
    await receive(event('1'));
    const stalledWorker = room.worker();
    stalledWorker.start();
    await until(() => handled === 1, { what: 'the first worker' });
    await room.sql.query('update webhook_queue set lease_until = now()');
    room.worker().start();
    await settled();
    letGo();
    await stalledWorker.stop();
    expect((await records()).map(({ data }) => data)).toEqual([{ by: 'the other' }]);
    expect(await room.rows()).toMatchObject([{ state: 'handled', attempts: 2 }]);
  });
});

describe('an event that comes to an idle worker of its process', () => {
  /** Sends it one after another until one is handled that was not claimed. */
  const idle = async () => {
    const { claims } = room;
    const claim = claims.claim.bind(claims);
    const found: string[] = [];
    claims.claim = async (...wanted) => {
      const claimed = await claim(...wanted);
      found.push(...claimed.map(({ eventId }) => eventId));
      return claimed;
    };
    on(async () => []);
    const worker = room.worker({ pollMs: 60_000 });
    worker.start();
    let sent = 0;
    await until(
      async () => {
        sent += 1;
        await receive(event(`early ${sent}`));
        await settled();
        return !found.includes(`early ${sent}`);
      },
      { what: 'an event that was handed over' },
    );
    return worker;
  };
  const row = async (id: string) => (await room.rows()).find(({ eventId }) => eventId === id);

  it('stands behind one of its object that waits, and is claimed after it', async () => {
    await idle();
    const begun: string[] = [];
    on(async (_, { id }) => {
      begun.push(id);
      if (begun.length === 1) throw new TryLater('Busy.', { afterSeconds: 100 });
      return [];
    });
    await receive(event('1', { object: 'a' }));
    await until(async () => (await row('1'))?.reason, { what: 'the first attempt' });
    await receive(event('2', { object: 'a' }));
    await receive(event('3', { object: 'b' }));
    await until(() => begun.includes('3'), { what: 'another object' });
    expect(begun).toEqual(['1', '3']);
    await due();
    room.worker().start();
    await settled();
    expect(begun).toEqual(['1', '3', '1', '2']);
  });

  it('belongs to whoever takes it over when its lease ends', async () => {
    const worker = await idle();
    let handled = 0;
    let letGo: () => void = () => undefined;
    const stalled = new Promise<void>((resolve) => (letGo = resolve));
    on(async () => {
      handled += 1;
      const mine = handled;
      if (mine === 1) await stalled;
      return [save('1', { by: mine })];
    });
    await receive(event('1'));
    await until(() => handled === 1, { what: 'the first worker' });
    expect(await row('1')).toMatchObject({ state: 'pending', attempts: 1 });
    await room.sql.query('update webhook_queue set lease_until = now()');
    room.worker().start();
    await settled();
    letGo();
    await worker.stop();
    expect((await records()).map(({ data }) => data)).toEqual([{ by: 2 }]);
    expect(await row('1')).toMatchObject({ state: 'handled', attempts: 2 });
  });

  it('is parked when its integration was switched off just before', async () => {
    await idle();
    await room.store.update(room.storeId, integration.id, { enabled: false });
    await receive(event('1'));
    await settled();
    expect(await row('1')).toMatchObject({ state: 'parked' });
  });
});

describe('an event that read its provider before somebody wrote', () => {
  const input = { type: 'object', properties: {} } as const;
  /** The provider's contact; `undefined` once it is gone. */
  let contact: { name: string } | undefined;
  const item = (): Item => (contact ? { id: '1', data: contact } : { id: '1', deleted: true });
  const effects = (): Effect[] => [{ kind: 'records', stream: 'contacts', items: [item()] }];
  const act = () =>
    room.integrations.action(room.storeId, integration.id, { action: 'change', input: {}, principal: room.owner });
  const change = (run: () => Promise<void>) => {
    room.state.actions = {
      change: { title: 'Change', input, run: async () => run().then(() => ({ data: {}, effects: effects() })) },
    };
  };
  const names = async () => (await records()).map(({ data }) => data['name']);
  /** Reads, and says what it has read when it is let go; `begun` resolves once it has read. */
  const stalled = (...more: Effect[]) => {
    let letGo: () => void = () => undefined;
    let begin: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const begun = new Promise<void>((resolve) => (begin = resolve));
    on(async () => {
      const read = [...effects(), ...more];
      begin();
      await held;
      return read;
    });
    return { letGo, begun };
  };
  const overtaken = [{ state: 'handled', reason: '1 of its records was left as it is: something newer was here.' }];

  beforeEach(async () => {
    contact = { name: 'before' };
    on(async () => effects());
    await receive(event('0'));
    room.worker().start();
    await settled();
    await room.sql.query('delete from webhook_events');
  });

  it.each([
    { what: 'changes', before: { name: 'before' }, after: { name: 'after' }, left: ['after'] },
    { what: 'deletes', before: { name: 'before' }, after: undefined, left: [] },
    { what: 'makes anew', before: undefined, after: { name: 'anew' }, left: ['anew'] },
  ])('leaves alone what an action $what', async ({ before, after, left }) => {
    contact = before;
    const { letGo, begun } = stalled();
    await receive(event('1'));
    await begun;
    change(async () => {
      contact = after;
    });
    await act();
    letGo();
    await settled();
    expect(await names()).toEqual(left);
    expect(await room.rows()).toMatchObject(overtaken);
    // Whoever reads later has the last word.
    contact = { name: 'later' };
    on(async () => effects());
    await receive(event('2'));
    await settled();
    expect(await names()).toEqual(['later']);
  });

  it('leaves alone what an action changes that was begun before it read and ends after', async () => {
    const { letGo, begun } = stalled();
    change(async () => {
      await receive(event('1'));
      await begun;
      contact = { name: 'after' };
    });
    await act();
    letGo();
    await settled();
    expect(await names()).toEqual(['after']);
    expect(await room.rows()).toMatchObject(overtaken);
  });

  it('leaves alone what a later event changes that is settled first', async () => {
    const unstorable: Item[] = [{ id: 'x', data: { name: 'a\0b' } }];
    const { letGo, begun } = stalled({ kind: 'records', stream: 'contacts', items: unstorable });
    await receive(event('1'));
    await begun;
    contact = { name: 'after' };
    on(async () => effects());
    await receive(event('2'));
    await until(async () => (await room.rows()).some(({ state }) => state === 'handled'), { what: 'the later event' });
    letGo();
    await settled();
    expect(await names()).toEqual(['after']);
    const reason = `1 of its records could not be stored. ${overtaken[0]?.reason}`;
    expect(await room.rows()).toMatchObject([{ reason }, { state: 'handled', reason: null }]);
  });
});

describe('order', () => {
  it('holds for one object, while other objects go ahead', async () => {
    const begun: string[] = [];
    let letGo: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (letGo = resolve));
    on(async (_, { id }) => {
      begun.push(id);
      if (id === 'a1') await first;
      return [];
    });
    const of = (object: string, id: string) => event(id, { object });
    await receive(of('a', 'a1'), of('a', 'a2'), of('b', 'b1'), of('b', 'b2'), of('a', 'a3'));
    room.worker().start();
    room.worker().start();
    await until(() => begun.includes('b2'), { what: 'the other object' });
    expect([...begun].sort()).toEqual(['a1', 'b1', 'b2']);
    letGo();
    await settled();
    expect(begun.filter((id) => id.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
  });

  it('holds behind an event that waits for its retry', async () => {
    const begun: string[] = [];
    on(async (_, { id }) => {
      begun.push(id);
      if (begun.length === 1) throw new TryLater('Busy.', { afterSeconds: 100 });
      return [];
    });
    await receive(event('1', { object: 'a' }), event('2', { object: 'a' }));
    room.worker({ pollMs: 20 }).start();
    await until(async () => (await room.rows())[0]?.reason, { what: 'the first attempt' });
    expect(await room.claims.claim({ limit: 10, share: 10, leaseMs: 1000, inHand: new Map() })).toEqual([]);
    expect(begun).toEqual(['1']);
    await due();
    await settled();
    expect(begun).toEqual(['1', '1', '2']);
  });

  it('ends with what the provider has, however many workers share many events', async () => {
    on(async (_, { data }) => [save(String(data['id']), data)]);
    const events = Array.from({ length: 300 }, (_, at) =>
      event(`e${at}`, { object: `c${at % 10}`, data: { id: `c${at % 10}`, version: at } }),
    );
    await receive(...events);
    for (let workers = 0; workers < 3; workers += 1) room.worker().start();
    await settled('300 events');
    expect((await records()).map(({ data }) => data['version']).sort()).toEqual([
      290, 291, 292, 293, 294, 295, 296, 297, 298, 299,
    ]);
    expect((await room.rows()).every(({ attempts }) => attempts === 1)).toBe(true);
  });
});

describe('sharing', () => {
  it('handles burst after burst at once, though it looks by itself but every ten minutes', async () => {
    let handled = 0;
    on(async () => {
      handled += 1;
      return [];
    });
    room.worker({ pollMs: 600_000 }).start();
    for (let burst = 1; burst <= 8; burst += 1) {
      await receive(...Array.from({ length: 16 }, (_, at) => event(`${burst} ${at}`)));
      await until(() => handled === 16 * burst, { what: `burst ${burst}` });
    }
  });

  it('leaves room for others while the events of one integration do not end', async () => {
    const elsewhere = await newStore(db.dataSource);
    const other = await room.connect(elsewhere);
    await room.store.update(elsewhere.store.id, other.id, { account: { externalId: 'acc-2', label: 'Two' } });
    let letGo: () => void = () => undefined;
    const stuck = new Promise<void>((resolve) => (letGo = resolve));
    const begun: string[] = [];
    on(async ({ account }, { id }) => {
      begun.push(id);
      if (account.externalId === 'acc-1') await stuck;
      return [];
    });
    await receive(...Array.from({ length: 40 }, (_, at) => event(`burst-${at}`, { object: `b${at}` })));
    room.worker({ concurrency: 8, share: 4, pollMs: 20 }).start();
    await until(() => begun.length === 4, { what: 'the share of the burst' });
    await receive(...Array.from({ length: 10 }, (_, at) => event(`other-${at}`, { account: 'acc-2', object: `o${at}` })));
    await until(() => begun.filter((id) => id.startsWith('other')).length === 10, { what: 'the events of the other' });
    expect(begun.filter((id) => id.startsWith('burst'))).toHaveLength(4);
    letGo();
    await settled('the burst');
  });

  it.each([
    ['about one object', "'charge:same'"],
    ['about a thousand objects', "'charge:' || n % 1000"],
  ])('is not held up by thousands of events of one store %s', async (_, object) => {
    const other = await room.connect(await newStore(db.dataSource));
    await room.sql.query(
      `with flood as (
         insert into webhook_queue (store_id, integration_id, lane, seq, id)
         select $1, $2, ${object}, nextval('webhook_events_arrival'), gen_random_uuid() from generate_series(1, 15000) n returning *)
       insert into webhook_events (id, seq, plugin_id, store_id, integration_id, event_id, type, object, data, raw, headers, state)
       select id, seq, $3, store_id, integration_id, id::text, 'flood', lane, '{}', '', '{}', 'pending' from flood`,
      [room.storeId, integration.id, room.pluginId],
    );
    await room.sql.query('analyze webhook_queue');
    await room.intake.receive(room.pluginId, call([event('last')]), {});
    const since = performance.now();
    const claims = await room.claims.claim({ limit: 64, share: 16, leaseMs: 60_000, inHand: new Map() });
    expect(performance.now() - since).toBeLessThan(3000);
    expect(claims.filter(({ integrationId }) => integrationId === other.id).map(({ eventId }) => eventId)).toEqual(['last']);
    const flood = claims.filter(({ integrationId }) => integrationId === integration.id);
    // Nor are its own events about other objects.
    expect(flood).toHaveLength(object.includes('%') ? 16 : 2);
    expect(new Set(flood.map((claim) => claim.object)).size).toBe(flood.length);
  });

  it('is not held up by thousands of events of its own integration, some of one object that waits, some each for itself', async () => {
    await room.sql.query(
      `with flood as (
         insert into webhook_queue (store_id, integration_id, lane, seq, id, run_after)
         select $1, $2, lane, nextval('webhook_events_arrival'), gen_random_uuid(), now() + later from (
           select 'charge:same' as lane, case n when 1 then interval '1 hour' else interval '0' end as later from generate_series(1, 5000) n
           union all select 'charge:' || n, interval '1 hour' from generate_series(1, 5000) n) f
         returning *)
       insert into webhook_events (id, seq, plugin_id, store_id, integration_id, event_id, type, object, data, raw, headers, state)
       select id, seq, $3, store_id, integration_id, id::text, 'flood', lane, '{}', '', '{}', 'pending' from flood`,
      [room.storeId, integration.id, room.pluginId],
    );
    const begun: string[] = [];
    on(async (_, { id }) => {
      begun.push(id);
      return [];
    });
    room.worker({ pollMs: 60_000 }).start();
    for (const id of ['1', '2', '3']) {
      await receive(event(id));
      await until(() => begun.includes(id), { what: `event ${id}` });
    }
    expect(begun).toEqual(['1', '2', '3']);
  });

  it('gives every integration its turn, from where the last claim ended', async () => {
    const [a, b, c] = [randomUUID(), randomUUID(), randomUUID()].sort();
    const queue = (integrationId: string | undefined, count: number) =>
      room.sql.query(
        `with arrived as (
           insert into webhook_events (id, plugin_id, store_id, integration_id, event_id, type, data, raw, headers, state)
           select gen_random_uuid(), $3, $1, $2::uuid, n::text, 'T', '{}', '', '{}', 'pending' from generate_series(1, $4::int) n
           returning *)
         insert into webhook_queue (store_id, integration_id, lane, seq, id)
           select store_id, integration_id, id::text, seq, id from arrived`,
        [room.storeId, integrationId, room.pluginId, count],
      );
    for (const [id, count] of [
      [a, 20],
      [b, 20],
      [c, 1],
    ] as const)
      await queue(id, count);
    const claimed = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const claims = await room.claims.claim({ limit: 5, share: 5, leaseMs: 60_000, inHand: new Map() });
      claimed.push([...new Set(claims.map(({ integrationId }) => integrationId))].sort());
    }
    expect(claimed).toEqual([[a], [b], [a, c], [b]]);
  });

  it('holds on to an event that takes longer than a lease', async () => {
    let handled = 0;
    on(async () => {
      handled += 1;
      await new Promise((done) => setTimeout(done, 4000));
      return [save('1')];
    });
    await receive(event('1'));
    for (let workers = 0; workers < 2; workers += 1) room.worker({ leaseMs: 1500, pollMs: 20 }).start();
    await settled();
    expect([handled, await states()]).toEqual([1, ['handled']]);
  });

  it('commits a burst together, and leaves out of it what is at fault', async () => {
    on(async (_, { id, data }) => {
      if (id === 'bad') return [{ kind: 'records', stream: 'orders', items: [] }];
      return [save(String(data['id']), data)];
    });
    const burst = Array.from({ length: 30 }, (_, at) => event(`e${at}`, { object: `o${at}`, data: { id: `c${at % 7}`, at } }));
    await receive(...burst, event('bad', { object: 'bad' }), event('odd', { object: 'odd', data: { id: 'odd', name: 'a\0b' } }));
    room.worker().start();
    await until(async () => (await room.rows()).filter(({ state }) => state === 'handled').length === 31, { what: 'the burst' });
    expect((await room.rows()).find(({ eventId }) => eventId === 'bad')).toMatchObject({ state: 'pending' });
    expect((await records()).map(({ id }) => id).sort()).toEqual(['c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'odd']);
    expect((await current()).counts).toMatchObject({ contacts: expect.any(Number) });
  });
});

describe('an event that is handled', () => {
  it('has its effect within moments of its arrival, committed with its state', async () => {
    on(async (ctx, { id, type, account, object, at, data }) => [
      save(id, { type, account, object, at, ...data, label: ctx.account.label }),
    ]);
    const worker = room.worker({ pollMs: 60_000 });
    worker.start();
    await receive(event('0'));
    await settled();
    const started = Date.now();
    await receive(event('1', { at: '2026-05-01T10:00:00.000Z' }));
    await settled();
    expect(Date.now() - started).toBeLessThan(2000);
    expect((await records()).at(-1)?.data).toEqual({
      type: 'ContactUpdate',
      account: 'acc-1',
      object: 'contact:1',
      at: '2026-05-01T10:00:00.000Z',
      name: 'Contact 1',
      label: 'Blue Fitness',
    });
    const [row] = await room.events.list({ storeId: room.storeId, integrationId: integration.id, state: 'handled', limit: 1 });
    expect(row).toMatchObject({ eventId: '1', reason: null, handledAt: expect.any(Date) });
    expect((await current()).lastEventAt?.getTime()).toBeGreaterThanOrEqual(started);
    expect(await room.events.counts(room.storeId, integration.id)).toEqual({ handled: 2 });
  });

  it('says so when nobody listens, and when a record could not be stored', async () => {
    await receive(event('1'));
    const worker = room.worker();
    worker.start();
    await settled();
    on(async () => [{ kind: 'records', stream: 'contacts', items: [{ id: 'x', data: { name: 'a\0b' } }] }]);
    await receive(event('2'));
    await settled();
    expect((await room.rows()).map(({ reason }) => reason)).toEqual(['no handler', '1 of its records could not be stored.']);
  });

  it('may end the connection; that of a disconnected integration is harmless, also when it is connected again', async () => {
    on(async () => [{ kind: 'disconnect', reason: 'Uninstalled.' }]);
    room.worker().start();
    await receive(event('1', { type: 'UNINSTALL', object: 'app' }));
    await settled();
    expect(await current()).toMatchObject({ status: 'disconnected', message: 'Uninstalled.' });
    await receive(event('2', { type: 'UNINSTALL', object: 'app' }));
    expect(await states()).toEqual(['handled', 'unmatched']);
    await room.sql.query("update webhook_events set received_at = received_at - interval '1 second'");
    expect(await room.worker().matchUnmatched(await room.connect())).toBe(1);
    await settled();
    expect(await states()).toEqual(['handled', 'handled']);
    expect(await current()).toMatchObject({ status: 'active' });
    // Said before this connection was made, and delivered late.
    await receive(event('3', { type: 'UNINSTALL', object: 'app', at: new Date(Date.now() - 3_600_000).toISOString() }));
    await settled();
    expect(await current()).toMatchObject({ status: 'active' });
    await receive(event('4', { type: 'UNINSTALL', object: 'app', at: new Date().toISOString() }));
    await settled();
    expect(await current()).toMatchObject({ status: 'disconnected' });
  });
});

describe('looking after events', () => {
  it('replays what ended, and only for its store', async () => {
    let broken = true;
    on(async (_, { id }) => {
      if (broken) throw new Rejected('No.');
      return [save(id)];
    });
    await receive(event('1'));
    const worker = room.worker();
    worker.start();
    await settled();
    const id = (await room.rows())[0]?.id ?? '';
    const { store } = await newStore(db.dataSource);
    await expect(room.events.replay(store.id, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(room.events.replay(room.storeId, 'nonsense')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(room.events.get(store.id, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await states()).toEqual(['dead']);
    broken = false;
    expect(await room.events.replay(room.storeId, id)).toMatchObject({ state: 'pending', attempts: 0, reason: null });
    await settled();
    expect(await records()).toHaveLength(1);
    await room.events.replay(room.storeId, id);
    await settled();
    expect(await states()).toEqual(['handled']);
  });

  it('does not replay what is waiting anyway', async () => {
    await receive(event('1'));
    const id = (await room.rows())[0]?.id ?? '';
    await expect(room.events.replay(room.storeId, id)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('hands an account that is connected what came for it just before, and leaves what is older in the tray', async () => {
    const other = await inboxRoom(db, provider);
    const tray = () => other.rows();
    await other.intake.receive(other.pluginId, call([event('old')]));
    await other.sql.query(`update webhook_events set received_at = now() - interval '25 hours' where plugin_id = $1`, [
      other.pluginId,
    ]);
    await other.intake.receive(other.pluginId, call([event('1'), event('2')]));
    expect((await tray()).map(({ state }) => state)).toEqual(['unmatched', 'unmatched', 'unmatched']);
    const connected = await other.connect();
    // Sent a second time in the moment between: stored for the integration already.
    await other.intake.receive(other.pluginId, call([event('2')]));
    expect(await other.worker().matchUnmatched(connected)).toBe(1);
    expect((await tray()).map(({ eventId, state }) => [eventId, state])).toEqual([
      ['old', 'unmatched'],
      ['1', 'pending'],
      ['2', 'handled'],
      ['2', 'pending'],
    ]);
    await other.intake.receive(other.pluginId, call([event('1')]));
    expect(await tray()).toHaveLength(4);
    await other.close();
  });
});

describe('an event of a further account', () => {
  it('that came before the subscription was kept goes to its integration, at once or with the housekeeping', async () => {
    const other = await inboxRoom(db, provider);
    const page = event('1', { account: 'page-7' });
    await other.intake.receive(other.pluginId, call([page]));
    other.state.webhook = acmeWebhook({ subscribe: async () => ({ id: 'sub-1', accounts: ['page-7'] }) });
    const connected = await other.connect();
    expect(await other.trays.attachable()).toContainEqual(
      expect.objectContaining({ account: 'page-7', integrationId: connected.id }),
    );
    expect(await other.worker().matchUnmatched(connected)).toBe(1);
    expect((await other.rows()).map(({ state, storeId }) => [state, storeId])).toEqual([['pending', other.storeId]]);
    await other.close();
  });
});

describe('stopping and failing', () => {
  it('lets go of what it has in hand, for another worker to take at once', async () => {
    let begun = 0;
    on(async (ctx) => {
      begun += 1;
      if (begun > 1) return [save('1')];
      return new Promise((_, reject) => ctx.signal.addEventListener('abort', () => reject(new Error('aborted'))));
    });
    await receive(event('1'));
    const worker = room.worker({ graceMs: 100 });
    worker.start();
    await until(() => begun === 1, { what: 'the event' });
    const started = Date.now();
    await worker.stop();
    expect(Date.now() - started).toBeLessThan(2000);
    expect(await room.rows()).toMatchObject([{ state: 'pending', attempts: 0 }]);
    room.worker().start();
    await settled();
    expect(await records()).toHaveLength(1);
  });

  it('waits for what it was claiming when it was told to stop', async () => {
    on(async (_, { id }) => [save(id)]);
    const { claims } = room;
    const claim = claims.claim.bind(claims);
    let go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    claims.claim = async (...wanted) => {
      const claimed = await claim(...wanted);
      await held;
      return claimed;
    };
    await receive(event('1'));
    const worker = room.worker();
    worker.start();
    await until(async () => (await room.rows())[0]?.attempts === 1, { what: 'the claim' });
    const stopped = worker.stop();
    go();
    await stopped;
    expect(await states()).toEqual(['handled']);
  });

  it('hears again after its connections were cut', async () => {
    on(async (_, { id }) => [save(id)]);
    room.worker({ pollMs: 60_000 }).start();
    const listening = async () =>
      (
        await room.sql.query<{ pid: number }>(
          `select pid from pg_stat_activity where datname = current_database() and application_name = 'patchbay-listener' and query like 'listen%'`,
        )
      )[0]?.pid;
    const pid = await until(listening, { what: 'the listener' });
    await room.sql.query('select pg_terminate_backend($1)', [pid]);
    await until(async () => ((await listening()) ?? pid) !== pid, { what: 'a new listener' });
    // Of another process, which can only be heard of.
    const elsewhere = room.intakeWith({ events: new EventStore(db.dataSource) });
    await elsewhere.receive(room.pluginId, call([event('1')]));
    await settled();
    expect(await states()).toEqual(['handled']);
  });

  it('survives a database that fails, and goes on when it is back', async () => {
    on(async (_, { id }) => [save(id)]);
    const { claim } = room.claims;
    let failures = 0;
    room.claims.claim = () => {
      failures += 1;
      return Promise.reject(new Error('Connection terminated unexpectedly'));
    };
    await receive(event('1'));
    room.worker({ pollMs: 20 }).start();
    await until(() => failures > 3, { what: 'failures' });
    room.claims.claim = claim;
    await settled();
    expect(await states()).toEqual(['handled']);
  });
});
