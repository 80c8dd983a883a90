import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { bearerAccess, type TestEgress, TOKEN, testEgress } from '../../tests/support/egress.ts';
import { type FakeProvider, json, startFakeProvider } from '../../tests/support/fake-provider.ts';
import { until } from '../../tests/support/wait.ts';
import { createLog } from '../log.ts';
import { OutageStore } from './outage-store.ts';
import { Outages } from './outages.ts';
import { retryAfterSeconds } from './retry.ts';

let db: TestDatabase;
let provider: FakeProvider;
let other: FakeProvider;
let t: TestEgress;
let account = 0;

beforeAll(async () => {
  db = await testDatabase();
  [provider, other] = [await startFakeProvider(), await startFakeProvider()];
});
beforeEach(() => {
  account += 1;
  const egress = testEgress(db, { 'api.example.com': provider.url, 'files.example.com': other.url });
  const budget = { key: `acme:${account}`, requests: 10_000, seconds: 60, concurrent: 10 };
  t = { ...egress, http: (changes) => egress.http({ budget, ...changes }) };
  other.answer((_call, res) => json(res, 200, { from: 'other' }));
});
afterAll(async () => {
  await Promise.all([provider.close(), other.close()]);
  await db.close();
});

describe('repeating a call', () => {
  it.each([502, 503, 504])('repeats an idempotent call that met %i twice', async (status) => {
    provider.answer((_call, res, number) => (number < 3 ? json(res, status, {}) : json(res, 200, { number })));
    expect((await t.http().get('/x')).data).toEqual({ number: 3 });
  });

  it('gives up after three attempts', async () => {
    provider.answer((_call, res) => json(res, 503, { message: 'Maintenance' }));
    const error = await t.failure(t.http().get('/x'));
    expect(error).toMatchObject({ consequence: 'try-later', code: 'CONNECTION_FAILED', afterSeconds: undefined });
    expect(error.message).toBe('acme has a problem on its side just now (answered 503 to GET /x: Maintenance).');
    expect(provider.calls).toHaveLength(3);
  });

  it('does not repeat a call that may have been done', async () => {
    provider.answer((_call, res) => json(res, 503, {}));
    await t.failure(t.http().post('/x', { json: {} }));
    await t.failure(t.http().patch('/x', { json: {} }));
    expect(provider.calls).toHaveLength(2);
    await t.failure(t.http().post('/search', { json: {}, idempotent: true }));
    expect(provider.calls).toHaveLength(5);
  });

  it('does not repeat a 500, which is an answer', async () => {
    provider.answer((_call, res) => json(res, 500, {}));
    expect((await t.failure(t.http().get('/x'))).consequence).toBe('try-later');
    expect(provider.calls).toHaveLength(1);
  });

  it('repeats after a reset connection and an answer that broke off', async () => {
    provider.answer((_call, res, number) => {
      if (number === 1) res.destroy();
      else if (number === 2) res.writeHead(200, { 'content-length': '100' }).write('{"a"', () => res.destroy());
      else json(res, 200, { number });
    });
    expect((await t.http().get('/x')).data).toEqual({ number: 3 });
    provider.answer((_call, res) => res.destroy());
    expect((await t.failure(t.http().post('/x', { json: {} }))).message).toMatch(
      /could not be reached just now \(POST \/x: \w+\)/,
    );
    expect(provider.calls).toHaveLength(1);
  });

  it('says so when nobody is there', async () => {
    const gone = await startFakeProvider();
    await gone.close();
    const s = testEgress(db, { 'api.example.com': gone.url });
    const error = await s.failure(s.http().post('/x', { json: {} }));
    expect(error).toMatchObject({
      consequence: 'try-later',
      message: 'acme could not be reached just now (POST /x: ECONNREFUSED).',
    });
  });

  it('opens the circuit after failures in a row and closes it again', async () => {
    const s = testEgress(db, { 'api.example.com': provider.url }, { breaker: { failures: 3, pauseMs: 3000 } });
    provider.answer((_call, res) => json(res, 500, {}));
    for (let call = 0; call < 3; call += 1) await s.failure(s.http().get('/x'));
    const message = 'acme failed 3 times in a row; it is left alone for 3 s.';
    expect(await s.failure(s.http().get('/x'))).toMatchObject({ consequence: 'try-later', afterSeconds: 3, message });
    expect(provider.calls).toHaveLength(3);
    provider.answer((_call, res) => json(res, 200, {}));
    await until(() => s.http().get('/x'), { what: 'the circuit to close' });
  });

  it('raises one alarm for an outage, however many hosts meet it, and says once that it is over', async () => {
    const told: string[] = [];
    const log = createLog('info', { write: (line: string) => told.push(JSON.parse(line).msg) });
    const ended: string[] = [];
    const hosts = [1, 2].map(() => {
      const outages = new Outages({ store: new OutageStore(db.dataSource), log });
      outages.onEnded = async (plugin) => void ended.push(plugin);
      return testEgress(db, { 'api.example.com': provider.url }, { breaker: { failures: 2, pauseMs: 500, watch: outages } });
    });
    provider.answer((_call, res) => json(res, 500, {}));
    for (const host of hosts) for (let call = 0; call < 4; call += 1) await host.failure(host.http().get('/x'));
    const store = new OutageStore(db.dataSource);
    const current = () => store.current();
    await until(async () => (await current()).length === 1, { what: 'the outage to be noted' });
    expect(await current()).toMatchObject([{ pluginId: 'acme', host: 'api.example.com' }]);
    provider.answer((_call, res) => json(res, 200, {}));
    for (const host of hosts) await until(() => host.http().get('/x'), { what: 'the circuit to close' });
    await until(async () => ended.length === 1 && (await current()).length === 0, { what: 'the outage to end' });
    expect(told.map((line) => line.split(/[;:]/)[0])).toEqual(['a provider fails for everybody', 'a provider answers again']);
  });

  it('does not open the circuit for refusals', async () => {
    const s = testEgress(db, { 'api.example.com': provider.url }, { breaker: { failures: 2, pauseMs: 60_000 } });
    provider.answer((_call, res) => json(res, 422, {}));
    for (let call = 0; call < 4; call += 1) await s.failure(s.http().get('/x'));
    expect(provider.calls).toHaveLength(4);
  });
});

