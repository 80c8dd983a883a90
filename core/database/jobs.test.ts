import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { until } from '../../tests/support/wait.ts';

describe('jobs', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await testDatabase();
  });
  afterAll(() => db.close());

  it('runs on the Node that npm brings', () => {
    expect(Number(process.versions.node.split('.')[0])).toBeGreaterThanOrEqual(24);
  });

  it('runs a job', async () => {
    const jobs = await db.jobs();
    const seen: object[] = [];
    jobs.define<{ n: number }>('a', { concurrency: 1 }, async ({ data }) => {
      seen.push(data);
    });
    await jobs.start();
    await jobs.send('a', { n: 1 });
    await until(async () => seen.length === 1, { what: 'the job' });
  });
});
