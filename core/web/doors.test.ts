import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import type { DataSource } from 'typeorm';
import { until } from '../../tests/support/wait.ts';
import { type WebRoom, webRoom } from '../../tests/support/web.ts';
import { NotFound, Rejected } from '../sdk/errors.ts';
import type { Ack, Incoming } from '../sdk/plugin.ts';
import type { SandboxRequest, SandboxResponse } from '../sdk/sandbox.ts';

let web: WebRoom;
let received: { plugin: string; incoming: Incoming; key: string | undefined }[] = [];
let ack: () => Ack = () => ({ status: 200 });
let simulated: SandboxRequest[] = [];
let simulation: SandboxResponse = { status: 200 };

const intake = {
  receive: async (plugin: string, incoming: Incoming, key?: string) => {
    received.push({ plugin, incoming, key });
    return ack();
  },
};

const sandbox = {
  handle: async (_: string, req: SandboxRequest) => {
    simulated.push(req);
    return simulation;
  },
  panel: () => ({ panel: { credentials: { token: 'demo' }, facts: { contacts: 3 }, log: [] }, commands: [{ name: 'add' }] }),
  command: async (_: string, name: string, input: object) => ({ message: `did ${name}`, input }),
};

beforeAll(async () => {
  const registry = {
    templates: () => [
      { id: 'acme', state: 'failed' },
      { id: 'beta', state: 'ready' },
    ],
  };
  web = await webRoom({
    env: { METRICS_TOKEN: 'let me see' },
    services: { intake, sandbox, registry } as never,
    limits: { webhooks: 20 },
  });
});

afterAll(() => web.close());

beforeEach(() => {
  received = [];
  simulated = [];
  ack = () => ({ status: 200 });
  simulation = { status: 200 };
});

