import type { DataSource } from 'typeorm';
import { SEALED_PLACES } from '../../core/vault/sealed-places.ts';
import { sealedPrefix } from '../../core/vault/secret.ts';

/** Columns that hold a ciphertext and are not on the list of places, as `table.column`. */
export async function strayCiphertexts(dataSource: DataSource): Promise<string[]> {
  const known = new Set(SEALED_PLACES.flatMap(({ table, columns }) => Object.keys(columns).map((name) => `${table}.${name}`)));
  const columns: { table: string; column: string }[] = await dataSource.query(
    `select c.relname as "table", a.attname as "column" from pg_attribute a join pg_class c on c.oid = a.attrelid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0
       and not a.attisdropped and a.atttypid in ('text'::regtype, 'jsonb'::regtype, 'json'::regtype, 'bytea'::regtype)
     order by 1, 2`,
  );
  const strays: string[] = [];
  for (const { table, column } of columns) {
    if (known.has(`${table}.${column}`)) continue;
    const [row] = await dataSource.query(
      `select exists (select 1 from "${table}" where strpos("${column}"::text, $1) > 0) as holds`,
      [sealedPrefix()],
    );
    if (row.holds) strays.push(`${table}.${column}`);
  }
  return strays;
}
