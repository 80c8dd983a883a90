import { rmSync } from 'node:fs';
import { createDataSource } from '../../core/database/data-source.ts';
import type { TestServer } from './test-server.ts';

/** Leaves nothing: neither databases on a server that was given, nor the embedded server and its folder. */
export default async function tearDown(): Promise<void> {
  const { patchbayTestServer: server } = globalThis as { patchbayTestServer?: TestServer };
  if (!server) return;
  if (!server.close) await dropDatabases(server);
  await server.close?.();
  if (server.dir) rmSync(server.dir, { recursive: true, force: true });
}

async function dropDatabases({ url, template }: TestServer): Promise<void> {
  const admin = await createDataSource({ url, entities: [], poolSize: 1 }).initialize();
  const left: { datname: string }[] = await admin.query('select datname from pg_database where starts_with(datname, $1)', [
    template,
  ]);
  for (const { datname } of left) await admin.query(`drop database if exists "${datname}" with (force)`);
  await admin.destroy();
}
