import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EntityMetadata } from 'typeorm';
import { ENTITIES } from '../core/wire-entities.ts';
import { type TestDatabase, testDatabase } from './support/database.ts';

interface Shape {
  readonly type: string;
  readonly nullable: boolean;
  readonly key: boolean;
}

/** How the catalogue names the types that TypeORM knows by other names. */
const NAMES: Readonly<Record<string, string>> = {
  int: 'integer',
  int4: 'integer',
  int8: 'bigint',
  bool: 'boolean',
  timestamptz: 'timestamp with time zone',
  varchar: 'character varying',
};

describe('entities and migrations', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await testDatabase({ entities: ENTITIES });
  });
  afterAll(() => db.close());

  it('agree on every column, its type, whether it may be null, and the key', async () => {
    const drift: Record<string, unknown> = {};
    for (const metadata of db.dataSource.entityMetadatas) {
      const [entity, table] = [shapeOfEntity(metadata), await shapeOfTable(metadata.tableName)];
      for (const column of new Set([...Object.keys(entity), ...Object.keys(table)])) {
        const same = JSON.stringify(entity[column]) === JSON.stringify(table[column]);
        if (!same) drift[`${metadata.tableName}.${column}`] = { entity: entity[column], table: table[column] };
      }
    }
    expect(drift).toEqual({});
    expect(db.dataSource.entityMetadatas).toHaveLength(ENTITIES.length);
  });

  it('lead the keys and indexes of every tenant table with the store', async () => {
    const indexes: { table: string; name: string; first: string }[] = await db.dataSource.query(`
      select c.relname as "table", i.relname as name, a.attname as first
      from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
      join pg_attribute a on a.attrelid = c.oid and a.attnum = x.indkey[0]
      where x.indisprimary and c.relnamespace = 'public'::regnamespace
      and exists (select 1 from pg_attribute s where s.attrelid = c.oid and s.attname = 'store_id' and s.attnotnull)`);
    expect(indexes.length).toBeGreaterThan(0);
    expect(indexes.filter(({ first }) => first !== 'store_id')).toEqual([]);
  });

  it('have no foreign key that crosses stores', async () => {
    const keys: { name: string; columns: string[] }[] = await db.dataSource.query(`
      select k.conname as name, array(select a.attname::text from unnest(k.conkey) n join pg_attribute a on a.attrelid = k.conrelid and a.attnum = n) as columns
      from pg_constraint k where k.contype = 'f' and k.connamespace = 'public'::regnamespace
      and k.confrelid <> 'users'::regclass`);
    expect(keys.filter(({ columns }) => !columns.includes('store_id'))).toEqual([]);
  });

  async function shapeOfTable(table: string): Promise<Record<string, Shape>> {
    const rows: (Shape & { column: string })[] = await db.dataSource.query(
      `select a.attname as column, format_type(a.atttypid, null) as type, not a.attnotnull as nullable,
              coalesce(a.attnum = any(x.indkey), false) as key
       from pg_attribute a left join pg_index x on x.indrelid = a.attrelid and x.indisprimary
       where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped`,
      [table],
    );
    return Object.fromEntries(rows.map(({ column, type, nullable, key }) => [column, { type, nullable, key }]));
  }

  function shapeOfEntity({ columns }: EntityMetadata): Record<string, Shape> {
    return Object.fromEntries(
      columns.map((column) => {
        const plain = db.dataSource.driver.normalizeType(column);
        const type = `${NAMES[plain] ?? plain}${column.isArray ? '[]' : ''}`;
        return [column.databaseName, { type, nullable: column.isNullable, key: column.isPrimary }];
      }),
    );
  }
});
