import type { DataSource } from 'typeorm';
import { type Condition, cutPage, type Position, whereOf } from '../database/list-page.ts';
import { withoutNulls } from '../database/rows.ts';
import { sqlOf } from '../database/transaction.ts';
import type { Run } from './run.ts';
import type { RunStatus } from './run-entity.ts';
import { runColumns } from './run-store.ts';

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
  readonly after?: Position | undefined;
}

export type ListedRun = Run & { readonly pluginId: string };

export interface ListedRuns {
  readonly runs: ListedRun[];
  /** Undefined on the last page. */
  readonly next: Position | undefined;
}

/** The runs of a store page by page, latest first: one that arrives meanwhile moves none from its place. */
export class RunListStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async page(sought: RunsSought): Promise<ListedRuns> {
    const { limit, offset = 0 } = sought;
    const { where, params } = conditions(sought);
    const rows = await sqlOf(this.#dataSource).query<Record<string, unknown> & { mark: string }>(
      `select ${runColumns(this.#dataSource, 'r.')}, i.plugin_id as "pluginId", r.queued_at::text as mark
       from sync_runs r join integrations i on i.store_id = r.store_id and i.id = r.integration_id
       where ${where} order by r.queued_at desc, r.id desc limit ${limit + 1} offset ${offset}`,
      params,
    );
    const { page, next } = cutPage(rows, limit, ({ id }) => String(id));
    return { runs: page.map(({ mark: _, ...row }) => withoutNulls<ListedRun>(row)), next };
  }
}

function conditions(sought: RunsSought) {
  const { storeId, integrationId, pluginId, stream, status, from, until, after } = sought;
  const asked: Condition[] = [
    ['r.store_id = ?', storeId],
    ['r.integration_id = ?', integrationId],
    ['i.plugin_id = ?', pluginId],
    ['r.stream = ?', stream],
    ['r.status = ?', status],
    ['r.queued_at >= ?', from],
    ['r.queued_at < ?', until],
  ];
  return whereOf(asked, { order: ['r.queued_at', 'r.id'], after });
}
