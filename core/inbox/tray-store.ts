import type { DataSource } from 'typeorm';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';
import { wake } from './event-insert.ts';
import { QUEUED } from './event-store.ts';

/** How much a plugin that is not there may make us keep without a check: anybody can send it. */
const UNVERIFIED = { calls: 1000, ofOneSender: 100, bytes: 16 * 2 ** 20 };

/** With a plugin's hash: who counts what waits for it. */
const TRAY_LOCK = 7_240_019;

export interface Unverified {
  readonly id: string;
  readonly pluginId: string;
  readonly raw: Buffer;
  /** The rest of the call, sealed: its headers may hold a shared secret. */
  readonly sealed: string;
  readonly receivedAt: Date;
}

export interface NewUnverified extends Unverified {
  /** The same for the same call. */
  readonly same: string;
  /** The same for the same sender. */
  readonly sender: string;
}

/** Whom events can be about, and whose they are then. */
const ACCOUNTS = `select plugin_id, account_external_id as account, store_id, id from integrations
  union select plugin_id, account, store_id, integration_id from webhook_accounts`;

export interface Attach {
  readonly pluginId: string;
  readonly account: string;
  readonly storeId: string;
  readonly integrationId: string;
  /** Older ones stay in the tray. */
  readonly since: Date;
}

/** Messages that cannot be given to an integration yet: of an account nobody connected, or of a plugin that did not load. */
export class TrayStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  /**
   * Gives an account's messages, and those of further accounts of its subscription, to the integration that has just
   * connected it. One the integration was sent itself meanwhile is not handled a second time.
   * @returns how many are to be handled now
   */
  async attach({ pluginId, account, storeId, integrationId, since }: Attach, sql: Sql = this.#sql()): Promise<number> {
    const rows = await sql.query<{ state: string }>(
      `with tray as (
         select id, webhook_key(plugin_id, $4::text, event_id) as key from webhook_events
         where state = 'unmatched' and plugin_id = $1 and received_at >= $3 and (account = $2
           or account in (select account from webhook_accounts where store_id = $5 and integration_id = $4::uuid))
         order by seq for update skip locked),
       fresh as (
         insert into webhook_dedupe (key) select distinct key from tray order by key on conflict do nothing returning key),
       again as (update webhook_events e set store_id = $5, integration_id = $4::uuid, run_after = now(),
         state = case when fresh.key is null then 'handled' else 'pending' end,
         reason = case when fresh.key is null then 'The same message was handled already.' end,
         handled_at = case when fresh.key is null then now() end
         from tray left join fresh using (key) where e.id = tray.id returning e.*), ${QUEUED}
       select state from again`,
      [pluginId, account, since, integrationId, storeId],
    );
    const pending = rows.filter(({ state }) => state === 'pending').length;
    if (pending > 0) await wake(sql);
    return pending;
  }

  /** Accounts in the tray that are connected by now: their messages came in the moment before the connection was kept. */
  async attachable(): Promise<Attach[]> {
    return this.#sql().query<Attach>(
      `select distinct on (e.plugin_id, e.account) e.plugin_id as "pluginId", e.account, i.store_id as "storeId",
         i.id as "integrationId", i.connected_at - interval '1 day' as since
       from webhook_events e join (${ACCOUNTS}) a on a.plugin_id = e.plugin_id and a.account = e.account
       join integrations i on i.store_id = a.store_id and i.id = a.id
       where e.state = 'unmatched' and i.status = 'active' and e.received_at >= i.connected_at - interval '1 day'
       order by e.plugin_id, e.account, i.created_at`,
    );
  }

  /** A call that is there already is not kept twice. @returns false when the tray is full, for this sender or for all */
  async keepUnverified({ id, pluginId, raw, sealed, receivedAt, same, sender }: NewUnverified): Promise<boolean> {
    return inTransaction(this.#dataSource, async (sql) => {
      // One after the other: those that count at once would all find the same room.
      await sql.query('select pg_advisory_xact_lock($1, hashtext($2))', [TRAY_LOCK, pluginId]);
      const [answer] = await sql.query<{ kept: boolean }>(
        `with room as (
         select coalesce(bool_or(event_id = $3), false) as known,
           count(*) < $8 and count(*) filter (where headers ->> 'sender' = $6) < $9
             and coalesce(sum(pg_column_size(raw)), 0) + length($4::bytea) <= $10 as enough
         from webhook_events where plugin_id = $2 and state = 'unverified'),
       added as (
         insert into webhook_events (id, plugin_id, event_id, type, data, raw, headers, state, reason, received_at)
         select $1::uuid, $2, $3, 'unverified', '{}', $4, jsonb_build_object('sealed', $5::text, 'sender', $6::text), 'unverified',
           'The plugin was not loaded when this came; it is checked once it is.', $7::timestamptz
         from room where enough and not known returning 1)
       select known or exists (select 1 from added) as kept from room`,
        [
          ...[id, pluginId, same, raw, sealed, sender, receivedAt],
          ...[UNVERIFIED.calls, UNVERIFIED.ofOneSender, UNVERIFIED.bytes],
        ],
      );
      return answer?.kept === true;
    });
  }

  async unverified(pluginId: string): Promise<string[]> {
    const rows = await this.#sql().query<{ id: string }>(
      `select id from webhook_events where plugin_id = $1 and state = 'unverified' order by seq`,
      [pluginId],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Takes one out and hands it to `work`; it is gone when `work` returns and stays when `work` throws. Two hosts that
   * load a plugin at once share the tray.
   */
  async takeUnverified(id: string, work: (kept: Unverified, sql: Sql) => Promise<void>): Promise<void> {
    await inTransaction(this.#dataSource, async (sql) => {
      const [kept] = await sql.query<Unverified>(
        `delete from webhook_events where id = (
           select id from webhook_events where id = $1 and state = 'unverified' for update skip locked)
         returning id, plugin_id as "pluginId", raw, headers->>'sealed' as sealed, received_at as "receivedAt"`,
        [id],
      );
      if (kept) await work(kept, sql);
    });
  }

  #sql(): Sql {
    return sqlOf(this.#dataSource);
  }
}
