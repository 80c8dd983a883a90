import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import request from 'supertest';
import { type TestDatabase, testDatabase } from '../../../tests/support/database.ts';
import { until } from '../../../tests/support/wait.ts';
import { RateCountStore } from './rate-count-store.ts';
import { apiLimit, loginLimit, RATE_LIMITS } from './rate-limit.ts';

let db: TestDatabase;
const opened: RateCountStore[] = [];
const warnings: string[] = [];

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(async () => {
  for (const store of opened) store.close();
  await db.close();
});

/** One host of several; it tells the others only when it is asked to, unless `tellEveryMs` says otherwise. */
function host(tellEveryMs = 3_600_000) {
  const log = { warn: (_: object, message: string) => void warnings.push(message) };
  const store = new RateCountStore({ dataSource: db.dataSource, log: log as never, tellEveryMs });
  opened.push(store);
  const limits = { ...RATE_LIMITS, api: 5, login: 2 };
  const app = express();
  app.set('trust proxy', 1);
  app.use('/api', apiLimit(limits, store));
  app.use('/login', loginLimit(limits, store));
  app.use((_req, res) => void res.json({}));
  app.use(((error, _req, res, _next) => void res.status(429).json({ after: error.afterSeconds })) as express.ErrorRequestHandler);
  const ask = async (by: string, path = '/api') => (await request(app).get(path).set('x-forwarded-for', by)).status;
  return { store, ask };
}

/** What a test counts must not fall into two minutes. */
async function withinAMinute(): Promise<void> {
  await until(() => 60_000 - (Date.now() % 60_000) > 20_000, { what: 'a minute with enough of it left' });
}

const times = async (count: number, ask: () => Promise<number>) => {
  const statuses = [];
  for (let at = 0; at < count; at += 1) statuses.push(await ask());
  return statuses;
};

describe('a limit over several hosts', () => {
  it('is passed at one host by what came to another', async () => {
    await withinAMinute();
    const [one, other] = [host(), host()];
    expect(await times(4, () => one.ask('192.0.2.1'))).toEqual([200, 200, 200, 200]);
    expect(await times(1, () => other.ask('192.0.2.1'))).toEqual([200]);
    await one.store.exchange();
    await other.store.exchange();
    expect(await times(2, () => other.ask('192.0.2.1'))).toEqual([429, 429]);
    // It learns as it tells.
    await one.ask('192.0.2.1');
    await one.store.exchange();
    expect(await one.ask('192.0.2.1')).toBe(429);
  });

  it('is learned by itself, soon after somebody called', async () => {
    await withinAMinute();
    const [one, other] = [host(20), host(20)];
    await times(5, () => one.ask('192.0.2.2'));
    expect(await until(async () => (await other.ask('192.0.2.2')) === 429, { what: 'the other host to hear of it' })).toBe(true);
  });

  it('keeps callers and limits apart', async () => {
    await withinAMinute();
    const [one, other] = [host(), host()];
    await times(5, () => one.ask('192.0.2.3'));
    await one.store.exchange();
    await other.ask('192.0.2.3');
    await other.store.exchange();
    expect(await other.ask('192.0.2.3')).toBe(429);
    expect([await other.ask('192.0.2.4'), await other.ask('192.0.2.3', '/login')]).toEqual([200, 200]);
  });

  it('names nobody in the table, and forgets a minute soon after it', async () => {
    await db.dataSource.query('insert into rate_counts values ($1, 1, 5)', ['old']);
    const one = host();
    await one.ask('192.0.2.5');
    await one.store.exchange();
    const rows = await db.dataSource.query('select * from rate_counts');
    expect(JSON.stringify(rows)).not.toContain('192.0.2');
    expect(rows.map(({ caller }: { caller: string }) => caller)).not.toContain('old');
  });

  it('is counted by each host alone while the database is away', async () => {
    await withinAMinute();
    const away = await testDatabase();
    const store = new RateCountStore({
      dataSource: away.dataSource,
      log: { warn: (_: object, said: string) => void warnings.push(said) } as never,
    });
    const counts = store.of('api');
    await away.close();
    warnings.length = 0;
    for (let at = 1; at <= 3; at += 1) expect((await counts.increment('x')).totalHits).toBe(at);
    await store.exchange();
    expect(warnings).toEqual([expect.stringContaining('by this host alone')]);
    expect((await counts.increment('x')).totalHits).toBe(4);
    store.close();
  });
});
