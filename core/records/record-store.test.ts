import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { until } from '../../tests/support/wait.ts';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';
import { hubError } from '../sdk/errors.ts';
import type { Item } from '../sdk/stream.ts';
import { type RecordPage, type RecordScope, RecordStore } from './record-store.ts';

let db: TestDatabase;
let store: RecordStore;
let sql: Sql;
let scope: RecordScope;

beforeAll(async () => {
  db = await testDatabase();
  store = new RecordStore(db.dataSource);
  sql = sqlOf(db.dataSource);
});
beforeEach(() => {
  scope = { storeId: v7(), integrationId: v7(), stream: 'contacts' };
});
afterAll(() => db.close());

const save = async (...items: Item[]) => keep({ items, began: await store.now() });
const keep = (page: RecordPage, own = scope) => inTransaction(db.dataSource, (tx) => store.savePage(tx, own, page));
const all = async () => (await store.list(scope, { limit: 1_000, deleted: true })).records;
const one = async (id: string) => (await all()).find((record) => record.id === id);
const versions = () =>
  sql.query('select external_id, xmin::text, xmax::text, ctid::text from records where store_id = $1', [scope.storeId]);

describe('savePage', () => {
  it('keeps what Postgres cannot store out of the page and says why, without failing the rest', async () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    const saved = await save(
      { id: 'good', data: { name: 'Ana' } },
      { id: 'nul', data: { name: 'a\0b' } },
      { id: 'nul-name', data: { 'a\0b': 1 } },
      { id: 'half', data: { list: [{ name: '\ud83d' }] } },
      { id: 'id\0nul', data: {} },
      { id: '', data: {} },
      { id: 7 as unknown as string, data: {} },
      { id: 'x'.repeat(2_000), data: {} },
      { id: 'time', data: {}, updatedAt: 'yesterday' },
      { id: 'year', data: {}, updatedAt: '+012345-01-01T00:00:00Z' },
      { id: 'loop', data: loop },
      { id: 'big', data: { n: 1n } },
      { id: 'list', data: [] as unknown as Record<string, unknown> },
      { id: 'gone\ud83d', deleted: true },
    );
    expect(saved).toMatchObject({ written: 1, unchanged: 0, deleted: 0 });
    expect(saved.failed).toHaveLength(13);
    expect(saved.failed.slice(0, 4)).toEqual([
      { id: 'nul', reason: expect.stringContaining('NUL') },
      { id: 'nul-name', reason: expect.stringContaining('NUL') },
      { id: 'half', reason: expect.stringContaining('surrogate') },
      { id: 'id\uFFFDnul', reason: expect.stringContaining('NUL') },
    ]);
    expect((await all()).map(({ id }) => id)).toEqual(['good']);
    await sql.query('select $1::jsonb', [JSON.stringify(saved.failed)]);
  });

  it('keeps text that only looks like it could not be stored', async () => {
    const data = { text: 'C:\\u0000 \\ud83d "quoted" {a,b} \\', emoji: '😀', '{"x"}': null, empty: '' };
    expect(await save({ id: 'a"b,{c}\\', data })).toEqual({
      written: 1,
      unchanged: 0,
      deleted: 0,
      older: 0,
      appeared: 1,
      failed: [],
    });
    expect((await one('a"b,{c}\\'))?.data).toEqual(data);
  });

  it('keeps numbers that Postgres would write out in hundreds of digits each as texts', async () => {
    const huge: Item = { id: 'huge', data: { amount: 12.5, text: 'ae+308', all: [...Array(1000).fill(1e308), -5e-324, 1e21] } };
    expect(await save(huge)).toMatchObject({ written: 1 });
    const found = await one('huge');
    expect(found?.data).toMatchObject({ amount: 12.5, text: 'ae+308' });
    expect(found?.data).toHaveProperty('all', expect.arrayContaining(['1e+308', '-5e-324', 1e21]));
    const [{ bytes } = { bytes: 0 }] = await sql.query<{ bytes: number }>(
      'select octet_length(data::text) as bytes from records where store_id = $1',
      [scope.storeId],
    );
    expect(bytes).toBeLessThan(20_000);
    expect(await save(huge)).toMatchObject({ written: 0, unchanged: 1 });
  });

  it('says how many are there that were not, new or deleted before', async () => {
    expect(await save({ id: '1', data: { n: 1 } }, { id: '2', data: { n: 1 } })).toMatchObject({ written: 2, appeared: 2 });
    expect(await save({ id: '1', deleted: true }, { id: '3', data: {} })).toMatchObject({ deleted: 1, appeared: 1 });
    expect(await save({ id: '1', data: { n: 1 } }, { id: '2', data: { n: 2 } })).toMatchObject({ written: 2, appeared: 1 });
  });

  it('keeps members that are called as an object of JavaScript calls its own', async () => {
    const data = JSON.parse('{"__proto__": {"admin": true}, "constructor": 1, "b": [{"__proto__": null}]}');
    await save({ id: '1', data });
    expect(JSON.stringify((await one('1'))?.data)).toContain('"__proto__"');
    expect(await save({ id: '1', data })).toMatchObject({ unchanged: 1 });
  });

  it('rolls back with its transaction', async () => {
    const began = await store.now();
    const failing = inTransaction(db.dataSource, async (tx) => {
      await store.savePage(tx, scope, { items: [{ id: '1', data: {} }], began });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await all()).toEqual([]);
  });

  it('takes a page of many as it takes one of few', async () => {
    const saved = await Promise.all(
      [4, 40].map(async (count) => {
        const own = { ...scope, integrationId: v7() };
        const kept = async (items: Item[]) => keep({ items, began: await store.now() }, own);
        const page = (n: number, more: object = {}) =>
          Array.from({ length: count }, (_, at) => ({ id: `${count - at}`, data: { n }, updatedAt: `2026-01-0${n}`, ...more }));
        const [first, ...rest] = page(3);
        const told = [
          await kept(page(2)),
          await kept(page(1)),
          await kept(rest.map(({ id }) => ({ id, deleted: true as const }))),
          await kept([...rest, ...(first ? [{ ...first, data: { n: 2 } }] : [])]),
        ];
        const order = (await store.list(own, { limit: 100 })).records.map(({ id }) => Number(id));
        return {
          told: told.map(({ written, appeared, unchanged }) => [written, appeared, unchanged].map((n) => n / count)),
          order,
        };
      }),
    );
    const but = (count: number) => (count - 1) / count;
    const told = (count: number) => [
      [1, 1, 0],
      [0, 0, 1],
      [0, 0, 0],
      [but(count), but(count), 1 / count],
    ];
    const order = (count: number) => [count, ...Array.from({ length: count - 1 }, (_, at) => count - 1 - at)];
    expect(saved).toEqual([4, 40].map((count) => ({ told: told(count), order: order(count) })));
  });

  it.each([8, 50])('does not write, nor even lock, rows that did not change, of %d', async (length) => {
    const items = Array.from({ length }, (_, index) => ({ id: `c${index}`, data: { b: index, a: { d: 1, c: [2] } } }));
    expect(await save(...items)).toMatchObject({ written: length, unchanged: 0 });
    const before = await versions();
    const reordered = items.map(({ id, data }) => ({ id, data: { a: { c: data.a.c, d: 1 }, b: data.b } }));
    expect(await save(...reordered)).toEqual({ written: 0, unchanged: length, deleted: 0, older: 0, appeared: 0, failed: [] });
    expect(await versions()).toEqual(before);
  });

  it('writes what changed under a new cursor', async () => {
    await save({ id: '1', data: { n: 1 } }, { id: '2', data: { n: 1 } });
    const first = await one('1');
    expect(await save({ id: '1', data: { n: 2 } }, { id: '2', data: { n: 1 } })).toMatchObject({ written: 1, unchanged: 1 });
    const second = await one('1');
    expect(second?.data).toEqual({ n: 2 });
    expect(BigInt(second?.cursor ?? 0)).toBeGreaterThan(BigInt(first?.cursor ?? 0));
    expect(second?.createdAt).toEqual(first?.createdAt);
  });

  it('takes the last of several with the same id', async () => {
    const saved = await save(
      { id: '1', data: { n: 1 } },
      { id: '1', data: { n: 2 } },
      { id: '2', data: {} },
      { id: '2', deleted: true },
    );
    expect(saved).toEqual({ written: 1, unchanged: 1, deleted: 0, older: 0, appeared: 1, failed: [] });
    expect((await all()).map(({ data }) => data)).toEqual([{ n: 2 }]);
  });

  it('does not let older data overwrite newer', async () => {
    const at = (hour: string) => `2026-11-21T${hour}:00:00+01:00`;
    await save({ id: '1', data: { n: 'new' }, updatedAt: at('12') });
    expect(await save({ id: '1', data: { n: 'old' }, updatedAt: at('11') })).toMatchObject({ written: 0, unchanged: 1 });
    expect((await one('1'))?.sourceUpdatedAt).toEqual(new Date('2026-11-21T11:00:00Z'));
    expect(await save({ id: '1', data: { n: 'same time' }, updatedAt: at('12') })).toMatchObject({ written: 1 });
    expect(await save({ id: '1', data: { n: 'no time' } })).toMatchObject({ written: 1 });
    expect(await save({ id: '1', data: { n: 'old' }, updatedAt: at('11') })).toMatchObject({ unchanged: 1 });
    expect((await one('1'))?.data).toEqual({ n: 'no time' });
  });

  it('marks deletions, once, and revives on the next upsert', async () => {
    await save({ id: '1', data: { n: 1 } });
    expect(await save({ id: '1', deleted: true }, { id: 'unknown', deleted: true })).toMatchObject({ deleted: 1, unchanged: 1 });
    const deleted = await one('1');
    expect(deleted?.deletedAt).toBeInstanceOf(Date);
    expect(await save({ id: '1', deleted: true })).toMatchObject({ deleted: 0, unchanged: 1 });
    expect((await one('1'))?.cursor).toBe(deleted?.cursor);
    expect(await store.counts(scope.storeId, scope.integrationId)).toEqual({});
    expect(await save({ id: '1', data: { n: 1 } })).toMatchObject({ written: 1 });
    expect((await one('1'))?.deletedAt).toBeNull();
  });

  it('survives writers of the same records in opposite orders', async () => {
    const items = Array.from({ length: 200 }, (_, index) => ({ id: `${index}`, data: { n: 0 } }));
    const round = (n: number) => items.map(({ id }) => ({ id, data: { n } }));
    const began = await store.now();
    const saved = await Promise.all([1, 2, 3, 4].map((n) => keep({ items: n % 2 ? round(n) : round(n).reverse(), began })));
    expect(saved.map(({ written }) => written)).toEqual([200, 200, 200, 200]);
  });
});

