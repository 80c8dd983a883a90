import type { DataSource } from 'typeorm';
import { v7, validate } from 'uuid';
import { selection, withoutNulls } from '../database/rows.ts';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';
import { NotFound, Rejected } from '../sdk/index.ts';
import type { NewRun, Run, RunsWanted } from './run.ts';
import { type RunTrigger, SyncRunEntity } from './run-entity.ts';

/** A run that needs a job. */
interface Lost {
  readonly storeId: string;
  readonly id: string;
  readonly trigger: RunTrigger;
}

/** What waits for a provider: in all stores, or of one integration. */
export interface Waiting {
  readonly pluginId: string;
  readonly only?: { readonly storeId: string; readonly id: string };
}

/** A backlog does not return as one. */
const RESUME_SECONDS = 15;

/** Silence after which a running run's worker is taken for dead. */
export const STALE_SECONDS = 15;

/** What a {@link Run} is read from. @param prefix of the table: `r.` */
export function runColumns(dataSource: DataSource, prefix = ''): string {
  return selection(dataSource, SyncRunEntity, ['beganFrom', 'heartbeatAt', 'leaseOwner', 'runAfter'])
    .split(', ')
    .map((column) => prefix + column)
    .join(', ');
}

/** Runs as people ask for them; the engine's questions are in `RunWorkStore`. */
export class RunStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return inTransaction(this.#dataSource, work);
  }

  /** A stream has one active run: where there is one already it is returned, with `created` false. */
  async open(sql: Sql, run: NewRun): Promise<{ run: Run; created: boolean }> {
    const { storeId, integrationId, stream, trigger, mode, requestedBy, allowDeletions } = run;
    // The active run may end between the two statements.
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const [created] = await sql.query(
        `insert into sync_runs (store_id, id, integration_id, stream, trigger, mode, status, requested_by, allow_deletions)
         values ($1, $2, $3, $4, $5, $6, 'queued', $7, $8)
         on conflict (store_id, integration_id, stream) where status in ('queued', 'running') do nothing
         returning ${this.#columns()}`,
        [storeId, v7(), integrationId, stream, trigger, mode, requestedBy ?? null, allowDeletions],
      );
      if (created) return { run: withoutNulls(created), created: true };
      const [active] = await sql.query(
        `select ${this.#columns()} from sync_runs
         where store_id = $1 and integration_id = $2 and stream = $3 and status in ('queued', 'running')`,
        [storeId, integrationId, stream],
      );
      if (active) return { run: withoutNulls(active), created: false };
    }
    throw new Rejected('A sync of this kind is just ending; ask again.', { code: 'CONFLICT' });
  }

  /** @throws NotFound */
  async get(storeId: string, id: string): Promise<Run> {
    const [found] = validate(id)
      ? await this.#sql().query(`select ${this.#columns()} from sync_runs where store_id = $1 and id = $2`, [storeId, id])
      : [];
    if (found) return withoutNulls<Run>(found);
    throw new NotFound('There is no such sync in this store.');
  }

  /** Latest first. */
  async latest(storeId: string, integrationId: string, { limit, stream }: RunsWanted): Promise<Run[]> {
    const rows = await this.#sql().query(
      `select ${this.#columns()} from sync_runs
       where store_id = $1 and integration_id = $2 and ($3::text is null or stream = $3)
       order by queued_at desc, id desc limit $4`,
      [storeId, integrationId, stream ?? null, limit],
    );
    return rows.map((row) => withoutNulls<Run>(row));
  }

  /**
   * One that is waiting, or whose worker is dead, ends at once; one at work is asked to stop at its next page.
   * @returns undefined when it has ended already
   */
  async cancel(storeId: string, id: string): Promise<Run | undefined> {
    const [cancelled] = await this.#sql().query(
      `with target as (
         select id, status = 'queued' or heartbeat_at < now() - ${STALE_SECONDS} * interval '1 second' as idle from sync_runs
         where store_id = $1 and id = $2 and status in ('queued', 'running') for update)
       update sync_runs r set cancel_requested_at = coalesce(cancel_requested_at, now()),
         status = case when idle then 'cancelled' else status end, finished_at = case when idle then now() end,
         lease_owner = case when idle then null else lease_owner end,
         message = case when idle then 'Cancelled before it went on.' else message end
       from target where r.store_id = $1 and r.id = target.id returning ${this.#columns('r.')}`,
      [storeId, id],
    );
    return cancelled && withoutNulls<Run>(cancelled);
  }

  /** Cancels whatever an integration has waiting or at work. */
  async cancelAll(storeId: string, integrationId: string, sql: Sql = this.#sql()): Promise<void> {
    await sql.query(
      `update sync_runs set cancel_requested_at = now(), status = case when status = 'queued' then 'cancelled' else status end,
         finished_at = case when status = 'queued' then now() end,
         message = case when status = 'queued' then 'Cancelled before it began.' else message end
       where store_id = $1 and integration_id = $2 and status in ('queued', 'running')`,
      [storeId, integrationId],
    );
  }

  /**
   * Puts back runs whose worker has been silent for a minute, and takes note of waiting ones whose job must have got lost.
   * Each needs a new job; one too many does no harm.
   */
  async takeLost(sql: Sql): Promise<Lost[]> {
    return sql.query(
      `update sync_runs set status = 'queued', lease_owner = null, run_after = now()
       where (status = 'running' and heartbeat_at < now() - interval '60 seconds')
         or (status = 'queued' and greatest(queued_at, run_after) < now() - interval '30 minutes')
       returning store_id as "storeId", id, trigger`,
    );
  }

  /**
   * Runs that wait for a provider which answers again: of one integration at once, of all each in its own moment of the next
   * {@link RESUME_SECONDS}. They need new jobs.
   */
  async takeWaiting(sql: Sql, { pluginId, only }: Waiting): Promise<(Lost & { readonly after: Date })[]> {
    return sql.query(
      `update sync_runs r set run_after = now() + case when $2::uuid is null then random() else 0 end * ${RESUME_SECONDS} * interval '1 second'
       from integrations i where i.store_id = r.store_id and i.id = r.integration_id and i.plugin_id = $1
         and ($2::uuid is null or r.store_id = $2 and r.integration_id = $3)
         and r.status = 'queued' and r.error_code = 'CONNECTION_FAILED' and r.run_after > now()
       returning r.store_id as "storeId", r.id, r.trigger, r.run_after as after`,
      [pluginId, only?.storeId ?? null, only?.id ?? null],
    );
  }

  #columns(prefix = ''): string {
    return runColumns(this.#dataSource, prefix);
  }

  #sql(): Sql {
    return sqlOf(this.#dataSource);
  }
}
