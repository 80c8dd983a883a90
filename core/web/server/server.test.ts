import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import type { DataSource } from 'typeorm';
import { until } from '../../../tests/support/wait.ts';
import { type WebRoom, webRoom } from '../../../tests/support/web.ts';
import { measure } from '../../measure.ts';
import type { Incoming } from '../../sdk/webhook.ts';

let web: WebRoom;
const received: Incoming[] = [];

beforeAll(async () => {
  const registry = {
    templates: () => [
      { id: 'acme', state: 'failed' },
      { id: 'beta', state: 'ready' },
    ],
  };
  web = await webRoom({
    env: { METRICS_TOKEN: 'let me see' },
    services: {
      registry,
      intake: { receive: async (_: string, one: Incoming) => received.push(one) && { status: 200 } },
    } as never,
  });
});

afterAll(() => web.close());

async function metrics(): Promise<string> {
  return (await request(web.app).get('/metrics').set('authorization', 'Bearer let me see').expect(200)).text;
}

async function somethingWaits(): Promise<void> {
  await web.person('ann@example.com', { south: 'owner' });
  const query = (sql: string, values: unknown[] = []) => web.services.dataSource.query(sql, values);
  const [{ id: store }] = await query("select id from stores where slug = 'south'");
  const id = '0193a7b0-0000-7000-8000-000000000001';
  await query(
    `insert into integrations (store_id, id, plugin_id, name, status, method, webhook_key) values ($1, $2, 'acme', 'Secret Fitness', 'active', 'manual', 'k')`,
    [store, id],
  );
  await query(
    `insert into sync_runs (store_id, id, integration_id, stream, trigger, mode, status) values ($1, $2, $2, 'contacts', 'manual', 'full', 'queued')`,
    [store, id],
  );
  await query(
    `insert into webhook_events (id, plugin_id, event_id, type, data, raw, headers, state) values ($1, 'acme', 'e', 't', '{}', '', '{}', 'unmatched')`,
    [id],
  );
  await query(
    `insert into webhook_spool (store_id, integration_id, count, events, received_at, problem)
     values ($1, $2, 40, '', now() - interval '90 seconds', null), ($1, $2, 3, '', now(), 'It is in format 2.')`,
    [store, id],
  );
  await query(`insert into provider_outages (plugin_id, host) values ('acme', 'api.acme.example')`);
}

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
    expect(await metrics()).toContain('process_cpu_seconds_total');
  });

  it('counts what rooms tell of their work, and what waits over all hosts, without the name of a store', async () => {
    await somethingWaits();
    measure('call', { plugin: 'acme', outcome: 429, seconds: 0.2 });
    measure('call', { plugin: 'acme', outcome: 201, seconds: 0.2 });
    measure('call', { plugin: 'acme', outcome: 'failure', seconds: 3 });
    measure('refresh', { plugin: 'acme', outcome: 'refused' });
    const records = { written: 12, unchanged: 5, deleted: 0, older: 3, failed: 2 };
    measure('run', { plugin: 'acme', outcome: 'partial', seconds: 9, records });
    const text = await metrics();
    for (const line of [
      'patchbay_provider_calls_total{plugin="acme",outcome="429"} 1',
      'patchbay_provider_calls_total{plugin="acme",outcome="2xx"} 1',
      'patchbay_provider_calls_total{plugin="acme",outcome="failure"} 1',
      'patchbay_provider_call_seconds_count{plugin="acme"} 3',
      'patchbay_token_refreshes_total{plugin="acme",outcome="refused"} 1',
      'patchbay_sync_runs_total{plugin="acme",outcome="partial"} 1',
      'patchbay_sync_records_total{plugin="acme",change="written"} 12',
      'patchbay_sync_records_total{plugin="acme",change="older"} 3',
      'patchbay_integrations{plugin="acme",state="active"} 1',
      'patchbay_sync_runs_active{plugin="acme",state="queued"} 1',
      'patchbay_inbox_kept{plugin="acme",state="unmatched"} 1',
      'patchbay_provider_outages{plugin="acme"} 1',
      'patchbay_queue_due{queue="inbox"} 40',
      'patchbay_inbox_unsorted{state="waiting"} 40',
      'patchbay_inbox_unsorted{state="unreadable"} 3',
      'patchbay_pool_connections{state="waiting"} 0',
      'patchbay_database_up 1',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).toMatch(/patchbay_queue_oldest_seconds\{queue="inbox"\} (9\d|\d{3,})/);
    expect(text).toMatch(/nodejs_eventloop_lag_p99_seconds \d/);
    expect(text).not.toMatch(/Secret Fitness|south/i);
  });

  it('stays alive, and says so, while the database is away', async () => {
    const env = { METRICS_TOKEN: 'let me see' };
    const own = await webRoom({ env, services: { registry: { templates: () => [] } } as never });
    try {
      await own.person('owner@example.com', { north: 'owner' });
      const key = await own.key('owner@example.com', 'north');
      const browser = await own.browser('owner@example.com');
      await cutOff(own.services.dataSource);
      expect((await request(own.app).get('/healthz')).status).toBe(200);
      const ready = await request(own.app).get('/readyz');
      expect([ready.status, ready.body.checks.database]).toEqual([503, 'away']);
      const measured = await request(own.app).get('/metrics').set('authorization', 'Bearer let me see');
      expect(measured.text.split('\n')).toContain('patchbay_database_up 0');
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
    const { headers, text } = await request(web.app).get('/login');
    const [, nonce] = /<script [^>]*nonce="([\w-]{22})"/.exec(text) ?? [];
    expect(headers['content-security-policy']).toBe(
      `default-src 'none';script-src 'nonce-${nonce}';style-src 'self';img-src 'self' data:;connect-src 'self';font-src 'self';form-action 'self' https: http://127.0.0.1:3000;frame-ancestors 'none';base-uri 'none'`,
    );
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('strict-transport-security');
  });

  it('of the API is kept by nobody', async () => {
    await web.person('keeper@example.com', { kept: 'owner' });
    const answer = await request(web.app)
      .get('/api/stores')
      .set('authorization', `Bearer ${await web.key('keeper@example.com', 'kept')}`);
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
  });

  it('is that there is no such file, for a name that every object knows', async () => {
    await request(web.app).get('/api/docs/constructor').expect(404);
  });

  it('carries an id of its own where the given one is not one', async () => {
    const given = await request(web.app).get('/healthz').set('x-request-id', 'a b\tc');
    expect(given.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

/** As a client of a proxy sends it: `GET http://host/path`. */
async function askInFull(method: string, target: string): Promise<{ status: number | undefined; body: string }> {
  const server = createServer(web.app);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
  try {
    return await new Promise((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      httpRequest({ port, host: '127.0.0.1', method, path: target, agent: false }, async (answer) =>
        resolve({ status: answer.statusCode, body: await text(answer) }),
      )
        .on('error', reject)
        .end();
    });
  } finally {
    server.close();
  }
}

describe('a request whose address names the host as well', () => {
  it.each([
    ['GET', 'http://hub.example/healthz', 200, '"status":"ok"'],
    ['GET', 'HTTPS://user@hub.example:8443/login?next=%2F', 200, 'name="_csrf"'],
    ['GET', 'http://hub.example/api/stores', 401, 'INVALID_CREDENTIALS'],
  ])('%s %s is answered as its path is', async (method, target, status, said) => {
    const answer = await askInFull(method, target);
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(said);
  });

  it('is a webhook as well, and what it names counts for the host that was asked', async () => {
    expect((await askInFull('POST', 'http://hub.example/webhooks/acme/made?a=1')).status).toBe(200);
    expect(received).toMatchObject([{ eventType: 'made', query: { a: '1' }, headers: { host: 'hub.example' } }]);
  });
});

describe('the document', () => {
  it('is made once, however often anybody asks, and anew with another generation of a plugin', async () => {
    let readings = 0;
    const template = (generation: number) => ({
      id: 'acme',
      loaded: {
        generation,
        get plugin() {
          readings += 1;
          return { manifest: { comingSoon: true } };
        },
      },
    });
    let templates = [template(1)];
    const own = await webRoom({ services: { registry: { templates: () => templates } as never } });
    try {
      const tag = async () => (await request(own.app).get('/api/openapi.json').expect(200)).headers['etag'];
      expect(await tag()).toBe(await tag());
      expect(readings).toBe(1);
      templates = [template(2)];
      await tag();
      expect(readings).toBe(2);
    } finally {
      await own.close();
    }
  });
});

describe('too many calls', () => {
  it.each([
    ['are counted by the address in front, which anyone could make up otherwise', {}, [401, 401, 429]],
    ['are counted by the address the trusted proxy names', { TRUST_PROXY: '1' }, [401, 401, 401]],
  ])('%s', async (_, env, expected) => {
    const own = await webRoom({ env, limits: { api: 2 } });
    try {
      const statuses = [];
      for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) {
        statuses.push((await request(own.app).get('/api/stores').set('x-forwarded-for', address)).status);
      }
      expect(statuses).toEqual(expected);
    } finally {
      await own.close();
    }
  });

  it('are counted by their address, whatever they make up to prove themselves by', async () => {
    const own = await webRoom({ limits: { api: 2 } });
    try {
      const ask = (authorization: string) => request(own.app).get('/api/nothing').set('authorization', authorization);
      const statuses = [];
      for (const made of ['Basic YTph', 'Basic YTpi', 'Bearer nothing']) statuses.push((await ask(made)).status);
      expect(statuses).toEqual([404, 404, 429]);
    } finally {
      await own.close();
    }
  });

  it('with one key are told when to come back, and do not hinder another key', async () => {
    const own = await webRoom({ limits: { api: 1 } });
    try {
      await own.person('owner@example.com', { north: 'owner' });
      const [one, other] = [await own.key('owner@example.com', 'north'), await own.key('owner@example.com', 'north')];
      const ask = (key: string) => request(own.app).get('/api/stores').set('authorization', `Bearer ${key}`);
      await ask(one).expect(200);
      const stopped = await ask(one);
      expect([stopped.status, stopped.body.code]).toEqual([429, 'RATE_LIMIT_EXCEEDED']);
      expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(0);
      await ask(other).expect(200);
    } finally {
      await own.close();
    }
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