describe.each([2, 40])('what was read before what is there, among %d', (count) => {
  const others = Array.from({ length: count - 1 }, (_, at) => ({ id: `other ${at}`, data: { at } }));
  const old = { id: '1', data: { n: 'old' } };
  const fresh = { id: '1', data: { n: 'new' } };
  const gone = { id: '1', deleted: true } as const;
  /** The first came last; the others came with it. */
  const late = async (item: Item, began: RecordPage['began']) => keep({ items: [item, ...others], began });
  const stands = async () => {
    const record = await one('1');
    return record?.deletedAt ? 'gone' : record?.data['n'];
  };
  let before: string;
  beforeEach(async () => {
    before = await store.now();
  });

  it.each<[string, Item, Item, unknown]>([
    ['does not take its place', fresh, old, 'new'],
    ['does not delete it', fresh, gone, 'new'],
    ['does not bring back what is gone', gone, old, 'gone'],
    ['does not bring back what is gone, dated later', gone, { ...old, updatedAt: '2026-11-22T12:00:00Z' }, 'gone'],
    [
      'does not take its place, dated the same',
      { ...fresh, updatedAt: '2026-11-21' },
      { ...old, updatedAt: '2026-11-21' },
      'new',
    ],
  ])('%s', async (_, first, second, left) => {
    await save({ id: '1', data: { n: 'at first' }, updatedAt: '2026-11-20' });
    await save(first);
    const rest = count - 1;
    expect(await late(second, before)).toMatchObject({ written: rest, appeared: rest, unchanged: 0, deleted: 0, older: 1 });
    expect(await stands()).toBe(left);
    expect((await all()).length).toBe(count);
    expect(await late(second, before)).toMatchObject({ written: 0, unchanged: rest, older: 1 });
    expect(await late(second, await store.now())).toMatchObject({ older: 0 });
    expect(await stands()).toBe('deleted' in second ? 'gone' : 'old');
  });

  it('is told by the moment of each, where they differ', async () => {
    await save(fresh);
    const after = await store.now();
    expect(await late(old, ({ id }) => (id === '1' ? before : after))).toMatchObject({ older: 1, written: count - 1 });
    expect(await late(old, ({ id }) => (id === '1' ? after : before))).toMatchObject({ older: 0, written: 1 });
    expect(await late(gone, ({ id }) => (id === '1' ? before : after))).toMatchObject({ older: 1, deleted: 0 });
    expect(await late(gone, ({ id }) => (id === '1' ? after : before))).toMatchObject({ older: 0, deleted: 1 });
  });

  it('is what the provider dates later, which goes before', async () => {
    const between = await store.now();
    await save({ ...old, updatedAt: '2026-11-21' });
    expect(await late({ ...fresh, updatedAt: '2026-11-22' }, before)).toMatchObject({ older: 0, written: count });
    expect(await late(gone, between)).toMatchObject({ older: 1 });
    expect(await stands()).toBe('new');
  });

  it('is not what is dated later than something else that stood there before', async () => {
    await save({ ...old, updatedAt: '2026-11-20' });
    await save({ ...fresh });
    expect(await late({ ...old, updatedAt: '2026-11-22' }, before)).toMatchObject({ older: 1 });
    expect(await stands()).toBe('new');
  });

  it('is what was read while something was changed', async () => {
    for (const [item, left] of [[fresh, 'new'] as const, [gone, 'gone'] as const]) {
      const [began, meanwhile] = [await store.now(), await store.now()];
      await keep({ items: [item], began, ended: await store.now() });
      expect(await late(old, meanwhile)).toMatchObject({ older: 1 });
      expect(await stands()).toBe(left);
    }
  });

  it('is everything, for no longer than until the clock is set back', async () => {
    await save(old);
    await sql.query("update records set read_at = read_at + interval '1 hour' where store_id = $1", [scope.storeId]);
    expect(await late(fresh, await store.now())).toMatchObject({ older: 0 });
    expect(await late(gone, await store.now())).toMatchObject({ older: 0, deleted: 1 });
  });

  it('is nothing of what is there since before moments were kept', async () => {
    await save(old);
    await sql.query('update records set read_at = null where store_id = $1', [scope.storeId]);
    expect(await late(fresh, before)).toMatchObject({ older: 0 });
    expect(await stands()).toBe('new');
  });
});

