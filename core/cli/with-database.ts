import type { DataSource } from 'typeorm';
import type { Config } from '../config.ts';
import { createDataSource } from '../database/data-source.ts';
import { migrate } from '../database/migrate.ts';
import { openServer } from '../database/open-server.ts';
import { createLog } from '../log.ts';

interface Use {
  /** Statements may take as long as they take. */
  readonly patient?: true;
}

/** Runs `work` on the hub's database, beside a running hub or alone, with the schema up to date. */
export async function withDatabase<T>(config: Config, work: (dataSource: DataSource) => Promise<T>, use: Use = {}): Promise<T> {
  return withRawDatabase(
    config,
    async (dataSource) => {
      await migrate(dataSource);
      return work(dataSource);
    },
    use,
  );
}

/** The same with the schema as it is. */
export async function withRawDatabase<T>(
  config: Config,
  work: (dataSource: DataSource) => Promise<T>,
  use: Use = {},
): Promise<T> {
  const server = await openServer(config, createLog('silent'));
  const patience = use.patient && { queryTimeoutMs: 0 };
  const dataSource = createDataSource({
    url: server.url,
    entities: [],
    poolSize: 2,
    applicationName: 'patchbay-cli',
    ...patience,
  });
  try {
    await dataSource.initialize();
    return await work(dataSource);
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
    await server.close();
  }
}
