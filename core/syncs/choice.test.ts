import { describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '../../tests/support/database.ts';
import { eachInSyncRoom, type SyncRoom } from '../../tests/support/sync-room.ts';
import { inTransaction } from '../database/transaction.ts';
import type { Integration } from '../integrations/integration-store.ts';
import { type Item, type Stream, TryLater } from '../sdk/index.ts';
import type { Run } from './syncs.ts';

let db: TestDatabase;
let room: SyncRoom;
let integration: Integration;

eachInSyncRoom(async (test) => {
  ({ room, db } = test);
  integration = await room.connect();
});

type Lists = Record<string, number>;

const rowsOf = (list: string, count: number): Item[] =>
  Array.from({ length: count }, (_, at) => ({ id: `${list}${String(at).padStart(3, '0')}`, data: { list } }));

/** Contacts of the list that is chosen, in pages of 10: first all, then only what came after the checkpoint. */
function listed(lists: Lists, onPage: (at: number) => void | Promise<void> = () => undefined): Stream {
  return {
    title: 'Contacts',
    mode: 'incremental',
    follows: ['list'] as never,
    async *sync({ config }, from) {
      const { list } = config as { list: string };
      const all = rowsOf(list, lists[list] ?? 0);
      let at = Number(from?.['done'] ?? 0);
      do {
        await onPage(at / 10);
        yield { items: all.slice(at, at + 10), checkpoint: { done: Math.min(at + 10, all.length), run: String(Math.random()) } };
        at += 10;
      } while (at < all.length);
    },
    covers: (data, _, config, from) => (data['list'] !== (config as { list: string }).list ? 'unchosen' : !from),
  };
}

const settings = (config: Record<string, unknown>) => room.store.update(room.storeId, integration.id, { config });
const counted = async () => (await room.store.get(room.storeId, integration.id)).counts['contacts'];
const work = async (run: Run | undefined) => {
  if (!run) throw new Error('no run');
  await room.execute(run);
  return room.again(run);
};

describe('another choice in a setting that a stream follows', () => {
  it('is kept waiting by a provider that does not answer, and loses nothing of what is held meanwhile', async () => {
    const lists: Lists = { main: 30, other: 5 };
    let away = false;
    room.use(
      listed(lists, () => {
        if (away) throw new TryLater('Acme rests.');
      }),
    );
    await room.sync(integration);
    await settings({ list: 'other' });
    away = true;
    expect(await room.sync(integration)).toMatchObject({ status: 'queued', mode: 'full', message: 'Acme rests.' });
    expect(await room.recordIds(integration)).toHaveLength(30);
  });

  it('stays noted when the run that was to read it fails: the next one takes the former records away', async () => {
    let broken = false;
    room.use(
      listed({ main: 30, other: 25 }, (page) => {
        if (broken && page === 1) throw new Error('a mistake of the plugin');
      }),
    );
    await room.sync(integration);
    await settings({ list: 'other' });
    broken = true;
    expect(await room.sync(integration)).toMatchObject({ status: 'failed', seen: 10 });
    expect(await room.recordIds(integration)).toHaveLength(40);
    broken = false;
    expect(await room.sync(integration)).toMatchObject({ status: 'succeeded', mode: 'incremental', deleted: 30 });
    expect(await room.recordIds(integration)).toEqual(rowsOf('other', 25).map(({ id }) => id));
  });

  it('does not silence the question about records of the present choice that are gone', async () => {
    const lists: Lists = { main: 60, other: 40 };
    room.use(listed(lists));
    await settings({ list: 'other' });
    await room.sync(integration);
    await room.sql.query(`update checkpoints set followed = '{"list":"main"}' where integration_id = $1`, [integration.id]);
    await room.records.savePage(
      room.sql,
      { storeId: room.storeId, integrationId: integration.id, stream: 'contacts' },
      { items: rowsOf('main', 60), began: await room.records.now() },
    );
    lists['other'] = 20;
    const run = await room.sync(integration);
    expect(run).toMatchObject({ status: 'partial', mode: 'full', deleted: 60, heldBack: 20 });
    expect(run.message).toContain('20 of 40 contacts');
    expect(run.message).toContain('Removed here, as the settings do not choose them any more: 60 contacts.');
    expect(await counted()).toBe(40);
  });

  it('makes the next run a full one, after which only the new choice is held and counted, however much went', async () => {
    room.use(listed({ main: 200, other: 12 }));
    expect(await room.sync(integration)).toMatchObject({ mode: 'incremental', written: 200 });
    await settings({ list: 'other' });
    const run = await room.sync(integration);
    expect(run).toMatchObject({ status: 'succeeded', mode: 'full', seen: 12, written: 12, deleted: 200, heldBack: 0, held: 12 });
    expect(await room.recordIds(integration)).toEqual(rowsOf('other', 12).map(({ id }) => id));
    expect(await counted()).toBe(12);
  });

  it('may be the former one again: everything of it comes back', async () => {
    room.use(listed({ main: 30, other: 3 }));
    for (const list of ['main', 'other', 'main']) {
      await settings({ list });
      await room.sync(integration);
    }
    expect(await room.recordIds(integration)).toEqual(rowsOf('main', 30).map(({ id }) => id));
  });

  it('made while the former one is being read lets the same run begin again', async () => {
    let change = true;
    room.use(
      listed({ main: 30, other: 12 }, async (page) => {
        if (page === 2 && change) {
          change = false;
          await settings({ list: 'other' });
        }
      }),
    );
    const [asked] = await room.syncs.request({ integration, stream: 'contacts', trigger: 'manual' });
    expect(await work(asked)).toMatchObject({ status: 'queued', message: expect.stringContaining('settings were changed') });
    expect(await work(asked)).toMatchObject({ status: 'succeeded', mode: 'full', seen: 12, written: 12, deleted: 20 });
    expect(await room.recordIds(integration)).toEqual(rowsOf('other', 12).map(({ id }) => id));
  });

  it('is none where only the order of a list differs, or what it does not follow', async () => {
    const stream = listed({ main: 30 });
    room.use({ ...stream, follows: ['list', 'tags'] as never });
    await settings({ tags: ['a', 'b'] });
    await room.sync(integration);
    await settings({ list: 'main', tags: ['b', 'a'], region: 'us' });
    expect(await room.sync(integration)).toMatchObject({ mode: 'incremental', seen: 0 });
  });

  it('is not supposed of what was read before choices were noted', async () => {
    room.use(listed({ main: 30 }));
    await room.sync(integration);
    await room.sql.query('update checkpoints set followed = null where integration_id = $1', [integration.id]);
    expect(await room.sync(integration)).toMatchObject({ mode: 'incremental', seen: 0 });
  });
});

describe('saving settings', () => {
  const save = async (config: Record<string, unknown>) => {
    const { config: before } = await room.store.get(room.storeId, integration.id);
    const now = await settings(config);
    return inTransaction(db.dataSource, (sql) =>
      room.syncs.follow({ integration: now, before, requestedBy: 'owner@example.com' }, sql),
    );
  };

  it('starts nothing where the connection rests, or no stream follows what changed', async () => {
    room.use(listed({ main: 3 }));
    expect(await save({ list: 'main', tags: ['a'] })).toEqual([]);
    await room.store.update(room.storeId, integration.id, { enabled: false });
    expect(await save({ list: 'other' })).toEqual([]);
  });

  it('starts the streams that follow one that changed', async () => {
    room.state.streams = { contacts: listed({ other: 3 }), orders: { title: 'Orders', async *sync() {} } };
    const runs = await save({ list: 'other', tags: ['a'] });
    expect(runs).toMatchObject([{ stream: 'contacts', trigger: 'settings', requestedBy: 'owner@example.com' }]);
    expect(await work(runs[0])).toMatchObject({ status: 'succeeded', seen: 3 });
  });
});
