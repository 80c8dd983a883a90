import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { QueryFailedError } from 'typeorm';
import { type WebRoom, webRoom } from '../../../tests/support/web.ts';
import { NotFound, PluginFault, Rejected, TryLater } from '../../sdk/errors.ts';
import { answerFor } from './errors.ts';

let web: WebRoom;
let key: string;
let thrown: unknown;

beforeAll(async () => {
  const registry = {
    templates: () => {
      throw thrown;
    },
  };
  const changeStamps = { of: async () => '' } as never;
  web = await webRoom({
    services: { registry: registry as never, integrationStore: { list: async () => [] } as never, changeStamps },
  });
  await web.person('owner@example.com', { north: 'owner' });
  key = await web.key('owner@example.com', 'north');
});

afterAll(() => web.close());

describe('a wrong request', () => {
  const cases: [string, () => request.Test, number, object][] = [
    ['an unknown call', () => post('/api/nothing').send({}), 404, { code: 'NOT_FOUND', title: 'Not found' }],
    [
      'an unknown path outside the API, for a program',
      () => get('/nothing').set('accept', 'application/json'),
      404,
      { code: 'NOT_FOUND' },
    ],
    ['a method the call does not have', () => auth(request(web.app).put('/api/api-keys')), 405, { code: 'VALIDATION_FAILED' }],
    [
      'JSON that is broken',
      () => key_('/api/api-keys').set('content-type', 'application/json').send('{"name":'),
      400,
      { code: 'VALIDATION_FAILED' },
    ],
    [
      'JSON that is no object',
      () => key_('/api/api-keys').send(['name']),
      400,
      { errors: [{ pointer: '', message: 'Expected an object.' }] },
    ],
    [
      'another content type',
      () => key_('/api/api-keys').set('content-type', 'text/plain').send('{"name":"x"}'),
      415,
      { code: 'VALIDATION_FAILED' },
    ],
    [
      'a charset nobody reads',
      () => key_('/api/api-keys').set('content-type', 'application/json; charset=x-unknown').send('{}'),
      415,
      {},
    ],
    [
      'a compressed body that is none',
      () => key_('/api/api-keys').set('content-type', 'application/json').set('content-encoding', 'gzip').send('{}'),
      400,
      {},
    ],
    [
      'a body over the limit',
      () => key_('/api/api-keys').send({ name: 'x'.repeat(1_100_000) }),
      413,
      { code: 'VALIDATION_FAILED' },
    ],
    [
      'an unknown field',
      () => key_('/api/api-keys').send({ name: 'x', admin: true }),
      400,
      { errors: [{ pointer: '/admin', message: '"admin" is not known here; remove it.' }] },
    ],
    [
      'an unknown field with a special name',
      () => key_('/api/api-keys').set('content-type', 'application/json').send('{"name":"x","__proto__":{}}'),
      400,
      { errors: [{ pointer: '/__proto__' }] },
    ],
    [
      'a field of the wrong type',
      () => key_('/api/api-keys').send({ name: 7 }),
      400,
      { errors: expect.arrayContaining([{ pointer: '/name', message: expect.stringContaining('must be a line') }]) },
    ],
    [
      'null where a field may be left out',
      () => key_('/api/api-keys').send({ name: 'x', store: null }),
      400,
      { errors: [{ pointer: '/store' }] },
    ],
    [
      'a wrong element of a list',
      () => key_('/api/api-keys').send({ name: 'x', scopes: ['read', 'all'] }),
      400,
      { errors: [{ pointer: '/scopes' }] },
    ],
    [
      'an address that cannot be decoded',
      () => auth(get('/api/stores/%E0%A4%A/integrations')),
      400,
      { code: 'VALIDATION_FAILED' },
    ],
    ['an address with a NUL', () => auth(get('/api/stores/nor%00th/integrations')), 400, { code: 'VALIDATION_FAILED' }],
    ['a query with a NUL', () => auth(get('/api/api-keys?store=%00')), 400, { code: 'VALIDATION_FAILED' }],
    [
      'a text with a NUL',
      () => key_('/api/api-keys').send({ name: 'a\0b' }),
      400,
      { errors: [{ pointer: '/name', message: 'A text holds a NUL character; remove it.' }] },
    ],
    [
      'half a character in a list',
      () => key_('/api/api-keys').set('content-type', 'application/json').send('{"a/b":["x","\\ud800"]}'),
      400,
      { errors: [{ pointer: '/a~1b/1' }] },
    ],
    ['a name with a NUL', () => key_('/api/api-keys').send({ '\0': 1 }), 400, { errors: [{ pointer: '' }] }],
    [
      'a body nested beyond sense',
      () =>
        key_('/api/api-keys')
          .set('content-type', 'application/json')
          .send(`{"name":${'['.repeat(5000)}${']'.repeat(5000)}}`),
      400,
      { detail: 'The body is nested more than 64 levels deep.' },
    ],
    [
      'more fields than anything has, none of which is known',
      () => key_('/api/api-keys').send(Object.fromEntries(Array.from({ length: 5001 }, (_, at) => [`f${at}`, 1]))),
      400,
      { detail: expect.stringContaining('or 5000 in one place'), errors: [{ pointer: '' }] },
    ],
    [
      'many fields, of which it is told of the first hundred',
      () => key_('/api/api-keys').send(Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`f${at}`, 1]))),
      400,
      { errors: Array(100).fill({ message: expect.stringMatching(/is not known here|must be a line/) }) },
    ],
    [
      'more values than can be checked at once',
      () => key_('/api/api-keys').send({ name: Array(100_001).fill(0) }),
      400,
      { errors: [{ pointer: '' }] },
    ],
    [
      'a name as long as a body',
      () => key_('/api/api-keys').send({ ['x'.repeat(1001)]: 1 }),
      400,
      { detail: 'A name is longer than 1000 characters.' },
    ],
    [
      'an email with a NUL',
      () => request(web.app).post('/api/api-keys').auth('own\0er@example.com', 'x').send({ name: 'x' }),
      401,
      { code: 'INVALID_CREDENTIALS' },
    ],
    ['no key and no session', () => get('/api/stores'), 401, { code: 'INVALID_CREDENTIALS' }],
    [
      'a key that is none of ours',
      () => get('/api/stores').set('authorization', 'Bearer pb_nope'),
      401,
      { code: 'INVALID_CREDENTIALS' },
    ],
    [
      'a scheme nobody asked for',
      () => get('/api/stores').set('authorization', 'Digest x'),
      401,
      { code: 'INVALID_CREDENTIALS' },
    ],
    ['a password where a key is needed', () => get('/api/stores').auth('owner@example.com', 'a long enough password'), 401, {}],
  ];

  it.each(cases)('is told precisely: %s', async (_, call, status, problem) => {
    const answer = await call();
    expect(answer.status).toBe(status);
    expect(answer.type).toBe('application/problem+json');
    const body = JSON.parse(answer.text);
    expect(body).toMatchObject({ ...problem, type: 'about:blank', status, id: answer.headers['x-request-id'] });
    expect(body.detail).toEqual(expect.any(String));
    expect(answer.text).not.toMatch(/node_modules|at .*\.ts|\.js:/);
  });

  it('is told which methods there are', async () => {
    const answer = await auth(request(web.app).put('/api/api-keys'));
    expect(answer.headers['allow']).toBe('POST, GET');
  });

  it('asks programs without a key for one', async () => {
    expect((await get('/api/stores')).headers['www-authenticate']).toMatch(/^Bearer/);
    expect((await request(web.app).post('/api/api-keys').send({ name: 'x' })).headers['www-authenticate']).toMatch(/^Basic/);
  });

  it('gets a page where a person asked, and the login where it is missing', async () => {
    const missing = await get('/nothing').set('accept', 'text/html');
    expect(missing.status).toBe(404);
    expect(missing.type).toBe('text/html');
    expect(missing.text).toContain('There is nothing at /nothing');
    const closed = await get('/stores?x=1').set('accept', 'text/html').redirects(0);
    expect(closed.status).toBe(303);
    expect(closed.headers['location']).toBe('/login?next=%2Fstores%3Fx%3D1');
  });

  it('leads on from where it failed who is signed in, and nobody else', async () => {
    const owner = await web.browser('owner@example.com');
    for (const [path, status] of [
      ['/nothing', 404],
      ['/admin', 403],
    ] as const) {
      const page = await owner.get(path).set('accept', 'text/html');
      expect(page.status).toBe(status);
      expect(page.text).toMatch(/<nav[\s\S]*href="\/dashboard"/);
      expect(page.text).toContain('action="/logout"');
    }
    const link = await owner.get('/connect/a-link-that-is-secret').set('accept', 'text/html');
    expect(link.text).not.toMatch(/value="[^"]*secret/);
    const missing = await get('/nothing').set('accept', 'text/html');
    expect(missing.text).not.toMatch(/href="\/dashboard"|action="\/logout"/);
  });
});

