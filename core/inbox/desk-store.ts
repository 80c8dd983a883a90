import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../database/transaction.ts';
import { IS_SILENT } from '../integrations/silence.ts';

/** Messages of an account nobody has connected, or had not when they came. */
export interface Unclaimed {
  readonly pluginId: string;
  /** Null where the messages do not say. */
  readonly account: string | null;
  readonly count: number;
  readonly oldest: Date;
  readonly latest: Date;
  readonly types: readonly string[];
  /** Who has the account by now. */
  readonly storeId: string | null;
  readonly store: string | null;
  readonly integrationId: string | null;
  readonly integration: string | null;
}

/** Calls for a plugin that was not there to check them. */
export interface Unchecked {
  readonly pluginId: string;
  readonly count: number;
  readonly oldest: Date;
}

/** Messages of one integration that failed or wait for it, and say the same of themselves. */
export interface Stranded {
  readonly pluginId: string;
  readonly storeId: string;
  readonly store: string;
  readonly integrationId: string;
  readonly integration: string;
  readonly state: 'dead' | 'parked';
  readonly reason: string | null;
  readonly count: number;
  readonly latest: Date;
}

/** An integration whose provider used to call. */
export interface Silent {
  readonly pluginId: string;
  readonly storeId: string;
  readonly store: string;
  readonly integrationId: string;
  readonly integration: string;
  readonly lastEventAt: Date;
}

/** The first of a list, and how many more there are. */
export interface Top<T> {
  readonly rows: readonly T[];
  readonly more: number;
}

/** Whom events can be about, and whose they are then. */
const OWNERS = `(select plugin_id, account_external_id as account, store_id, id from integrations
  union select plugin_id, account, store_id, integration_id from webhook_accounts)`;
/** Of one list; the rest shows once these are done with. */
export const MOST = 100;
const MOST_SILENT = 50;

/** What lies in the inbox of the whole hub and needs somebody: for the operator, so no store in its queries. */
export class DeskStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  /** The most first. @param only of one account, whatever its place in the list */
  async unclaimed(only?: { readonly pluginId: string; readonly account: string }): Promise<Top<Unclaimed>> {
    const rows = await this.#sql.query<Counted<Unclaimed>>(
      `select t.*, i.store_id as "storeId", s.name as store, i.id as "integrationId", i.name as integration from (
         select plugin_id as "pluginId", account, count(*)::int as count, min(received_at) as oldest, max(received_at) as latest,
           (array_agg(distinct type))[1:5] as types, (count(*) over ())::int as total
         from webhook_events where state = 'unmatched' and ($1::text is null or plugin_id = $1 and account = $2) group by plugin_id, account order by count(*) desc limit ${MOST}) t
       left join lateral (select i.* from ${OWNERS} o join integrations i on i.store_id = o.store_id and i.id = o.id
         where o.plugin_id = t."pluginId" and o.account = t.account and i.status <> 'disconnected' order by i.created_at limit 1) i on true
       left join stores s on s.id = i.store_id order by t.count desc, t."pluginId", t.account`,
      [only?.pluginId ?? null, only?.account ?? null],
    );
    return topOf(rows);
  }

  unchecked(): Promise<Unchecked[]> {
    return this.#sql.query<Unchecked>(
      `select plugin_id as "pluginId", count(*)::int as count, min(received_at) as oldest from webhook_events
       where state = 'unverified' group by plugin_id order by plugin_id`,
    );
  }

  /** What failed first, then what waits; the most first. */
  async stranded(): Promise<Top<Stranded>> {
    const rows = await this.#sql.query<Counted<Stranded>>(
      `select t.*, s.name as store, i.name as integration from (
         select plugin_id as "pluginId", store_id as "storeId", integration_id as "integrationId", state, reason,
           count(*)::int as count, max(received_at) as latest, (count(*) over ())::int as total
         from webhook_events where state in ('dead', 'parked') and store_id is not null
         group by plugin_id, store_id, integration_id, state, reason order by state, count(*) desc limit ${MOST}) t
       join stores s on s.id = t."storeId" join integrations i on i.store_id = t."storeId" and i.id = t."integrationId"
       order by t.state, t.count desc, t.latest desc`,
    );
    return topOf(rows);
  }

  /** Those that stopped last first. @param plugins ids of those that take messages */
  async silent(plugins: readonly string[]): Promise<Top<Silent>> {
    const rows = await this.#sql.query<Counted<Silent>>(
      `select i.plugin_id as "pluginId", i.store_id as "storeId", s.name as store, i.id as "integrationId", i.name as integration,
         i.last_event_at as "lastEventAt", (count(*) over ())::int as total
       from integrations i join stores s on s.id = i.store_id
       where ${IS_SILENT} order by i.last_event_at desc limit ${MOST_SILENT}`,
      [plugins],
    );
    return topOf(rows);
  }
}

/** A row of the first of a list, with how many the whole list has. */
export type Counted<T> = T & { readonly total: number };

export function topOf<T>(rows: readonly Counted<T>[]): Top<T> {
  return { rows, more: (rows[0]?.total ?? 0) - rows.length };
}
