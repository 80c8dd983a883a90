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

describe('what an answer becomes', () => {
  it.each([
    ['JSON that was cut', 'application/json', '{"contacts": [{"id": "1"'],
    ['HTML in place of JSON', 'text/html; charset=utf-8', '<html><body>Please wait</body></html>'],
    ['HTML that claims to be JSON', 'application/json', '<html></html>'],
  ])('asks to try later for %s', async (_name, type, body) => {
    provider.answer((_call, res) => res.writeHead(200, { 'content-type': type }).end(body));
    const error = await t.failure(t.http().get('/contacts/'));
    expect(error.consequence).toBe('try-later');
    expect(error.message).toContain('(answered 200 to GET /contacts/ with ');
    expect(error.message).toContain('not whole JSON');
    expect(provider.calls).toHaveLength(1);
  });

  it('quotes the provider without the words a white label forbids', async () => {
    provider.answer((_call, res) => json(res, 404, { message: 'No such Big.Co contact; BigXCo has one' }));
    const error = await t.failure(t.http({ name: 'Acme', never: ['Big.Co'] }).get('/x'));
    expect(error.message).toBe('Acme answered 404 to GET /x: No such Acme contact; BigXCo has one');
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
  ])('words a %i with what the provider said: %j', async (status, body, consequence, said) => {
    provider.answer((_call, res) => json(res, status, body));
    const error = await t.failure(t.http().post('/contacts/', { query: { access_token: 'swordfish' }, json: {} }));
    expect(error.consequence).toBe(consequence);
    expect(error.message).toBe(`acme answered ${status} to POST /contacts/: ${said}`);
  });

  it.each([
    [500, 'acme has a problem on its side just now'],
    [429, 'acme takes no more calls just now'],
  ])('says first in plain words that a %i is nobody\u2019s doing here', async (status, plain) => {
    provider.answer((_call, res) => json(res, status, { detail: 'x'.repeat(500) }));
    const error = await t.failure(t.http().post('/contacts/', { json: {} }));
    expect(error.consequence).toBe('try-later');
    expect(error.message).toBe(`${plain} (answered ${status} to POST /contacts/: ${'x'.repeat(199)}…).`);
  });

  it('hides the credential also where it is part of the path', async () => {
    provider.answer((_call, res) => res.writeHead(400).end());
    const error = await t.failure(t.http().get(`/bot${encodeURIComponent(TOKEN)}/me`));
    expect(error.message).toBe('acme answered 400 to GET /bot[redacted]/me.');
    expect(t.lines.join('')).toContain('/v1/bot[redacted]/me');
  });
});
