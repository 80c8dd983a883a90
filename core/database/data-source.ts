import 'reflect-metadata';
import { DataSource, type DataSourceOptions, type EntitySchema } from 'typeorm';
import { TimedClient } from './timed-client.ts';

// biome-ignore lint/complexity/noBannedTypes: TypeORM names entity classes by this type.
export type EntityClass = Function | EntitySchema;

export interface DataSourceInput {
  /** `postgres://…`; a Unix socket is `postgres://user@localhost/db?host=/folder`. */
  readonly url: string;
  readonly entities: readonly EntityClass[];
  readonly poolSize?: number;
  readonly applicationName?: string;
  /** A statement not answered by then fails as if the database were away. Default 30 s; 0 waits for ever. */
  readonly queryTimeoutMs?: number;
}

/** A TypeORM data source over one pool, not yet initialized. It never changes the schema: that is what migrations are for. */
export function createDataSource(input: DataSourceInput): DataSource {
  const { url, entities, poolSize = 20, applicationName = 'patchbay', queryTimeoutMs = 30_000 } = input;
  const options: DataSourceOptions = {
    type: 'postgres',
    entities: [...entities],
    synchronize: false,
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    poolSize,
    applicationName,
    // TypeORM's own reading of URLs knows no sockets, so pg reads it.
    extra: {
      connectionString: url,
      connectionTimeoutMillis: 10_000,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
      Client: TimedClient,
      ...(queryTimeoutMs > 0 && { query_timeout: queryTimeoutMs }),
    },
    // An idle connection that breaks (a restarted server) is replaced by the pool; without a listener it would end the process.
    poolErrorHandler: () => undefined,
  };
  return new DataSource(options);
}
