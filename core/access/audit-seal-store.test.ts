import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { type Sql, sqlOf } from '../database/transaction.ts';
import { Audit } from './audit.ts';
import { AuditListStore } from './audit-list-store.ts';
import { AuditReadStore } from './audit-read-store.ts';
import { AuditReads } from './audit-reads.ts';
import { AuditSealStore, NO_STORE, type Signer } from './audit-seal-store.ts';
import { worthTelling } from './audit-verdict.ts';

let db: TestDatabase;
let sql: Sql;
let audit: Audit;
let seals: AuditSealStore;
let storeId: string;

const signer = (key: string): Signer => {
  const sign = (text: string) => ({ kid: key, mac: createHmac('sha256', key).update(text).digest('base64url') });
  const check: Signer['check'] = (text, { kid, mac }) => (kid !== key ? 'unknown' : sign(text).mac === mac ? 'right' : 'wrong');
  return { sign, check };
};

beforeAll(async () => {
  db = await testDatabase();
  sql = sqlOf(db.dataSource);
  audit = new Audit(sql);
  seals = new AuditSealStore(db.dataSource, signer('ours'));
});

beforeEach(async () => {
  storeId = v7();
  for (const target of ['one', 'two', 'three'])
    await audit.record({ storeId, actor: 'ana@example.com', action: 'integration.change', target });
});

afterAll(() => db.close());

const faults = async () => (await seals.verify(storeId)).faults.join(' ');

describe('a sealed audit log', () => {
  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'an entry was changed',
      () => sql.query(`update audit_entries set actor = 'bea' where store_id = $1 and target = 'two'`, [storeId]),
      /was changed/,
    ],
    [
      'an entry was taken away',
      () => sql.query(`delete from audit_entries where store_id = $1 and target = 'two'`, [storeId]),
      /made of 3 entries, and 2 are there/,
    ],
    [
      'an entry was slipped in',
      () =>
        sql.query(`insert into audit_entries (id, store_id, actor, action, seal) values ($2, $1, 'x', 'y.z', 1)`, [
          storeId,
          v7(),
        ]),
      /made of 3 entries, and 4 are there/,
    ],
    [
      'a seal was taken away',
      () => sql.query('delete from audit_seals where store_id = $1 and number = 1', [storeId]),
      /before it are gone/,
    ],
    [
      'the last seal was taken away',
      () => sql.query('delete from audit_seals where store_id = $1 and number = 2', [storeId]),
      /cut off/,
    ],
    ['a seal was made anew without our key', forge, /not made by this hub/],
  ])('shows that %s', async (_, tamper, says) => {
    await seals.seal();
    await audit.record({ storeId, actor: 'ana@example.com', action: 'integration.disconnect', target: 'one' });
    await seals.seal();
    expect(await faults()).toBe('');
    await tamper();
    expect(await faults()).toMatch(says);
  });

  it('in ruins shows what is wrong first, and how much more there is', () => {
    const faults = Array.from({ length: 23 }, (_, at) => `Seal ${at + 1}: it was changed itself.`);
    expect(worthTelling(faults).slice(-2)).toEqual([faults[19], 'And 3 more.']);
    expect(worthTelling(faults.slice(0, 20))).toEqual(faults.slice(0, 20));
  });

  it('says how much of it is too young to be sealed', async () => {
    expect(await seals.verify(storeId)).toMatchObject({ intact: true, entries: 0, loose: 3, seals: 0, head: null });
    await seals.seal();
    expect(await seals.verify(storeId)).toMatchObject({ intact: true, entries: 3, loose: 0, seals: 1 });
  });

  it('stays whole when its oldest entries are dropped', async () => {
    await seals.seal();
    await audit.record({ storeId, actor: 'ana@example.com', action: 'integration.remove' });
    await seals.seal();
    await sql.query(`update audit_seals set last_at = now() - interval '2 days' where store_id = $1 and number = 1`, [storeId]);
    expect(await seals.drop(storeId, new Date(Date.now() - 86_400_000))).toBe(3);
    expect(await seals.verify(storeId)).toMatchObject({ intact: true, entries: 1, dropped: 3, seals: 2 });
  });

  it('is one chain however many hosts seal at once, beside those who write', async () => {
    const writers = Array.from({ length: 20 }, () => audit.record({ storeId, actor: 'x', action: 'integration.change' }));
    await Promise.all([...writers, seals.seal(), seals.seal(), seals.seal()]);
    await seals.seal();
    expect(await seals.verify(storeId)).toMatchObject({ intact: true, entries: 23, loose: 0 });
  });

  it('has a chain for what concerns no store', async () => {
    await audit.record({ actor: 'ana@example.com', action: 'user.login' });
    await seals.seal();
    expect((await seals.verify(NO_STORE)).intact).toBe(true);
    expect(await seals.scopes()).toEqual(expect.arrayContaining([NO_STORE, storeId]));
  });
});

