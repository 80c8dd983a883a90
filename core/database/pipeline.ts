import type { Client, Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import type { Sql } from './transaction.ts';

/**
 * A transaction on the pool of `dataSource` whose statements are sent as they are asked for, so that those that need nothing
 * of each other's answers (`inOrder`) share a round trip; its beginning costs none. Commits when `work` returns, rolls back
 * when it throws.
 */
export async function inPipeline<T>(dataSource: DataSource, work: (sql: Sql) => Promise<T>): Promise<T> {
  const { master } = dataSource.driver as unknown as { master: Pool };
  const client = await master.connect();
  // What breaks it fails its statements, too; without a listener it would end the process.
  client.on('error', ignore);
  let broken = false;
  try {
    setPipeline(client, true);
    const begun = client.query('begin');
    begun.catch(ignore);
    const result = await work(sqlOn(client));
    await begun;
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    setPipeline(client, false);
    client.off('error', ignore);
    client.release(broken);
  }
}

function sqlOn(client: PoolClient): Sql {
  return {
    pipelined: true,
    async query<T>(text: string, values: unknown[] = [], name?: string): Promise<T[]> {
      return (await client.query({ text, values, ...(name !== undefined && { name }) })).rows as T[];
    },
  };
}

/** pg has it as an option of a whole connection; between two statements nothing depends on it. */
function setPipeline(client: PoolClient, pipeline: boolean): void {
  (client as unknown as Client & { pipeline: boolean }).pipeline = pipeline;
}

function ignore(): void {}
