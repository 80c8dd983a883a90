import type { Pool, QueryConfig } from 'pg';
import type { DataSource } from 'typeorm';
import type { Sql } from './transaction.ts';

/**
 * Runs one statement of a hot path on the pool of `dataSource`, planned once per connection under `name`, which must stand
 * for this text alone.
 * @param timeoutMs where a caller cannot wait as long as the pool does
 */
export function prepared(dataSource: DataSource, name: string, timeoutMs?: number): Sql {
  return {
    async query<T>(text: string, values: unknown[] = []): Promise<T[]> {
      const { master } = dataSource.driver as unknown as { master: Pool };
      return (await master.query({ name, text, values, ...(timeoutMs && { query_timeout: timeoutMs }) } as QueryConfig))
        .rows as T[];
    },
  };
}
