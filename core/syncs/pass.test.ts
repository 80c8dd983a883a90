import { describe, expect, it } from '@jest/globals';
import { contact, contacts, paged, scripted } from '../../tests/support/contact-streams.ts';
import type { TestDatabase } from '../../tests/support/database.ts';
import { eachInSyncRoom, type SyncRoom } from '../../tests/support/sync-room.ts';
import { until } from '../../tests/support/wait.ts';
import { inTransaction } from '../database/transaction.ts';
import type { Integration } from '../integrations/integration-store.ts';
import { type Item, type Page, Rejected, type Stream, TryLater } from '../sdk/index.ts';

let db: TestDatabase;
let room: SyncRoom;
let integration: Integration;

eachInSyncRoom(async (test) => {
  ({ room, db } = test);
  integration = await room.connect();
});

describe('a page that was asked for before somebody wrote', () => {
  const write = async (...items: Item[]) =>
    inTransaction(db.dataSource, async (sql) => {
      const scope = { storeId: room.storeId, integrationId: integration.id, stream: 'contacts' };
      return room.records.savePage(sql, scope, { items, began: await room.records.now() });
    });
  const names = async () => {
    const scope = { storeId: room.storeId, integrationId: integration.id, stream: 'contacts' };
    const { records } = await room.records.list(scope, { limit: 100 });
    return new Map(records.map(({ id, data }) => [id, data['name']]));
  };
  const [first, , gone] = [contact(0), contact(1), contact(2)];

  it('leaves that alone, says how many, and the next page has the last word', async () => {
    await write(...contacts(20));
    room.use(
      paged(contacts(20), 'full', async (page) => {
        if (page === 0) await write({ ...first, data: { name: 'Written meanwhile' } }, { id: gone.id, deleted: true });
        if (page === 1)
          await room.sql.query("update records set data = data || '{\"n\": 1}', hash = '' where external_id > 'c0009'");
      }),
    );
    const run = await room.sync(integration);
    expect(run).toMatchObject({ status: 'succeeded', seen: 20, written: 10, unchanged: 8, older: 2, deleted: 0, failed: 0 });
    expect(run.message).toContain('2 contacts were left as they are: something newer was here.');
    const left = await names();
    expect([left.get(first.id), left.has(gone.id), left.size]).toEqual(['Written meanwhile', false, 19]);
  });

  it('leaves it alone on any page, whatever was on the pages before', async () => {
    room.use(
      paged(contacts(20), 'full', async (page) => {
        if (page === 0) await write(contact(10, 'Before it was asked for'));
        if (page === 1) await write(contact(11, 'Written meanwhile'));
      }),
    );
    expect(await room.sync(integration)).toMatchObject({ written: 19, older: 1 });
    const left = await names();
    expect([left.get('c0010'), left.get('c0011')]).toEqual(['Contact 10', 'Written meanwhile']);
  });

  it.each([
    [0, [0, 1, 2, 3]],
    [2, [2, 3]],
  ])('is read again by the next run, and what came behind it: page %i, in a run that stopped midway', async (at, again) => {
    let fetched: number[] = [];
    let [overtaken, stopped] = [false, false];
    room.use(
      paged(contacts(40), 'incremental', async (page) => {
        fetched.push(page);
        if (page === at && !overtaken) await write(contact(10 * at, 'Written meanwhile'));
        overtaken ||= page === at;
        if (page !== 3 || stopped) return;
        stopped = true;
        throw new TryLater('Later.');
      }),
    );
    const run = await room.sync(integration);
    await room.age(run);
    await room.execute(run);
    expect(fetched).toEqual([0, 1, 2, 3, 3]);
    expect((await names()).get(contact(10 * at).id)).toBe('Written meanwhile');
    fetched = [];
    expect(await room.sync(integration)).toMatchObject({ status: 'succeeded', written: 1, older: 0 });
    expect([fetched, (await names()).get(contact(10 * at).id)]).toEqual([again, `Contact ${10 * at}`]);
    fetched = [];
    expect(await room.sync(integration)).toMatchObject({ status: 'succeeded', seen: 0 });
    expect(fetched).toEqual([]);
  });

  it('does not bring back what a later run has found to be gone', async () => {
    await write(...contacts(20));
    const began = await room.records.now();
    room.use(paged(contacts(19), 'full'));
    expect(await room.sync(integration)).toMatchObject({ deleted: 1 });
    const scope = { storeId: room.storeId, integrationId: integration.id, stream: 'contacts' };
    expect(await room.records.savePage(room.sql, scope, { items: [contact(19)], began })).toMatchObject({ older: 1 });
    expect((await names()).has('c0019')).toBe(false);
  });
});

