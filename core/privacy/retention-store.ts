import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../database/transaction.ts';

/** For how many days a store keeps what. */
export interface Retention {
  /** Received messages that need nothing any more. */
  readonly messages: number;
  /** Ended runs; the last of each stream, and its last success, stay. */
  readonly runs: number;
  /** What was deleted at the provider, and is kept here only to say so. */
  readonly deletedRecords: number;
  /** Records of integrations that were disconnected. */
  readonly endedRecords: number;
  readonly auditEntries: number;
}

export const KINDS = [
  'messages',
  'runs',
  'deletedRecords',
  'endedRecords',
  'auditEntries',
] as const satisfies readonly (keyof Retention)[];
export type RetentionKind = (typeof KINDS)[number];

/**
 * What may be chosen. Fewer than 7 days of runs would leave health without its figures, and of deleted records would have
 * callers who follow changes miss a deletion over a weekend; a log of less than a month answers nobody's question.
 */
export const BOUNDS: Readonly<Record<RetentionKind, { readonly least: number; readonly most: number }>> = {
  messages: { least: 1, most: 365 },
  runs: { least: 7, most: 3650 },
  deletedRecords: { least: 7, most: 3650 },
  endedRecords: { least: 1, most: 3650 },
  auditEntries: { least: 30, most: 3650 },
};

const COLUMNS: Readonly<Record<RetentionKind, string>> = {
  messages: 'event_days',
  runs: 'run_days',
  deletedRecords: 'deleted_record_days',
  endedRecords: 'ended_days',
  auditEntries: 'audit_days',
};
const SELECTION = KINDS.map((kind) => `${COLUMNS[kind]} as "${kind}"`).join(', ');
const BATCH = 2000;

/** How long a store keeps what, and the removal of what is older. */
export class RetentionStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  /** Undefined when there is no such store. */
  async of(storeId: string): Promise<Retention | undefined> {
    const [row] = await this.#sql.query<Retention>(`select ${SELECTION} from stores where id = $1`, [storeId]);
    return row;
  }

  async set(storeId: string, days: Partial<Retention>, sql: Sql = this.#sql): Promise<void> {
    const given = KINDS.filter((kind) => days[kind] !== undefined);
    const changes = given.map((kind, at) => `${COLUMNS[kind]} = $${at + 2}`);
    if (changes.length === 0) return;
    await sql.query(`update stores set ${changes.join(', ')}, updated_at = now() where id = $1`, [
      storeId,
      ...given.map((kind) => days[kind]),
    ]);
  }

  /** Across all stores, for the worker. */
  async stores(): Promise<(Retention & { readonly id: string })[]> {
    return this.#sql.query(`select id, ${SELECTION} from stores where deleting_at is null order by id`);
  }

  dropRuns(storeId: string, days: number, signal: AbortSignal): Promise<number> {
    return this.#inBatches(
      `with stay as (
         select distinct on (integration_id, stream) id from sync_runs where store_id = $1
           order by integration_id, stream, queued_at desc),
       good as (
         select distinct on (integration_id, stream) id from sync_runs where store_id = $1 and status = 'succeeded'
           order by integration_id, stream, queued_at desc)
       delete from sync_runs where store_id = $1 and id in (
         select id from sync_runs where store_id = $1 and finished_at < now() - $2::integer * interval '1 day'
           and status not in ('queued', 'running') and id not in (select id from stay union all select id from good) limit ${BATCH})
       returning 1`,
      [storeId, days],
      signal,
    );
  }

  dropDeletedRecords(storeId: string, days: number, signal: AbortSignal): Promise<number> {
    return this.#inBatches(
      `delete from records where store_id = $1 and ctid = any(array(
         select ctid from records where store_id = $1 and deleted_at < now() - $2::integer * interval '1 day' limit ${BATCH}))
       returning 1`,
      [storeId, days],
      signal,
    );
  }

  /** Without its records the next sync has to begin at the beginning, so the places where syncs stood go first. */
  async dropEndedRecords(storeId: string, days: number, signal: AbortSignal): Promise<number> {
    const ended = await this.#sql.query<{ id: string }>(
      `select i.id from integrations i where i.store_id = $1 and i.status = 'disconnected'
         and i.updated_at < now() - $2::integer * interval '1 day'
         and exists (select 1 from records r where r.store_id = $1 and r.integration_id = i.id)`,
      [storeId, days],
    );
    let dropped = 0;
    for (const { id } of ended) {
      await this.#sql.query('delete from checkpoints where store_id = $1 and integration_id = $2', [storeId, id]);
      dropped += await this.#inBatches(
        `delete from records where store_id = $1 and ctid = any(array(
           select r.ctid from records r join integrations i on i.store_id = r.store_id and i.id = r.integration_id
           where r.store_id = $1 and r.integration_id = $2 and i.status = 'disconnected' limit ${BATCH})) returning 1`,
        [storeId, id],
        signal,
      );
    }
    return dropped;
  }

  /** Runs a statement for as long as it finds a whole batch, so that none of them takes long. @returns how many rows in all */
  async #inBatches(statement: string, params: unknown[], signal: AbortSignal): Promise<number> {
    for (let total = 0; ; ) {
      signal.throwIfAborted();
      const { length } = await this.#sql.query(statement, params);
      total += length;
      if (length < BATCH) return total;
    }
  }
}
