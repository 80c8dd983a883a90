import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { v7 } from 'uuid';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { sortAll } from '../../tests/support/inbox-room.ts';
import { INTEGRATION_ENTITIES } from '../../tests/support/integrations-room.ts';
import { until } from '../../tests/support/wait.ts';
import type { Principal } from '../access/principal.ts';
import { inTransaction, type Sql } from '../database/transaction.ts';
import { WebhookDedupeEntity, WebhookEventEntity, WebhookQueueEntity } from './event-entity.ts';
import { EventStore, type NewEvent } from './event-store.ts';
import { storeInHalves } from './refused.ts';
import { LOCK, TAKE } from './spool-sql.ts';
import { SpoolStore, type Turn } from './spool-store.ts';
import { UnreadableStore } from './unreadable-store.ts';

interface Owner {
  readonly storeId: string;
  readonly integrationId: string;
}

let db: TestDatabase;
/** Of two hosts. */
let here: EventStore;
let there: EventStore;
let spool: SpoolStore;

beforeAll(async () => {
  db = await testDatabase({ entities: [...INTEGRATION_ENTITIES, WebhookEventEntity, WebhookQueueEntity, WebhookDedupeEntity] });
});
beforeEach(async () => {
  [here, there] = [new EventStore(db.dataSource), new EventStore(db.dataSource)];
  spool = new SpoolStore(db.dataSource);
  await sql('truncate webhook_events, webhook_queue, webhook_dedupe, webhook_spool');
});
afterAll(() => db.close());

const sql = <T = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<T[]> =>
  db.dataSource.query(text, values);
const owner = (): Owner => ({ storeId: v7(), integrationId: v7() });
/** In the order of their ids, which is that of a round. */
const owners = (count: number): Owner[] => Array.from({ length: count }, owner).sort((a, b) => (a.storeId < b.storeId ? -1 : 1));

function fresh(whose: Owner, eventId: string, more: Partial<NewEvent> = {}): NewEvent {
  const raw = Buffer.from(JSON.stringify({ id: eventId }));
  const what = { eventId, type: 'T', object: undefined, at: undefined, data: { id: eventId }, raw, headers: {} };
  const kept = { state: 'pending' as const, reason: undefined, receivedAt: new Date() };
  return { id: v7(), pluginId: 'acme', scope: whose.integrationId, ...whose, account: 'acc', ...what, ...kept, ...more };
}

/** So many at once that they are spooled. */
const many = (whose: Owner, name: string, more: Partial<NewEvent> = {}): NewEvent[] =>
  Array.from({ length: 16 }, (_, at) => fresh(whose, `${name} ${at}`, more));
const names = (name: string): string[] => Array.from({ length: 16 }, (_, at) => `${name} ${at}`);

const rowsOf = async ({ integrationId }: Owner): Promise<number> =>
  (await sql('select 1 from webhook_spool where integration_id = $1', [integrationId])).length;

/** What is sorted in, in its order. */
async function sortedOf({ integrationId }: Owner): Promise<string[]> {
  const rows = await sql<{ id: string }>('select event_id as id from webhook_events where integration_id = $1 order by seq', [
    integrationId,
  ]);
  return rows.map(({ id }) => id);
}

/** Postgres refuses such events with this code. */
async function refusing(such: string, code: string, work: () => Promise<void>): Promise<void> {
  await sql(`create function refuse() returns trigger language plpgsql as $$ begin
    if ${such} then raise exception 'refused' using errcode = '${code}'; end if;
    return new; end $$`);
  await sql('create trigger refuse before insert on webhook_events for each row execute function refuse()');
  try {
    await work();
  } finally {
    await sql('drop function refuse cascade');
  }
}