describe('records that fail', () => {
  it('are counted, kept with their reason, and the rest is synced', async () => {
    const items = [...contacts(97), { id: 'bad', data: { name: 'a\0b' } }, { id: '', data: {} }, null as unknown as Item];
    room.use(scripted([{ items, checkpoint: { n: 1 }, failed: [{ id: 'c999', reason: 'has no e-mail address' }] }]));
    const run = await room.sync(integration);
    expect(run).toMatchObject({ status: 'partial', seen: 101, written: 97, failed: 4 });
    expect(run.failures).toContainEqual({ id: 'c999', reason: 'has no e-mail address' });
    expect(run.failures).toContainEqual({ id: 'bad', reason: expect.stringContaining('NUL') });
    expect(run.message).toMatch(/^Synced 97 of 101 contacts from Blue Fitness; 4 failed: c999 \(has no e-mail address\), /);
    expect(await room.checkpoint(integration)).toEqual({ value: { n: 1 }, complete: true });
  });

  it('are kept up to a hundred', async () => {
    const failed = (from: number) => Array.from({ length: 80 }, (_, at) => ({ id: `f${from + at}`, reason: 'broken' }));
    room.use(
      scripted([
        { items: contacts(1), checkpoint: { n: 1 }, failed: failed(0) },
        { items: contacts(1, 1), checkpoint: { n: 2 }, failed: failed(80) },
      ]),
    );
    const run = await room.sync(integration);
    expect(run).toMatchObject({ status: 'partial', failed: 160, seen: 162 });
    expect(run.failures).toHaveLength(100);
    expect(run.failures.at(-1)?.id).toBe('f99');
  });
});

