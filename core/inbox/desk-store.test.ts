import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { newStore } from '../../tests/support/integrations-room.ts';
import { holdSorters, manyEvents } from '../../tests/support/spooled.ts';
import { AnalyticsStore } from '../integrations/analytics-store.ts';
import { DeskStore } from './desk-store.ts';
import { EventStore } from './event-store.ts';
import { sortedIn } from './sorted-in.ts';
import { SpoolFiguresStore } from './spool-figures-store.ts';

let db: TestDatabase;
let desk: DeskStore;
let storeId: string;

beforeAll(async () => {
  db = await testDatabase();
  desk = new DeskStore(db.dataSource);
  storeId = (await newStore(db.dataSource)).store.id;
});
afterAll(() => db.close());

const query = (sql: string, values: unknown[] = []) => db.dataSource.query(sql, values);

/** One that heard of its provider last so many days ago; `often`: ten times then, a minute apart. */
async function heard(name: string, days: number, { often = false, pluginId = 'mailer' } = {}): Promise<string> {
  const id = v7();
  await query(
    `insert into integrations (store_id, id, plugin_id, name, status, method, webhook_key, last_event_at)
     values ($1, $2::uuid, $3, $4, 'active', 'oauth', $2::text, now() - $5 * interval '1 day')`,
    [storeId, id, pluginId, name, days],
  );
  if (often) {
    await query(
      `insert into webhook_events (id, plugin_id, store_id, integration_id, event_id, type, data, raw, headers, state, received_at)
       select gen_random_uuid(), $3, $1, $2, 'e' || n, 't', '{}', '', '{}', 'handled', now() - $4 * interval '1 day' - n * interval '1 minute'
       from generate_series(0, 9) n`,
      [storeId, id, pluginId, days],
    );
  }
  return id;
}

describe('who has fallen silent', () => {
  it('is whoever called often and has not for a day, or now and then and has not for a week; of plugins that take calls', async () => {
    await heard('often, 2 days ago', 2, { often: true });
    await heard('often, today', 0.5, { often: true });
    await heard('now and then, 3 days ago', 3);
    await heard('now and then, 8 days ago', 8);
    await heard('of a plugin without webhooks, 8 days ago', 8, { pluginId: 'other' });
    const { rows, more } = await desk.silent(['mailer']);
    expect(rows.map(({ integration }) => integration)).toEqual(['often, 2 days ago', 'now and then, 8 days ago']);
    expect(more).toBe(0);
  });

  it('is counted where it is not listed', async () => {
    for (let n = 0; n < 50; n += 1) await heard(`silent ${n}`, 9);
    const { rows, more } = await desk.silent(['mailer']);
    expect([rows.length, more]).toEqual([50, 2]);
  });
});

describe('messages of accounts nobody has connected', () => {
  it('are counted by account where they are not listed, and found all the same', async () => {
    await query(
      `insert into webhook_events (id, plugin_id, account, event_id, type, data, raw, headers, state)
       select gen_random_uuid(), 'mailer', 'account ' || n, 'u' || n, 't', '{}', '', '{}', 'unmatched' from generate_series(1, 103) n`,
    );
    const { rows, more } = await desk.unclaimed();
    expect([rows.length, more]).toEqual([100, 3]);
    const listed = new Set(rows.map(({ account }) => account));
    const left = Array.from({ length: 103 }, (_, at) => `account ${at + 1}`).filter((account) => !listed.has(account));
    expect(left).toHaveLength(3);
    const [account = ''] = left;
    expect((await desk.unclaimed({ pluginId: 'mailer', account })).rows).toMatchObject([{ account, count: 1 }]);
    expect(await desk.unclaimed({ pluginId: 'other', account })).toEqual({ rows: [], more: 0 });
  });
});

