import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { binaryArray } from './binary-array.ts';
import { createDataSource } from './data-source.ts';
import { prepared } from './prepared.ts';
import { inTransaction, isDatabaseAway } from './transaction.ts';

let db: TestDatabase;
let impatient: DataSource;

beforeAll(async () => {
  db = await testDatabase();
  impatient = await createDataSource({ url: db.url, entities: [], poolSize: 1, queryTimeoutMs: 300 }).initialize();
});
afterAll(async () => {
  await impatient.destroy();
  await db.close();
});

const failure = (asking: Promise<unknown>) =>
  asking.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a server that does not answer in time', () => {
  it('counts as away, and its connection is not used again', async () => {
    const own = async () => (await impatient.query('select pg_backend_pid() as pid'))[0].pid as number;
    const before = await own();
    expect(isDatabaseAway(await failure(impatient.query('select pg_sleep(30)')))).toBe(true);
    const after = await own();
    expect(after).not.toBe(before);
    expect(isDatabaseAway(await failure(prepared(impatient, 'slow').query('select pg_sleep($1)', [30])))).toBe(true);
    expect(await own()).not.toBe(after);
    const since = Date.now();
    expect(isDatabaseAway(await failure(prepared(db.dataSource, 'sooner', 200).query('select pg_sleep($1)', [30])))).toBe(true);
    expect(Date.now() - since).toBeLessThan(5000);
  });

  it('leaves nothing of a transaction', async () => {
    await impatient.query('create table half (n int)');
    const half = inTransaction(impatient, async (sql) => {
      await sql.query('insert into half values (1)');
      await sql.query('select pg_sleep(30)');
    });
    expect(isDatabaseAway(await failure(half))).toBe(true);
    expect(await impatient.query('select * from half')).toEqual([]);
  });
});

describe('an array in binary', () => {
  it.each([
    ['text', ['', 'a"b,{}\\', 'ü😀', null, 'NULL'], ['', 'a"b,{}\\', 'ü😀', null, 'NULL']],
    ['int4', [0, -1, 2_147_483_647, null], [0, -1, 2_147_483_647, null]],
    ['uuid', ['0193e1a0-0000-7000-8000-00000000abcd', null], ['0193e1a0-0000-7000-8000-00000000abcd', null]],
    ['jsonb', ['{"a":[1,"ü"]}', null], [{ a: [1, 'ü'] }, null]],
    ['bytea', [Buffer.from([0, 255]), Buffer.alloc(0), null], [Buffer.from([0, 255]), Buffer.alloc(0), null]],
    [
      'timestamptz',
      [new Date('2026-11-21T10:00:00.123Z'), new Date(0), null],
      [new Date('2026-11-21T10:00:00.123Z'), new Date(0), null],
    ],
    ['text', [], []],
  ] as const)('is what Postgres reads: %s %#', async (type, values, expected) => {
    const rows = await db.dataSource.query(`select unnest($1::${type}[]) as value`, [binaryArray(type, values)]);
    expect(rows.map(({ value }: { value: unknown }) => value)).toEqual(expected);
  });
});
