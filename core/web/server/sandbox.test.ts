import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { type WebRoom, webRoom } from '../../../tests/support/web.ts';
import type { SandboxRequest, SandboxResponse } from '../../sdk/sandbox.ts';

let web: WebRoom;
let simulated: SandboxRequest[] = [];
let simulation: SandboxResponse = { status: 200 };

const sandbox = {
  handle: async (_: string, req: SandboxRequest) => {
    simulated.push(req);
    return simulation;
  },
  panel: () => ({ panel: { credentials: { token: 'demo' }, facts: { contacts: 3 }, log: [] }, commands: [{ name: 'add' }] }),
  command: async (_: string, name: string, input: object) => ({ message: `did ${name}`, input }),
};

beforeAll(async () => {
  web = await webRoom({ services: { sandbox } as never });
});

afterAll(() => web.close());

beforeEach(() => {
  simulated = [];
  simulation = { status: 200 };
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
    const server = createServer(web.app).listen(0, '127.0.0.1');
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