describe('what cannot be sorted in', () => {
  it('is kept as dead with the reason where Postgres refuses what an event says, and what came with it is handled', async () => {
    const whose = owner();
    const bad = fresh(whose, 'bad', { at: new Date('-010000-01-01T00:00:00Z'), object: 'o' });
    await here.add([...many(whose, 'a'), bad, fresh(whose, 'after')]);
    await sortAll(spool);
    expect(await sortedOf(whose)).toEqual([...names('a'), 'bad', 'after']);
    const [dead] = await sql(`select state, reason, raw, object from webhook_events where event_id = 'bad'`);
    expect(dead).toMatchObject({ state: 'dead', reason: expect.stringContaining('out of range'), raw: bad.raw, object: null });
    expect(await sql('select 1 from webhook_queue')).toHaveLength(17);
    await there.add([...many(whose, 'b'), fresh(whose, 'bad')]);
    await sortAll(spool);
    expect(await sql(`select 1 from webhook_events where event_id = 'bad'`)).toHaveLength(1);
  });

  it('is kept without its data where it is the data that Postgres refuses', async () => {
    const whose = owner();
    await refusing(`new.type = 'Bad' and new.data is distinct from '{}'`, '22P05', async () => {
      await here.add([...many(whose, 'a'), fresh(whose, 'bad', { type: 'Bad' })]);
      await sortAll(spool);
    });
    const [dead] = await sql(`select state, data, raw from webhook_events where event_id = 'bad'`);
    expect(dead).toMatchObject({ state: 'dead', data: {}, raw: Buffer.from('{"id":"bad"}') });
  });

  it('is found in few statements among hundreds of several integrations, and each keeps its order', async () => {
    const all = owners(3);
    const bad = { at: new Date('-010000-01-01T00:00:00Z') };
    const sent = Array.from({ length: 300 }, (_, at) => {
      const isBad = [0, 150, 151, 299].includes(at);
      return fresh(all[at % 3] as Owner, `${at}`, { object: 'o', ...(isBad && bad) });
    });
    let tries = 0;
    await inTransaction(db.dataSource, (within) => {
      const query: Sql['query'] = (text, ...more) => {
        if (/insert into webhook_events/.test(text)) tries += 1;
        return within.query(text, ...more);
      };
      return storeInHalves({ query }, sent);
    });
    const dead = await sql<{ id: string }>(`select event_id as id from webhook_events where state = 'dead' order by event_id`);
    expect(dead.map(({ id }) => id)).toEqual(['0', '150', '151', '299']);
    for (const whose of all) {
      const own = sent.filter(({ integrationId }) => integrationId === whose.integrationId);
      expect(await sortedOf(whose)).toEqual(own.map(({ eventId }) => eventId));
    }
    // Each is in as many refused halves as 300 can be halved, beside one that is not, and is kept by one more.
    expect(tries).toBeLessThanOrEqual(4 * (2 * Math.ceil(Math.log2(300)) + 1) + 1);
  });

  it('is found in turns of few where there is no end of it, so that others have theirs, and comes with nothing lost', async () => {
    const [whose, other] = owners(2) as [Owner, Owner];
    const bad = { at: new Date('-010000-01-01T00:00:00Z') };
    const sent = Array.from({ length: 80 }, (_, at) => fresh(whose, `${at}`, at % 8 === 0 ? {} : bad));
    await here.add(sent);
    await here.add(many(other, 'a'));
    let most = 0;
    for (let turn: Turn = { sorted: 0, waits: true, busy: false }; turn.waits; most = Math.max(most, turn.sorted)) {
      turn = await spool.sort();
    }
    expect(await sortedOf(whose)).toEqual(sent.map(({ eventId }) => eventId));
    expect(await sql('select state, count(*)::int from webhook_events group by 1 order by 1')).toEqual([
      { state: 'dead', count: 70 },
      { state: 'pending', count: 26 },
    ]);
    expect(most).toBeLessThan(80);
    await here.add(many(whose, 'b'));
    await sortAll(spool);
    expect((await sortedOf(whose)).slice(80)).toEqual(names('b'));
  });

  it.each(['57014', '53100', '55P03'])(
    'stays in the spool, untouched, where Postgres has no time or room for it (%s)',
    async (code) => {
      const whose = owner();
      await refusing(`new.state = 'pending'`, code, async () => {
        await here.add(many(whose, 'a'));
        await expect(spool.sort()).rejects.toThrow('refused');
        expect(await sortedOf(whose)).toEqual([]);
      });
      await sortAll(spool);
      expect(await sql(`select distinct state from webhook_events`)).toEqual([{ state: 'pending' }]);
      expect(await sortedOf(whose)).toEqual(names('a'));
    },
  );

  it('stays in the spool where its row is of a later version or damaged, and is told of; what came later waits behind it, what others have does not', async () => {
    const [of, damaged, other] = owners(3) as [Owner, Owner, Owner];
    for (const whose of [of, damaged, other]) await here.add(many(whose, 'a'));
    await sql(`update webhook_spool set events = overlay(events placing '9' from 6) where integration_id = $1`, [
      of.integrationId,
    ]);
    await sql(`update webhook_spool set events = substr(events, 1, 100) where integration_id = $1`, [damaged.integrationId]);
    for (const whose of [of, damaged, other]) await here.add(many(whose, 'b'));
    await spool.sort();
    await spool.sort();
    expect(await sortedOf(other)).toEqual([...names('a'), ...names('b')]);
    expect([await sortedOf(of), await sortedOf(damaged)]).toEqual([[], []]);
    expect(await sql('select problem from webhook_spool where problem is not null order by store_id')).toEqual([
      { problem: 'It is in format 9, which this version does not know.' },
      { problem: 'It is damaged.' },
    ]);
    // As a version that knows the format.
    await sql(`update webhook_spool set events = overlay(events placing '1' from 6) where integration_id = $1`, [
      of.integrationId,
    ]);
    const later = new SpoolStore(db.dataSource);
    await later.sort();
    await later.sort();
    expect(await sortedOf(of)).toEqual([...names('a'), ...names('b')]);
  });

  it('holds up nothing any more once an operator has set it aside, not even for who has just found it', async () => {
    const whose = owner();
    await here.add(many(whose, 'a'));
    await sql('update webhook_spool set events = substr(events, 1, 100)');
    await here.add(many(whose, 'b'));
    await spool.sort();
    const [{ id: last } = { id: '' }] = await sql<{ id: string }>(
      'select id::text as id from webhook_spool where problem is not null',
    );
    const record = async () => undefined;
    const unreadable = new UnreadableStore(db.dataSource, { record });
    const [chosen, by] = [
      { integrationId: whose.integrationId, last },
      { principal: {} as Principal, ip: undefined },
    ];
    await expect(unreadable.setAside(chosen, by)).rejects.toThrow('Nothing was changed');
    await sql(`update webhook_spool set problem_at = now() - interval '6 minutes'`);
    const full = new UnreadableStore(db.dataSource, { record: () => Promise.reject(new Error('no room in the log')) });
    await expect(full.setAside(chosen, by)).rejects.toThrow('no room');
    expect(await sortedOf(whose)).toEqual([]);
    // What is not readable is in its place, or set aside: never both, never neither.
    const moves = await Promise.allSettled([unreadable.setAside(chosen, by), unreadable.setAside(chosen, by)]);
    expect(moves.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await sql('select count, problem from webhook_set_aside')).toEqual([{ count: 16, problem: 'It is damaged.' }]);
    await spool.sort();
    expect(await sortedOf(whose)).toEqual(names('b'));
    expect(await unreadable.putBack(chosen, by)).toEqual({ count: 16, rows: 1, bytes: 100 });
    expect([await rowsOf(whose), await sql('select 1 from webhook_set_aside')]).toEqual([1, []]);
    await spool.sort();
    expect(await sql('select problem from webhook_spool')).toEqual([{ problem: 'It is damaged.' }]);
  });
});

