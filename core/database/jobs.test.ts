import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { until } from '../../tests/support/wait.ts';
import type { Jobs } from './jobs.ts';
import { inTransaction } from './transaction.ts';

describe('jobs', () => {
  let db: TestDatabase;
  const opened: Jobs[] = [];
  beforeAll(async () => {
    db = await testDatabase();
  });
  afterEach(async () => {
    for (const jobs of opened.splice(0)) await jobs.stop();
  });
  afterAll(() => db.close());

  async function jobsOf(worker = true): Promise<Jobs> {
    const jobs = await db.jobs(worker);
    opened.push(jobs);
    return jobs;
  }

  it('are not there when the transaction that sent them is rolled back, and are when it commits', async () => {
    const seen: number[] = [];
    const jobs = await jobsOf();
    jobs.define<{ n: number }>('transactional', { concurrency: 1 }, async ({ data }) => void seen.push(data.n));
    await jobs.start();
    const rolledBack = inTransaction(db.dataSource, async (sql) => {
      await jobs.send('transactional', { n: 1 }, { sql });
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    await inTransaction(db.dataSource, (sql) => jobs.send('transactional', { n: 2 }, { sql }));
    await until(() => seen.length > 0, { what: 'the job' });
    expect(seen).toEqual([2]);
  });

  it('are refused, instead of waiting for ever, by a hub that could not start or has stopped', async () => {
    const jobs = await jobsOf();
    const sent = jobs.send('never', {});
    await jobs.stop();
    await expect(sent).rejects.toThrow('The hub is stopping.');
  });

  it('come back no earlier than the error asked, and as often as the queue allows', async () => {
    const attempts: number[] = [];
    const jobs = await jobsOf();
    jobs.define('retried', { concurrency: 1, retryLimit: 1, retryDelaySeconds: 0 }, async () => {
      attempts.push(Date.now());
      throw Object.assign(new Error('busy'), { afterSeconds: 2 });
    });
    await jobs.start();
    const id = await jobs.send('retried', {});
    await until(() => stateOf(id, 'failed'), { what: 'the last attempt' });
    expect(attempts).toHaveLength(2);
    expect((attempts[1] ?? 0) - (attempts[0] ?? 0)).toBeGreaterThanOrEqual(1900);
  });

  it('are told when the hub stops, and come back to be done', async () => {
    const first = await jobsOf();
    let started = false;
    first.define('long', { concurrency: 1, retryLimit: 1 }, async ({ signal }) => {
      started = true;
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    await first.start();
    await first.send('long', {});
    await until(() => started, { what: 'the job to begin' });
    await first.stop();
    const second = await jobsOf();
    let done = false;
    second.define('long', { concurrency: 1, retryLimit: 1 }, async () => {
      done = true;
    });
    await second.start();
    await until(() => done, { what: 'the second attempt' });
  });

  it('start within a moment of being sent by a process that does not work itself', async () => {
    const worker = await jobsOf();
    const web = await jobsOf(false);
    const handled: number[] = [];
    for (const jobs of [worker, web]) {
      jobs.define('prompt', { concurrency: 2 }, async () => void handled.push(Date.now()));
    }
    await worker.start();
    await web.start();
    await until(() => listens(db), { what: 'the worker to listen' });
    const sent = Date.now();
    await web.send('prompt', {});
    await until(() => handled.length === 1, { what: 'the job' });
    expect((handled[0] ?? 0) - sent).toBeLessThan(1000);
  });

  it('follow each other without a pause', async () => {
    const jobs = await jobsOf();
    let done = 0;
    jobs.define('many', { concurrency: 2 }, async () => {
      done += 1;
    });
    await jobs.start();
    const started = Date.now();
    for (let n = 0; n < 40; n += 1) await jobs.send('many', { n });
    await until(() => done === 40, { what: 'forty jobs' });
    expect(Date.now() - started).toBeLessThan(8000);
  });

  it('are done at once up to the concurrency of their queue, again and again', async () => {
    const jobs = await jobsOf();
    let [atWork, most, done] = [0, 0, 0];
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    jobs.define('wide', { concurrency: 12 }, async () => {
      atWork += 1;
      most = Math.max(most, atWork);
      await ended;
      atWork -= 1;
      done += 1;
    });
    await jobs.start();
    for (let n = 0; n < 14; n += 1) await jobs.send('wide', { n });
    await until(() => atWork === 12, { what: 'twelve jobs at once' });
    end();
    await until(() => atWork === 0 && done === 14, { what: 'all of them' });
    for (let n = 0; n < 14; n += 1) await jobs.send('wide', { n });
    await until(() => done === 28, { what: 'as many again' });
    expect(most).toBe(12);
  });

  it('exist once for a key where the queue says so', async () => {
    const jobs = await jobsOf(false);
    jobs.define('once', { concurrency: 1, policy: 'exclusive' }, async () => undefined);
    await jobs.start();
    expect(await jobs.send('once', {}, { singletonKey: 'a' })).toEqual(expect.any(String));
    expect(await jobs.send('once', {}, { singletonKey: 'a' })).toBeNull();
    expect(await jobs.send('once', {}, { singletonKey: 'b' })).toEqual(expect.any(String));
  });

  it('survive the loss of their connections', async () => {
    const jobs = await jobsOf();
    let done = 0;
    jobs.define('tough', { concurrency: 1 }, async () => {
      done += 1;
    });
    await jobs.start();
    await db.dataSource.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'patchbay-jobs'");
    await until(() => jobs.send('tough', {}), { what: 'sending to work again' });
    await until(() => done > 0, { what: 'the job' });
  });

  async function stateOf(id: string | null, state: string): Promise<boolean> {
    const [job] = await db.dataSource.query('select state from pgboss.job where id = $1', [id]);
    return job?.state === state;
  }
});

async function listens(db: TestDatabase): Promise<boolean> {
  const found = await db.dataSource.query(
    "select 1 from pg_stat_activity where datname = current_database() and query ilike 'listen%'",
  );
  return found.length > 0;
}