describe('the search of the audit log', () => {
  const found = async (sought: object) =>
    (await new AuditListStore(db.dataSource).page({ storeId, ...sought }, { limit: 50 })).entries.map(({ target }) => target);

  it.each<[string, object, (string | null)[]]>([
    ['another store', { storeId: v7() }, []],
    ['a sign that means itself', { text: '%' }, []],
    ['an address in part', { actor: 'ANA@' }, ['three', 'two', 'one']],
    ['a kind of action', { action: 'integration.' }, ['three', 'two', 'one']],
    ['an action', { action: 'integration' }, []],
    ['a target', { target: 'two' }, ['two']],
    ['any word', { text: 'thre' }, ['three']],
    ['a time before', { until: new Date(0) }, []],
    ['a time since', { from: new Date(0) }, ['three', 'two', 'one']],
  ])('finds what fits %s', async (_, sought, targets) => {
    expect(await found(sought)).toEqual(targets);
  });

  it('goes on where a page ended, whatever arrives meanwhile', async () => {
    const lists = new AuditListStore(db.dataSource);
    const first = await lists.page({ storeId }, { limit: 2 });
    await audit.record({ storeId, actor: 'x', action: 'user.login', target: 'four' });
    const second = await lists.page({ storeId }, { limit: 2, after: first.next });
    expect([...first.entries, ...second.entries].map(({ target }) => target)).toEqual(['three', 'two', 'one']);
    expect(second.next).toBeUndefined();
  });
});

describe('what the hub itself reads of credentials', () => {
  it('becomes one entry for an integration and an hour, with counts', async () => {
    const store = new AuditReadStore(db.dataSource);
    const reads = new AuditReads(store, () => undefined);
    const integration = v7();
    for (const purpose of ['sync of contacts', 'sync of contacts', 'onEvent']) reads.note(storeId, integration, purpose);
    await reads.flush();
    reads.note(storeId, integration, 'onEvent');
    await reads.flush();
    expect(await store.settle(audit)).toBe(0);
    await sql.query(`update credential_reads set hour = hour - interval '2 hours'`);
    expect(await store.settle(audit)).toBe(1);
    const { entries } = await new AuditListStore(db.dataSource).page({ storeId }, { limit: 1 });
    const [entry] = entries;
    expect(entry).toMatchObject({
      actor: 'system',
      action: 'credential.use',
      target: integration,
      detail: { count: 4, purposes: { 'sync of contacts': 2, onEvent: 2 } },
    });
    expect(await store.settle(audit)).toBe(0);
  });

  it('is not forgotten when it could not be written down', async () => {
    const kept: unknown[] = [];
    let away = true;
    const store = {
      add: async (reads: readonly { count: number }[]) => {
        if (away) throw new Error('the database is away');
        kept.push(...reads.map(({ count }) => count));
      },
    };
    const reads = new AuditReads(store, () => undefined);
    reads.note(storeId, v7(), 'test');
    await reads.flush();
    away = false;
    await reads.flush();
    expect(kept).toEqual([1]);
  });
});

/** The seal itself and its hash fit, as whoever may write the table can make them. */
async function forge(): Promise<void> {
  await sql.query('delete from audit_seals where store_id = $1', [storeId]);
  await sql.query('update audit_entries set seal = null where store_id = $1', [storeId]);
  const foreign = new AuditSealStore(db.dataSource, {
    ...signer('theirs'),
    sign: (text) => ({ ...signer('theirs').sign(text), kid: 'ours' }),
  });
  await foreign.seal();
}