describe('reading', () => {
  it('refuses a cursor that is none of ours', async () => {
    const error = await store.list(scope, { limit: 1, after: "1' or '1" }).catch((thrown: unknown) => thrown);
    expect(hubError(error)?.code).toBe('VALIDATION_FAILED');
  });

  it('shows no other store, integration or stream', async () => {
    await save({ id: '1', data: {} });
    const { storeId, integrationId } = scope;
    for (const other of [{ storeId: v7() }, { integrationId: v7() }, { stream: 'calendars' }]) {
      expect((await store.list({ ...scope, ...other }, { limit: 10 })).records).toEqual([]);
    }
    expect(await store.counts(storeId, v7())).toEqual({});
    expect(await store.counts(v7(), integrationId)).toEqual({});
  });

  it('pages by cursor in the order of changes and meets what changed meanwhile', async () => {
    await save(...['1', '2', '3', '4', '5'].map((id) => ({ id, data: {} })));
    const first = await store.list(scope, { limit: 2 });
    expect(first.records.map(({ id }) => id)).toEqual(['1', '2']);
    await save({ id: '1', data: { changed: true } }, { id: '4', deleted: true });
    const rest = await store.list(scope, { limit: 10, after: first.next });
    expect(rest.records.map(({ id }) => id)).toEqual(['3', '5', '1']);
    expect(rest.next).toBeUndefined();
    const withDeleted = await store.list(scope, { limit: 10, after: first.next, deleted: true });
    expect(withDeleted.records.map(({ id, deletedAt }) => [id, deletedAt !== null])).toEqual([
      ['3', false],
      ['5', false],
      ['1', false],
      ['4', true],
    ]);
  });

  it('shows people what changed last first, and what is removed behind all that is there, page by page', async () => {
    expect(hubError(await store.latest(scope, { limit: 1, after: 'dx' }).catch((error: unknown) => error))?.code).toBe(
      'VALIDATION_FAILED',
    );
    for (const id of ['a', 'b', 'c', 'd', 'e']) await save({ id, data: { id } });
    await save({ id: 'e', deleted: true }, { id: 'c', deleted: true });
    await save({ id: 'a', data: { id: 'again' } });
    const read = async (limit: number, text?: string) => {
      const pages: string[] = [];
      for (let after: string | undefined; ; ) {
        const { records, next } = await store.latest(scope, { limit, after, text });
        pages.push(records.map(({ id }) => id).join(''));
        if (next === undefined) return pages;
        after = next;
      }
    };
    const [removed = ''] = (await read(5)).map((page) => page.slice(3));
    expect([...removed].toSorted()).toEqual(['c', 'e']);
    expect(await read(5)).toEqual([`adb${removed}`]);
    expect(await read(1)).toEqual([...`adb${removed}`]);
    expect(await read(2)).toEqual(['ad', `b${removed[0]}`, removed[1]]);
    expect(await read(3)).toEqual(['adb', removed]);
    expect(await read(1, 'again')).toEqual(['a']);
  });

  it('shows what was written after a time', async () => {
    await save({ id: '1', data: {} });
    const between = (await one('1'))?.updatedAt;
    await save({ id: '2', data: {} });
    expect((await store.list(scope, { limit: 10, updatedAfter: between })).records.map(({ id }) => id)).toEqual(['2']);
  });

  it('numbers changes in the order in which they are committed', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let begun: () => void = () => undefined;
    const started = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const began = await store.now();
    const slow = inTransaction(db.dataSource, async (tx) => {
      await store.savePage(tx, scope, { items: [{ id: 'slow', data: {} }], began });
      begun();
      await held;
    });
    await started;
    const quick = save({ id: 'quick', data: {} });
    await until(async () => (await sql.query("select 1 from pg_locks where locktype = 'advisory' and not granted")).length > 0, {
      what: 'the second writer to wait',
    });
    expect(await all()).toEqual([]);
    release();
    await Promise.all([slow, quick]);
    expect((await all()).map(({ id }) => id)).toEqual(['slow', 'quick']);
  });
});

