import type { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { cutPage, type Paging, type Position, whereOf } from '../database/list-page.ts';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';

export interface Farewell {
  readonly integration: string;
  readonly plugin: string;
  /** What it came to, and what is left to do at the provider. */
  readonly says: string;
}

/** The deletion of a store, under way or done. */
export interface Deletion {
  readonly id: string;
  /** The store's id, which nothing has any more. */
  readonly subject: string;
  readonly slug: string;
  readonly name: string;
  readonly userId: string | null;
  readonly requestedBy: string;
  readonly status: 'queued' | 'running' | 'done';
  readonly farewells: readonly Farewell[];
  /** Table → rows removed. */
  readonly removed: Readonly<Record<string, number>>;
  readonly requestedAt: Date;
  readonly finishedAt: Date | null;
  /** JSON, as it was signed. */
  readonly proof: string | null;
  readonly sha256: string | null;
  readonly kid: string | null;
  readonly mac: string | null;
}

const SELECTION = `id, subject, slug, name, user_id as "userId", requested_by as "requestedBy", status, farewells, removed,
  requested_at as "requestedAt", finished_at as "finishedAt", proof, sha256, kid, mac`;
const BATCH = 5000;

/** Deletions of stores; what is removed is found in the schema itself, so that no table can be forgotten. */
export class DeletionStore {
  readonly #dataSource: DataSource;
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
    this.#sql = sqlOf(dataSource);
  }

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return inTransaction(this.#dataSource, work);
  }

  /** From this moment on nobody finds the store. Undefined when it is gone, or being deleted already. */
  async insert(sql: Sql, by: { storeId: string; userId: string | null; requestedBy: string }): Promise<Deletion | undefined> {
    const [row] = await sql.query<Deletion>(
      `with closed as (update stores set deleting_at = now() where id = $2 and deleting_at is null returning id, slug, name)
       insert into store_deletions (id, subject, slug, name, user_id, requested_by)
         select $1, id, slug, name, $3, $4 from closed returning ${SELECTION}`,
      [v7(), by.storeId, by.userId, by.requestedBy],
    );
    return row;
  }

  async find(id: string): Promise<Deletion | undefined> {
    const [row] = await this.#sql.query<Deletion>(`select ${SELECTION} from store_deletions where id = $1`, [id]);
    return row;
  }

  /** Across all stores, for operators: latest first. */
  async page({ limit, after }: Paging): Promise<{ deletions: Deletion[]; next: Position | undefined }> {
    const { where, params } = whereOf([], { order: ['requested_at', 'id'], after });
    const rows = await this.#sql.query<Deletion & { mark: string }>(
      `select ${SELECTION}, requested_at::text as mark from store_deletions
       where ${where} order by requested_at desc, id desc limit ${limit + 1}`,
      params,
    );
    const { page, next } = cutPage(rows, limit, ({ id }) => id);
    return { deletions: page.map(({ mark: _, ...deletion }) => deletion), next };
  }

  /** Across all stores, for the worker: what is to be done, or was left half-way. */
  open(): Promise<{ readonly id: string }[]> {
    return this.#sql.query(`select id from store_deletions where status <> 'done' order by requested_at`);
  }

  async begin(id: string): Promise<void> {
    await this.#sql.query(
      `update store_deletions set status = 'running', attempts = attempts + 1 where id = $1 and status <> 'done'`,
      [id],
    );
  }

  async addFarewell(id: string, farewell: Farewell): Promise<void> {
    await this.#sql.query('update store_deletions set farewells = farewells || $2::jsonb where id = $1', [
      id,
      JSON.stringify([farewell]),
    ]);
  }

  /**
   * Tables that name a store, whose rows nothing refers to any more before those they refer to. Of a partitioned table its
   * partitions: a row's place means something within one of them only.
   */
  async tables(): Promise<{ readonly table: string; readonly leaf: string }[]> {
    const found = await this.#sql.query<{ table: string; leaf: string; needs: string[] }>(
      `select coalesce(p.relname, c.relname) as table, c.relname as leaf,
         coalesce((select array_agg(distinct r.relname) from pg_constraint f join pg_class r on r.oid = f.confrelid
           where f.conrelid = c.oid and f.contype = 'f' and r.oid <> c.oid), '{}') as needs
       from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_schema()
         join pg_attribute a on a.attrelid = c.oid and a.attname = 'store_id' and not a.attisdropped
         left join pg_inherits i on i.inhrelid = c.oid left join pg_class p on p.oid = i.inhparent
       where c.relkind = 'r' order by 2`,
    );
    return referringFirst(found);
  }

  /** Removes a batch and says so in the deletion, both or neither. @returns how many rows */
  removeSome(id: string, { table, leaf }: { table: string; leaf: string }, storeId: string): Promise<number> {
    return this.transaction(async (sql) => {
      const rows = await sql.query(
        `delete from "${leaf}" where store_id = $1 and ctid = any(array(select ctid from "${leaf}" where store_id = $1 limit ${BATCH})) returning 1`,
        [storeId],
      );
      await this.#count(sql, id, { table, rows: rows.length });
      return rows.length;
    });
  }

  /** What is kept under other names: sealed answers to the store's API keys, jobs that speak of it, the choice of a store. */
  removeElsewhere(id: string, storeId: string): Promise<void> {
    return this.transaction(async (sql) => {
      const answers = await sql.query(
        'delete from idempotency_keys where caller in (select id from api_keys where store_id = $1) returning 1',
        [storeId],
      );
      const jobs = await sql.query(
        `delete from pgboss.job where state <> 'active' and (data ->> 'storeId' = $1 or data ->> 'store' = $1) returning 1`,
        [storeId],
      );
      await sql.query(`update sessions set sess = (sess::jsonb - 'storeId')::json where sess ->> 'storeId' = $1`, [storeId]);
      await this.#count(sql, id, { table: 'idempotency_keys', rows: answers.length });
      await this.#count(sql, id, { table: 'jobs', rows: jobs.length });
    });
  }

  /** The store itself, once nothing names it. */
  removeStore(id: string, storeId: string): Promise<void> {
    return this.transaction(async (sql) => {
      const rows = await sql.query('delete from stores where id = $1 returning 1', [storeId]);
      await this.#count(sql, id, { table: 'stores', rows: rows.length });
    });
  }

  async finish(sql: Sql, id: string, signed: { proof: string; sha256: string; kid: string; mac: string }): Promise<void> {
    await sql.query(
      `update store_deletions set status = 'done', proof = $2, sha256 = $3, kid = $4, mac = $5, finished_at = now() where id = $1`,
      [id, signed.proof, signed.sha256, signed.kid, signed.mac],
    );
  }

  /** Of stores that are gone: what work that was under way wrote after them. */
  async gone(): Promise<{ readonly id: string; readonly subject: string }[]> {
    return this.#sql.query(
      `select id, subject from store_deletions where status = 'done' and finished_at > now() - interval '8 days'`,
    );
  }

  async removeLate(leaf: string, storeId: string): Promise<void> {
    await this.#sql.query(`delete from "${leaf}" where store_id = $1`, [storeId]);
  }

  async #count(sql: Sql, id: string, { table, rows }: { table: string; rows: number }): Promise<void> {
    if (rows === 0) return;
    await sql.query(
      `update store_deletions set removed = removed || jsonb_build_object($2::text, coalesce((removed ->> $2)::bigint, 0) + $3::bigint)
       where id = $1`,
      [id, table, rows],
    );
  }
}

interface Table {
  readonly table: string;
  readonly leaf: string;
  readonly needs: readonly string[];
}

/** Tables that refer to each other in a circle come last, as they are. */
function referringFirst(tables: readonly Table[]): Table[] {
  const ordered: Table[] = [];
  let left = [...tables];
  while (left.length > 0) {
    const free = left.filter(({ leaf }) => !left.some((other) => other.leaf !== leaf && other.needs.includes(leaf)));
    const next = free.length > 0 ? free : left;
    ordered.push(...next);
    left = left.filter((one) => !next.includes(one));
  }
  return ordered;
}
