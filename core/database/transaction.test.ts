import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { until } from '../../tests/support/wait.ts';
import { createDataSource } from './data-source.ts';
import { inTransaction, isDatabaseAway, sqlOf } from './transaction.ts';

describe('a transaction', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await testDatabase();
    await db.dataSource.query('create table things (id int primary key, name text)');
  });
  afterAll(() => db.close());

  it('leaves nothing when the work throws', async () => {
    const work = inTransaction(db.dataSource, async (sql) => {
      await sql.query('insert into things values (1, $1)', ['a']);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await sqlOf(db.dataSource).query('select * from things')).toEqual([]);
  });

  it('gives rows for every kind of statement', async () => {
    const rows = await inTransaction(db.dataSource, async (sql) => [
      await sql.query('insert into things values (2, $1) returning id', ['b']),
      await sql.query('update things set name = $1 returning name', ['c']),
      await sql.query('select name from things'),
      await sql.query('delete from things returning id'),
      await sql.query('delete from things'),
    ]);
    expect(rows).toEqual([[{ id: 2 }], [{ name: 'c' }], [{ name: 'c' }], [{ id: 2 }], []]);
  });

  it('tells a database that went away from one that refused', async () => {
    const nowhere = createDataSource({ url: 'postgres://x@127.0.0.1:1/x', entities: [] });
    const refused = await nowhere.initialize().catch((error: unknown) => error);
    expect(isDatabaseAway(refused)).toBe(true);
    const wrong = await db.dataSource.query('select nothing').catch((error: unknown) => error);
    expect(isDatabaseAway(wrong)).toBe(false);
    expect(isDatabaseAway(undefined)).toBe(false);
  });

  it('survives the end of its idle connections, and says away for one that ends in a query', async () => {
    const other = await createDataSource({ url: db.url, entities: [], applicationName: 'doomed', poolSize: 2 }).initialize();
    const kill = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'doomed'";
    await other.query('select 1');
    await db.dataSource.query(kill);
    await until(() => other.query('select 1'), { what: 'a fresh connection' });
    const sleeping = other.query('select pg_sleep(20)').catch((error: unknown) => error);
    const running = "select 1 from pg_stat_activity where application_name = 'doomed' and query like '%pg_sleep%'";
    await until(async () => (await db.dataSource.query(running)).length > 0, { what: 'the query to run' });
    await db.dataSource.query(kill);
    expect(isDatabaseAway(await sleeping)).toBe(true);
    const rows = await until(() => other.query('select 1 as n'), { what: 'a fresh connection' });
    expect(rows).toEqual([{ n: 1 }]);
    await other.destroy();
  });
});
