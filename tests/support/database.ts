import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { createDataSource, type EntityClass } from '../../core/database/data-source.ts';
import { Jobs } from '../../core/database/jobs.ts';
import { createLog } from '../../core/log.ts';
import { atDatabase, onServer, testEnv } from './test-server.ts';

export interface TestDatabase {
  readonly url: string;
  readonly dataSource: DataSource;
  /** A job queue on this database, not started; stopped by `close`. Default: one that works. */
  jobs(worker?: boolean): Promise<Jobs>;
  /** Drops the database, whoever is still connected. */
  close(): Promise<void>;
}

/** A database of its own for one test file, cloned from the migrated template in about 30 ms. */
export async function testDatabase({
  entities = [],
  empty = false,
  template = testEnv.PATCHBAY_TEST_TEMPLATE ?? '',
}: {
  entities?: readonly EntityClass[];
  empty?: boolean;
  template?: string;
} = {}): Promise<TestDatabase> {
  const { PATCHBAY_TEST_SERVER: server = '' } = testEnv;
  const name = `${template}_${randomBytes(6).toString('hex')}`;
  await onServer(server, `create database ${name} template ${empty ? 'template0' : template}`);
  const url = atDatabase(server, name);
  const dataSource = await createDataSource({ url, entities, poolSize: 10, applicationName: 'patchbay-test' }).initialize();
  const started: Jobs[] = [];
  return {
    url,
    dataSource,
    async jobs(worker = true) {
      const jobs = new Jobs({ url, log: createLog('silent'), worker });
      started.push(jobs);
      return jobs;
    },
    async close() {
      for (const jobs of started) await jobs.stop();
      if (dataSource.isInitialized) await dataSource.destroy();
      await onServer(server, `drop database if exists ${name} with (force)`);
    },
  };
}
