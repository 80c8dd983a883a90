import type { DataSource } from 'typeorm';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';
import type { Integration } from './integration.ts';

type Key = Pick<Integration, 'storeId' | 'id'>;

/** What is kept of a subscription beside the provider's name for it. */
export interface KeptSubscription {
  /** Null: there was nothing to register. */
  readonly id: string | null;
  /** Name → ciphertext. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The settings it was made for. */
  readonly followed: Readonly<Record<string, unknown>>;
  readonly accounts: readonly string[];
}

export interface HeldSubscription {
  readonly id: string | undefined;
  /** Undefined: made before settings were followed. */
  readonly followed: Readonly<Record<string, unknown>> | undefined;
}

/** Those whose day is over must not come back with the next that is replaced. */
const STILL_GOOD = "(case when webhook_former_until > now() then webhook_former else '{}' end)";

/** Webhook subscriptions at providers, columns of the integration they belong to; each change names the one it replaces. */
export class SubscriptionStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  /** Ids by which events name this integration and another connection of the same plugin as well. */
  async shared({ storeId, id, pluginId }: Integration): Promise<string[]> {
    const rows = await this.#sql().query<{ account: string }>(
      `with own as (
         select account from webhook_accounts where store_id = $1 and integration_id = $2
         union select account_external_id from integrations where store_id = $1 and id = $2
       ), others as (
         select account from webhook_accounts where plugin_id = $3 and integration_id <> $2
         union select account_external_id from integrations where plugin_id = $3 and id <> $2 and webhook_subscription is not null
       )
       select account from own where account in (select account from others)`,
      [storeId, id, pluginId],
    );
    return rows.map(({ account }) => account);
  }

  async held({ storeId, id }: Key): Promise<HeldSubscription> {
    const [row] = await this.#sql().query<{ id: string | null; followed: Record<string, unknown> | null }>(
      'select webhook_subscription as id, webhook_followed as followed from integrations where store_id = $1 and id = $2',
      [storeId, id],
    );
    return { id: row?.id ?? undefined, followed: row?.followed ?? undefined };
  }

  /**
   * Keeps a new subscription in place of `prior`. Secrets it replaces stay good for a day: what was signed with them is
   * still under way, or waits at the provider to be sent again.
   * @returns false when another was kept meanwhile, or the connection ended
   */
  async keep({ storeId, id, pluginId }: Integration, prior: string | undefined, kept: KeptSubscription): Promise<boolean> {
    return inTransaction(this.#dataSource, async (sql) => {
      const rows = await sql.query(
        `update integrations set webhook_subscription = $4, webhook_followed = $5, webhook_secrets = $6, webhook_problem = null,
           webhook_former = case when webhook_secrets = '{}' then webhook_former else ${STILL_GOOD} || webhook_secrets end,
           webhook_former_until = case when webhook_secrets = '{}' then webhook_former_until else now() + interval '1 day' end,
           updated_at = now()
         where store_id = $1 and id = $2 and webhook_subscription is not distinct from $3 and status <> 'disconnected'
         returning id`,
        [storeId, id, prior ?? null, kept.id, JSON.stringify(kept.followed), JSON.stringify(kept.secrets)],
      );
      if (rows.length === 0) return false;
      await sql.query('delete from webhook_accounts where store_id = $1 and integration_id = $2', [storeId, id]);
      await sql.query(
        `insert into webhook_accounts (store_id, integration_id, plugin_id, account)
         select $1, $2, $3, unnest($4::text[]) on conflict do nothing`,
        [storeId, id, pluginId, kept.accounts],
      );
      return true;
    });
  }

  /** The provider has ended `prior`; its secrets and accounts stay until others take their place. */
  async retire({ storeId, id }: Key, prior: string): Promise<void> {
    await this.#sql().query(
      `update integrations set webhook_subscription = null, webhook_followed = null
       where store_id = $1 and id = $2 and webhook_subscription = $3`,
      [storeId, id, prior],
    );
  }

  /** Says on the card why changes are not reported as they should be; null: they are. */
  async noteProblem({ storeId, id }: Key, problem: string | null): Promise<void> {
    await this.#sql().query(
      `update integrations set webhook_problem = $3, updated_at = now()
       where store_id = $1 and id = $2 and status <> 'disconnected'`,
      [storeId, id, problem],
    );
  }

  /** Secrets of the config form that are about to be replaced stay good for a day, as those of a subscription do. */
  async outlive({ storeId, id }: Key, sealed: Readonly<Record<string, string>>, sql: Sql): Promise<void> {
    await sql.query(
      `update integrations set webhook_former = ${STILL_GOOD} || $3, webhook_former_until = now() + interval '1 day'
       where store_id = $1 and id = $2`,
      [storeId, id, JSON.stringify(sealed)],
    );
  }

  #sql(): Sql {
    return sqlOf(this.#dataSource);
  }
}

/** Part of ending a connection: nothing of its subscription remains. */
export async function forgetSubscription(sql: Sql, { storeId, id }: Key): Promise<void> {
  await sql.query(
    `update integrations set webhook_subscription = null, webhook_followed = null, webhook_secrets = '{}',
       webhook_former = '{}', webhook_former_until = null, webhook_problem = null
     where store_id = $1 and id = $2`,
    [storeId, id],
  );
  await sql.query('delete from webhook_accounts where store_id = $1 and integration_id = $2', [storeId, id]);
}
