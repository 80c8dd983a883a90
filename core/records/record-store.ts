import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../database/transaction.ts';
import { Rejected } from '../sdk/errors.ts';
import type { Item } from '../sdk/stream.ts';
import { type FailedRecord, isStorableId, readyPage } from './canonical.ts';
import { momentsOf, type Reading } from './reading.ts';
import { type Covers, type Missing, missingOf } from './record-missing.ts';
import { amongOf, COLUMNS, type ListOptions, latestOf, pageOf, RecordSearch, type RecordView } from './record-page.ts';
import { BY_ID, FORGET, lockAll, lockScope, type RecordScope, values } from './record-sql.ts';
import { mark, upsert } from './record-write.ts';

export type { ListOptions, RecordView } from './record-page.ts';
export type { RecordScope } from './record-sql.ts';

/** Each id of the page is counted once, in one of the five. */
export interface SavedPage {
  readonly written: number;
  /** The same as stored, or older by the provider's own time; also a deletion of what is not there. */
  readonly unchanged: number;
  readonly deleted: number;
  /** Read before what stands there was, and so left out. */
  readonly older: number;
  /** How many of those written were not there before, or marked deleted. */
  readonly appeared: number;
  /** Could not be stored, and why; the others of the page were. */
  readonly failed: readonly FailedRecord[];
}

/** What was read at the provider. */
export interface RecordPage extends Reading {
  readonly items: readonly Item[];
}

export interface Gone {
  readonly ids: readonly string[];
  /** A moment as in {@link Reading}. */
  readonly began: string;
}

/** No statement takes longer because a stream is large. */
const BATCH = 1_000;
const FORGET_AT_ONCE = 20_000;

/** What the hub knows of the providers' objects, whoever brought it: a sync, an event or an action. */
export class RecordStore {
  readonly #sql: Sql;
  readonly #search: RecordSearch;

  constructor(dataSource: DataSource, { searchMs }: { searchMs?: number } = {}) {
    this.#sql = sqlOf(dataSource);
    this.#search = new RecordSearch(dataSource, searchMs);
  }

  /** The moment from which on something is read at the provider, for {@link Reading}; `sql`: by a connection in use. */
  async now(sql = this.#sql): Promise<string> {
    const [row] = await sql.query<{ now: string }>('select clock_timestamp()::text as now');
    return row?.now ?? '';
  }

  /** Writes what changed and was not read before what stands there; call it in a transaction. */
  async savePage(sql: Sql, scope: RecordScope, page: RecordPage): Promise<SavedPage> {
    const { upserts, deletions, failed } = readyPage(page.items);
    const none = { written: 0, appeared: 0, older: 0 };
    if (upserts.length + deletions.length === 0) return { ...none, unchanged: 0, deleted: 0, failed };
    const moments = momentsOf(page.items, page);
    const saved = await (upserts.length > 0
      ? upsert(sql, scope, { records: upserts, moments })
      : lockScope(sql, scope).then(() => none));
    const gone = deletions.length > 0 ? await mark(sql, scope, { ids: deletions, moments }) : { deleted: 0, older: 0 };
    const { written, appeared } = saved;
    const [deleted, older] = [gone.deleted, saved.older + gone.older];
    const unchanged = upserts.length + deletions.length - written - deleted - older;
    return { written, unchanged, deleted, older, appeared, failed };
  }

  /** Takes the place of a writer of this stream until the transaction ends, for whoever will lock more than its records. */
  async lock(sql: Sql, scope: RecordScope): Promise<void> {
    await lockScope(sql, scope);
  }

