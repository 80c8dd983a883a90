import { describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '../../tests/support/database.ts';
import { ACME } from '../../tests/support/fake-plugin.ts';
import { eachInSyncRoom, type SyncRoom } from '../../tests/support/sync-room.ts';
import { until } from '../../tests/support/wait.ts';
import type { Integration } from '../integrations/integration-store.ts';
import type { Stream } from '../sdk/index.ts';
import { SYNC_QUEUE } from './queue.ts';

let db: TestDatabase;
let room: SyncRoom;
let integration: Integration;

const one = (title: string): Stream => ({
  title,
  async *sync() {
    yield { items: [{ id: '1', data: { title } }], checkpoint: { done: true } };
  },
});

eachInSyncRoom(async (test) => {
  ({ room, db } = test);
  room.state.streams = { contacts: one('Contacts'), deals: { ...one('Deals'), mode: 'full' }, messages: { title: 'Messages' } };
  integration = await room.connect();
});

async function jobs(): Promise<{ runId: string; priority: number }[]> {
  return room.sql.query(
    `select data->>'runId' as "runId", priority from pgboss.job where name = $1 and data->>'storeId' = $2 order by created_on, id`,
    [SYNC_QUEUE, room.storeId],
  );
}

describe('a stream that a way of connecting cannot read', () => {
  it('is neither synced nor scheduled, and refused by name', async () => {
    room.state.streams = { contacts: one('Contacts'), reports: { ...one('Reports'), methods: ['oauth'] } };
    const runs = await room.syncs.request({ integration, trigger: 'manual' });
    expect(runs.map(({ stream }) => stream)).toEqual(['contacts']);
    expect((await room.syncs.schedules(room.storeId, integration.id)).map(({ stream }) => stream)).toEqual(['contacts']);
    await expect(room.syncs.request({ integration, stream: 'reports', trigger: 'manual' })).rejects.toThrow(
      'Reports of Acme cannot be read by a connection made with keys.',
    );
  });
});

describe('asking for a sync', () => {
  it.each([
    ['pending', 'not connected yet'],
    ['disconnected', 'is disconnected'],
    ['error', 'needs attention: Sign in again.'],
  ] as const)('is refused for an integration that is %s', async (status, words) => {
    const asked = room.syncs.request({ integration: { ...integration, status, message: 'Sign in again.' }, trigger: 'manual' });
    await expect(asked).rejects.toMatchObject({ code: 'INTEGRATION_NOT_ACTIVE', message: expect.stringContaining(words) });
  });

  it('is refused for one that is paused', async () => {
    const asked = room.syncs.request({ integration: { ...integration, enabled: false }, trigger: 'manual' });
    await expect(asked).rejects.toMatchObject({
      code: 'INTEGRATION_NOT_ACTIVE',
      message: expect.stringContaining('paused'),
    });
  });

  it.each(['orders', 'messages', 'constructor'])('is refused for %s, which cannot be synced', async (stream) => {
    const asked = room.syncs.request({ integration, trigger: 'manual', stream });
    await expect(asked).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('contacts, deals') });
    expect(await room.syncs.latest(room.storeId, integration.id, { limit: 10 })).toEqual([]);
  });

  it('leaves neither run nor job behind when the transaction around it is rolled back', async () => {
    const { transaction } = room.work;
    const rolledBack = transaction.call(room.work, async (sql) => {
      await room.syncs.request({ integration, trigger: 'webhook', stream: 'contacts' }, sql);
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    expect(await room.syncs.latest(room.storeId, integration.id, { limit: 10 })).toEqual([]);
    expect(await jobs()).toEqual([]);
  });

  it('answers the run that is under way instead of a second one, however many ask', async () => {
    const asked = await Promise.all(
      Array.from({ length: 8 }, () => room.syncs.request({ integration, trigger: 'scheduled', stream: 'contacts' })),
    );
    expect(new Set(asked.flat().map(({ id }) => id)).size).toBe(1);
    expect(await jobs()).toHaveLength(1);
  });

  it('brings a waiting run forward when a person asks for it too', async () => {
    const [waiting] = await room.syncs.request({ integration, trigger: 'scheduled', stream: 'contacts' });
    const [asked] = await room.syncs.request({ integration, trigger: 'manual', stream: 'contacts' });
    expect(asked?.id).toBe(waiting?.id);
    expect((await jobs()).map(({ priority }) => priority)).toEqual([0, 20]);
  });

  it('takes every stream that can be synced, each in its own mode', async () => {
    const runs = await room.syncs.request({ integration, trigger: 'initial' });
    expect(runs.map(({ stream, mode, status }) => [stream, mode, status])).toEqual([
      ['contacts', 'incremental', 'queued'],
      ['deals', 'full', 'queued'],
    ]);
  });

  it('takes those the settings name, where they may', async () => {
    const streams = { type: 'array', title: 'Streams', items: { type: 'string' }, default: ['contacts'] } as const;
    room.state.manifest = { ...ACME, config: { type: 'object', properties: { streams } } };
    const named = async (config: Integration['config']) =>
      (await room.syncs.request({ integration: { ...integration, config }, trigger: 'initial' })).map(({ stream }) => stream);
    expect(await named({})).toEqual(['contacts']);
    expect(await named({ streams: ['deals', 'gone'] })).toEqual(['deals']);
    expect(await named({ streams: [] })).toEqual([]);
  });

  it('is answered by a worker, from the queue', async () => {
    const worker = await db.jobs();
    room.engine({ jobs: worker }).define();
    await worker.start();
    const [run] = await room.syncs.request({ integration, trigger: 'manual', stream: 'contacts' });
    await until(async () => (await room.syncs.run(room.storeId, run?.id ?? '')).status === 'succeeded', { what: 'the run' });
    await worker.stop();
  });
});

describe('what got lost', () => {
  it('is queued again: runs of silent workers and runs whose job is gone, and no others', async () => {
    const [silent] = await room.syncs.request({ integration, trigger: 'manual', stream: 'contacts' });
    const [waiting] = await room.syncs.request({ integration, trigger: 'manual', stream: 'deals' });
    await room.sql.query('delete from pgboss.job where name = $1', [SYNC_QUEUE]);
    expect(await room.syncs.recover()).toBe(0);
    await room.sql.query(`update sync_runs set status = 'running', heartbeat_at = now() - interval '61 s' where id = $1`, [
      silent?.id,
    ]);
    expect(await room.syncs.recover()).toBe(1);
    expect(await room.syncs.run(room.storeId, silent?.id ?? '')).toMatchObject({ status: 'queued' });
    await room.sql.query(`update sync_runs set queued_at = now() - interval '31 minutes' where id = $1`, [waiting?.id]);
    expect(await room.syncs.recover()).toBe(1);
    expect(await room.syncs.recover()).toBe(0);
    expect((await jobs()).map(({ runId }) => runId)).toEqual([silent?.id, waiting?.id]);
  });
});

describe('schedules', () => {
  const due = () =>
    room.sql.query(`update schedules set next_run_at = now() - interval '3 days' where store_id = $1`, [room.storeId]);
  const runs = () => room.syncs.latest(room.storeId, integration.id, { limit: 100 });

  it.each([
    ['an odd interval', { stream: 'contacts', everyMinutes: 7 }, 'VALIDATION_FAILED'],
    ['no stream at all', { stream: 'orders', everyMinutes: 60 }, 'NOT_FOUND'],
  ])('refuse %s', async (_, set, code) => {
    await expect(room.syncs.setSchedule(room.storeId, integration.id, set)).rejects.toMatchObject({ code });
    await expect(room.syncs.setSchedule('01890000-0000-7000-8000-000000000000', integration.id, set)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('are every hour for every stream unless set otherwise', async () => {
    expect(await room.syncs.schedules(room.storeId, integration.id)).toMatchObject([
      { stream: 'contacts', title: 'Contacts', everyMinutes: 60 },
      { stream: 'deals', title: 'Deals', everyMinutes: 60 },
    ]);
    await room.scheduler.tick();
    expect(await runs()).toEqual([]);
    const [contacts] = await room.syncs.schedules(room.storeId, integration.id);
    const wait = (contacts?.nextRunAt?.getTime() ?? 0) - Date.now();
    expect(wait).toBeGreaterThan(29 * 60_000);
    expect(wait).toBeLessThan(60 * 60_000);
  });

  it('queue what is due once, however many hosts look', async () => {
    await room.scheduler.tick();
    await due();
    await Promise.all([room.scheduler.tick(), room.scheduler.tick(), room.scheduler.tick()]);
    expect((await runs()).map(({ stream, trigger }) => `${stream} ${trigger}`).sort()).toEqual([
      'contacts scheduled',
      'deals scheduled',
    ]);
    expect(await jobs()).toHaveLength(2);
    const [next] = await room.syncs.schedules(room.storeId, integration.id);
    expect(next?.nextRunAt?.getTime()).toBeGreaterThan(Date.now() + 53 * 60_000);
  });

  it('are left to the next host by one that dies while it queues them', async () => {
    await room.scheduler.tick();
    await due();
    const { request } = room.syncs;
    room.syncs.request = async (...asked) => {
      await request.apply(room.syncs, asked);
      throw new Error('killed');
    };
    await expect(room.scheduler.tick()).rejects.toThrow('killed');
    room.syncs.request = request;
    expect([await runs(), await jobs()]).toEqual([[], []]);
    await room.scheduler.tick();
    expect(await runs()).toHaveLength(2);
    expect(await jobs()).toHaveLength(2);
  });

  it('leave out what is off, and integrations that cannot work', async () => {
    await room.scheduler.tick();
    await room.syncs.setSchedule(room.storeId, integration.id, { stream: 'contacts', everyMinutes: null });
    await due();
    await room.scheduler.tick();
    expect((await runs()).map(({ stream }) => stream)).toEqual(['deals']);
    await room.syncs.stop(integration);
    await room.store.setStatus(room.storeId, integration.id, { status: 'disconnected' });
    await due();
    await room.scheduler.tick();
    expect((await runs()).map(({ status }) => status)).toEqual(['cancelled']);
  });
});
