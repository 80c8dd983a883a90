import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { hubError } from '../sdk/errors.ts';
import { Budgets, type Rate } from './budget.ts';

let db: TestDatabase;
const signal = new AbortController().signal;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

async function failure(promise: Promise<unknown>) {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return hubError(error);
}

async function takeAll(budgets: Budgets, key: string, rate: Rate): Promise<void> {
  for (let call = 0; call < rate.requests; call += 1) await budgets.take(key, rate, { signal });
}

describe('Budgets', () => {
  it('refuses the call after the last with the time to wait, on every host that shares the database', async () => {
    const rate = { requests: 3, seconds: 60 };
    await takeAll(new Budgets({ dataSource: db.dataSource }), 'shared', rate);
    const error = await failure(new Budgets({ dataSource: db.dataSource }).take('shared', rate, { signal }));
    expect(error).toMatchObject({ consequence: 'try-later', code: 'RATE_LIMIT_EXCEEDED' });
    expect(error?.afterSeconds).toBeGreaterThan(50);
    expect(error?.message).toContain('3 calls in 60 s');
  });

  it('keeps accounts apart, however long their keys', async () => {
    const budgets = new Budgets({ dataSource: db.dataSource });
    const rate = { requests: 1, seconds: 60 };
    const long = 'x'.repeat(300);
    await budgets.take(`${long}1`, rate, { signal });
    await budgets.take(`${long}2`, rate, { signal });
    expect((await failure(budgets.take(`${long}1`, rate, { signal })))?.code).toBe('RATE_LIMIT_EXCEEDED');
  });

  it('keeps the last tenth for interactive calls, even while background calls press', async () => {
    const budgets = new Budgets({ dataSource: db.dataSource });
    const rate = { requests: 20, seconds: 60 };
    const background = () => failure(budgets.take('tenth', rate, { signal, priority: 'background' }));
    const errors = await Promise.all(Array.from({ length: 40 }, background));
    expect(errors.filter((error) => error === undefined)).toHaveLength(18);
    await budgets.take('tenth', rate, { signal });
    await budgets.take('tenth', rate, { signal });
    expect((await failure(budgets.take('tenth', rate, { signal })))?.code).toBe('RATE_LIMIT_EXCEEDED');
  });

  it('lets background work go on where the budget is a single call', async () => {
    await new Budgets({ dataSource: db.dataSource }).take(
      'one',
      { requests: 1, seconds: 60 },
      { signal, priority: 'background' },
    );
  });

  it('waits for a window that is near', async () => {
    const budgets = new Budgets({ dataSource: db.dataSource });
    const rate = { requests: 2, seconds: 1 };
    const started = Date.now();
    await takeAll(budgets, 'near', rate);
    await budgets.take('near', rate, { signal });
    expect(Date.now() - started).toBeGreaterThan(800);
  });

  it('stops waiting when the signal says so', async () => {
    const budgets = new Budgets({ dataSource: db.dataSource });
    const rate = { requests: 1, seconds: 4 };
    await budgets.take('stop', rate, { signal });
    const controller = new AbortController();
    const waiting = budgets.take('stop', rate, { signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toThrow();
  });

  it('asks to try later when the database is away', async () => {
    const away = { query: () => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })) };
    const error = await failure(new Budgets({ dataSource: away }).take('x', { requests: 1, seconds: 1 }, { signal }));
    expect(error).toMatchObject({ consequence: 'try-later', code: 'CONNECTION_FAILED' });
  });
});