describe('a failure of ours', () => {
  it('leads on without the database, which may be what failed', async () => {
    thrown = new TypeError('secret internals');
    const owner = await web.browser('owner@example.com');
    const page = await owner.get('/integrations').set('accept', 'text/html');
    expect(page.status).toBe(500);
    expect(page.text).toContain('action="/logout"');
    expect(page.text).not.toContain('secret internals');
  });

  it.each([
    ['a mistake in the code', new TypeError('secret internals'), 500, 'INTERNAL'],
    ['something thrown that is no error', 'secret internals', 500, 'INTERNAL'],
    ['the database being away', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 503, 'INTERNAL'],
    ['a fault of a plugin', new PluginFault('Acme: x is undefined'), 500, 'INTERNAL'],
    ['a provider that is away', new TryLater('Acme did not answer.', { afterSeconds: 7 }), 502, 'CONNECTION_FAILED'],
    ['a conflict', new Rejected('Connected already.', { code: 'CONFLICT' }), 409, 'CONFLICT'],
  ])('tells %s without its insides', async (_, error, status, code) => {
    thrown = error;
    const answer = await auth(get('/api/stores/north/integrations'));
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ status, code });
    expect(answer.text).not.toMatch(/secret internals|ECONNREFUSED|stack/);
    if (status === 503) expect(answer.headers['retry-after']).toBe('5');
    if (status === 502) expect(answer.headers['retry-after']).toBe('7');
  });

  it('leaves of a failed query neither its values nor the row in the log', async () => {
    const cause = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (email)=(hunter22) exists.' });
    thrown = new QueryFailedError('insert into users values ($1)', ['hunter22'], cause);
    const { status, headers } = await auth(get('/api/stores/north/integrations'));
    const lines = web.logged().filter((line) => JSON.stringify(line).includes(String(headers['x-request-id'])));
    expect([status, headers['cache-control']]).toEqual([500, 'no-store']);
    expect(JSON.stringify(lines)).not.toContain('hunter22');
    expect(lines).toContainEqual(
      expect.objectContaining({ err: expect.objectContaining({ type: 'QueryFailedError', code: '23505' }) }),
    );
  });

  it('leaves its cause in the log under the id the caller got', async () => {
    thrown = new TypeError('the cause');
    const answer = await auth(get('/api/stores/north/integrations')).set('x-request-id', 'given-42');
    expect(answer.headers['x-request-id']).toBe('given-42');
    expect(JSON.parse(answer.text).id).toBe('given-42');
    const line = web.logged().find(({ level, reqId }) => level === 50 && JSON.stringify(reqId) === '"given-42"');
    expect(line).toMatchObject({ err: { message: 'the cause' } });
  });
});

describe('each code', () => {
  it.each([
    ['INVALID_CREDENTIALS', 422],
    ['CONNECTION_FAILED', 502],
    ['RATE_LIMIT_EXCEEDED', 429],
    ['WEBHOOK_SIGNATURE_INVALID', 401],
    ['INTEGRATION_NOT_ACTIVE', 409],
    ['CONFIG_SCHEMA_INVALID', 422],
    ['RECONNECT_NEEDED', 409],
    ['PLUGIN_UNAVAILABLE', 503],
    ['NOT_FOUND', 404],
    ['FORBIDDEN', 403],
    ['CONFLICT', 409],
    ['VALIDATION_FAILED', 400],
    ['INTERNAL', 500],
  ] as const)('%s has the status %d', (code, status) => {
    expect(answerFor(new NotFound('x', { code })).status).toBe(status);
  });
});

function get(path: string): request.Test {
  return request(web.app).get(path);
}

function post(path: string): request.Test {
  return auth(request(web.app).post(path));
}

/** As the owner, by password: what makes a key. */
function key_(path: string): request.Test {
  return request(web.app).post(path).auth('owner@example.com', 'a long enough password');
}

function auth(test: request.Test): request.Test {
  return test.set('authorization', `Bearer ${key}`);
}