describe('rate limits of the provider', () => {
  it('waits inside the call when the wait is short, also for a POST', async () => {
    provider.answer((_call, res, number) => (number === 1 ? json(res, 429, {}, { 'retry-after': '1' }) : json(res, 200, {})));
    const started = Date.now();
    await t.http().post('/x', { json: {} });
    expect(Date.now() - started).toBeGreaterThanOrEqual(990);
    expect(provider.calls).toHaveLength(2);
  });

  it.each([
    ['120', 120],
    ['99999999999', 86_400],
    ['soon', 60],
    ['-5', 60],
    [undefined, 60],
  ])('leaves a longer wait to the queue: %p', async (header, seconds) => {
    provider.answer((_call, res) => json(res, 429, { message: 'Too many' }, header ? { 'retry-after': header } : {}));
    const error = await t.failure(t.http().get('/x'));
    expect(error).toMatchObject({ consequence: 'try-later', code: 'RATE_LIMIT_EXCEEDED' });
    expect(error.afterSeconds).toBe(seconds);
    expect(provider.calls).toHaveLength(1);
  });

  it.each([
    ['429', 429],
    ['503', 503],
  ])('keep everybody from calling the account before the time a %s names, on every host', async (_, status) => {
    const elsewhere = testEgress(db, { 'api.example.com': provider.url });
    const budget = { key: `acme:${account}`, requests: 100, seconds: 60, concurrent: 10 };
    provider.answer((_call, res) => json(res, status, {}, { 'retry-after': '40' }));
    await t.failure(t.http().get('/x'));
    provider.answer((_call, res) => json(res, 200, {}));
    for (const priority of ['interactive', 'background'] as const) {
      const error = await elsewhere.failure(elsewhere.http({ budget, priority }).post('/y', { json: {} }));
      expect(error).toMatchObject({ consequence: 'try-later', code: 'RATE_LIMIT_EXCEEDED', name: 'HeldBack' });
      expect(error.afterSeconds).toBeGreaterThan(30);
    }
    expect(provider.calls).toHaveLength(0);
    await elsewhere.http({ budget: { ...budget, key: 'acme:another' } }).get('/x');
    expect(provider.calls).toHaveLength(1);
  });

  it('understands a date', async () => {
    const inAnHour = new Date(Date.now() + 3_600_000).toUTCString();
    provider.answer((_call, res) => json(res, 429, {}, { 'retry-after': inAnHour }));
    const { afterSeconds = 0 } = await t.failure(t.http().get('/x'));
    expect(Math.abs(afterSeconds - 3_600)).toBeLessThanOrEqual(2);
  });

  it('does not wait beyond the deadline', async () => {
    provider.answer((_call, res) => json(res, 429, {}, { 'retry-after': '5' }));
    expect(await t.failure(t.http().get('/x', { timeoutMs: 4_500 }))).toMatchObject({
      code: 'RATE_LIMIT_EXCEEDED',
      afterSeconds: 5,
    });
  });

  it('honours Retry-After of a 503', async () => {
    provider.answer((_call, res) => json(res, 503, {}, { 'retry-after': '30' }));
    expect(await t.failure(t.http().get('/x'))).toMatchObject({ code: 'CONNECTION_FAILED', afterSeconds: 30 });
    expect(provider.calls).toHaveLength(1);
  });

  it("reads a date by the provider's own clock", () => {
    const headers = { date: 'Sat, 21 Nov 2026 10:00:00 GMT', 'retry-after': 'Sat, 21 Nov 2026 10:00:42 GMT' };
    expect(retryAfterSeconds(headers, 0)).toBe(42);
    expect(retryAfterSeconds({ 'retry-after': 'Sat, 21 Nov 2020 10:00:00 GMT' })).toBe(0);
  });
});

describe('time', () => {
  it('ends a call the provider never answers at its deadline', async () => {
    provider.answer(() => undefined);
    const started = Date.now();
    const error = await t.failure(t.http().get('/x', { timeoutMs: 150 }));
    expect(error).toMatchObject({ consequence: 'try-later', message: 'acme did not answer within 0.15 s (GET /x).' });
    expect(Date.now() - started).toBeLessThan(2_000);
  });

  it('ends a call whose body stalls half way at its deadline', async () => {
    provider.answer((_call, res) => res.writeHead(200, { 'content-length': '10' }).write('{'));
    expect((await t.failure(t.http().get('/x', { timeoutMs: 150 }))).message).toContain('within 0.15 s');
  });

  it('ends with the signal at once, wherever the call stands', async () => {
    const stop = async (answer: Parameters<FakeProvider['answer']>[0], changes = {}) => {
      const controller = new AbortController();
      provider.answer((call, res, number) => {
        answer(call, res, number);
        controller.abort();
      });
      const error = await t.failure(t.http({ signal: controller.signal, ...changes }).get('/x'));
      expect(error.message).toContain('stopped');
    };
    await stop(() => undefined);
    await stop((_call, res) => json(res, 429, {}, { 'retry-after': '4' }));
    const access = bearerAccess(async (refused) => (refused === undefined ? TOKEN : new Promise<never>(() => undefined)));
    await stop((_call, res) => json(res, 401, {}), { access });
  });
});
