import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../database/transaction.ts';
import type { SealedPlace } from './sealed-places.ts';
import { sealedPrefix } from './secret.ts';

/** A row that holds ciphertexts: its key, and its sealed columns as they were read. */
export interface SealedRow {
  readonly key: Readonly<Record<string, string>>;
  readonly sealed: Readonly<Record<string, SealedValue>>;
}

export type SealedValue = string | null | Readonly<Record<string, unknown>>;

export interface FreshRow extends SealedRow {
  readonly fresh: Readonly<Record<string, SealedValue>>;
}

/** How many ciphertexts of a place name this key. */
export interface KidCount {
  readonly kid: string;
  readonly count: number;
}

/** Bytes of a header behind {@link sealedPrefix} in which the longest `kid` ends, in base64. */
const KID_LENGTH = 88;

/** Ciphertexts wherever they are, across all stores: for whoever exchanges keys. It knows their places, not their contents. */
export class SealedStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  /** By the key each ciphertext names. */
  count(place: SealedPlace): Promise<KidCount[]> {
    return this.#sql().query<KidCount>(
      `with found as (${valuesOf(place)}), header as (
         select substr(split_part(value, '.', 1), ${sealedPrefix().length + 1}, ${KID_LENGTH}) as part from found
         where starts_with(value, $1) and split_part(value, '.', 1) ~ '^[A-Za-z0-9_-]+$')
       select split_part(encode(decode(translate(left(part, length(part) / 4 * 4), '-_', '+/'), 'base64'), 'escape'), '"', 1) as kid,
         count(*)::int as count from header group by 1 order by 1`,
      [sealedPrefix()],
    );
  }

  /** Rows behind `after` in the order of their keys that hold something under another key than `kid`; all, without one. */
  async rows(
    place: SealedPlace,
    { after, kid, limit }: { after: SealedRow['key'] | undefined; kid?: string; limit: number },
  ): Promise<SealedRow[]> {
    const keys = Object.keys(place.key);
    const found = await this.#sql().query<Record<string, SealedValue>>(
      `select ${keys.map((name) => `${name}::text`).join(', ')}, ${Object.keys(place.columns).join(', ')} from ${place.table}
       where ${place.where ?? 'true'} and (${others(place)})
         ${after ? `and (${keys.join(', ')}) > (${keys.map((name, at) => `$${at + 4}::${place.key[name]}`).join(', ')})` : ''}
       order by ${keys.map((name) => `${place.table}.${name}`).join(', ')} limit $3`,
      [sealedPrefix(), kid === undefined ? '-' : sealedPrefix(kid), limit, ...(after ? keys.map((name) => after[name]) : [])],
    );
    return found.map((row) => ({ key: pick(row, keys) as SealedRow['key'], sealed: pick(row, Object.keys(place.columns)) }));
  }

  /**
   * Writes what was sealed anew, where the row still holds what was read: a token or setting that changed meanwhile is
   * newer. Waits for nobody; a row that somebody else is writing is left for a later look.
   * @returns how many rows were written
   */
  async exchange(place: SealedPlace, rows: readonly FreshRow[]): Promise<number> {
    const { table } = place;
    const [keys, columns] = [Object.keys(place.key), Object.keys(place.columns)];
    const types = [
      ...Object.entries(place.key).map(([name, type]) => `${name} ${type}`),
      ...Object.entries(place.columns).flatMap(([name, type]) => [`was_${name} ${type}`, `new_${name} ${type}`]),
    ];
    const same = (left: string, right: string) => keys.map((name) => `${left}.${name} = ${right}.${name}`).join(' and ');
    const written = await this.#sql().query(
      `with fresh as (select * from jsonb_to_recordset($1::jsonb) as f (${types.join(', ')})),
       free as (
         select ${keys.map((name) => `t.${name}`).join(', ')} from ${table} t join fresh f on ${same('t', 'f')}
         where ${columns.map((name) => `t.${name} is not distinct from f.was_${name}`).join(' and ')}
         order by ${keys.map((name) => `t.${name}`).join(', ')} for update of t skip locked)
       update ${table} t set ${columns.map((name) => `${name} = f.new_${name}`).join(', ')}
       from fresh f join free on ${same('free', 'f')} where ${same('t', 'f')} returning 1 as written`,
      [JSON.stringify(rows.map(toRecord))],
    );
    return written.length;
  }

  #sql(): Sql {
    return sqlOf(this.#dataSource);
  }
}

/** Of a sealed column as it was read; a plain value among them is none. */
export function ciphertextsOf(value: SealedValue): string[] {
  const values: unknown[] = typeof value === 'object' && value !== null ? Object.values(value) : [value];
  return values.filter((one): one is string => typeof one === 'string' && one.startsWith(sealedPrefix()));
}

/** Every text of the sealed columns. */
function valuesOf({ table, columns, where = 'true' }: SealedPlace): string {
  const parts = Object.entries(columns).map(([name, type]) =>
    type === 'text'
      ? `select ${name} as value from ${table} where ${where}`
      : `select e.value from ${table} cross join lateral jsonb_each_text(${asObject(name)}) e where ${where}`,
  );
  return parts.join(' union all ');
}

/** Does a column hold a ciphertext ($1) that is not under the key ($2)? */
function others({ columns }: SealedPlace): string {
  const isOther = (value: string) => `(starts_with(${value}, $1) and not starts_with(${value}, $2))`;
  const parts = Object.entries(columns).map(([name, type]) =>
    type === 'text' ? isOther(name) : `exists (select 1 from jsonb_each_text(${asObject(name)}) e where ${isOther('e.value')})`,
  );
  return parts.join(' or ');
}

function asObject(column: string): string {
  return `case when jsonb_typeof(${column}) = 'object' then ${column} end`;
}

function toRecord({ key, sealed, fresh }: FreshRow): Record<string, unknown> {
  const named = (prefix: string, values: Readonly<Record<string, SealedValue>>) =>
    Object.entries(values).map(([name, value]) => [`${prefix}_${name}`, value]);
  return { ...key, ...Object.fromEntries([...named('was', sealed), ...named('new', fresh)]) };
}

function pick(row: Readonly<Record<string, SealedValue>>, names: readonly string[]): Record<string, SealedValue> {
  return Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
}
