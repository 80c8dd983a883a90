import type { Client, Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import type { Sql } from './transaction.ts';

/**
 * What is done all the time is found by its keys: plans do not depend on values, nor on a table having been small when they
 * were made, as a queue mostly is and each day's events are at first. They would read all of it ever after.
 */
const BEGIN = 'begin; set local plan_cache_mode = force_generic_plan; set local enable_seqscan = off';

/**
 * A transaction on the pool of `dataSource` whose statements are sent as they are asked for, so that those that need nothing
 * of each other's answers (`inOrder`) share a round trip; its beginning costs none. Commits when `work` returns, unless it
 * has done so, and rolls back when it throws.
 */
export async function inPipeline<T>(dataSource: DataSource, work: (sql: Sql) => Promise<T>): Promise<T> {
  const { master } = dataSource.driver as unknown as { master: Pool };
  const client = await master.connect();
  // What breaks it fails its statements, too; without a listener it would end the process.
  client.on('error', ignore);
  let broken = false;
  try {
    setPipeline(client, true);
    const begun = client.query(BEGIN);
    begun.catch(ignore);
    const commit = once(() => commitOn(client));
    const result = await work({ ...sqlOn(client), commit });
    await begun;
    await commit();
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

/** A transaction of which a statement has failed is undone by its commit, which says so and nothing else. */
async function commitOn(client: PoolClient): Promise<void> {
  const { command } = await client.query('commit');
  if (command !== 'COMMIT') throw new Error('The transaction was undone, as one of its statements had failed.');
}

function once<T>(action: () => Promise<T>): () => Promise<T> {
  let begun: Promise<T> | undefined;
  return () => {
    begun ??= action();
    return begun;
  };
}

/** pg has it as an option of a whole connection; between two statements nothing depends on it. */
function setPipeline(client: PoolClient, pipeline: boolean): void {
  (client as unknown as Client & { pipeline: boolean }).pipeline = pipeline;
}

function ignore(): void {}
