import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDataSource } from '../../core/database/data-source.ts';
import { startEmbeddedPostgres } from '../../core/database/embedded-postgres.ts';
import { migrate } from '../../core/database/migrate.ts';
import { atDatabase, type TestServer, testEnv } from './test-server.ts';

/** One Postgres for the whole run, with one migrated database that every test file clones. */
export default async function setUp(): Promise<void> {
  const server = await startServer();
  const template = `patchbay_test_${process.pid}`;
  const admin = await createDataSource({ url: server.url, entities: [], poolSize: 1 }).initialize();
  await admin.query(`create database ${template} template template0`);
  await admin.destroy();
  const made = await createDataSource({ url: atDatabase(server.url, template), entities: [], poolSize: 1 }).initialize();
  await migrate(made);
  await made.destroy();
  testEnv.PATCHBAY_TEST_SERVER = server.url;
  testEnv.PATCHBAY_TEST_TEMPLATE = template;
  Object.assign(globalThis, { patchbayTestServer: { ...server, template } satisfies TestServer });
}

async function startServer(): Promise<Omit<TestServer, 'template'>> {
  const given = testEnv.TEST_DATABASE_URL;
  if (given) return { url: given };
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-test-'));
  const log = { info: () => undefined, error: (_: object, message: string) => console.error(message) };
  const embedded = await startEmbeddedPostgres({ dir, log, durable: false });
  return { url: embedded.url, dir, close: embedded.close };
}