describe('a search', () => {
  it('finds what holds the text in any case, takes signs literally, and nothing else', async () => {
    await save({ id: 'a', data: { name: 'Ann "The" Lee', rate: '10%' } }, { id: 'b', data: { name: 'Bob', rate: '100' } });
    const found = async (text: string) => (await store.list(scope, { limit: 10, text })).records.map(({ id }) => id);
    expect(await found('nobody')).toEqual([]);
    expect(await found('10_')).toEqual([]);
    expect(await found('10%')).toEqual(['a']);
    expect(await found('"the" LEE')).toEqual(['a']);
    expect(await found('b')).toEqual(['b']);
    expect(await found('10')).toEqual(['a', 'b']);
  });
});

describe('a search that cannot end', () => {
  it('is given up in words, and lets no third one wait beside two', async () => {
    const impatient = new RecordStore(db.dataSource, { searchMs: 300 });
    const search = () => impatient.list(scope, { limit: 10, text: 'x' });
    const outcomes = await inTransaction(db.dataSource, async (tx) => {
      await tx.query('lock table records in access exclusive mode');
      return Promise.allSettled([search(), search(), search()]);
    });
    const reasons = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason : undefined));
    expect(reasons.map((reason) => reason?.consequence)).toEqual(['rejected', 'rejected', 'try-later']);
    expect(reasons[0].message).toContain('too much here to search');
    expect(await search()).toEqual({ records: [], next: undefined });
  });
});

