import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { v4, v7 } from 'uuid';
import { Initial20261121000000 } from '../migrations/20261121000000-initial.ts';
import { InboxAndSyncWork20261121000200 } from '../migrations/20261121000200-inbox-and-sync-work.ts';
import { WebhookSubscriptions20261121000700 } from '../migrations/20261121000700-webhook-subscriptions.ts';
import { InboxDaysAndQueue20261121000800 } from '../migrations/20261121000800-inbox-days-and-queue.ts';
import { type TestDatabase, testDatabase } from './support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({ empty: true });
});
afterAll(() => db.close());

it('a hub that had events before they were kept by days has them all, and handles what was waiting', async () => {
  const runner: QueryRunner = db.dataSource.createQueryRunner();
  const apply = (migration: MigrationInterface) => migration.up(runner);
  await apply(new Initial20261121000000());
  await apply(new InboxAndSyncWork20261121000200());
  await apply(new WebhookSubscriptions20261121000700());
  const [store, integration] = [v7(), v7()];
  const dayAgo = Date.now() - 3 * 86_400_000;
  const events = [
    { id: v7({ msecs: dayAgo }), state: 'handled' },
    { id: v7(), state: 'pending' },
    { id: v4(), state: 'dead' },
  ];
  for (const { id, state } of events) {
    await runner.query(
      `insert into webhook_events (id, plugin_id, store_id, integration_id, event_id, type, object, data, raw, headers, state, attempts)
       values ($1::uuid, 'acme', $2, $3, $1::uuid::text, 'T', 'o', '{"a":1}', '{}', '{}', $4, 2)`,
      [id, store, integration, state],
    );
  }
  await apply(new InboxDaysAndQueue20261121000800());
  const kept = await runner.query('select id, state, data, tableoid::regclass::text as place from webhook_events order by seq');
  expect(kept).toMatchObject(events.map((event) => ({ ...event, data: { a: 1 } })));
  const day = (time: number) => `webhook_events_${new Date(time).toISOString().slice(0, 10).replaceAll('-', '')}`;
  expect(kept.map(({ place }: { place: string }) => place)).toEqual([day(dayAgo), day(Date.now()), 'webhook_events_rest']);
  expect(await runner.query('select id, object, attempts from webhook_queue')).toEqual([
    { id: events[1]?.id, object: 'o', attempts: 2 },
  ]);
  const [next] = await runner.query(`select nextval('webhook_events_arrival')::int as seq`);
  expect(next.seq).toBeGreaterThan(3);
  await runner.release();
});