describe('webhooks', () => {
  const bytes = '{ "odd":"spacing",\r\n"ü":1 }';

  it.each([
    ['/webhooks/acme', {}, undefined],
    ['/webhooks/acme/contact.create', { eventType: 'contact.create' }, undefined],
    ['/webhooks/acme/c/some-key', {}, 'some-key'],
    ['/api/integrations/acme/webhook', {}, undefined],
  ])('arrive byte for byte at %s', async (path, more, key) => {
    const answer = await request(web.app)
      .post(`${path}?a=1`)
      .set('content-type', 'application/json')
      .set('x-sig', 's')
      .send(bytes);
    expect(answer.status).toBe(200);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(received).toHaveLength(1);
    const [call] = received;
    expect(call).toMatchObject({
      plugin: 'acme',
      key,
      incoming: { method: 'POST', query: { a: '1' }, headers: { 'x-sig': 's' }, ...more },
    });
    expect(Buffer.from(call?.incoming.raw ?? []).toString()).toBe(bytes);
    if (!('eventType' in more)) expect(call?.incoming).not.toHaveProperty('eventType');
    expect(new Date(call?.incoming.receivedAt ?? '').getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'arrive raw as %s',
    async (type) => {
      await request(web.app).post('/webhooks/acme').set('content-type', type).send('a=b&c').expect(200);
      expect(Buffer.from(received[0]?.incoming.raw ?? []).toString()).toBe('a=b&c');
    },
  );

  it('arrive empty where there is no body', async () => {
    await request(web.app).get('/webhooks/acme?challenge=1').expect(200);
    await request(web.app).post('/webhooks/acme').expect(200);
    expect(received.map(({ incoming }) => [incoming.method, incoming.raw.length])).toEqual([
      ['GET', 0],
      ['POST', 0],
    ]);
  });

  it("are answered in the plugin's own words", async () => {
    ack = () => ({ status: 202, headers: { 'content-type': 'text/plain', 'x-seen': 'yes' }, body: 'challenge-42' });
    const answer = await request(web.app).get('/webhooks/acme');
    expect(answer.status).toBe(202);
    expect(answer.headers).toMatchObject({ 'x-seen': 'yes' });
    expect(answer.text).toBe('challenge-42');
  });

  it('are answered without a body where the plugin gives none', async () => {
    expect((await request(web.app).post('/webhooks/acme').send('{}')).text).toBe('');
  });

  it('are refused as problems: too large, of nobody, forged, by a wrong method', async () => {
    const large = await request(web.app)
      .post('/webhooks/acme')
      .set('content-type', 'application/json')
      .send('x'.repeat(1_100_000));
    expect([large.status, large.type]).toEqual([413, 'application/problem+json']);
    expect(received).toHaveLength(0);
    ack = () => {
      throw new NotFound('There is no such plugin.');
    };
    expect((await request(web.app).post('/webhooks/nobody').send('{}')).status).toBe(404);
    ack = () => {
      throw new Rejected('The signature does not match.', { code: 'WEBHOOK_SIGNATURE_INVALID' });
    };
    const forged = await request(web.app).post('/webhooks/acme').send('{}');
    expect([forged.status, forged.body.code]).toEqual([401, 'WEBHOOK_SIGNATURE_INVALID']);
    const wrong = await request(web.app).put('/webhooks/acme').send('{}');
    expect([wrong.status, wrong.headers['allow']]).toEqual([405, 'GET, POST']);
  });

  it('are stopped where somebody guesses signatures, but never for what is accepted', async () => {
    for (let count = 0; count < 30; count += 1) await request(web.app).post('/webhooks/beta').send('{}').expect(200);
    ack = () => {
      throw new Rejected('The signature does not match.', { code: 'WEBHOOK_SIGNATURE_INVALID' });
    };
    const statuses = [];
    for (let count = 0; count < 22; count += 1) statuses.push((await request(web.app).post('/webhooks/beta').send('{}')).status);
    expect(statuses).toEqual([...Array(20).fill(401), 429, 429]);
  });

  it('leave no key and no query in the log', async () => {
    await request(web.app).post('/webhooks/acme/c/very-secret-key?code=very-secret-code').send('{}');
    const lines = JSON.stringify(web.logged());
    expect(lines).toContain('/webhooks/acme/c/…');
    expect(lines).not.toMatch(/very-secret/);
  });
});

describe('simulators', () => {
  it('see what their provider would see, and not our cookies', async () => {
    simulation = { status: 201, headers: { 'x-left': '9' }, body: { ok: true } };
    const answer = await request(web.app)
      .patch('/sandbox/acme/api/api.example.com/v2/contacts/a%2Fb?limit=2&tag=x&tag=y')
      .set('cookie', 'sid=ours')
      .set('authorization', 'Bearer theirs')
      .set('content-type', 'application/json')
      .send('{"a": 1}');
    expect([answer.status, answer.headers['x-left'], answer.body]).toEqual([201, '9', { ok: true }]);
    const [req] = simulated;
    expect(req).toMatchObject({ method: 'PATCH', host: 'api.example.com', path: '/v2/contacts/a%2Fb', body: '{"a": 1}' });
    expect(req?.query.getAll('tag')).toEqual(['x', 'y']);
    expect(req?.headers).toMatchObject({ authorization: 'Bearer theirs' });
    expect(req?.headers).not.toHaveProperty('cookie');
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('answer at the root of their host, with text, with nothing, and with a page that runs no script', async () => {
    simulation = { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>Allow?</p>' };
    const page = await request(web.app).get('/sandbox/acme/api/api.example.com');
    expect(page.text).toBe('<p>Allow?</p>');
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'/);
    expect(simulated[0]?.path).toBe('/');
    simulation = { status: 204 };
    expect((await request(web.app).delete('/sandbox/acme/api/api.example.com/x')).text).toBe('');
    simulation = { status: 429, body: 'slow down' };
    const busy = await request(web.app).get('/sandbox/acme/api/api.example.com/x');
    expect([busy.status, busy.type, busy.text]).toEqual([429, 'text/plain', 'slow down']);
  });

  it('can break the connection', async () => {
    simulation = { status: 200, hangUp: true };
    await expect(request(web.app).get('/sandbox/acme/api/api.example.com/x')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('learn when the caller is gone', async () => {
    const gone = new Promise<void>((resolve) => {
      sandbox.handle = async (_, req) => {
        req.signal.addEventListener('abort', () => resolve());
        caller.destroy();
        return new Promise<SandboxResponse>(() => undefined);
      };
    });
    const original = sandbox.handle;
    const server = web.app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const caller = httpRequest({
      port: (server.address() as AddressInfo).port,
      host: '127.0.0.1',
      path: '/sandbox/acme/api/h/x',
    });
    caller.on('error', () => undefined);
    caller.end();
    await gone;
    server.close();
    sandbox.handle = original;
  });

  it('have a panel for scripts', async () => {
    const panel = await request(web.app).get('/sandbox/acme').set('accept', 'application/json');
    expect(panel.body).toEqual({
      plugin: 'acme',
      credentials: { token: 'demo' },
      facts: { contacts: 3 },
      log: [],
      commands: [{ name: 'add' }],
    });
    const done = await request(web.app)
      .post('/sandbox/acme/panel')
      .send({ command: 'add', input: { name: 'x' } });
    expect(done.body).toMatchObject({ result: { message: 'did add', input: { name: 'x' } }, panel: { facts: { contacts: 3 } } });
    expect((await request(web.app).post('/sandbox/acme/panel').send({ command: 1 })).status).toBe(400);
    expect((await request(web.app).post('/sandbox/acme/panel').send({ command: 'add', extra: 1 })).status).toBe(400);
  });

  it('are not there when the sandbox is off', async () => {
    const own = await webRoom({ env: { SANDBOX: '0' }, services: { sandbox } as never });
    try {
      expect((await request(own.app).get('/sandbox/acme/api/api.example.com/x')).status).toBe(404);
      expect((await request(own.app).get('/sandbox/acme').set('accept', 'application/json')).status).toBe(404);
      expect((await request(own.app).post('/sandbox/acme/panel').send({ command: 'add' })).status).toBe(404);
    } finally {
      await own.close();
    }
  });
});

describe('the state of the hub', () => {
  it('is alive and ready, broken plugins named', async () => {
    expect((await request(web.app).get('/healthz')).body).toEqual({ status: 'ok' });
    const ready = await request(web.app).get('/readyz');
    expect(ready.status).toBe(200);
    expect(ready.body).toEqual({
      status: 'ready',
      checks: { database: 'ok', migrations: 'ok', plugins: { loaded: 1, failed: ['acme'] } },
    });
  });

  it('shows metrics to whoever has the token', async () => {
    await request(web.app).get('/metrics').expect(404);
    await request(web.app).get('/metrics').set('authorization', 'Bearer wrong').expect(404);
    const metrics = await request(web.app).get('/metrics').set('authorization', 'Bearer let me see');
    expect(metrics.text).toContain('process_cpu_seconds_total');
  });

  it('stays alive, and says so, while the database is away', async () => {
    const own = await webRoom({ services: { registry: { templates: () => [] } } as never });
    try {
      await own.person('owner@example.com', { north: 'owner' });
      const key = await own.key('owner@example.com', 'north');
      const browser = await own.browser('owner@example.com');
      await cutOff(own.services.dataSource);
      expect((await request(own.app).get('/healthz')).status).toBe(200);
      const ready = await request(own.app).get('/readyz');
      expect([ready.status, ready.body.checks.database]).toEqual([503, 'away']);
      const call = await request(own.app).get('/api/stores').set('authorization', `Bearer ${key}`);
      expect([call.status, call.body.code, call.headers['retry-after']]).toEqual([503, 'INTERNAL', '5']);
      const login = await request(own.app).post('/api/api-keys').auth('owner@example.com', 'any password').send({ name: 'x' });
      expect([login.status, login.body.code]).toEqual([503, 'INTERNAL']);
      const page = await browser.get('/stores').set('accept', 'text/html').redirects(0);
      expect([page.status, page.type, page.headers['retry-after']]).toEqual([503, 'text/html', '5']);
      expect(page.text).toContain('The database is away; try again shortly.');
    } finally {
      await own.close();
    }
  });
});

describe('every answer', () => {
  it('keeps scripts, frames and foreign forms out', async () => {
    const { headers } = await request(web.app).get('/login');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;connect-src 'self';font-src 'self';form-action 'self' https: http://127.0.0.1:3000;frame-ancestors 'none';base-uri 'none'",
    );
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('strict-transport-security');
  });

  it('carries an id of its own where the given one is not one', async () => {
    const given = await request(web.app).get('/healthz').set('x-request-id', 'a b\tc');
    expect(given.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

/** As when the server behind the pool is stopped: its connections end, and new ones find nobody. */
async function cutOff(dataSource: DataSource): Promise<void> {
  const { master } = dataSource.driver as unknown as { master: { options: { connectionString: string } } };
  master.options.connectionString = 'postgres://127.0.0.1:1/nobody';
  await until(
    () =>
      dataSource.query('select pg_terminate_backend(pg_backend_pid())').then(
        () => false,
        (error: unknown) => JSON.stringify(error).includes('ECONNREFUSED'),
      ),
    { what: 'the last connection to end' },
  );
}