describe('deletions found by a full run', () => {
  const batchesOf = async (runId: string, covers: (data: Readonly<Record<string, unknown>>) => boolean = () => true) => {
    const batches: string[][] = [];
    for await (const { gone } of store.missing(sql, scope, runId, covers)) batches.push([...gone]);
    return batches;
  };
  const collect = async (...input: Parameters<typeof batchesOf>) => (await batchesOf(...input)).flat();

  it('are what the run should have met and did not', async () => {
    const [run, earlier] = [v7(), v7()];
    await save(...['1', '2', '3', '4', '5'].map((id) => ({ id, data: { old: id === '5' } })), { id: '6', data: {} });
    await save({ id: '6', deleted: true });
    await store.seen(sql, scope, earlier, ['3']);
    await store.seen(sql, scope, run, ['1', '1', 'bad\0', 'never stored']);
    await store.seen(sql, scope, run, ['1', '2']);
    await store.seen(sql, scope, run, []);
    expect(await collect(run, ({ old }) => old !== true)).toEqual(['3', '4']);
    const gone = async (...ids: string[]) => store.markDeleted(sql, scope, { ids, began: await store.now() });
    expect(await gone('3', '4', 'never stored')).toBe(2);
    expect(await gone()).toBe(0);
    expect(await collect(run)).toEqual(['5']);
    await store.forgetSeen(sql, scope.storeId, run);
    expect(await collect(run)).toEqual(['1', '2', '5']);
    expect(await collect(earlier)).toEqual(['1', '2', '5']);
  });

  it('leave out what came by another way while the run went on', async () => {
    const runId = v7();
    await save({ id: 'before', data: {} });
    await sql.query("insert into stores (id, slug, name) values ($1::uuid, $1::uuid::text, 'S')", [scope.storeId]);
    await sql.query(
      `insert into integrations (store_id, id, plugin_id, name, status, method, webhook_key)
       values ($1, $2::uuid, 'acme', 'Acme', 'active', 'manual', $2::uuid::text)`,
      [scope.storeId, scope.integrationId],
    );
    await sql.query(
      `insert into sync_runs (store_id, id, integration_id, stream, trigger, mode, status, started_at)
       values ($1, $2, $3, 'contacts', 'manual', 'full', 'running', clock_timestamp())`,
      [scope.storeId, runId, scope.integrationId],
    );
    await save({ id: 'by webhook', data: {} });
    expect(await collect(runId)).toEqual(['before']);
  });

  it('are found in batches, beyond the first', async () => {
    await save(...Array.from({ length: 2_100 }, (_, index) => ({ id: `r${index}`, data: { index } })));
    const runId = v7();
    await store.seen(sql, scope, runId, ['r5']);
    const batches = await batchesOf(runId);
    expect(batches.map((batch) => batch.length)).toEqual([1_000, 999, 100]);
    expect(new Set(batches.flat()).size).toBe(2_099);
  });
});

describe('deleteAll', () => {
  it('removes the records of one integration and no others', async () => {
    await save({ id: '1', data: {} }, { id: '2', data: {} });
    const kept = scope;
    scope = { ...scope, integrationId: v7() };
    await save({ id: '1', data: {} });
    expect(await store.deleteAll(sql, scope.storeId, scope.integrationId)).toBe(1);
    expect(await store.deleteAll(sql, v7(), kept.integrationId)).toBe(0);
    expect(await store.counts(kept.storeId, kept.integrationId)).toEqual({ contacts: 2 });
  });
});
