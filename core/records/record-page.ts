import type { DataSource } from 'typeorm';
import { inTransaction, type Sql } from '../database/transaction.ts';
import { Rejected, TryLater } from '../sdk/errors.ts';
import { type RecordScope, SCOPE, values } from './record-sql.ts';

export interface RecordView {
  /** The provider's id. */
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** When the provider says it changed. */
  readonly sourceUpdatedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly deletedAt: Date | null;
  /** Position in the order of changes; `after` takes it. */
  readonly cursor: string;
}

export interface ListOptions {
  /** A `cursor`: what changed later. */
  readonly after?: string | undefined;
  /** Written by the hub after this time, to the millisecond, as times are shown. */
  readonly updatedAfter?: Date | undefined;
  readonly limit: number;
  /** Also those that are marked deleted. Default false. */
  readonly deleted?: boolean | undefined;
  /** Somewhere in the record, in any case; no index helps, so it ends after {@link SEARCH_MS}. */
  readonly text?: string | undefined;
}

/** Ids that may be of any of these streams. */
export interface Sought {
  readonly streams: readonly string[];
  readonly ids: readonly string[];
}

/** A search reads a whole stream: a few of them must not hold every connection. */
const SEARCH_MS = 5_000;
const SEARCHES_AT_ONCE = 2;
const QUERY_CANCELED = '57014';

export const COLUMNS = `external_id as id, data, source_updated_at as "sourceUpdatedAt", created_at as "createdAt",
  updated_at as "updatedAt", deleted_at as "deletedAt", change::text as cursor`;

/** One more than asked for, which tells that there is another page. */
export async function pageOf(sql: Sql, scope: RecordScope, options: ListOptions): Promise<RecordView[]> {
  const { after = '0', updatedAfter, limit, deleted = false, text } = options;
  return sql.query<RecordView>(
    `select ${COLUMNS} from records where ${SCOPE} and change > $4 and ($5::timestamptz is null or date_trunc('milliseconds', updated_at) > $5)
       and ($6 or deleted_at is null) and ($8::text is null or external_id = $8 or data::text ilike $9)
     order by change limit $7`,
    [...values(scope), after, updatedAfter ?? null, deleted, limit + 1, text ?? null, text ? containing(text) : null],
  );
}

/** Those that are there, or were: one lookup by the primary key for each stream and id. */
export async function amongOf(sql: Sql, { storeId, integrationId }: Omit<RecordScope, 'stream'>, { streams, ids }: Sought) {
  if (streams.length === 0 || ids.length === 0) return [];
  return sql.query<RecordView & { readonly stream: string }>(
    `select found.* from unnest($3::text[]) sought(stream) cross join unnest($4::text[]) of(id) cross join lateral (
       select stream, ${COLUMNS} from records
       where (store_id, integration_id, stream, external_id) >= ($1, $2, sought.stream, of.id)
         and (store_id, integration_id, stream, external_id) <= ($1, $2, sought.stream, of.id)
       order by store_id, integration_id, stream, external_id limit 1) found`,
    [storeId, integrationId, streams, ids],
  );
}

/** What is there before what is removed, and of each what changed last first. `d` and a position: among the removed. */
export async function latestOf(sql: Sql, scope: RecordScope, options: ListOptions): Promise<RecordView[]> {
  const { after, limit } = options;
  const ends = after?.startsWith('d') ? after.slice(1) : undefined;
  const living = ends === undefined ? await latest(sql, scope, { ...options, removed: false }) : [];
  if (living.length > limit) return living;
  const more = { ...options, limit: limit - living.length, after: ends, removed: true };
  const removed = await latest(sql, scope, more);
  return [...living, ...removed.map((record) => ({ ...record, cursor: `d${record.cursor}` }))];
}

function latest(sql: Sql, scope: RecordScope, options: ListOptions & { removed: boolean }): Promise<RecordView[]> {
  const { after = null, limit, text, removed } = options;
  return sql.query<RecordView>(
    `select ${COLUMNS} from records where ${SCOPE} and ($4::bigint is null or change < $4) and deleted_at is ${removed ? 'not null' : 'null'}
       and ($6::text is null or external_id = $6 or data::text ilike $7)
     order by change desc limit $5`,
    [...values(scope), after, limit + 1, text ?? null, text ? containing(text) : null],
  );
}

/** Searches end in time, and no more than two go on at once in a process. */
export class RecordSearch {
  readonly #dataSource: DataSource;
  readonly #withinMs: number;
  #searches = 0;

  constructor(dataSource: DataSource, withinMs = SEARCH_MS) {
    this.#dataSource = dataSource;
    this.#withinMs = withinMs;
  }

  async page(scope: RecordScope, options: ListOptions, read = pageOf): Promise<RecordView[]> {
    if (this.#searches >= SEARCHES_AT_ONCE) throw new TryLater('Others are searching just now; try again in a moment.');
    this.#searches += 1;
    try {
      return await inTransaction(this.#dataSource, async (sql) => {
        await sql.query(`select set_config('statement_timeout', $1, true)`, [String(this.#withinMs)]);
        return read(sql, scope, options);
      });
    } catch (error) {
      if ((error as { code?: unknown }).code !== QUERY_CANCELED) throw error;
      throw new Rejected('There is too much here to search through; open a record by its id instead.');
    } finally {
      this.#searches -= 1;
    }
  }
}

/** As JSON writes it, and taken literally. */
function containing(text: string): string {
  const written = JSON.stringify(text).slice(1, -1);
  return `%${written.replaceAll(/[\\%_]/g, '\\$&')}%`;
}