describe('messages that were accepted and are not sorted in yet', () => {
  const none = { count: 0, since: null, unreadable: 0 };
  const noneOfAll = { ...none, isEstimate: false };
  const failed = (error: unknown) => {
    throw error;
  };
  afterEach(() => query('delete from webhook_spool'));

  it('are counted as pending of their integration, and of no other store', async () => {
    const [events, figures] = [new EventStore(db.dataSource), new SpoolFiguresStore(db.dataSource)];
    const integrationId = await heard('flooded, 9 days ago', 9);
    const isSilent = async () => (await desk.silent(['mailer'])).rows.some((row) => row.integrationId === integrationId);
    await query('update integrations set last_event_at = now() where id <> $1', [integrationId]);
    const received = async () => {
      const { perDay } = await new AnalyticsStore(db.dataSource).of(storeId, 30);
      return perDay.reduce((sum, day) => sum + day.events, 0);
    };
    const before = await received();
    expect([await isSilent(), await figures.all()]).toEqual([true, noneOfAll]);
    await events.add(manyEvents({ storeId, integrationId, pluginId: 'mailer' }, 20));
    expect(await figures.of(storeId, integrationId)).toEqual({ count: 20, since: expect.any(Date), unreadable: 0 });
    expect([await figures.of(v7(), integrationId), await figures.of(storeId, v7())]).toEqual([none, none]);
    expect(await figures.all()).toMatchObject({ count: 20, unreadable: 0 });
    expect(await events.counts(storeId, integrationId)).toEqual({ pending: 20 });
    expect(await events.counts(v7(), integrationId)).toEqual({});
    expect(await received()).toBe(before + 20);
    // What came is no silence, though it was not handled yet.
    expect(await isSilent()).toBe(false);
  });

  it('are told to the operator where this version cannot read them', async () => {
    const figures = new SpoolFiguresStore(db.dataSource);
    const integrationId = await heard('of a later version', 0);
    await query(
      `insert into webhook_spool (store_id, integration_id, count, events, problem) values ($1, $2, 7, '', $3), ($1, $2, 5, '', $3)`,
      [storeId, integrationId, 'It is in format 2.'],
    );
    const whose = { storeId, integrationId, pluginId: 'mailer', integration: 'of a later version' };
    await new EventStore(db.dataSource).add(manyEvents(whose));
    expect(await figures.unreadable()).toMatchObject({ rows: [{ ...whose, problem: 'It is in format 2.', count: 12 }], more: 0 });
    // No worker can be late with what waits behind them.
    expect(await figures.all()).toEqual({ count: 16, since: null, unreadable: 12, isEstimate: false });
    await new EventStore(db.dataSource).add(manyEvents({ ...whose, integrationId: v7() }));
    expect(await figures.all()).toEqual({ count: 32, since: expect.any(Date), unreadable: 12, isEstimate: false });
    // What waits behind them keeps nobody waiting who wants all that can be sorted in.
    await sortedIn(db.dataSource, storeId, { signal: AbortSignal.timeout(50_000), failed });
    expect(await figures.all()).toMatchObject({ count: 16 });
    expect(await figures.of(storeId, integrationId)).toEqual({ count: 16, since: expect.any(Date), unreadable: 12 });
  });

  it('are counted from a sample where there are very many, and that is said, in round figures', async () => {
    const figures = new SpoolFiguresStore(db.dataSource);
    await query(
      `insert into webhook_spool (store_id, integration_id, count, events, received_at)
       select $1, gen_random_uuid(), 23, convert_to(repeat('x', 7000), 'utf8'), now() - n * interval '1 second' from generate_series(1, 3000) n`,
      [storeId],
    );
    const [{ oldest }] = await query('select min(received_at) as oldest from webhook_spool');
    const { count, since, unreadable, isEstimate } = await figures.all();
    expect([count % 1000, since, unreadable, isEstimate]).toEqual([0, oldest, 0, true]);
    expect(Math.abs(count / 69_000 - 1)).toBeLessThan(0.2);
  });

  it('are left to a worker where sorting them in fails for what is another store’s, which is told', async () => {
    const figures = new SpoolFiguresStore(db.dataSource);
    const [own, other] = [storeId, (await newStore(db.dataSource)).store.id];
    await query(`create function full_disk() returns trigger language plpgsql as $$ begin
      if new.store_id = '${other}' then raise exception using errcode = 'disk_full'; end if; return new; end $$`);
    await query('create trigger full_disk before insert on webhook_events for each row execute function full_disk()');
    for (const whose of [own, other])
      await new EventStore(db.dataSource).add(manyEvents({ storeId: whose, integrationId: v7(), pluginId: 'mailer' }));
    const failures: unknown[] = [];
    const tell = (error: unknown) => void failures.push(error);
    await sortedIn(db.dataSource, own, { signal: AbortSignal.timeout(60_000), failed: tell });
    expect(failures).toMatchObject([{ code: '53100' }]);
    expect(await figures.all()).toMatchObject({ count: 32 });
    await query('drop function full_disk cascade');
    await sortedIn(db.dataSource, own, { signal: AbortSignal.timeout(60_000), failed });
    expect(await figures.all()).toEqual(noneOfAll);
  });

  it('are sorted in for who wants to see them, those of a store that are there when it is asked, once another sorter is done', async () => {
    const [events, figures] = [new EventStore(db.dataSource), new SpoolFiguresStore(db.dataSource)];
    const integrationId = await heard('exported', 0);
    await events.add(manyEvents({ storeId, integrationId, pluginId: 'mailer' }, 300));
    const release = await holdSorters(db.url);
    const signal = new AbortController();
    const cancelled = sortedIn(db.dataSource, storeId, { signal: signal.signal, failed });
    const isSorted = sortedIn(db.dataSource, storeId, { signal: AbortSignal.timeout(60_000), failed });
    signal.abort(new Error('cancelled'));
    await expect(cancelled).rejects.toThrow('cancelled');
    expect(await figures.of(storeId, integrationId)).toMatchObject({ count: 300 });
    await release();
    await isSorted;
    expect(await query('select 1 from webhook_events where integration_id = $1', [integrationId])).toHaveLength(300);
    expect(await figures.all()).toEqual(noneOfAll);
  });
});
