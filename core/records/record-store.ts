import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../database/transaction.ts';
import { Rejected } from '../sdk/errors.ts';
import type { Item } from '../sdk/stream.ts';
import { type FailedRecord, isStorableId, readyPage } from './canonical.ts';
import { BY_ID, FORGET, lockAll, lockScope, MISSING, mark, type RecordScope, SCOPE, upsert, values } from './record-sql.ts';

export type { RecordScope } from './record-sql.ts';

/** Each id of the page is counted once, in one of the four. */
export interface SavedPage {
  readonly written: number;
  /** The same as stored, or older; also a deletion of what is not there. */
  readonly unchanged: number;
  readonly deleted: number;
  /** How many of those written were not there before, or marked deleted. */
  readonly appeared: number;
  /** Could not be stored, and why; the others of the page were. */
  readonly failed: readonly FailedRecord[];
}

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
  /** Somewhere in the record, in any case. */
  readonly text?: string | undefined;
}

/** Ids. */
export interface Missing {
  readonly gone: readonly string[];
  readonly unchosen: readonly string[];
}

/** No statement takes longer because a stream is large. */
const BATCH = 1_000;
const LOOK = 1_000;
const FORGET_AT_ONCE = 20_000;

interface Looked {
  readonly last: string | null;
  readonly looked: number;
  readonly id: string | null;
  readonly data: Record<string, unknown> | null;
}

const COLUMNS = `external_id as id, data, source_updated_at as "sourceUpdatedAt", created_at as "createdAt",
  updated_at as "updatedAt", deleted_at as "deletedAt", change::text as cursor`;

/** What the hub knows of the providers' objects, whoever brought it: a sync, an event or an action. */
export class RecordStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  /** Writes what changed; call it in a transaction. */
  async savePage(sql: Sql, scope: RecordScope, items: readonly Item[]): Promise<SavedPage> {
    const { upserts, deletions, failed } = readyPage(items);
    if (upserts.length + deletions.length === 0) return { written: 0, unchanged: 0, deleted: 0, appeared: 0, failed };
    await lockScope(sql, scope);
    const { written, appeared } = upserts.length > 0 ? await upsert(sql, scope, upserts) : { written: 0, appeared: 0 };
    const deleted = deletions.length > 0 ? await mark(sql, scope, deletions) : 0;
    return { written, unchanged: upserts.length + deletions.length - written - deleted, deleted, appeared, failed };
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

  /**
   * In the order of changes; `next` is the cursor of the following page, absent on the last.
   * @throws HubError `rejected` for a cursor that is none
   */
  async list(scope: RecordScope, options: ListOptions): Promise<{ records: RecordView[]; next: string | undefined }> {
    const { after = '0', updatedAfter, limit, deleted = false, text } = options;
    if (!/^\d{1,18}$/.test(after)) throw new Rejected('The cursor is not one of ours; begin without it.');
    const found = await this.#sql.query<RecordView>(
      `select ${COLUMNS} from records where ${SCOPE} and change > $4 and ($5::timestamptz is null or date_trunc('milliseconds', updated_at) > $5)
         and ($6 or deleted_at is null) and ($8::text is null or external_id = $8 or data::text ilike $9)
       order by change limit $7`,
      [...values(scope), after, updatedAfter ?? null, deleted, limit + 1, text ?? null, text ? containing(text) : null],
    );
    const records = found.slice(0, limit);
    return { records, next: found.length > limit ? records.at(-1)?.cursor : undefined };
  }

  /** Also one that is marked deleted. */
  async get(scope: RecordScope, id: string): Promise<RecordView | undefined> {
    if (!isStorableId(id)) return undefined;
    const sql = `select ${COLUMNS} from records where ${BY_ID}`;
    const [found] = await this.#sql.query<RecordView>(sql, [...values(scope), id]);
    return found;
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

  /**
   * What the run should have met and did not, and what is not chosen any more, in batches. What was written since the run
   * began is left out: it came by another way and may be newer than the page it would have been on.
   */
  async *missing(
    sql: Sql,
    scope: RecordScope,
    runId: string,
    covers: (data: Readonly<Record<string, unknown>>) => boolean | 'unchosen',
  ): AsyncGenerator<Missing, void> {
    for (let last = ''; ; ) {
      const rows = await sql.query<Looked>(MISSING, [...values(scope), last, runId, LOOK]);
      const [gone, unchosen]: [string[], string[]] = [[], []];
      for (const { id, data } of rows) {
        const covered = id !== null && data !== null && covers(data);
        if (covered) (covered === 'unchosen' ? unchosen : gone).push(id);
      }
      if (gone.length + unchosen.length > 0) yield { gone, unchosen };
      const [{ last: reached, looked } = { last: null, looked: 0 }] = rows;
      if (reached === null || looked < LOOK) return;
      last = reached;
    }
  }

  /** Forgets what a run met. */
  async forgetSeen(sql: Sql, storeId: string, runId: string): Promise<void> {
    for (;;) {
      const [row] = await sql.query<{ count: number }>(FORGET, [storeId, runId, FORGET_AT_ONCE]);
      if ((row?.count ?? 0) < FORGET_AT_ONCE) return;
    }
  }

  /** @returns how many were not deleted before */
  async markDeleted(sql: Sql, scope: RecordScope, ids: readonly string[]): Promise<number> {
    const storable = ids.filter(isStorableId);
    if (storable.length === 0) return 0;
    await lockScope(sql, scope);
    let marked = 0;
    for (let at = 0; at < storable.length; at += BATCH) marked += await mark(sql, scope, storable.slice(at, at + BATCH));
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

/** As JSON writes it, and taken literally. */
function containing(text: string): string {
  const written = JSON.stringify(text).slice(1, -1);
  return `%${written.replaceAll(/[\\%_]/g, '\\$&')}%`;
}
