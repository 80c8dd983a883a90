import { afterAll, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { v7 } from 'uuid';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { sortAll } from '../../tests/support/inbox-room.ts';
import { WebhookDedupeEntity, WebhookEventEntity, WebhookQueueEntity } from './event-entity.ts';
import { EventStore, type NewEvent } from './event-store.ts';
import { SpoolStore } from './spool-store.ts';

const DAY_MS = 86_400_000;
const [storeId, integrationId] = [v7(), v7()];
let db: TestDatabase;
let events: EventStore;
let spool: SpoolStore;

beforeAll(async () => {
  db = await testDatabase({ entities: [WebhookEventEntity, WebhookQueueEntity, WebhookDedupeEntity] });
  events = new EventStore(db.dataSource);
  spool = new SpoolStore(db.dataSource);
});
beforeEach(() => db.dataSource.query('truncate webhook_events, webhook_queue, webhook_dedupe, webhook_spool'));
afterAll(() => db.close());

function fresh(eventId: string, more: Partial<NewEvent> = {}): NewEvent {
  const raw = Buffer.from(`{"id":"${eventId}"}`);
  const whose = { pluginId: 'acme', scope: integrationId, storeId, integrationId, account: 'acc' };
  const what = { eventId, type: 'T', object: 'o', at: undefined, data: { id: eventId }, raw, headers: { host: 'hub' } };
  return { id: v7(), ...whose, ...what, state: 'pending', reason: undefined, receivedAt: new Date(), ...more };
}

const stored = (): Promise<Record<string, unknown>[]> => sorted('select * from webhook_events order by seq');
const queued = async (): Promise<string[]> =>
  (await sorted('select id from webhook_queue order by seq')).map(({ id }) => id as string);

async function sorted(query: string): Promise<Record<string, unknown>[]> {
  await sortAll(spool);
  return db.dataSource.query(query);
}

it('leaves out what was seen before or comes twice, and keeps what came with it, in its order', async () => {
  await events.add([fresh('seen')]);
  const [a, b] = [fresh('a'), fresh('b')];
  await events.add([a, fresh('seen'), b, fresh('a')]);
  expect((await stored()).map(({ event_id }) => event_id)).toEqual(['seen', 'a', 'b']);
  expect((await queued()).slice(1)).toEqual([a.id, b.id]);
  // A connection that was refused something works as before.
  expect(await Promise.all(Array.from({ length: 20 }, (_, at) => events.add([fresh(`later ${at}`)])))).toHaveLength(20);
  expect(await stored()).toHaveLength(23);
});

it('takes in the same events at once, in whatever order, and each of them once', async () => {
  const ids = Array.from({ length: 50 }, (_, at) => `event ${at}`);
  const turns = Array.from({ length: 8 }, (_, at) => [...ids.slice(at), ...ids.slice(0, at)].map((id) => fresh(id)));
  await Promise.all(turns.map((turn) => events.add(turn)));
  expect(await queued()).toHaveLength(50);
});

it('sorts in at once again what comes behind a burst, however steadily it comes', async () => {
  const clock = jest.spyOn(performance, 'now').mockReturnValue(0);
  try {
    const own = new EventStore(db.dataSource);
    const unsorted = () => db.dataSource.query('select sum(count)::int as count from webhook_spool');
    await own.add(Array.from({ length: 16 }, (_, at) => fresh(`burst ${at}`)));
    clock.mockReturnValue(450);
    await own.add([fresh('soon')]);
    expect(await unsorted()).toEqual([{ count: 17 }]);
    while ((await spool.sort()).waits);
    clock.mockReturnValue(501);
    await own.add([fresh('later')]);
    expect(await unsorted()).toEqual([{ count: null }]);
    expect(await queued()).toHaveLength(18);
  } finally {
    clock.mockRestore();
  }
});

it('spools of several integrations only what is refused', async () => {
  const own = new EventStore(db.dataSource);
  await own.add([fresh('seen')]);
  const [other, nobody] = [v7(), { storeId: undefined, integrationId: undefined, state: 'unmatched' as const }];
  await own.add([fresh('seen'), fresh('of another', { integrationId: other, scope: other }), fresh('of nobody', nobody)]);
  const stored = await db.dataSource.query('select event_id from webhook_events order by event_id');
  expect(stored).toEqual([{ event_id: 'of another' }, { event_id: 'of nobody' }, { event_id: 'seen' }]);
  expect(await db.dataSource.query('select integration_id, count from webhook_spool')).toEqual([
    { integration_id: integrationId, count: 1 },
  ]);
});

it('keeps every field as it is', async () => {
  const odd = {
    object: 'ö\t"\\N\n',
    at: new Date('1999-12-31T23:59:59.999Z'),
    data: { deep: ['ü', null, 1.5] },
    raw: Buffer.from([0, 255, 10, 92]),
    headers: { 'x-odd': '\\."\u2028' },
    state: 'parked' as const,
    reason: 'Because.',
    receivedAt: new Date('2026-01-02T03:04:05.678Z'),
  };
  const event = fresh('odd', odd);
  await events.add([event]);
  const { eventId, receivedAt, reason, state, object, at, data, raw, headers } = event;
  expect(await stored()).toMatchObject([
    { id: event.id, event_id: eventId, received_at: receivedAt, reason, state, object, at, data, raw, headers },
  ]);
  expect(await queued()).toEqual([]);
  await events.add([fresh('of nobody', { storeId: undefined, integrationId: undefined, object: undefined, state: 'unmatched' })]);
  expect((await stored())[1]).toMatchObject({ store_id: null, integration_id: null, object: null, data: null });
});

it('is handed to a worker of the process that has a hand for it as it is stored, unless another of its object waits; what comes with it waits for its turn', async () => {
  const own = new EventStore(db.dataSource);
  const ended: (string | undefined)[] = [];
  let stored = 0;
  const token = v7();
  own.handTo({
    offer: (event) => ({ event, token, leaseMs: 60_000, ended: (seq) => ended.push(seq) }),
    stored: () => {
      stored += 1;
    },
  });
  const object = "o'); drop table webhook_queue; --\\ö";
  await own.add([fresh('1', { object })]);
  await own.add([fresh('2', { object })]);
  await own.add([fresh('3', { object: 'a' }), fresh('4', { object: 'b' })]);
  // Seen before.
  await own.add([fresh('1', { object })]);
  const queue = await db.dataSource.query('select seq, lane, lease_owner, attempts from webhook_queue order by seq');
  expect(queue).toMatchObject([
    { seq: ended[0], lane: object, lease_owner: token, attempts: 1 },
    { lane: object, lease_owner: null, attempts: 0 },
    { seq: ended[2], lane: 'a', lease_owner: token, attempts: 1 },
    { lane: 'b', lease_owner: null },
  ]);
  expect(ended).toEqual([expect.any(String), undefined, expect.any(String), undefined]);
  expect(stored).toBe(3);
});

it('finds the day of each, also across midnight, and where a day has no table yet', async () => {
  const times = [Date.now(), Date.now() + DAY_MS, Date.now() + 400 * DAY_MS];
  const [today, tomorrow, far] = times.map((msecs) => v7({ msecs }));
  await events.add([fresh('1', { id: today as string }), fresh('2', { id: tomorrow as string })]);
  await events.add([fresh('3', { id: far as string })]);
  const places = await sorted('select tableoid::regclass::text as place from webhook_events order by seq');
  const day = (time = 0) => `webhook_events_${new Date(time).toISOString().slice(0, 10).replaceAll('-', '')}`;
  expect(places.map(({ place }) => place)).toEqual([day(times[0]), day(times[1]), 'webhook_events_rest']);
});
