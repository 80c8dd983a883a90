import type { DataSource } from 'typeorm';
import { inTransaction, type Sql } from '../database/transaction.ts';

/** What a store can have told to its own systems. */
export const EVENT_KINDS = [
  'integration.connected',
  'integration.needs_attention',
  'integration.recovered',
  'integration.disconnected',
  'sync.finished',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** As the database noted it when it happened. */
export interface Occurrence {
  readonly storeId: string;
  readonly kind: EventKind | 'integration.ends_soon';
  readonly integrationId: string;
  readonly detail: OccurrenceDetail;
  readonly at: Date;
}

export interface OccurrenceDetail {
  readonly plugin: string;
  readonly name: string;
  readonly account: string | null;
  readonly status: string;
  readonly reason?: string | null;
  readonly message?: string | null;
  readonly run?: RunDetail;
}

export interface RunDetail {
  readonly id: string;
  readonly stream: string;
  readonly trigger: string;
  readonly status: 'succeeded' | 'partial' | 'failed' | 'cancelled';
  readonly message: string | null;
  readonly errorCode: string | null;
  readonly written: number;
  readonly unchanged: number;
  readonly deleted: number;
  readonly failed: number;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/** Any number that no other advisory lock of the hub uses. */
const ONE_READER = 7_402_833;

export const OCCURRENCES_CHANNEL = 'patchbay_occurrences';

export class OccurrenceStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  /** One worker at a time on however many hosts: what happened to an integration is read in its order. */
  alone<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return inTransaction(this.#dataSource, async (sql) => {
      await sql.query('select pg_advisory_xact_lock($1)', [ONE_READER]);
      return work(sql);
    });
  }

  /** The oldest of all stores, which are gone with this transaction. */
  async take(sql: Sql, limit: number): Promise<Occurrence[]> {
    const rows = await sql.query<Occurrence & { id: string }>(
      `delete from occurrences where id in (select id from occurrences order by id limit $1)
       returning id, store_id as "storeId", kind, integration_id as "integrationId", detail, at`,
      [limit],
    );
    return rows.sort((one, other) => Number(BigInt(one.id) - BigInt(other.id)));
  }
}
