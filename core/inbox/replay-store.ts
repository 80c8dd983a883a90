import type { DataSource } from 'typeorm';
import { validate } from 'uuid';
import { type Sql, sqlOf } from '../database/transaction.ts';
import { Rejected } from '../sdk/index.ts';
import type { Claim } from './claim.ts';
import { wake } from './event-insert.ts';
import { QUEUED } from './event-store.ts';

/** States an event can be handled again from. */
export const ENDED = ['dead', 'parked', 'handled'] as const;

/** Which events of one integration. */
export interface Selection {
  readonly storeId: string;
  readonly integrationId: string;
  /** These only. */
  readonly ids?: readonly string[] | undefined;
  /** That came at this time or later. */
  readonly from?: Date | undefined;
  /** That came before it. */
  readonly until?: Date | undefined;
  /** Default: what failed and what waits for its integration. */
  readonly states?: readonly (typeof ENDED)[number][] | undefined;
  /** That say this of themselves. */
  readonly reason?: string | undefined;
}

/** Events of one state that say the same of themselves. */
export interface Kept {
  readonly state: 'parked' | 'dead';
  readonly reason: string | null;
  readonly count: number;
  readonly latest: Date;
}

/** What cannot be given to any integration, for the operator. */
export interface TrayCount {
  readonly pluginId: string;
  readonly state: 'unmatched' | 'unverified';
  readonly reason: string | null;
  readonly count: number;
  readonly oldest: Date;
}

export type Sample = Pick<Claim, 'id' | 'eventId' | 'type' | 'account' | 'object' | 'at' | 'data' | 'receivedAt'>;

const SELECTED = `store_id = $1 and integration_id = $2 and state = any($3::text[]) and ($4::uuid[] is null or id = any($4))
  and ($5::timestamptz is null or received_at >= $5) and ($6::timestamptz is null or received_at < $6)
  and ($7::text is null or reason = $7)`;
/** Of one call; whoever has more says so again. */
const MOST = 10_000;

/** Events that ended and may be handled again. */
export class ReplayStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  async count(selection: Selection): Promise<number> {
    const [row] = await this.#sql.query<{ count: number }>(
      `select count(*)::int as count from webhook_events where ${SELECTED}`,
      paramsOf(selection),
    );
    return row?.count ?? 0;
  }

  /** The first of them, as their plugin is given them. */
  async samples(selection: Selection, limit: number): Promise<Sample[]> {
    const rows = await this.#sql.query<Sample & { raw: Buffer }>(
      `select id, event_id as "eventId", type, account, object, at, data, raw, received_at as "receivedAt"
       from webhook_events where ${SELECTED} order by seq limit $8`,
      [...paramsOf(selection), limit],
    );
    return rows.map(({ raw, ...row }) => ({ ...row, data: row.data ?? (JSON.parse(raw.toString()) as Sample['data']) }));
  }

  /** They are pending again, in their order, with all their attempts; at most 10,000. @returns how many */
  async again(selection: Selection): Promise<number> {
    const rows = await this.#sql.query(
      `with again as (
         update webhook_events set state = 'pending', reason = null, attempts = 0, run_after = now(), handled_at = null
         where ${SELECTED} and id in (select id from webhook_events where ${SELECTED} order by seq limit ${MOST})
         returning *), ${QUEUED}
       select id from queued`,
      paramsOf(selection),
    );
    if (rows.length > 0) await wake(this.#sql);
    return rows.length;
  }

  /** What an integration's failed and waiting events say, the most frequent first. */
  async kept(storeId: string, integrationId: string): Promise<Kept[]> {
    return this.#sql.query<Kept>(
      `select state, reason, count(*)::int as count, max(received_at) as latest from webhook_events
       where store_id = $1 and integration_id = $2 and state in ('parked', 'dead')
       group by state, reason order by count desc, latest desc limit 20`,
      [storeId, integrationId],
    );
  }

  /** Across all stores: these events belong to none. */
  async trays(): Promise<TrayCount[]> {
    return this.#sql.query<TrayCount>(
      `select plugin_id as "pluginId", state, reason, count(*)::int as count, min(received_at) as oldest from webhook_events
       where state in ('unmatched', 'unverified') group by plugin_id, state, reason order by plugin_id, count desc`,
    );
  }
}

/** @throws Rejected for an id that is none */
function paramsOf(selection: Selection): unknown[] {
  const { storeId, integrationId, ids, from, until, states = ['dead', 'parked'], reason } = selection;
  if (ids?.some((id) => !validate(id))) throw new Rejected('One of the events has an id that is none of ours.');
  return [storeId, integrationId, states, ids ?? null, from ?? null, until ?? null, reason ?? null];
}
