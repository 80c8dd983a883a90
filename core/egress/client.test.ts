import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { type TestEgress, TOKEN, testEgress } from '../../tests/support/egress.ts';
import { type FakeProvider, json, startFakeProvider } from '../../tests/support/fake-provider.ts';

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
    await t.http().put('https://api.example.com/v1/x?page=%2B2', { query: { n: 1 }, form: { a: '1 2', b: 'ü' } });
    expect(provider.calls[0]).toMatchObject({ method: 'PUT', url: '/v1/x?page=%2B2&n=1', body: 'a=1+2&b=%C3%BC' });
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

describe('what an answer becomes', () => {
  it.each([
    ['JSON that was cut', 'application/json', '{"contacts": [{"id": "1"'],
    ['HTML in place of JSON', 'text/html; charset=utf-8', '<html><body>Please wait</body></html>'],
    ['HTML that claims to be JSON', 'application/json', '<html></html>'],
  ])('asks to try later for %s', async (_name, type, body) => {
    provider.answer((_call, res) => res.writeHead(200, { 'content-type': type }).end(body));
    const error = await t.failure(t.http().get('/contacts/'));
    expect(error.consequence).toBe('try-later');
    expect(error.message).toContain('acme answered 200 to GET /contacts/');
    expect(error.message).toContain('not whole JSON');
    expect(provider.calls).toHaveLength(1);
  });

  it('gives text as text, an empty answer as nothing, and JSON in whatever type it came', async () => {
    const answers: [string, string][] = [
      ['text/csv', 'a,b'],
      ['application/json', ''],
      ['text/javascript', '{"a":1}'],
      ['application/problem+json', '"x"'],
    ];
    provider.answer((_call, res, number) => {
      const [type, body] = answers[number - 1] as [string, string];
      res.writeHead(200, { 'content-type': type }).end(body);
    });
    const seen: unknown[] = [];
    for (const _ of answers) seen.push((await t.http().get('/x')).data);
    expect(seen).toEqual(['a,b', undefined, { a: 1 }, 'x']);
  });

  it('refuses more than 10 MB, plain or packed', async () => {
    provider.answer((_call, res) => res.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.alloc(11 << 20, 32)));
    expect((await t.failure(t.http().get('/x'))).message).toContain('10 MB');
    const bomb = gzipSync(Buffer.alloc(11 << 20, 32));
    provider.answer((_call, res) => res.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    expect((await t.failure(t.http().get('/x'))).message).toContain('10 MB');
    expect(provider.calls).toHaveLength(1);
  });

  it('unpacks what came packed unasked', async () => {
    const packed = gzipSync('{"a":1}');
    provider.answer((_call, res) => res.writeHead(200, { 'content-encoding': 'gzip' }).end(packed));
    expect((await t.http().get('/x')).data).toEqual({ a: 1 });
  });

  it.each([
    [422, { message: ['email must be an email', 'phone is short'] }, 'rejected', 'email must be an email; phone is short'],
    [400, { error: { code: 7, message: 'No such list' } }, 'rejected', 'No such list'],
    [403, { error: 'invalid_scope', error_description: 'Scope is missing' }, 'rejected', 'Scope is missing; invalid_scope'],
    [404, [{ errorCode: 'X', message: 'Gone' }], 'not-found', 'Gone'],
    [410, { errors: { email: ['is taken'] } }, 'not-found', 'email: is taken'],
    [400, { message: `Bad token ${TOKEN} for Bearer ${TOKEN}` }, 'rejected', 'Bad token [redacted] for [redacted]'],
    [500, { detail: 'x'.repeat(500) }, 'try-later', `${'x'.repeat(199)}…`],
  ])('words a %i with what the provider said: %j', async (status, body, consequence, said) => {
    provider.answer((_call, res) => json(res, status, body));
    const error = await t.failure(t.http().post('/contacts/', { query: { access_token: 'swordfish' }, json: {} }));
    expect(error.consequence).toBe(consequence);
    expect(error.message).toBe(`acme answered ${status} to POST /contacts/: ${said}`);
  });

  it('hides the credential also where it is part of the path', async () => {
    provider.answer((_call, res) => res.writeHead(400).end());
    const error = await t.failure(t.http().get(`/bot${encodeURIComponent(TOKEN)}/me`));
    expect(error.message).toBe('acme answered 400 to GET /bot[redacted]/me.');
    expect(t.lines.join('')).toContain('/v1/bot[redacted]/me');
  });
});

describe('send', () => {
  const raw = { method: 'POST', headers: { 'content-type': 'text/plain' }, timeoutMs: 5_000, hosts: ['api.example.com'] };

  it('refuses an undeclared host', async () => {
    const error = await t.failure(t.egress.send({ ...raw, url: 'https://evil.example.net/token' }));
    expect(error.message).toContain('evil.example.net');
  });

  it('refuses a private address', async () => {
    const error = await t.failure(t.egress.send({ ...raw, url: 'https://localhost/token', hosts: ['localhost'] }));
    expect(error.consequence).toBe('rejected');
  });

  it('ends at its deadline and at the signal', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const s = testEgress(db, { 'api.example.com': `http://127.0.0.1:${(silent.address() as AddressInfo).port}` });
    const url = 'https://api.example.com/token';
    const late = await s.failure(s.egress.send({ ...raw, url, timeoutMs: 100, body: 'refresh_token=swordfish' }));
    expect(late.message).toBe('api.example.com did not answer within 0.1 s.');
    const stopped = await s.failure(s.egress.send({ ...raw, url, signal: AbortSignal.abort() }));
    expect(stopped.message).toContain('stopped');
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
  });

  it('gives any answer as it came, without repeating the call', async () => {
    provider.answer((_call, res) => json(res, 503, { error: 'busy' }));
    const reply = await t.egress.send({ ...raw, url: 'https://api.example.com/oauth/token', body: 'a=b' });
    expect(reply).toMatchObject({ status: 503, text: '{"error":"busy"}' });
    expect(provider.calls).toMatchObject([{ method: 'POST', url: '/oauth/token', body: 'a=b' }]);
  });
});
