import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';
import type { Integration } from '../integrations/integration-store.ts';
import { type Measures, measure } from '../measure.ts';
import type { Checkpoint } from '../sdk/index.ts';
import { STALE_SECONDS } from './run-store.ts';
import {
  type Ending,
  type KeptCheckpoint,
  MINE,
  mine,
  ours,
  type Position,
  type Progress,
  type Requeue,
  type Sum,
  type Wait,
  type Work,
} from './run-work.ts';

const MOST_NOTES = 20;

/** What the engine asks of runs and checkpoints while it works. */
export class RunWorkStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return inTransaction(this.#dataSource, work);
  }

  /** Takes a run that is due, or whose worker is dead. Otherwise says in how many seconds to ask again, unless it has ended. */
  async take(storeId: string, id: string): Promise<{ work: Work } | { wait: Wait | undefined }> {
    const [work] = await this.#sql().query<Work>(
      `update sync_runs set status = 'running', lease_owner = $3, heartbeat_at = now(), run_after = null,
         started_at = coalesce(started_at, now()), attempts = attempts + 1, message = null, error_code = null
       where store_id = $1 and id = $2 and (
         (status = 'queued' and coalesce(run_after, now()) <= now()) or
         (status = 'running' and heartbeat_at < now() - ${STALE_SECONDS} * interval '1 second'))
       returning store_id as "storeId", id, integration_id as "integrationId", stream, trigger, mode, lease_owner as token,
         attempts, started_at as "startedAt", cancel_requested_at as "cancelRequestedAt",
         allow_deletions as "allowDeletions"`,
      [storeId, id, randomUUID()],
    );
    if (work) return { work };
    const [wait] = await this.#sql().query<Wait>(
      `select greatest(1, ceil(extract(epoch from case when status = 'queued' then run_after
         else heartbeat_at + ${STALE_SECONDS} * interval '1 second' end - now())))::int as seconds, trigger
       from sync_runs where store_id = $1 and id = $2 and status in ('queued', 'running')`,
      [storeId, id],
    );
    return { wait };
  }

  /** Says that the worker lives. @throws RunLost */
  async beat(work: Work): Promise<{ cancelled: boolean }> {
    const [row] = await this.#sql().query<{ cancelled: boolean }>(
      `update sync_runs set heartbeat_at = now() where ${MINE} returning cancel_requested_at is not null as cancelled`,
      mine(work),
    );
    return { cancelled: ours(row, work).cancelled };
  }

  async checkpoint(work: Work): Promise<KeptCheckpoint | undefined> {
    const [row] = await this.#sql().query<KeptCheckpoint>(
      `select value, coalesce(again, value) as next, complete, run_id as "runId", followed from checkpoints
       where store_id = $1 and integration_id = $2 and stream = $3`,
      [work.storeId, work.integrationId, work.stream],
    );
    return row;
  }

  /** Remembers where it begins. @throws RunLost */
  async begin(work: Work, from: Checkpoint | null): Promise<void> {
    const [row] = await this.#sql().query(`update sync_runs set began_from = $4 where ${MINE} returning id`, [
      ...mine(work),
      from && JSON.stringify(from),
    ]);
    ours(row, work);
  }

  /** Makes it a full run from here on, whatever it has met before. @throws RunLost */
  async beginAnew(sql: Sql, work: Work): Promise<Work> {
    const [row] = await sql.query<Pick<Work, 'mode' | 'startedAt'>>(
      `update sync_runs set mode = 'full', began_from = null, started_at = now(), pages = 0, seen = 0, written = 0, unchanged = 0,
         deleted = 0, older = 0, failed = 0, failures = '[]', notes = '[]', total = null
       where ${MINE} returning mode, started_at as "startedAt"`,
      mine(work),
    );
    return { ...work, ...ours(row, work) };
  }

  async keepCheckpoint(sql: Sql, work: Work, { value, again, choice }: Position): Promise<void> {
    const told = [again, choice].map((one) => (one === undefined ? null : JSON.stringify(one)));
    await sql.query(
      `insert into checkpoints as c (store_id, integration_id, stream, value, complete, run_id, again, followed)
         values ($1, $2, $3, $4, false, $5, $6, $7)
       on conflict (store_id, integration_id, stream) do update set value = excluded.value, complete = false,
         again = case when c.run_id = excluded.run_id and c.followed is not distinct from excluded.followed then coalesce(c.again, excluded.again) else excluded.again end,
         run_id = excluded.run_id, followed = excluded.followed, updated_at = now()`,
      [work.storeId, work.integrationId, work.stream, JSON.stringify(value), work.id, ...told],
    );
  }

  /** As they are saved now; with `sql` they stay so until the transaction ends where the integration is locked. */
  async settings(sql: Sql, { storeId, integrationId }: Work): Promise<Integration['config']> {
    const text = 'select config from integrations where store_id = $1 and id = $2';
    const [row] = await sql.query<Pick<Integration, 'config'>>(text, [storeId, integrationId]);
    return row?.config ?? {};
  }

  async completeCheckpoint(sql: Sql, work: Work): Promise<void> {
    await sql.query(
      `update checkpoints set complete = true, updated_at = now()
       where store_id = $1 and integration_id = $2 and stream = $3 and run_id = $4`,
      [work.storeId, work.integrationId, work.stream, work.id],
    );
  }

  /** Adds one page to the counters. `active`: the integration still is; `now`: the database's. @throws RunLost */
  async progress(sql: Sql, work: Work, page: Progress): Promise<{ cancelled: boolean; active: boolean; now: string }> {
    const { failures, notes, total } = page;
    const counts = [page.seen, page.written, page.unchanged, page.deleted, failures.length];
    const [row] = await sql.query<{ cancelled: boolean; active: boolean; now: string }>(
      `update sync_runs set pages = pages + 1, seen = seen + $4, written = written + $5, unchanged = unchanged + $6,
         deleted = deleted + $7, older = older + $12, failed = failed + $8, total = coalesce($10, total), attempts = 0, heartbeat_at = now(),
         failures = case when jsonb_array_length(failures) >= 100 or $8 = 0 then failures
           else jsonb_path_query_array(failures || $9::jsonb, '$[0 to 99]') end,
         notes = case when jsonb_array_length(notes) >= ${MOST_NOTES} or $11::jsonb <@ notes then notes
           else (select jsonb_agg(distinct note) from jsonb_array_elements(notes || $11::jsonb) as note) end
       where ${MINE} returning cancel_requested_at is not null as cancelled, exists (
         select 1 from integrations i where i.store_id = $1 and i.id = integration_id and i.status = 'active' and i.enabled) as active,
         clock_timestamp()::text as now`,
      [...mine(work), ...counts, JSON.stringify(failures.slice(0, 100)), total ?? null, JSON.stringify(notes), page.older],
    );
    return ours(row, work);
  }

  /** Locks the run for the transaction that ends it. @throws RunLost */
  async counters(sql: Sql, work: Work): Promise<Sum> {
    const [row] = await sql.query<Sum>(
      `select seen, written, deleted, older, failed, failures, notes, began_from as "beganFrom" from sync_runs where ${MINE} for update`,
      mine(work),
    );
    return ours(row, work);
  }

  /** @throws RunLost */
  async end(
    sql: Sql,
    work: Work,
    {
      status,
      message,
      errorCode,
      deleted = 0,
      heldBack = 0,
      held,
    }: Ending & { deleted?: number; heldBack?: number; held?: number },
  ): Promise<void> {
    const [row] = await sql.query<Measures['run']>(
      `update sync_runs set status = $4, message = $5, error_code = $6, deleted = deleted + $7, held = $8, held_back = $9,
         finished_at = now(), lease_owner = null where ${MINE} returning status as outcome,
         (select plugin_id from integrations i where i.store_id = $1 and i.id = integration_id) as plugin,
         extract(epoch from finished_at - started_at)::float8 as seconds,
         json_build_object('written', written, 'unchanged', unchanged, 'deleted', deleted, 'older', older, 'failed', failed) as records`,
      [...mine(work), status, message, errorCode ?? null, deleted, held ?? null, heldBack],
    );
    measure('run', ours(row, work));
  }

  /** Back to the queue; it needs a job then. `counted` false gives the attempt back. @throws RunLost */
  async requeue(sql: Sql, work: Work, how: Requeue): Promise<void> {
    const [row] = await sql.query(
      `update sync_runs set status = 'queued', lease_owner = null, message = $4, error_code = $5,
         run_after = now() + $6 * interval '1 second', attempts = case when $7 then attempts else greatest(attempts - 1, 0) end
       where ${MINE} returning id`,
      [...mine(work), how.message, how.errorCode ?? null, how.afterSeconds, how.counted],
    );
    ours(row, work);
  }

  /** How many records the integration has now, and that it was synced. */
  async noteSynced(sql: Sql, work: Work, count: number): Promise<void> {
    await sql.query(
      `update integrations set last_synced_at = now(), counts = counts || jsonb_build_object($3::text, $4::int)
       where store_id = $1 and id = $2`,
      [work.storeId, work.integrationId, work.stream, count],
    );
  }

  #sql(): Sql {
    return sqlOf(this.#dataSource);
  }
}
