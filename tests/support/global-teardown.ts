import { onServer, type TestServer } from './test-server.ts';

/** Leaves nothing: neither databases on a server that was given, nor the embedded server and its folder. */
export default async function tearDown(): Promise<void> {
  const { patchbayTestServer: server } = globalThis as { patchbayTestServer?: TestServer };
  if (!server) return;
  if (!server.own) await dropDatabases(server);
  await server.close();
}

async function dropDatabases({ url, template }: TestServer): Promise<void> {
  const left = await onServer(url, 'select datname from pg_database where datname = $1 or starts_with(datname, $2)', [
    template,
    `${template}_`,
  ]);
  for (const { datname } of left) await onServer(url, `drop database if exists "${datname}" with (force)`);
}
