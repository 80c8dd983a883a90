import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { v7 } from 'uuid';
import { type WebRoom, webRoom } from '../../../tests/support/web.ts';
import { MembershipStore } from '../../access/membership-store.ts';
import { sqlOf } from '../../database/transaction.ts';
import { IntegrationEntity } from '../../integrations/integration-entity.ts';
import { IntegrationStore } from '../../integrations/integration-store.ts';
import { apiRoutes } from './routes.ts';

let web: WebRoom;
let integrationId: string;
const keys: Record<string, string> = {};

/** What is needed for each call under a store; the rest need no more than to see it. */
const NEEDS: Readonly<Record<string, 'sync' | 'manage'>> = {
  'POST /api/stores/:store/integrations/:plugin/connect': 'manage',
  'PATCH /api/stores/:store/integrations/:integration': 'manage',
  'DELETE /api/stores/:store/integrations/:integration': 'manage',
  'DELETE /api/stores/:store/integrations/:integration/disconnect': 'manage',
  'PUT /api/stores/:store/integrations/:integration/configure': 'manage',
  'POST /api/stores/:store/integrations/:integration/reconnect': 'manage',
  'POST /api/stores/:store/integrations/:integration/actions/:action': 'manage',
  'PATCH /api/stores/:store/integrations/:integration/records/:stream/:record': 'manage',
  'POST /api/stores/:store/integrations/:integration/test': 'sync',
  'POST /api/stores/:store/integrations/:integration/sync': 'sync',
  'POST /api/stores/:store/integrations/:integration/runs/:run/cancel': 'sync',
  'POST /api/stores/:store/integrations/:integration/events/:event/replay': 'manage',
  'GET /api/stores/:store/integrations/:integration/events/:event/body': 'manage',
  'POST /api/stores/:store/integrations/:integration/events/replay': 'manage',
  'POST /api/stores/:store/connect-links': 'manage',
  'POST /api/stores/:store/integrations/bulk': 'sync',
  'POST /api/stores/:store/bulk/:job/cancel': 'sync',
  'PUT /api/stores/:store/integrations/:integration/schedules/:stream': 'manage',
  'PATCH /api/stores/:store/members/:user': 'manage',
  'DELETE /api/stores/:store/members/:user': 'manage',
  'GET /api/stores/:store/invitations': 'manage',
  'POST /api/stores/:store/invitations': 'manage',
  'POST /api/stores/:store/invitations/:invitation/resend': 'manage',
  'DELETE /api/stores/:store/invitations/:invitation': 'manage',
  'GET /api/stores/:store/audit': 'manage',
  'GET /api/stores/:store/audit/file': 'manage',
  'GET /api/stores/:store/audit/check': 'manage',
  'PATCH /api/stores/:store/retention': 'manage',
  'POST /api/stores/:store/exports': 'manage',
  'GET /api/stores/:store/exports': 'manage',
  'GET /api/stores/:store/exports/:export': 'manage',
  'GET /api/stores/:store/exports/:export/archive': 'manage',
  'POST /api/stores/:store/exports/:export/cancel': 'manage',
  'GET /api/api-keys': 'manage',
  'DELETE /api/api-keys/:key': 'manage',
  'POST /api/integrations': 'manage',
  'POST /api/integrations/test': 'sync',
  'POST /api/integrations/sync': 'sync',
  'POST /api/integrations/:id/test': 'sync',
  'POST /api/integrations/:id/sync': 'sync',
  'GET /api/integrations/:plugin/oauth/authorize': 'manage',
  'POST /api/integrations/:plugin/oauth/refresh': 'manage',
};

/** A body that passes the checks that come before the store is looked up. */
const BODIES: Readonly<Record<string, object>> = {
  'PATCH /api/stores/:store/integrations/:integration/records/:stream/:record': { data: {} },
  'POST /api/integrations': { integrationType: 'acme', fields: {} },
  'POST /api/integrations/test': { integrationId: 'acme' },
  'POST /api/integrations/sync': { integrationId: 'acme' },
  'POST /api/integrations/:plugin/oauth/refresh': { integrationId: 'acme' },
};

beforeAll(async () => {
  web = await webRoom({
    entities: [IntegrationEntity],
    services: ({ dataSource }) => ({ integrationStore: new IntegrationStore(dataSource) }),
  });
  await web.person('owner@example.com', { north: 'owner' });
  await web.person('staff@example.com', { north: 'staff' });
  await web.person('stranger@example.com', { south: 'owner' });
  const north = await new MembershipStore(web.services.dataSource).bySlug('north');
  const { id } = await web.services.integrationStore.insert(sqlOf(web.services.dataSource), {
    id: v7(),
    storeId: north?.id ?? '',
    pluginId: 'acme',
    name: 'Acme',
    method: 'manual',
    status: 'active',
    webhookKey: 'key',
  });
  integrationId = id;
  keys['read'] = await web.key('owner@example.com', 'north', ['read']);
  keys['sync'] = await web.key('owner@example.com', 'north', ['sync']);
  keys['staff'] = await web.key('staff@example.com', 'north');
  keys['stranger'] = await web.key('stranger@example.com', 'south');
});

afterAll(() => web.close());

const closed = apiRoutes.filter(({ who }) => who !== 'anyone').map(({ on }) => on);
const operators = apiRoutes.filter(({ who }) => who === 'operator').map(({ on }) => on);
const inStore = closed.filter((on) => on.includes('/:store/'));
const needing = (need: string) => closed.filter((on) => NEEDS[on] === need);