describe('deletions', () => {
  it('are found by a full run and left alone where the stream does not cover them', async () => {
    room.use({ ...paged(contacts(40), 'full'), covers: (data) => data['name'] !== 'Contact 3' });
    await room.sync(integration);
    room.use({ ...paged(contacts(30, 5), 'full'), covers: (data) => data['name'] !== 'Contact 3' });
    const run = await room.sync(integration);
    expect(run).toMatchObject({ status: 'succeeded', deleted: 9, seen: 30 });
    expect(run.message).toBe('Synced 30 contacts (9 changed) from Blue Fitness; 31 contacts in all.');
    expect(await room.recordIds(integration)).toEqual(['c0003', ...contacts(30, 5).map(({ id }) => id)]);
  });

  it('are judged by the settings the run was read with, what the form fills in included', async () => {
    const settings: unknown[] = [];
    room.use({ ...paged(contacts(5), 'full'), covers: (_, __, config) => Boolean(settings.push(config)) });
    await room.sync(integration);
    room.use({ ...paged(contacts(4), 'full'), covers: (_, __, config) => Boolean(settings.push(config)) });
    expect(await room.sync(integration)).toMatchObject({ deleted: 1 });
    expect(settings).toEqual([expect.objectContaining({ list: 'main' })]);
  });

  it('stop when more than a third would go, and say so', async () => {
    room.use(paged(contacts(60), 'full'));
    await room.sync(integration);
    room.use(paged(contacts(39), 'full'));
    const run = await room.sync(integration);
    expect(run).toMatchObject({ status: 'partial', deleted: 0 });
    expect(run.message).toContain('Nothing was deleted: 21 of 60 contacts');
    expect(run.heldBack).toBe(21);
    expect(await room.recordIds(integration)).toHaveLength(60);
  });

  it('beyond a third are carried out by a run that was told so, and by no later one', async () => {
    room.use({ ...paged(contacts(60)), covers: () => true });
    await room.sync(integration);
    room.use(paged(contacts(30)));
    expect(await room.sync(integration, { allowDeletions: true })).toMatchObject({
      status: 'succeeded',
      mode: 'full',
      deleted: 30,
      heldBack: 0,
    });
    room.use(paged([], 'full'));
    expect(await room.sync(integration)).toMatchObject({ status: 'partial', deleted: 0, heldBack: 30, allowDeletions: false });
  });

  it('may take all of a few', async () => {
    room.use(paged(contacts(5), 'full'));
    await room.sync(integration);
    room.use(paged([], 'full'));
    expect(await room.sync(integration)).toMatchObject({ status: 'succeeded', deleted: 5 });
  });

  it('are found by an incremental run among what it read again, from where it began', async () => {
    const begins: unknown[] = [];
    const rereads = (items: Item[], done: number): Stream => ({
      ...scripted([{ items, checkpoint: { done } }]),
      covers: (data, _, __, from) => {
        begins.push(from);
        return Number(data['day']) >= Number(from?.['done'] ?? 0) - 2;
      },
    });
    const day = (n: number): Item => ({ id: `d${n}`, data: { day: n } });
    room.use(rereads([1, 2, 3, 4, 5].map(day), 5));
    expect(await room.sync(integration)).toMatchObject({ status: 'succeeded', deleted: 0 });
    room.use(rereads([3, 5, 6].map(day), 6));
    const run = await room.sync(integration);
    expect(run).toMatchObject({ status: 'succeeded', deleted: 1, seen: 3 });
    expect(await room.recordIds(integration)).toEqual(['d1', 'd2', 'd3', 'd5', 'd6']);
    expect(begins.at(-1)).toEqual({ done: 5 });
  });

  it('are judged by where a run began, also when another worker ends it', async () => {
    const began: unknown[] = [];
    room.use({ ...paged(contacts(20)), covers: () => true });
    await room.sync(integration);
    let hang = true;
    const second: Stream = {
      ...paged(contacts(40), 'incremental', async (page) => {
        if (page === 3 && hang) await new Promise(() => undefined);
      }),
      covers: (_, __, ___, from) => Boolean(began.push(from)) && false,
    };
    room.use(second);
    const run = await room.ask(integration);
    const killed = new AbortController();
    const dead = room.execute(run, { beatMs: 1_000_000 }, killed.signal);
    await until(async () => (await room.again(run)).pages === 1, { what: 'a page' });
    await room.age(run);
    hang = false;
    await room.execute(run);
    expect(new Set(began.map((from) => JSON.stringify(from)))).toEqual(new Set(['{"done":20}']));
    killed.abort();
    await dead.catch(() => undefined);
  });

  it.each([
    ['fails', new Rejected('No.')],
    ['is partial', undefined],
  ])('do not happen when the run %s', async (_, error) => {
    room.use(paged(contacts(20), 'full'));
    await room.sync(integration);
    const first: Page = { items: contacts(15), checkpoint: { n: 1 }, failed: error ? [] : [{ id: 'x', reason: 'unreadable' }] };
    room.use(scripted(error ? [first, error] : [first], 'full'));
    expect(await room.sync(integration)).toMatchObject({ status: error ? 'failed' : 'partial', deleted: 0 });
    expect(await room.recordIds(integration)).toHaveLength(20);
  });
});

describe('what the provider withheld', () => {
  it('is passed on, each note once', async () => {
    const page = (n: number, notes: string[]): Page => ({ items: contacts(1, n), checkpoint: { n }, notes });
    room.use(scripted([page(1, ['Rows were withheld.']), page(2, ['Rows were withheld.', 'Sampled.']), page(3, [])]));
    const run = await room.sync(integration);
    expect(run.status).toBe('succeeded');
    expect(run.message).toBe('Synced 3 contacts (3 changed) from Blue Fitness. Rows were withheld. Sampled.');
  });
});
