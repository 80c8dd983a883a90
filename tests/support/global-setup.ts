import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDataSource } from '../../core/database/data-source.ts';
import { startEmbeddedPostgres } from '../../core/database/embedded-postgres.ts';
import { Jobs } from '../../core/database/jobs.ts';
import { migrate } from '../../core/database/migrate.ts';
import { isAlive } from '../../core/database/postgres-server.ts';
import { createLog } from '../../core/log.ts';
import { atDatabase, onServer, type TestServer, testEnv } from './test-server.ts';

const log = createLog('error');

/** What jest says of the run. */
interface Run {
  /** Named by whoever asks for some files only. */
  readonly nonFlagArgs: readonly string[];
}

/** One Postgres for the whole run, with one migrated database that every test file clones. */
export default async function setUp({ nonFlagArgs }: Run): Promise<void> {
  const server = await startServer();
  const template = `patchbay_test_${process.pid}`;
  try {
    await onServer(server.url, `create database ${template} template template0`);
    await prepare(atDatabase(server.url, template));
  } catch (error) {
    await server.close();
    throw error;
  }
  testEnv.PATCHBAY_TEST_SERVER = server.url;
  testEnv.PATCHBAY_TEST_TEMPLATE = template;
  testEnv.PATCHBAY_TEST_RING = `test:${randomBytes(32).toString('base64')}`;
  Object.assign(globalThis, { patchbayTestServer: { ...server, template } satisfies TestServer });
  // Of all files some start hubs, which would wait for this.
  if (nonFlagArgs.length === 0) await (await import('./kept-plugins.ts')).templateWithPlugins();
}

async function startServer(): Promise<Omit<TestServer, 'template'>> {
  const given = testEnv.TEST_DATABASE_URL;
  if (given) return { url: given, own: false, close: async () => undefined };
  removeLeftovers();
  const dir = mkdtempSync(join(tmpdir(), `patchbay-test-${process.pid}-`));
  const embedded = await startEmbeddedPostgres({ dir, log, durable: false });
  const close = async () => {
    await embedded.close();
    rmSync(dir, { recursive: true, force: true });
  };
  return { url: embedded.url, own: true, close };
}

/** Runs that were killed took their servers with them, but not their folders. */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(/^patchbay-test-(\d+)-/.exec(name)?.[1]);
    if (pid && !isAlive(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

/** The hub's schema, and the job queue's, which would otherwise be made anew in every test file. */
async function prepare(url: string): Promise<void> {
  const dataSource = await createDataSource({ url, entities: [], poolSize: 1 }).initialize();
  await migrate(dataSource);
  await dataSource.destroy();
  const jobs = new Jobs({ url, log, worker: false });
  await jobs.start();
  await jobs.stop();
}
