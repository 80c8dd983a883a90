import type { DataSource } from 'typeorm';
import { validate } from 'uuid';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';
import type { EventKind } from './occurrence-store.ts';

/** Where a store wants to be told of what happens. */
export interface Endpoint {
  readonly storeId: string;
  readonly id: string;
  readonly url: string;
  readonly description: string | null;
  readonly kinds: readonly EventKind[];
  readonly enabled: boolean;
  /** Why it is switched off, or how its last delivery failed. */
  readonly problem: string | null;
  readonly failingSince: Date | null;
  /** Until then calls are signed with the secret before as well. */
  readonly formerUntil: Date | null;
  readonly createdAt: Date;
}

export interface SealedSecrets {
  readonly secret: string;
  readonly formerSecret: string | null;
}

export type EndpointChange = Partial<Pick<Endpoint, 'url' | 'description' | 'kinds' | 'enabled'>>;

const COLUMNS = `store_id as "storeId", id, url, description, kinds, enabled, problem, failing_since as "failingSince",
  case when former_until > now() then former_until end as "formerUntil", created_at as "createdAt"`;

export class EndpointStore {
  readonly #dataSource: DataSource;
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
    this.#sql = sqlOf(dataSource);
  }

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return inTransaction(this.#dataSource, work);
  }

  /** Nobody else counts what this store has until the transaction ends. */
  async lock(sql: Sql, storeId: string): Promise<void> {
    await sql.query('select id from stores where id = $1 for no key update', [storeId]);
  }

  /** Oldest first. */
  list(storeId: string, sql: Sql = this.#sql): Promise<Endpoint[]> {
    return sql.query(`select ${COLUMNS} from webhook_endpoints where store_id = $1 order by created_at, id`, [storeId]);
  }

  async find(storeId: string, id: string, sql: Sql = this.#sql): Promise<Endpoint | undefined> {
    if (!validate(id)) return undefined;
    const [row] = await sql.query<Endpoint>(`select ${COLUMNS} from webhook_endpoints where store_id = $1 and id = $2`, [
      storeId,
      id,
    ]);
    return row;
  }

  /** Who wants to hear of it. */
  listening(sql: Sql, storeId: string, kind: EventKind): Promise<Endpoint[]> {
    return sql.query(`select ${COLUMNS} from webhook_endpoints where store_id = $1 and enabled and $2 = any(kinds)`, [
      storeId,
      kind,
    ]);
  }

  async insert(
    sql: Sql,
    {
      storeId,
      id,
      url,
      description,
      kinds,
      secret,
    }: Pick<Endpoint, 'storeId' | 'id' | 'url' | 'description' | 'kinds'> & { secret: string },
  ): Promise<void> {
    await sql.query(
      'insert into webhook_endpoints (store_id, id, url, description, kinds, secret) values ($1, $2, $3, $4, $5, $6)',
      [storeId, id, url, description, [...kinds], secret],
    );
  }

  /** One that is switched on again begins anew. */
  async change(sql: Sql, { storeId, id }: Pick<Endpoint, 'storeId' | 'id'>, change: EndpointChange): Promise<void> {
    const { url = null, description, kinds = null, enabled = null } = change;
    await sql.query(
      `update webhook_endpoints set url = coalesce($3, url), description = case when $4 then $5 else description end,
         kinds = coalesce($6::text[], kinds), enabled = coalesce($7, enabled),
         problem = case when $7 and not enabled then null else problem end,
         failing_since = case when $7 and not enabled then null else failing_since end
       where store_id = $1 and id = $2`,
      [storeId, id, url, description !== undefined, description ?? null, kinds && [...kinds], enabled],
    );
  }

  /** The one before signs as well for a day. */
  async rotate(sql: Sql, { storeId, id }: Pick<Endpoint, 'storeId' | 'id'>, sealed: SealedSecrets): Promise<void> {
    await sql.query(
      `update webhook_endpoints set secret = $3, former_secret = $4, former_until = now() + interval '1 day'
       where store_id = $1 and id = $2`,
      [storeId, id, sealed.secret, sealed.formerSecret],
    );
  }

  async secrets(storeId: string, id: string, sql: Sql = this.#sql): Promise<SealedSecrets | undefined> {
    const [row] = await sql.query<SealedSecrets>(
      `select secret, case when former_until > now() then former_secret end as "formerSecret"
       from webhook_endpoints where store_id = $1 and id = $2`,
      [storeId, id],
    );
    return row;
  }

  async remove(sql: Sql, storeId: string, id: string): Promise<void> {
    await sql.query('delete from webhook_endpoints where store_id = $1 and id = $2', [storeId, id]);
  }

  async works(storeId: string, id: string): Promise<void> {
    await this.#sql.query(
      `update webhook_endpoints set problem = null, failing_since = null
       where store_id = $1 and id = $2 and enabled and failing_since is not null`,
      [storeId, id],
    );
  }

  /** @returns since when nothing has arrived there */
  async fails(sql: Sql, { storeId, id }: Pick<Endpoint, 'storeId' | 'id'>, problem: string): Promise<Date | undefined> {
    const [row] = await sql.query<{ since: Date }>(
      `update webhook_endpoints set problem = $3, failing_since = coalesce(failing_since, now())
       where store_id = $1 and id = $2 and enabled returning failing_since as since`,
      [storeId, id, problem],
    );
    return row?.since;
  }

  async switchOff(sql: Sql, { storeId, id }: Pick<Endpoint, 'storeId' | 'id'>, problem: string): Promise<void> {
    await sql.query('update webhook_endpoints set enabled = false, problem = $3 where store_id = $1 and id = $2', [
      storeId,
      id,
      problem,
    ]);
  }
}
