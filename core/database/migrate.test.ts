import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { createDataSource } from './data-source.ts';
import { migrate, pendingMigrations } from './migrate.ts';

const ALL = readdirSync(new URL('../../migrations/', import.meta.url))
  .map((file) => file.replace(/\.ts$/, ''))
  .sort();

describe('migrate', () => {
  let db: TestDatabase;
  beforeEach(async () => {
    db = await testDatabase({ empty: true });
  });
  afterEach(() => db.close());

  it('rolls a failing migration back, names it, and lets go of its lock', async () => {
    await db.dataSource.query('create table integrations (id int)');
    await expect(migrate(db.dataSource)).rejects.toThrow(
      `Migration ${ALL[0]} failed and was rolled back: relation "integrations"`,
    );
    expect(await db.dataSource.query("select to_regclass('users') as users")).toEqual([{ users: null }]);
    await db.dataSource.query('drop table integrations');
    expect(await migrate(db.dataSource)).toEqual(ALL);
  });

  it('makes the whole schema from nothing, once', async () => {
    expect(await pendingMigrations(db.dataSource)).toEqual(ALL);
    expect(await migrate(db.dataSource)).toEqual(ALL);
    expect(await pendingMigrations(db.dataSource)).toEqual([]);
    expect(await migrate(db.dataSource)).toEqual([]);
  });

  it('runs once when two hosts start at the same time', async () => {
    const other = await createDataSource({ url: db.url, entities: [] }).initialize();
    try {
      const applied = await Promise.all([migrate(db.dataSource), migrate(other), migrate(db.dataSource), migrate(other)]);
      expect(applied.filter((names) => names.length > 0)).toEqual([ALL]);
    } finally {
      await other.destroy();
    }
  });
});
