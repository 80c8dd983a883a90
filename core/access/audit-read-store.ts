import type { DataSource } from 'typeorm';
import { inTransaction, sqlOf } from '../database/transaction.ts';
import type { Audit } from './audit.ts';

/** How often the credential of an integration was opened for one purpose within one hour. */
export interface CountedRead {
  readonly storeId: string;
  readonly integrationId: string;
  /** Its beginning. */
  readonly hour: Date;
  readonly purpose: string;
  readonly count: number;
}

const BATCH = 500;
/** So long after an hour every host has written down what it counted in it. */
const SETTLED_AFTER = `interval '65 minutes'`;

/** Counted reads of credentials, until they become one entry of the audit log for each integration and hour. */
export class AuditReadStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async add(reads: readonly CountedRead[]): Promise<void> {
    // In one order on all hosts, so that two of them never wait for each other.
    const sorted = [...reads].sort((a, b) => (`${a.integrationId}${a.purpose}` < `${b.integrationId}${b.purpose}` ? -1 : 1));
    await sqlOf(this.#dataSource).query(
      `insert into credential_reads (store_id, integration_id, hour, purpose, count)
       select * from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::bigint[])
       on conflict (store_id, integration_id, hour, purpose) do update set count = credential_reads.count + excluded.count`,
      [
        sorted.map(({ storeId }) => storeId),
        sorted.map(({ integrationId }) => integrationId),
        sorted.map(({ hour }) => hour),
        sorted.map(({ purpose }) => purpose),
        sorted.map(({ count }) => count),
      ],
    );
  }

  /** Across all stores, for the worker: makes entries of the hours that are over. @returns how many */
  async settle(audit: Audit): Promise<number> {
    let settled = 0;
    for (let more = BATCH; more === BATCH; settled += more) {
      more = await inTransaction(this.#dataSource, async (sql) => {
        const rows = await sql.query<Omit<CountedRead, 'purpose' | 'count'> & { purposes: Record<string, number> }>(
          `with over as (select store_id, integration_id, hour from credential_reads where hour < now() - ${SETTLED_AFTER}
             group by store_id, integration_id, hour limit ${BATCH}),
           gone as (delete from credential_reads r using over o where r.store_id = o.store_id
             and r.integration_id = o.integration_id and r.hour = o.hour returning r.*)
           select store_id as "storeId", integration_id as "integrationId", hour, jsonb_object_agg(purpose, count) as purposes
           from gone group by store_id, integration_id, hour`,
        );
        for (const { storeId, integrationId: target, hour, purposes } of rows) {
          const count = Object.values(purposes).reduce((sum, one) => sum + one, 0);
          await audit.record(
            { storeId, actor: 'system', action: 'credential.use', target, detail: { hour, count, purposes } },
            sql,
          );
        }
        return rows.length;
      });
    }
    return settled;
  }
}
