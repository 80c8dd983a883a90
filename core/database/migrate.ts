import { readdir } from 'node:fs/promises';
import { extname } from 'node:path';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';

const FOLDER = new URL('../../migrations/', import.meta.url);
/** Compiled migrations stand beside compiled code, sources beside sources. */
const EXTENSION = extname(new URL(import.meta.url).pathname);
/** Any two hosts that migrate the same database agree on this number and on nothing else. */
const LOCK = 7_240_016;

interface Migration {
  readonly name: string;
  readonly make: new () => MigrationInterface;
}

/**
 * Brings the schema up to date, each migration in a transaction of its own, under an advisory lock: of two hosts
 * that start at once one migrates and the other finds it done.
 * @returns the names applied by this call, oldest first
 */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('select pg_advisory_lock($1)', [LOCK]);
    await runner.query(
      'create table if not exists migrations (name text primary key, applied_at timestamptz not null default now())',
    );
    const pending = await without(await appliedNames(runner));
    for (const migration of pending) await apply(runner, migration);
    return pending.map(({ name }) => name);
  } finally {
    // A connection that broke has lost its lock already.
    await runner.query('select pg_advisory_unlock($1)', [LOCK]).catch(() => undefined);
    await runner.release();
  }
}

/** Names of the migrations that this version of the hub brings and the database does not have, oldest first. */
export async function pendingMigrations(dataSource: DataSource): Promise<string[]> {
  const [found] = await dataSource.query<[{ exists: boolean }]>("select to_regclass('migrations') is not null as exists");
  const runner = dataSource.createQueryRunner();
  try {
    const applied = found.exists ? await appliedNames(runner) : new Set<string>();
    return (await without(applied)).map(({ name }) => name);
  } finally {
    await runner.release();
  }
}

async function appliedNames(runner: QueryRunner): Promise<ReadonlySet<string>> {
  const rows: { name: string }[] = await runner.query('select name from migrations');
  return new Set(rows.map(({ name }) => name));
}

async function without(applied: ReadonlySet<string>): Promise<Migration[]> {
  return (await loadMigrations()).filter(({ name }) => !applied.has(name));
}

async function apply(runner: QueryRunner, { name, make: Make }: Migration): Promise<void> {
  await runner.startTransaction();
  try {
    await new Make().up(runner);
    await runner.query('insert into migrations (name) values ($1)', [name]);
    await runner.commitTransaction();
  } catch (error) {
    await runner.rollbackTransaction().catch(() => undefined);
    throw new Error(`Migration ${name} failed and was rolled back: ${(error as Error).message}`, { cause: error });
  }
}

async function loadMigrations(): Promise<Migration[]> {
  const files = (await readdir(FOLDER)).filter((file) => /^\d{14}-[\w-]+\.\w+$/.test(file) && extname(file) === EXTENSION);
  return Promise.all(files.sort().map(loadMigration));
}

async function loadMigration(file: string): Promise<Migration> {
  const exported = Object.values(await import(`../../migrations/${file}`));
  const make = exported.find((value) => typeof value === 'function');
  if (!make) throw new Error(`migrations/${file} exports no migration class.`);
  return { name: file.slice(0, -EXTENSION.length), make: make as Migration['make'] };
}
