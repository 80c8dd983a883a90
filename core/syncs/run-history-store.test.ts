import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { INTEGRATION_ENTITIES, newStore } from '../../tests/support/integrations-room.ts';
import { SyncRunEntity } from './run-entity.ts';
import { RunHistoryStore } from './run-history-store.ts';

const INTEGRATION = '0193a7b0-0000-7000-8000-000000000001';
let db: TestDatabase;
let history: RunHistoryStore;
let scope: { storeId: string; integrationId: string };

beforeAll(async () => {
  db = await testDatabase({ entities: [...INTEGRATION_ENTITIES, SyncRunEntity] });
  const { store } = await newStore(db.dataSource);
  scope = { storeId: store.id, integrationId: INTEGRATION };
  await db.dataSource.query(
    `insert into integrations (store_id, id, plugin_id, name, status, method, webhook_key) values ($1, $2, 'acme', 'Acme', 'active', 'manual', 'k')`,
    [store.id, INTEGRATION],
  );
  history = new RunHistoryStore(db.dataSource);
  await run({ stream: 'contacts', status: 'succeeded', hoursAgo: 1, written: 10 });
  await run({ stream: 'contacts', status: 'failed', hoursAgo: 2 });
  await run({ stream: 'contacts', status: 'cancelled', hoursAgo: 3 });
  await run({ stream: 'contacts', status: 'failed', hoursAgo: 24 * 9 });
  await run({ stream: 'deals', status: 'partial', hoursAgo: 4, written: 5 });
  await run({ stream: 'deals', status: 'running', hoursAgo: 0 });
});
afterAll(() => db?.close());

async function run(one: { stream: string; status: string; hoursAgo: number; written?: number }): Promise<void> {
  await db.dataSource.query(
    `insert into sync_runs (store_id, id, integration_id, stream, trigger, mode, status, written, seen, queued_at, started_at, finished_at)
     values ($1, gen_random_uuid(), $2, $3, 'manual', 'full', $4, $5, $5, now() - $6 * interval '1 hour', now() - $6 * interval '1 hour',
       case when $4 <> 'running' then now() - $6 * interval '1 hour' + interval '9 seconds' end)`,
    [scope.storeId, INTEGRATION, one.stream, one.status, one.written ?? 0, one.hoursAgo],
  );
}

describe('the history of syncs', () => {
  it('is read by page, latest first, and says how many fit', async () => {
    const [first, second] = await Promise.all([0, 4].map((offset) => history.page(scope, {}, { limit: 4, offset })));
    expect(first?.runs.map(({ status }) => status)).toEqual(['running', 'succeeded', 'failed', 'cancelled']);
    expect(second?.runs.map(({ status }) => status)).toEqual(['partial', 'failed']);
    expect([first?.total, second?.total]).toEqual([6, 6]);
  });

  it.each([
    ['a kind', { stream: 'deals' }, 2],
    ['outcomes', { statuses: ['failed', 'partial'] as const }, 3],
    ['a time', { since: new Date(Date.now() - 48 * 3_600_000) }, 5],
    ['all of these', { stream: 'contacts', statuses: ['failed'] as const, since: new Date(Date.now() - 48 * 3_600_000) }, 1],
  ])('is narrowed down by %s', async (_, filter, total) => {
    const page = await history.page(scope, filter, { limit: 10, offset: 0 });
    expect([page.total, page.runs.length]).toEqual([total, total]);
  });

  it('belongs to its store', async () => {
    const other = { ...scope, storeId: '0193a7b0-0000-7000-8000-0000000000aa' };
    expect(await history.page(other, {}, { limit: 10, offset: 0 })).toEqual({ runs: [], total: 0 });
    expect(await history.active([other.storeId])).toEqual([]);
  });

  it('counts of 7 days what ended by itself, per stream', async () => {
    const [contacts, deals] = await history.streams(scope);
    expect(contacts).toMatchObject({ stream: 'contacts', ended: 2, succeeded: 1, activeSince: undefined });
    expect(contacts?.lastSuccessAt).toBeInstanceOf(Date);
    expect(deals).toMatchObject({ stream: 'deals', ended: 1, succeeded: 0, lastSuccessAt: undefined });
    expect(deals?.activeSince).toBeInstanceOf(Date);
  });

  it('is counted day by day, days without any included', async () => {
    const today = () => new Date().toISOString().slice(0, 10);
    const before = today();
    const days = await history.days(scope, 30);
    expect(days).toHaveLength(30);
    expect([before, today()]).toContain(days.at(-1)?.day);
    const sum = (name: 'succeeded' | 'partial' | 'failed' | 'cancelled' | 'records') =>
      days.reduce((all, day) => all + day[name], 0);
    expect([sum('succeeded'), sum('partial'), sum('failed'), sum('cancelled'), sum('records')]).toEqual([1, 1, 2, 1, 15]);
  });

  it('knows what is at work', async () => {
    expect(await history.active([scope.storeId])).toEqual([
      expect.objectContaining({ ...scope, stream: 'deals', status: 'running', cancelling: false, total: undefined }),
    ]);
  });
});
