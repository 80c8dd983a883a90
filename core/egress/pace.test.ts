import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { type TestEgress, testEgress } from '../../tests/support/egress.ts';
import { type FakeProvider, json, startFakeProvider } from '../../tests/support/fake-provider.ts';
import { until } from '../../tests/support/wait.ts';
import { TryLater } from '../sdk/errors.ts';
import type { Reply } from '../sdk/http.ts';

let db: TestDatabase;
let provider: FakeProvider;
let t: TestEgress;
let account = 0;

beforeAll(async () => {
  db = await testDatabase();
  provider = await startFakeProvider();
});
beforeEach(() => {
  account += 1;
  t = testEgress(db, { 'api.example.com': provider.url });
  provider.answer((_call, res) => json(res, 200, {}, { 'x-usage': '300' }));
});
afterAll(async () => {
  await provider.close();
  await db.close();
});

const pace = ({ headers }: Reply) => Number(headers['x-usage'] ?? 0) || undefined;
const budget = (more = {}) => ({ key: `acme:${account}`, requests: 1000, seconds: 60, concurrent: 10, ...more });
const http = (on: TestEgress, priority: 'background' | 'interactive') => on.http({ pace, priority, budget: budget() });

describe('an account that is to rest', () => {
  it('is left alone by background work on every host, not by people who wait', async () => {
    const elsewhere = testEgress(db, { 'api.example.com': provider.url });
    await http(t, 'background').get('/x');
    const error = await t.failure(http(elsewhere, 'background').get('/x'));
    expect(error).toMatchObject({ consequence: 'try-later', code: 'RATE_LIMIT_EXCEEDED' });
    expect(error.afterSeconds).toBeGreaterThan(290);
    expect(error.afterSeconds).toBeLessThanOrEqual(300);
    await http(elsewhere, 'interactive').get('/x');
    expect(provider.calls).toHaveLength(2);
  });

  it('goes on resting when a later answer asks for less', async () => {
    await http(t, 'interactive').get('/x');
    provider.answer((_call, res) => json(res, 200, {}, { 'x-usage': '1' }));
    await http(t, 'interactive').get('/x');
    expect((await t.failure(http(t, 'background').get('/x'))).afterSeconds).toBeGreaterThan(290);
  });

  it('may be told so by an error, whose own meaning stays', async () => {
    provider.answer((_call, res) => json(res, 400, { code: 17 }, { 'x-usage': '120' }));
    const limited = new TryLater('Too many calls.');
    const first = t.http({ pace, explain: () => limited, priority: 'background', budget: budget() }).get('/x');
    expect(await t.failure(first)).toBe(limited);
    expect((await t.failure(http(t, 'background').get('/x'))).afterSeconds).toBeGreaterThan(110);
  });

  it('is tried again only after its rest when it is limited without saying for how long', async () => {
    provider.answer((_call, res) => json(res, 429, {}, { 'x-usage': '240' }));
    expect((await t.failure(http(t, 'interactive').get('/x'))).afterSeconds).toBe(240);
  });

  it('is waited for where the rest is short', async () => {
    provider.answer((_call, res, number) => json(res, 200, {}, number === 1 ? { 'x-usage': '0.3' } : {}));
    const started = Date.now();
    await http(t, 'background').get('/x');
    await http(t, 'background').get('/x');
    expect(Date.now() - started).toBeGreaterThanOrEqual(300);
  });

  it('does not make another account rest', async () => {
    await http(t, 'background').get('/x');
    account += 1;
    await http(t, 'background').get('/x');
  });
});

describe('calls of one account at a time', () => {
  it('are as many as the provider takes; the others wait, and say so when they wait too long', async () => {
    let open = 0;
    let most = 0;
    let answer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    provider.answer((_call, res) => {
      open += 1;
      most = Math.max(most, open);
      void answered.then(() => {
        open -= 1;
        json(res, 200, {});
      });
    });
    const narrow = t.http({ budget: budget({ concurrent: 2 }) });
    const calls = [1, 2, 3, 4, 5].map(() => narrow.get('/x'));
    await until(() => open === 2, { what: 'two calls under way' });
    expect((await t.failure(narrow.get('/x', { timeoutMs: 50 }))).message).toContain('As many calls as acme takes at a time');
    answer();
    await Promise.all(calls);
    expect(most).toBe(2);
    expect(provider.calls).toHaveLength(5);
  });
});
