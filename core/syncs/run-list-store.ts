import type { DataSource } from 'typeorm';
import { selection, withoutNulls } from '../database/rows.ts';
import { sqlOf } from '../database/transaction.ts';
import { SyncRunEntity } from './run-entity.ts';
import type { Run, RunStatus } from './run-store.ts';

/** Where a page ended: when its last run was queued, to the microsecond, and that run's id. */
export interface RunMark {
  readonly at: string;
  readonly id: string;
}

export interface RunsSought {
  readonly storeId: string;
  readonly integrationId?: string | undefined;
  readonly pluginId?: string | undefined;
  readonly stream?: string | undefined;
  readonly status?: RunStatus | undefined;
  /** Queued at this time or later. */
  readonly from?: Date | undefined;
  /** Queued before it. */
  readonly until?: Date | undefined;
  readonly limit: number;
  readonly offset?: number | undefined;
  /** Those behind it. */
  readonly after?: RunMark | undefined;
}

export type ListedRun = Run & { readonly pluginId: string };

export interface RunPage {
  readonly runs: ListedRun[];
  /** Undefined on the last page. */
  readonly next: RunMark | undefined;
}

const HIDDEN = ['beganFrom', 'heartbeatAt', 'leaseOwner', 'runAfter'];

/** The runs of a store page by page, latest first: one that arrives meanwhile moves none from its place. */
export class RunListStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async page(sought: RunsSought): Promise<RunPage> {
    const { limit, offset = 0 } = sought;
    const { where, params } = conditions(sought);
    const rows = await sqlOf(this.#dataSource).query<Record<string, unknown> & { mark: string }>(
      `select ${this.#columns()}, i.plugin_id as "pluginId", r.queued_at::text as mark
       from sync_runs r join integrations i on i.store_id = r.store_id and i.id = r.integration_id
       where ${where} order by r.queued_at desc, r.id desc limit ${limit + 1} offset ${offset}`,
      params,
    );
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const runs = shown.map(({ mark: _, ...row }) => withoutNulls<ListedRun>(row));
    return { runs, next: rows.length > limit && last ? { at: last.mark, id: String(last['id']) } : undefined };
  }

  #columns(): string {
    return selection(this.#dataSource, SyncRunEntity, HIDDEN)
      .split(', ')
      .map((column) => `r.${column}`)
      .join(', ');
  }
}

function conditions(sought: RunsSought): { where: string; params: unknown[] } {
  const { storeId, integrationId, pluginId, stream, status, from, until, after } = sought;
  const given: [sql: string, value: unknown][] = [
    ['r.store_id = ?', storeId],
    ['r.integration_id = ?', integrationId],
    ['i.plugin_id = ?', pluginId],
    ['r.stream = ?', stream],
    ['r.status = ?', status],
    ['r.queued_at >= ?', from],
    ['r.queued_at < ?', until],
  ];
  const asked = given.filter(([, value]) => value !== undefined);
  const parts = asked.map(([sql], at) => sql.replace('?', `$${at + 1}`));
  const params = asked.map(([, value]) => value);
  if (!after) return { where: parts.join(' and '), params };
  const behind = `(r.queued_at, r.id) < ($${params.length + 1}::timestamptz, $${params.length + 2}::uuid)`;
  return { where: [...parts, behind].join(' and '), params: [...params, after.at, after.id] };
}