describe('order', () => {
  const versions = async (): Promise<string[]> =>
    (
      await sql<{ id: string }>(
        'select e.event_id as id from webhook_queue q join webhook_events e using (id) where lane = $1 order by q.seq',
        ['o'],
      )
    ).map(({ id }) => id);

  it('of an object is kept where another host, or this one much later, is sent what follows something spooled', async () => {
    const whose = owner();
    await here.add([...many(whose, 'a'), fresh(whose, 'v1', { object: 'o' })]);
    await there.add([fresh(whose, 'v2', { object: 'o' })]);
    await here.add([fresh(whose, 'v3', { object: 'o' })]);
    // As long after it was spooled that this host has forgotten it.
    await new EventStore(db.dataSource).add([fresh(whose, 'v4', { object: 'o' })]);
    expect(await versions()).toEqual([]);
    await sortAll(spool);
    await new EventStore(db.dataSource).add([fresh(whose, 'v5', { object: 'o' })]);
    expect(await versions()).toEqual(['v1', 'v2', 'v3', 'v4', 'v5']);
  });

  it('is kept where what came while a plugin was away is taken in behind what is spooled, all of it or nothing', async () => {
    const whose = owner();
    await here.add([...many(whose, 'a'), fresh(whose, 'v1', { object: 'o' })]);
    const nobodys = { ...fresh(whose, 'n', { state: 'unmatched', scope: 'acc' }), storeId: undefined, integrationId: undefined };
    const taken = [fresh(whose, 'v2', { object: 'o' }), nobodys];
    const undone = inTransaction(db.dataSource, async (within) => {
      await there.add(taken, within);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await inTransaction(db.dataSource, (within) => there.add(taken, within));
    expect(await sql(`select 1 from webhook_events where state = 'unmatched'`)).toHaveLength(1);
    await sortAll(spool);
    expect(await versions()).toEqual(['v1', 'v2']);
  });
});

describe('shares', () => {
  it('are as large as each other: one with large messages, or many with a row each, keep nobody from his turn', async () => {
    const [greedy, ...others] = owners(40) as [Owner, ...Owner[]];
    // Each more than a turn takes.
    await here.add(many(greedy, 'a', { raw: Buffer.alloc(150_000, 'x') }));
    for (const whose of others) await here.add(many(whose, 'a', { raw: Buffer.alloc(400, 'x') }));
    for (let turn = 0; turn < 6; turn += 1) await spool.sort();
    expect(await sql('select distinct integration_id from webhook_events')).toHaveLength(40);
    expect(await rowsOf(greedy)).toBeGreaterThan(10);
    await sortAll(spool);
    for (const whose of [greedy, ...others]) expect(await sortedOf(whose)).toEqual(names('a'));
  });

  it('go first to those that were not given any, also where another sorted meanwhile', async () => {
    const all = owners(33);
    const large = { raw: Buffer.alloc(3000, 'x') };
    for (const whose of all) await here.add(many(whose, 'a', large));
    await spool.sort();
    const served = async () => (await sql('select distinct integration_id from webhook_events')).length;
    expect(await served()).toBeLessThan(33);
    await sorting(async () => expect(await spool.sort()).toEqual({ sorted: 0, waits: true, busy: true }));
    await spool.sort();
    expect(await served()).toBe(33);
  });

  it('are none for those that have enough to do', async () => {
    const [busy, idle] = owners(2) as [Owner, Owner];
    for (const whose of [busy, idle]) await here.add(many(whose, 'a'));
    expect(await spool.sort([busy.integrationId])).toMatchObject({ sorted: 16, waits: true });
    expect([await sortedOf(busy), await sortedOf(idle)]).toEqual([[], names('a')]);
    expect(await spool.sort([busy.integrationId])).toMatchObject({ sorted: 0, waits: true });
    await sortAll(spool);
    expect(await sortedOf(busy)).toEqual(names('a'));
  });
});

/** While another host sorts. */
async function sorting(work: () => Promise<void>): Promise<void> {
  await inTransaction(db.dataSource, async (within) => {
    await within.query('select pg_advisory_xact_lock($1::bigint)', [LOCK]);
    await work();
  });
}

describe('a sorter', () => {
  it('that dies leaves everything as it was to the next', async () => {
    const whose = owner();
    await here.add(many(whose, 'a'));
    const dying = new pg.Client({ connectionString: db.url });
    dying.on('error', () => undefined);
    await dying.connect();
    await dying.query('begin');
    const beginning = '00000000-0000-0000-0000-000000000000';
    const { rows } = await dying.query(TAKE, [beginning, beginning, 100_000, [], [], []]);
    expect(rows).toHaveLength(1);
    expect(await spool.sort()).toEqual({ sorted: 0, waits: true, busy: true });
    await dying.query('select pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
    await until(async () => !(await spool.sort()).busy, { what: 'the lock of who died' });
    expect(await sortedOf(whose)).toEqual(names('a'));
  });

  it('that is cut off in the middle keeps nobody from sorting for longer than ten seconds', async () => {
    await sql(`create function tell() returns trigger language plpgsql as $$ begin
      new.reason := current_setting('idle_in_transaction_session_timeout'); return new; end $$`);
    await sql('create trigger tell before insert on webhook_events for each row execute function tell()');
    try {
      await here.add(many(owner(), 'a'));
      await sortAll(spool);
    } finally {
      await sql('drop function tell cascade');
    }
    expect(await sql('select distinct reason from webhook_events')).toEqual([{ reason: '10s' }]);
  });

  it('is one of many at a time, and each event is sorted in once', async () => {
    const all = owners(3);
    const wanted = new Map<string, string[]>();
    for (const name of ['a', 'b', 'a', 'c']) {
      await Promise.all(all.map((whose) => here.add(many(whose, name))));
    }
    for (const { integrationId } of all) wanted.set(integrationId, [...names('a'), ...names('b'), ...names('c')]);
    const hosts = Array.from({ length: 4 }, () => new SpoolStore(db.dataSource));
    await Promise.all(hosts.map((host) => sortAll(host)));
    for (const whose of all) expect(await sortedOf(whose)).toEqual(wanted.get(whose.integrationId));
  });

  it('sorts in what is larger than a page as it came, and what waited for its integration as that is by now', async () => {
    const whose = owner();
    const raw = Buffer.concat([Buffer.from([0, 255]), Buffer.alloc(500_000, 'ü')]);
    const at = new Date('1999-12-31T23:59:59.999Z');
    const odd = { object: 'ö\t"\\N\n', at, data: { deep: ['ü', null, 1.5, '\\u0000'] }, raw, headers: { 'x-odd': '\\."\u2028' } };
    const event = fresh(whose, 'odd', { ...odd, state: 'parked', reason: 'Because.' });
    await here.add([...many(whose, 'a'), event, ...many(whose, 'b')]);
    await sortAll(spool);
    expect(await sortedOf(whose)).toEqual([...names('a'), 'odd', ...names('b')]);
    const [row] = await sql('select * from webhook_events where id = $1', [event.id]);
    expect(row).toMatchObject({ ...odd, state: 'parked', reason: 'Because.', received_at: event.receivedAt, account: 'acc' });
  });
});