  /** Stream → records that are not deleted. */
  async counts(storeId: string, integrationId: string): Promise<Record<string, number>> {
    const rows = await this.#sql.query<{ stream: string; count: number }>(
      `select stream, count(*)::integer as count from records
       where store_id = $1 and integration_id = $2 and deleted_at is null group by stream order by stream`,
      [storeId, integrationId],
    );
    return Object.fromEntries(rows.map(({ stream, count }) => [stream, count]));
  }

  /** The same of several, by integration. */
  async countsOf(storeId: string, integrationIds: readonly string[]): Promise<ReadonlyMap<string, Record<string, number>>> {
    const rows = await this.#sql.query<{ id: string; counts: Record<string, number> }>(
      `select integration_id as id, jsonb_object_agg(stream, count) as counts from (
         select integration_id, stream, count(*)::integer as count from records
         where store_id = $1 and integration_id = any($2::uuid[]) and deleted_at is null group by integration_id, stream
       ) counted group by integration_id`,
      [storeId, integrationIds],
    );
    return new Map(rows.map(({ id, counts }) => [id, counts]));
  }

  /**
   * In the order of changes; `next` is the cursor of the following page, absent on the last.
   * @throws HubError `rejected` for a cursor that is none or a search that takes too long, `try-later` for one too many at once
   */
  async list(scope: RecordScope, options: ListOptions): Promise<{ records: RecordView[]; next: string | undefined }> {
    if (!/^\d{1,18}$/.test(options.after ?? '0')) throw strangeCursor();
    const found = await (options.text ? this.#search.page(scope, options) : pageOf(this.#sql, scope, options));
    return pageWithNext(found, options.limit);
  }

  /**
   * For people: what changed last first, and what is removed behind all that is there.
   * @throws as {@link list} does
   */
  async latest(
    scope: RecordScope,
    options: Pick<ListOptions, 'after' | 'limit' | 'text'>,
  ): Promise<{ records: RecordView[]; next: string | undefined }> {
    if (!/^d?\d{1,18}$/.test(options.after ?? '0')) throw strangeCursor();
    const found = await (options.text ? this.#search.page(scope, options, latestOf) : latestOf(this.#sql, scope, options));
    return pageWithNext(found, options.limit);
  }

  /** Also one that is marked deleted. */
  async get(scope: RecordScope, id: string): Promise<RecordView | undefined> {
    if (!isStorableId(id)) return undefined;
    const [found] = await this.#sql.query<RecordView>(`select ${COLUMNS} from records where ${BY_ID}`, [...values(scope), id]);
    return found;
  }

  /** @see amongOf */
  among(integration: Omit<RecordScope, 'stream'>, streams: readonly string[], ids: readonly string[]) {
    return amongOf(this.#sql, integration, { streams, ids: ids.filter(isStorableId) });
  }

  /** Notes that a run met these; those that could not be stored too, so that they are not taken for deleted. */
  async seen(sql: Sql, scope: RecordScope, runId: string, ids: readonly string[]): Promise<void> {
    const storable = ids.filter(isStorableId);
    if (storable.length === 0) return;
    await sql.query(
      'insert into sync_seen (store_id, run_id, external_id) select distinct $1::uuid, $2::uuid, id from unnest($3::text[]) id on conflict do nothing',
      [scope.storeId, runId, storable],
    );
  }

  /** @see missingOf */
  missing(sql: Sql, scope: RecordScope, runId: string, covers: Covers): AsyncGenerator<Missing, void> {
    return missingOf(sql, scope, { runId, covers });
  }

  /** Forgets what a run met. */
  async forgetSeen(sql: Sql, storeId: string, runId: string): Promise<void> {
    for (;;) {
      const [row] = await sql.query<{ count: number }>(FORGET, [storeId, runId, FORGET_AT_ONCE]);
      if ((row?.count ?? 0) < FORGET_AT_ONCE) return;
    }
  }

  /**
   * @param began when looking for them began: what was read later stays
   * @returns how many were not deleted before
   */
  async markDeleted(sql: Sql, scope: RecordScope, { ids, began }: Gone): Promise<number> {
    const storable = ids.filter(isStorableId);
    if (storable.length === 0) return 0;
    await lockScope(sql, scope);
    let marked = 0;
    const moments = momentsOf([], { began });
    for (let at = 0; at < storable.length; at += BATCH) {
      marked += (await mark(sql, scope, { ids: storable.slice(at, at + BATCH), moments })).deleted;
    }
    return marked;
  }

  /**
   * Removes all records of an integration, for good. Who writes some just now is waited for, and who comes later waits for
   * the end of the transaction: it may then look whether the integration is still connected.
   */
  async deleteAll(sql: Sql, storeId: string, integrationId: string): Promise<number> {
    await lockAll(sql, { storeId, integrationId });
    const rows = await sql.query<{ count: number }>(
      `with gone as (delete from records where store_id = $1 and integration_id = $2 returning 1)
       select count(*)::integer as count from gone`,
      [storeId, integrationId],
    );
    return rows[0]?.count ?? 0;
  }
}

function pageWithNext(found: readonly RecordView[], limit: number): { records: RecordView[]; next: string | undefined } {
  const records = found.slice(0, limit);
  return { records, next: found.length > limit ? records.at(-1)?.cursor : undefined };
}

function strangeCursor(): Rejected {
  const message = 'The cursor is not one of ours; begin without it.';
  return new Rejected(message, { fields: [{ pointer: '/query/cursor', message }] });
}