describe('the API', () => {
  it.each(closed)('answers 401 to nobody: %s', async (on) => {
    const answer = await call(on, undefined);
    expect([answer.status, answer.body.code]).toEqual([401, 'INVALID_CREDENTIALS']);
  });

  it.each(inStore)('hides a store from the key of another one: %s', async (on) => {
    const answer = await call(on, 'stranger');
    expect([answer.status, answer.body.code]).toEqual([404, 'NOT_FOUND']);
  });

  it.each(operators)('is closed to everyone but the operator: %s', async (on) => {
    for (const who of ['staff', 'read', 'stranger']) expect(await codeOf(on, who)).toBe('FORBIDDEN');
  });

  it.each(closed.filter((on) => !operators.includes(on) && /:id|refresh|integrations\/(test|sync)$/.test(on)))(
    'hides an integration in the flat form: %s',
    async (on) => {
      const answer = await call(on, 'stranger');
      expect([answer.status, answer.body.code]).toEqual([404, 'NOT_FOUND']);
    },
  );

  it.each(needing('manage'))('is closed to staff: %s', async (on) => {
    expect(await codeOf(on, 'staff')).toBe('FORBIDDEN');
  });

  it.each([...needing('manage'), ...needing('sync')])('is closed to a key that may only read: %s', async (on) => {
    expect(await codeOf(on, 'read')).toBe('FORBIDDEN');
  });

  it.each(needing('manage'))('is closed to a key that may only sync: %s', async (on) => {
    expect(await codeOf(on, 'sync')).toBe('FORBIDDEN');
  });

  it.each(['not-an-id', '0', "' or 1=1 --", '00000000-0000-7000-8000-000000000000'])(
    'finds no integration called %j',
    async (id) => {
      const path = `/api/stores/north/integrations/${encodeURIComponent(id)}`;
      const answer = await request(web.app).get(path).set('authorization', `Bearer ${keys['read']}`);
      expect([answer.status, answer.body.code]).toEqual([404, 'NOT_FOUND']);
    },
  );

  it('hides a store named by its id as well', async () => {
    const north = await new MembershipStore(web.services.dataSource).bySlug('north');
    for (const path of [`/api/stores/${north?.id}/integrations`, `/api/integrations?storeId=${north?.id}`]) {
      expect((await request(web.app).get(path).set('authorization', `Bearer ${keys['stranger']}`)).status).toBe(404);
    }
  });
});

describe('API keys by API', () => {
  it('are made with a password, listed without the key, and revoked', async () => {
    const made = await request(web.app)
      .post('/api/api-keys')
      .auth('owner@example.com', 'a long enough password')
      .send({ name: 'ci' });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: expect.any(String),
      name: 'ci',
      key: expect.stringMatching(/^pb_[\w-]{43}$/),
      store: expect.objectContaining({ slug: 'north' }),
      scopes: ['read', 'sync', 'write'],
    });
    const bearer = `Bearer ${made.body.key}`;
    const list = await request(web.app).get('/api/api-keys').set('authorization', bearer);
    expect(list.text).not.toContain(made.body.key);
    expect(list.body.apiKeys.find(({ id }: { id: string }) => id === made.body.id)).toMatchObject({
      name: 'ci',
      revokedAt: null,
    });
    await request(web.app).delete(`/api/api-keys/${made.body.id}`).set('authorization', bearer).expect(204);
    await request(web.app).get('/api/api-keys').set('authorization', bearer).expect(401);
    await request(web.app)
      .delete(`/api/api-keys/${made.body.id}`)
      .set('authorization', `Bearer ${await web.key('owner@example.com', 'north')}`)
      .expect(404);
  });

  it('come from curl as it sends things by default', async () => {
    const answer = await request(web.app)
      .post('/api/api-keys')
      .auth('owner@example.com', 'a long enough password')
      .set('content-type', 'application/x-www-form-urlencoded')
      .send('{"name":"x"}');
    expect(answer.status).toBe(201);
  });

  it.each([
    ['with a wrong password', { auth: ['owner@example.com', 'wrong password'], body: { name: 'x' }, status: 401 }],
    ['with nothing', { body: { name: 'x' }, status: 401 }],
    ['with another key', { key: 'sync', body: { name: 'x' }, status: 403 }],
    [
      'for a foreign store',
      { auth: ['owner@example.com', 'a long enough password'], body: { name: 'x', store: 'south' }, status: 404 },
    ],
    [
      'with more than one may',
      { auth: ['staff@example.com', 'a long enough password'], body: { name: 'x', scopes: ['write'] }, status: 403 },
    ],
    ['without a name', { auth: ['owner@example.com', 'a long enough password'], body: {}, status: 400 }],
  ] as [string, { auth?: [string, string]; key?: string; body: object; status: number }][])(
    'are not made %s',
    async (_, given) => {
      const call = request(web.app).post('/api/api-keys');
      if (given.auth) call.auth(...given.auth);
      if (given.key) call.set('authorization', `Bearer ${keys[given.key]}`);
      const answer = await call.send(given.body);
      expect(answer.status).toBe(given.status);
      if (given.status === 401) expect(answer.headers['www-authenticate']).toMatch(/^Basic /);
    },
  );
});

function call(on: string, key: string | undefined): request.Test {
  const [method = '', pattern = ''] = on.split(' ');
  const path = pattern
    .replace(':store', 'north')
    .replace(':plugin', 'acme')
    .replace(/:integration|:id/, integrationId)
    .replace(/:(run|event|key)/, '00000000-0000-7000-8000-000000000000')
    .replace(/:\w+/, 'anything');
  const test = request(web.app)[method.toLowerCase() as 'get'](path);
  if (key) test.set('authorization', `Bearer ${keys[key]}`);
  return BODIES[on] ? test.send(BODIES[on]) : test;
}

async function codeOf(on: string, key: string): Promise<string> {
  return (await call(on, key)).body.code;
}
