import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { firstIdOf, UpkeepStore } from './upkeep-store.ts';

let db: TestDatabase;
let upkeep: UpkeepStore;
const sql = <T>(text: string, params?: unknown[]): Promise<T[]> => db.dataSource.query(text, params);

beforeAll(async () => {
  db = await testDatabase();
  upkeep = new UpkeepStore(db.dataSource);
});
afterAll(() => db.close());

const ago = (days: number) => new Date(Date.now() - days * 86_400_000);
const dayName = (time: Date) => `webhook_events_${time.toISOString().slice(0, 10).replaceAll('-', '')}`;

/** An event as if it had come that many days ago. */
async function eventOf(days: number, { state = 'handled', store }: { state?: string; store?: string } = {}): Promise<string> {
  const id = v7({ msecs: ago(days).getTime() });
  await sql(
    `insert into webhook_events (id, plugin_id, store_id, event_id, type, data, raw, headers, state, received_at)
     values ($1::uuid, 'acme', $2, $1::uuid::text, 'T', '{}', '', '{}', $3, $4)`,
    [id, store ?? null, state, ago(days)],
  );
  return id;
}

async function storeKeeping(days: number): Promise<string> {
  const id = v7();
  await sql('insert into stores (id, slug, name, event_days) values ($1, $2, $2, $3)', [id, id, days]);
  return id;
}

const there = async (id: string) => (await sql('select 1 from webhook_events where id = $1', [id])).length === 1;
const partitions = async () =>
  (await sql<{ name: string }>(`select relname as name from pg_class where relname ~ '^webhook_events_\\d{8}$'`)).map(
    ({ name }) => name,
  );

describe('the days of the inbox', () => {
  it('keep a day of which something waits, and a store that keeps its events longer keeps everybody’s day', async () => {
    const short = await storeKeeping(5);
    for (const days of [60, 61, 40]) await sql('select webhook_events_day($1::date)', [ago(days)]);
    const [waiting, over, kept] = [await eventOf(60, { state: 'pending', store: short }), await eventOf(61), await eventOf(40)];
    await storeKeeping(45);
    expect(await upkeep.dropDays()).toMatchObject([{ day: ago(61).toISOString().slice(0, 10), counts: { handled: 1 } }]);
    expect(await Promise.all([waiting, over, kept].map(there))).toEqual([true, false, true]);
    expect(await partitions()).not.toContain(dayName(ago(61)));
  });

  it('are made ahead, and take in what came before they were', async () => {
    const [tomorrow] = [ago(-1)];
    await sql(`drop table ${dayName(tomorrow)}`);
    const early = await eventOf(-1);
    const [found] = await sql<{ place: string }>('select tableoid::regclass::text as place from webhook_events where id = $1', [
      early,
    ]);
    expect(found?.place).toBe('webhook_events_rest');
    expect(await upkeep.prepareDays()).toEqual([dayName(tomorrow)]);
    const [moved] = await sql<{ place: string }>('select tableoid::regclass::text as place from webhook_events where id = $1', [
      early,
    ]);
    expect(moved?.place).toBe(dayName(tomorrow));
    expect(await upkeep.prepareDays()).toEqual([]);
  });

  it('hold of each store what it keeps, and never less than what waits', async () => {
    const [short, long] = [await storeKeeping(3), await storeKeeping(30)];
    const old = await Promise.all([
      eventOf(4, { store: short }),
      eventOf(4, { store: short, state: 'dead' }),
      eventOf(4, { store: short, state: 'pending' }),
      eventOf(2, { store: short }),
      eventOf(4, { store: long }),
    ]);
    for (const [store, days] of [
      [short, 2],
      [short, 4],
      [long, 4],
    ]) {
      await sql(
        `insert into webhook_set_aside (store_id, integration_id, id, count, received_at, events, problem, set_aside_at)
         values ($1, gen_random_uuid(), $2::integer, 1, now() - interval '9 days', '', 'It is damaged.', now() - $2::integer * interval '1 day')`,
        [store, days],
      );
    }
    expect(await upkeep.removeOld()).toBeGreaterThanOrEqual(3);
    expect(await Promise.all(old.map(there))).toEqual([false, false, true, true, true]);
    const kept = await sql('select store_id as store, id::int as days from webhook_set_aside where store_id = any($1)', [
      [short, long],
    ]);
    expect(kept).toEqual([
      { store: short, days: 2 },
      { store: long, days: 4 },
    ]);
  });

  it('forget what they recognise messages by after 8 days', async () => {
    await sql(
      `insert into webhook_dedupe (key, received_at) values (webhook_key('acme', '', 'old'), now() - interval '9 days'),
         (webhook_key('acme', '', 'new'), now() - interval '7 days')`,
    );
    await upkeep.forgetSeen();
    const known = `select key = webhook_key('acme', '', 'new') as new from webhook_dedupe`;
    expect(await sql(known)).toEqual([{ new: true }]);
  });
});

it('an id begins with the time of its event', () => {
  const time = new Date('2026-11-21T10:00:00.123Z');
  const before = v7({ msecs: time.getTime() - 1 });
  const after = v7({ msecs: time.getTime() });
  expect([before, firstIdOf(time), after]).toEqual([before, firstIdOf(time), after].sort());
});
