import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { type TestEgress, TOKEN, testEgress } from '../../tests/support/egress.ts';
import { type FakeProvider, json, startFakeProvider } from '../../tests/support/fake-provider.ts';
import { ACCOUNT_UNKNOWN } from './request.ts';

let db: TestDatabase;
let provider: FakeProvider;
let t: TestEgress;

beforeAll(async () => {
  db = await testDatabase();
  provider = await startFakeProvider();
});
beforeEach(() => {
  t = testEgress(db, { 'api.example.com': provider.url, 'eu.regions.example.com': `${provider.url}/eu/` });
  provider.answer((_call, res) => json(res, 200, { ok: true }));
});
afterAll(async () => {
  await provider.close();
  await db.close();
});

describe('where a call may go', () => {
  it.each([
    ['https://evil.example.net/x', 'evil.example.net'],
    ['https://api.example.com.evil.net/x', 'api.example.com.evil.net'],
    ['https://regions.example.com/x', 'regions.example.com'],
    ['https://api.example.com:8443/x', 'api.example.com:8443'],
    ['ftp://evil.example.net/x', 'evil.example.net'],
  ])('refuses %s and names the host', async (url, host) => {
    const error = await t.failure(t.http().get(url));
    expect(error.consequence).toBe('plugin-fault');
    expect(error.message).toContain(host);
    expect(provider.calls).toHaveLength(0);
  });

  it('refuses plain http to a host that is not mapped', async () => {
    const error = await t.failure(t.http().get('http://files.example.com/x'));
    expect(error.consequence).toBe('plugin-fault');
    expect(error.message).toContain('https');
  });

  it.each(['https://127.0.0.1', 'https://2130706433', 'https://0177.0.0.1', 'https://[::ffff:127.0.0.1]', 'https://localhost'])(
    'refuses a base URL in a private network: %s',
    async (origin) => {
      const baseUrl = `${origin}:${new URL(provider.url).port}`;
      const error = await t.failure(t.http({ baseUrl }).get('/x'));
      expect(error.consequence).toBe('rejected');
      expect(error.message).toContain('EGRESS_ALLOW_PRIVATE');
      expect(provider.calls).toHaveLength(0);
    },
  );

  it('refuses a password in the address without repeating it', async () => {
    const error = await t.failure(t.http().get('https://user:swordfish@api.example.com/x'));
    expect(error.consequence).toBe('plugin-fault');
  });

  it('refuses a base URL whose variables were not filled', async () => {
    const error = await t.failure(t.http({ baseUrl: 'https://{dc}.example.com' }).get('/x'));
    expect(error.consequence).toBe('plugin-fault');
  });

  it('says what to call while nobody knows whose account it is', async () => {
    const error = await t.failure(t.http({ baseUrl: ACCOUNT_UNKNOWN }).get('/x?key=abc123'));
    expect(error).toMatchObject({
      consequence: 'plugin-fault',
      message: expect.stringMatching(/ called \/x before .* identify calls whole addresses/),
    });
    expect(provider.calls).toEqual([]);
  });

  it('calls further declared hosts, keeping the path of a mapped base', async () => {
    await t.http().get('https://eu.regions.example.com/a%20b/?q=1');
    expect(provider.calls[0]?.url).toBe('/eu/a%20b/?q=1');
  });
});

describe('what a request looks like', () => {
  it('sends path, query, headers and JSON as the provider documents them', async () => {
    await t.http().post('/contacts/', {
      query: { limit: 5, tag: ['a b', 'c&d'], next: undefined, all: true },
      headers: { 'X-Extra': 'yes' },
      json: { email: 'a@b.c', skip: undefined },
    });
    const [call] = provider.calls;
    expect(call).toMatchObject({ method: 'POST', url: '/v1/contacts/?limit=5&tag=a%20b&tag=c%26d&all=true' });
    expect(call?.body).toBe('{"email":"a@b.c"}');
    expect(call?.headers).toMatchObject({
      accept: 'application/json',
      'user-agent': 'patchbay',
      version: '2021-07-28',
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
      'x-extra': 'yes',
    });
  });

  it('sends forms, keeps the query of an absolute URL and adds to it', async () => {
    const form = { a: '1 2', b: 'ü', c: ['x', 'y'], d: 1, e: undefined };
    await t.http().put('https://api.example.com/v1/x?page=%2B2', { query: { n: 1 }, form });
    expect(provider.calls[0]).toMatchObject({ method: 'PUT', url: '/v1/x?page=%2B2&n=1', body: 'a=1+2&b=%C3%BC&c=x&c=y&d=1' });
    expect(provider.calls[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
  });

  it('does not let a path lead to another host', async () => {
    await t.http().get('//evil.example.net/x');
    await t.http().get('@evil.example.net/x');
    await t.http().get('?a=1');
    expect(provider.calls.map(({ url }) => url)).toEqual(['/v1//evil.example.net/x', '/v1/@evil.example.net/x', '/v1?a=1']);
  });

  it('refuses a header HTTP does not allow without repeating it', async () => {
    const error = await t.failure(t.http().get('/x', { headers: { 'x-a': 'swordfish\r\nx-b: 1' } }));
    expect(error.consequence).toBe('plugin-fault');
    expect(provider.calls).toHaveLength(0);
  });
});
