import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { createDataSource } from './data-source.ts';
import { inPipeline } from './pipeline.ts';
import { inOrder, isDatabaseAway, type Sql, sqlOf } from './transaction.ts';

describe('a transaction in a pipeline', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await testDatabase();
    await db.dataSource.query('create table things (id int primary key, name text)');
  });
  afterAll(() => db.close());

  const names = async () => (await sqlOf(db.dataSource).query('select name from things order by id')).map(({ name }) => name);
  const insert = (sql: Sql, id: number, name: string) =>
    sql.query('insert into things values ($1, $2)', [id, name], 'things_insert');

  it('leaves nothing when the work throws, though a statement is still on its way', async () => {
    const work = inPipeline(db.dataSource, async (sql) => {
      void insert(sql, 1, 'a');
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await names()).toEqual([]);
  });

  it('tells the first statement that failed, not those it took with it, and undoes all', async () => {
    const work = inPipeline(db.dataSource, (sql) =>
      inOrder(
        sql,
        () => insert(sql, 1, 'a'),
        () => sql.query('select 1 / $1::int', [0]),
        () => insert(sql, 2, 'b'),
      ),
    );
    await expect(work).rejects.toMatchObject({ code: '22012' });
    expect(await names()).toEqual([]);
  });

  it('sends its end behind the last statement, and leaves nothing when that one fails', async () => {
    const work = (by: number) =>
      inPipeline(db.dataSource, (sql) =>
        inOrder(
          sql,
          () => insert(sql, 3, 'c'),
          () => sql.query('select 1 / $1::int', [by]),
          async () => sql.commit?.(),
        ),
      );
    await expect(work(0)).rejects.toMatchObject({ code: '22012' });
    expect(await names()).toEqual([]);
    await work(1);
    expect(await names()).toEqual(['c']);
    await db.dataSource.query('truncate things');
  });

  it('answers each of its statements in its turn', async () => {
    const answers = await inPipeline(db.dataSource, (sql) =>
      inOrder(
        sql,
        () => insert(sql, 1, 'a'),
        () => sql.query("update things set name = name || 'b' returning name"),
        () => sql.query('select count(*)::int as count from things'),
      ),
    );
    expect(answers).toEqual([[], [{ name: 'ab' }], [{ count: 1 }]]);
    expect(await names()).toEqual(['ab']);
  });

  it('gives its connection back as it was, and none that broke', async () => {
    const other = await createDataSource({ url: db.url, entities: [], poolSize: 1 }).initialize();
    const pid = async (sql: Sql) => (await sql.query('select pg_backend_pid() as pid'))[0]?.['pid'];
    const first = await inPipeline(other, pid);
    expect(await pid(sqlOf(other))).toBe(first);
    const broken = inPipeline(other, (sql) => sql.query('select pg_terminate_backend(pg_backend_pid())'));
    const error: unknown = await broken.catch((reason: unknown) => reason);
    expect(isDatabaseAway(error)).toBe(true);
    expect(await inPipeline(other, pid)).not.toBe(first);
    await other.destroy();
  });
});
