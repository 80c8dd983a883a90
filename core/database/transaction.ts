import type { Client, QueryConfig } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';

/** Runs SQL on a pool or inside one transaction; rows are what SELECT or RETURNING gave. */
export interface Sql {
  /** @param name in a transaction: plans it once per connection under this name, which must stand for this text alone */
  query<T = Record<string, unknown>>(sql: string, params?: unknown[], name?: string): Promise<T[]>;
  /** Whether a statement may be sent before the answers of those before it are there. */
  readonly pipelined?: true;
  /** In a pipeline: ends the transaction behind what was sent so far, of which nothing is kept where any of it fails. */
  readonly commit?: () => Promise<void>;
}

/**
 * What several steps answer, one after another; in a pipeline they do not wait for each other's answers. Each step sends its
 * statements before it waits for anything.
 * @throws what the first of them that failed threw
 */
export async function inOrder<T extends readonly unknown[]>(
  { pipelined }: Pick<Sql, 'pipelined'>,
  ...steps: { readonly [K in keyof T]: () => Promise<T[K]> }
): Promise<T> {
  const answers: unknown[] = [];
  if (!pipelined) {
    for (const step of steps) answers.push(await step());
    return answers as unknown as T;
  }
  // What comes behind a statement that failed fails as well, so all are waited for and the first is told.
  for (const answer of await Promise.allSettled(steps.map((step) => step()))) {
    if (answer.status === 'rejected') throw answer.reason;
    answers.push(answer.value);
  }
  return answers as unknown as T;
}

/** Plain rows from TypeORM, whose answer to UPDATE and DELETE is `[rows, count]`. */
export function sqlOf(source: DataSource | EntityManager): Sql {
  return {
    async query<T>(sql: string, params?: unknown[], name?: string): Promise<T[]> {
      const runner = name !== undefined && 'queryRunner' in source ? source.queryRunner : undefined;
      if (runner) {
        const client = (await runner.connect()) as Pick<Client, 'query'>;
        return (await client.query({ name, text: sql, values: params } as QueryConfig)).rows as T[];
      }
      const answer: unknown = await source.query(sql, params);
      if (!Array.isArray(answer)) return [];
      return isRowsAndCount<T>(answer) ? answer[0] : (answer as T[]);
    },
  };
}

function isRowsAndCount<T>(answer: unknown): answer is [T[], number] {
  return Array.isArray(answer) && answer.length === 2 && Array.isArray(answer[0]) && typeof answer[1] === 'number';
}

/** Commits when `work` returns, rolls back when it throws. */
export function inTransaction<T>(dataSource: DataSource, work: (sql: Sql, manager: EntityManager) => Promise<T>): Promise<T> {
  return dataSource.transaction((manager) => work(sqlOf(manager), manager));
}

const ATTEMPTS = 5;

/** Does `work`, which is one transaction and nothing else, again where it was undone so that another could go on. */
export async function despiteConflicts<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !isConflict(error)) throw error;
    }
  }
}

const AWAY_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now: starting up or shutting down
  '53300', // too_many_connections
]);
const AWAY_MESSAGES = [
  /connection terminated/i,
  /query read timeout/i,
  /connection timeout/i,
  /timeout exceeded when trying to connect/i,
  /client has encountered a connection error/i,
  /connection ended unexpectedly/i,
  /connection error and is not queryable/i,
];

/** Whether the database could not be reached or went away, as against having refused the statement. */
export function isDatabaseAway(error: unknown): boolean {
  for (let current = error, depth = 0; typeof current === 'object' && current !== null && depth < 5; depth += 1) {
    const { code, message, cause, driverError, errors } = current as Record<string, unknown>;
    if (typeof code === 'string' && (AWAY_CODES.has(code) || code.startsWith('08'))) return true;
    if (typeof message === 'string' && AWAY_MESSAGES.some((pattern) => pattern.test(message))) return true;
    if (Array.isArray(errors) && errors.some(isDatabaseAway)) return true;
    current = driverError ?? cause;
  }
  return false;
}

/** A deadlock or the like: the transaction was undone so that another could go on. */
export function isConflict(error: unknown): boolean {
  const { code, driverError } = (error ?? {}) as { code?: unknown; driverError?: { code?: unknown } };
  return String(driverError?.code ?? code).startsWith('40');
}
