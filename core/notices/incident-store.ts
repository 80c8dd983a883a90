import type { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { type Sql, sqlOf } from '../database/transaction.ts';
import { IS_SILENT } from '../integrations/silence.ts';

export type IncidentKind = 'needs-attention' | 'ends-soon' | 'sync-failing' | 'silent' | 'webhook-failing';

/** Something that only a person can mend, from when it broke until it was mended. */
export interface Incident {
  readonly storeId: string;
  readonly id: string;
  readonly kind: IncidentKind;
  /** The integration, or the endpoint. */
  readonly about: string;
  /** The stream, for `sync-failing`. */
  readonly part: string;
  readonly pluginId: string | null;
  readonly name: string;
  readonly reason: string | null;
  readonly message: string | null;
  readonly since: Date;
  readonly notedAt: Date;
  readonly endedAt: Date | null;
}

export type NewIncident = Pick<Incident, 'storeId' | 'kind' | 'about' | 'pluginId' | 'name' | 'since'> &
  Partial<Pick<Incident, 'part' | 'reason' | 'message'>>;

/** An integration whose provider has fallen silent. */
type Fallen = Pick<Incident, 'storeId' | 'id' | 'name' | 'since'> & { readonly pluginId: string };

const COLUMNS = `store_id as "storeId", id, kind, about, part, plugin_id as "pluginId", name, reason, message, since,
  noted_at as "notedAt", ended_at as "endedAt"`;

export class IncidentStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  /** False when the same is open already. */
  async open(incident: NewIncident, sql: Sql = this.#sql): Promise<boolean> {
    const { storeId, kind, about, part = '', pluginId, name, reason = null, message = null, since } = incident;
    const rows = await sql.query(
      `insert into incidents (store_id, id, kind, about, part, plugin_id, name, reason, message, since)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing returning id`,
      [storeId, v7(), kind, about, part, pluginId, name, reason, message, since],
    );
    return rows.length > 0;
  }

  /** Without `kinds` all that are open about it. */
  async close(
    { storeId, about, kinds, part }: { storeId: string; about: string; kinds?: readonly IncidentKind[]; part?: string },
    sql: Sql = this.#sql,
  ): Promise<void> {
    await sql.query(
      `update incidents set ended_at = clock_timestamp() where store_id = $1 and about = $2 and ended_at is null
       and ($3::text[] is null or kind = any($3)) and ($4::text is null or part = $4)`,
      [storeId, about, kinds ?? null, part ?? null],
    );
  }

  /** Open ones of a store, the latest first. */
  openOf(storeId: string): Promise<Incident[]> {
    return this.#sql.query(
      `select ${COLUMNS} from incidents where store_id = $1 and ended_at is null order by noted_at desc, id desc`,
      [storeId],
    );
  }

  /** What somebody has not been told yet, the oldest first; also what was mended meanwhile, where `mended`. */
  untold(sql: Sql, storeId: string, { after, mended }: { after: Date; mended: boolean }): Promise<Incident[]> {
    return sql.query(
      `select ${COLUMNS} from incidents where store_id = $1 and noted_at > $2 and ($3 or ended_at is null) order by noted_at, id`,
      [storeId, after, mended],
    );
  }

  /** Open for so long that somebody is told once more. */
  forgotten(sql: Sql, now: Date): Promise<Incident[]> {
    return sql.query(
      `select ${COLUMNS} from incidents where ended_at is null and reminded_at is null and kind = 'needs-attention'
       and noted_at < $1::timestamptz - interval '3 days' order by store_id, noted_at limit 1000`,
      [now],
    );
  }

  async reminded(sql: Sql, incidents: readonly Incident[], now: Date): Promise<void> {
    for (const { storeId, id } of incidents) {
      await sql.query('update incidents set reminded_at = $3 where store_id = $1 and id = $2', [storeId, id, now]);
    }
  }

  /** Did the last `count` runs of a stream that came to an end all fail, since it was connected? */
  async failedInARow(sql: Sql, run: { storeId: string; integrationId: string; stream: string }, count: number): Promise<boolean> {
    const [row] = await sql.query<{ all: boolean }>(
      `select count(*) = $4 and bool_and(status = 'failed') as all from (
         select r.status from sync_runs r join integrations i on i.store_id = r.store_id and i.id = r.integration_id
         where r.store_id = $1 and r.integration_id = $2 and r.stream = $3 and r.status in ('succeeded', 'partial', 'failed')
           and r.queued_at >= coalesce(i.connected_at, r.queued_at)
         order by r.queued_at desc limit $4) latest`,
      [run.storeId, run.integrationId, run.stream, count],
    );
    return row?.all ?? false;
  }

  /** Across all stores: whose provider used to call and does not any more, which nobody was told of. @param plugins that take calls */
  silent(plugins: readonly string[], limit: number): Promise<Fallen[]> {
    return this.#sql.query(
      `select i.store_id as "storeId", i.id, i.name, i.plugin_id as "pluginId", i.last_event_at as since from integrations i
       where ${IS_SILENT} and i.last_event_at > now() - interval '60 days'
         and not exists (select from incidents c where c.store_id = i.store_id and c.about = i.id and c.kind = 'silent'
           and c.ended_at is null)
       order by i.last_event_at limit $2`,
      [plugins, limit],
    );
  }

  /** Across all stores: who called again is silent no more. */
  async heardAgain(): Promise<void> {
    await this.#sql.query(
      `update incidents c set ended_at = clock_timestamp() from integrations i
       where c.kind = 'silent' and c.ended_at is null and i.store_id = c.store_id and i.id = c.about
         and i.last_event_at > c.noted_at`,
    );
  }

  async forget(): Promise<void> {
    await this.#sql.query(`delete from incidents where ended_at < now() - interval '90 days'`);
  }
}
