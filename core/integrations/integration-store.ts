import type { DataSource } from 'typeorm';
import { validate } from 'uuid';
import { inPipeline } from '../database/pipeline.ts';
import { prepared } from '../database/prepared.ts';
import { selection, withoutNulls, written } from '../database/rows.ts';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';
import { NotFound, Rejected } from '../sdk/index.ts';
import type { Integration, IntegrationChange, NewIntegration } from './integration.ts';
import { IntegrationEntity, type IntegrationStatus, UNREAD } from './integration-entity.ts';

export type { Integration, IntegrationChange, NewIntegration } from './integration.ts';
export type { IntegrationStatus, Method } from './integration-entity.ts';

/** Field → ciphertext. */
interface SealedWebhook {
  readonly current: Readonly<Record<string, string>>;
  readonly former: Readonly<Record<string, string>>;
}

/** An integration, and the secrets of its settings: field → ciphertext. */
export interface WithSecrets {
  readonly integration: Integration;
  readonly configSecrets: Readonly<Record<string, string>>;
  /** When it was read, as the database writes it. */
  readonly readAt: string;
}

/** The integrations of all stores; every question but those that say otherwise is about one store. */
export class IntegrationStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return inTransaction(this.#dataSource, work);
  }

  /** The same for work that is done all the time. */
  pipeline<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return inPipeline(this.#dataSource, work);
  }

  /** @throws NotFound when the store has no such integration */
  async get(storeId: string, id: string, sql: Sql = prepared(this.#dataSource, 'integration')): Promise<Integration> {
    const [found] = validate(id) ? await this.#select(sql, 'where store_id = $1 and id = $2', [storeId, id], 'integration') : [];
    if (found) return found;
    throw gone();
  }

  /** @throws NotFound when the store has no such integration */
  async getWithSecrets(storeId: string, id: string): Promise<WithSecrets> {
    const [row] = validate(id)
      ? await prepared(this.#dataSource, 'integration_secrets').query(
          `select ${this.#selection()}, config_secrets, clock_timestamp()::text as read_at from integrations where store_id = $1 and id = $2`,
          [storeId, id],
        )
      : [];
    if (!row) throw gone();
    const { config_secrets: configSecrets, read_at: readAt, ...integration } = row;
    return {
      integration: withoutNulls(integration),
      configSecrets: configSecrets as Record<string, string>,
      readAt: String(readAt),
    };
  }

  /**
   * By id, or by the plugin's id where the store has exactly one.
   * @throws NotFound, or Rejected with code CONFLICT when the store has several of that plugin
   */
  async find(storeId: string, idOrPluginId: string): Promise<Integration> {
    if (validate(idOrPluginId)) return this.get(storeId, idOrPluginId);
    const [first, second] = await this.list({ storeId, pluginId: idOrPluginId });
    if (!first) throw new NotFound(`This store has no integration of "${idOrPluginId}"; connect one first.`);
    if (!second) return first;
    throw new Rejected(`This store has several integrations of "${idOrPluginId}"; name one by its id.`, { code: 'CONFLICT' });
  }

  /** Is there any of this plugin, in whatever state and store? */
  async anyOf(pluginId: string): Promise<boolean> {
    const rows = await sqlOf(this.#dataSource).query('select 1 from integrations where plugin_id = $1 limit 1', [pluginId]);
    return rows.length > 0;
  }

  /** Oldest first, without those that were removed. Without `storeId` it answers for all stores: for operators and workers only. */
  async list(
    where: { storeId?: string; pluginId?: string; status?: IntegrationStatus },
    sql: Sql = sqlOf(this.#dataSource),
  ): Promise<Integration[]> {
    const condition =
      'where ($1::uuid is null or store_id = $1) and ($2::text is null or plugin_id = $2) and ($3::text is null or status = $3) and removed_at is null';
    return this.#select(sql, `${condition} order by created_at, id`, [
      where.storeId ?? null,
      where.pluginId ?? null,
      where.status ?? null,
    ]);
  }

  /** Across all stores, as a webhook names an account of the provider's; without those that have disconnected from it. */
  async byAccount(pluginId: string, account: string): Promise<Integration[]> {
    const condition = `where id in (select id from integrations where plugin_id = $1 and account_external_id = $2
      union select integration_id from webhook_accounts where plugin_id = $1 and account = $2) and status <> 'disconnected'
      order by created_at, id`;
    return this.#select(sqlOf(this.#dataSource), condition, [pluginId, account]);
  }

  /** Across all stores: the unguessable key in a webhook's URL stands for the integration. */
  async byWebhookKey(pluginId: string, key: string): Promise<Integration | undefined> {
    const [found] = await this.#select(sqlOf(this.#dataSource), 'where plugin_id = $1 and webhook_key = $2', [pluginId, key]);
    return found;
  }

  /** The store's integration of one account; with `sql` its row is locked until the transaction ends. */
  async ofAccount(scope: { storeId: string; pluginId: string; externalId: string }, sql?: Sql): Promise<Integration | undefined> {
    const [found] = await this.#select(
      sql ?? sqlOf(this.#dataSource),
      `where store_id = $1 and plugin_id = $2 and account_external_id = $3${sql ? ' for update' : ''}`,
      [scope.storeId, scope.pluginId, scope.externalId],
    );
    return found;
  }

  /** Field of the config form → ciphertext. */
  async configSecrets(storeId: string, id: string, sql = prepared(this.#dataSource, 'config')): Promise<Record<string, string>> {
    const [row] = await sql.query<{ sealed: Record<string, string> }>(
      'select config_secrets as sealed from integrations where store_id = $1 and id = $2',
      [storeId, id],
    );
    return row?.sealed ?? {};
  }

  /** What the calls of its webhook may be signed with, sealed: now, and for a while as it was before. */
  async webhookSecrets(storeId: string, id: string): Promise<SealedWebhook> {
    const [row] = await sqlOf(this.#dataSource).query<SealedWebhook>(
      `select config_secrets || webhook_secrets as current, case when webhook_former_until > now() then webhook_former else '{}' end as former
       from integrations where store_id = $1 and id = $2`,
      [storeId, id],
    );
    return row ?? { current: {}, former: {} };
  }

  async insert(sql: Sql, integration: NewIntegration): Promise<Integration> {
    const columns = this.#written(integration);
    const [row] = await sql.query(
      `insert into integrations (${columns.map(({ name }) => name).join(', ')})
       values (${columns.map((_, at) => `$${at + 1}`).join(', ')}) returning ${this.#selection()}`,
      columns.map(({ value }) => value),
    );
    return withoutNulls(row as Record<string, unknown>);
  }

  /** @throws NotFound when it is gone */
  async update(storeId: string, id: string, change: IntegrationChange, sql: Sql = sqlOf(this.#dataSource)): Promise<Integration> {
    const columns = this.#written(change);
    const assignments = columns.map(({ name }, at) => `${name} = $${at + 3}, `).join('');
    const [row] = await sql.query(
      `update integrations set ${assignments}updated_at = now() where store_id = $1 and id = $2 returning ${this.#selection()}`,
      [storeId, id, ...columns.map(({ value }) => value)],
    );
    if (row) return withoutNulls(row);
    throw gone();
  }

  /** Sets status, reason and message together: a reason never outlives the status it explains. */
  async setStatus(
    storeId: string,
    id: string,
    state: { status: IntegrationStatus; reasonCode?: string | undefined; message?: string | undefined },
    sql?: Sql,
  ): Promise<Integration> {
    const change = { status: state.status, reasonCode: state.reasonCode ?? null, message: state.message ?? null };
    return this.update(storeId, id, change, sql);
  }

  async #select(sql: Sql, rest: string, params: unknown[], name?: string): Promise<Integration[]> {
    return (await sql.query(`select ${this.#selection()} from integrations ${rest}`, params, name)).map((row) =>
      withoutNulls<Integration>(row),
    );
  }

  #selection(): string {
    return selection(this.#dataSource, IntegrationEntity, UNREAD);
  }

  #written(change: IntegrationChange): { name: string; value: unknown }[] {
    const routed = change.account && { accountExternalId: change.account.externalId };
    return written(this.#dataSource, IntegrationEntity, { ...change, ...routed });
  }
}

function gone(): NotFound {
  return new NotFound('There is no such integration in this store; it may have been removed.');
}
