import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { SEALED_PLACES } from './sealed-places.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What only passes ciphertexts on: the vault itself. */
const VAULT = 'core/vault/';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

describe('the list of what is sealed', () => {
  it('names every file that seals something, so that no ciphertext is forgotten by a rotation', () => {
    const files = readdirSync(join(ROOT, 'core'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => relative(ROOT, join(ROOT, 'core', name)).replaceAll('\\', '/'));
    const sealing = files.filter(
      (file) => !file.startsWith(VAULT) && /\bvault\.(seal|sealAll)\(/.test(readFileSync(join(ROOT, file), 'utf8')),
    );
    expect(sealing.length).toBeGreaterThan(0);
    expect(SEALED_PLACES.flatMap(({ sealedBy }) => sealedBy).toSorted()).toEqual(sealing.toSorted());
  });

  it.each(SEALED_PLACES)('has the columns and the key of $table as the schema has them', async ({ table, key, columns }) => {
    const found: { name: string; type: string; isKey: boolean }[] = await db.dataSource.query(
      `select a.attname as name, format_type(a.atttypid, null) as type, coalesce(a.attnum = any(x.indkey), false) as "isKey"
       from pg_attribute a left join pg_index x on x.indrelid = a.attrelid and x.indisprimary
       where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped order by array_position(x.indkey, a.attnum)`,
      [table],
    );
    const typed = (wanted: (one: (typeof found)[number]) => boolean) =>
      found.filter(wanted).map(({ name, type }) => [name, type]);
    expect(typed(({ isKey }) => isKey)).toEqual(Object.entries(key));
    expect(typed(({ name }) => name in columns).toSorted()).toEqual(Object.entries(columns).toSorted());
  });

  it('names every column whose name says that it is sealed', async () => {
    const named: { place: string }[] = await db.dataSource.query(
      `select table_name || '.' || column_name as place from information_schema.columns
       where table_schema = 'public' and column_name ~ '(^|_)(sealed|secrets?|verifier|cipher)(_|$)' and data_type in ('text', 'jsonb')
         and table_name !~ '^webhook_events_'`,
    );
    const known = SEALED_PLACES.flatMap(({ table, columns }) => Object.keys(columns).map((name) => `${table}.${name}`));
    expect(named.map(({ place }) => place).filter((place) => !known.includes(place))).toEqual([]);
  });
});
