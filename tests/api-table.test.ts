import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { application } from 'express';
import { v7 } from 'uuid';
import { apiRoutes } from '../core/web/api/routes.ts';
import { ApiDocument } from './support/api-document.ts';
import { consent } from './support/consent.ts';
import { ADMIN, type Answer, call, type Hub, startHub } from './support/hub.ts';
import { addStoreOwner, keyOf } from './support/people.ts';
import { until } from './support/wait.ts';

const NOBODY = '00000000-0000-7000-8000-000000000000';
const PLUGIN = 'leadconnector';

let hub: Hub;
let api: ApiDocument;
let mounted: string[];
const keys = { admin: '', owner: '', reader: '', stranger: '' };
/** What the addresses name, as the walk goes on. */
const known: Record<string, string> = {
  store: 'default',
  plugin: PLUGIN,
  stream: 'contacts',
  name: 'calendars',
  category: 'crm',
  status: 'active',
};
let pit: { token: string; locationId: string };

beforeAll(async () => {
  mounted = noteMounted();
  hub = await startHub({
    CONNECT_RETURN_URLS: 'https://app.example.com/',
    // Where the example's webhook leads: nobody is at home.
    EGRESS_MAP: '{"example.com":"http://127.0.0.1:9"}',
  });
  api = new ApiDocument((await call('GET', `${hub.url}/api/openapi.json`)).body);
  const person = await addStoreOwner(hub, 'store@example.com');
  keys.admin = await keyOf(hub, ADMIN);
  keys.owner = await keyOf(hub, person);
  keys.reader = await keyOf(hub, person, ['read']);
  keys.stranger = await strangerKey();
  pit = (await call('GET', `${hub.url}/sandbox/${PLUGIN}`)).body.credentials;
  const connected = await hub.api('POST', `/api/stores/default/integrations/${PLUGIN}/connect`, {
    method: 'manual',
    fields: pit,
  });
  expect(connected).toMatchObject({ status: 201 });
  known['integration'] = connected.body.id;
  known['id'] = connected.body.id;
});

afterAll(() => hub?.close());

const rows = apiRoutes.map(({ on }) => on);
const withKey = apiRoutes.filter(({ who }) => who !== 'anyone').map(({ on }) => on);
const scoped = apiRoutes.filter(({ who, need = 'view' }) => who === 'operator' || need !== 'view').map(({ on }) => on);
/** Those that end something come last. */
const inTurn = [...rows.filter((on) => !on.startsWith('DELETE ')), ...rows.filter((on) => on.startsWith('DELETE '))];
const inStore = rows.filter((on) => on.includes('/:store/') && !on.includes('/api/admin/'));
const withBody = apiRoutes.filter(({ body }) => body).map(({ on }) => on);
const addressed = rows.filter((on) => /:\w+$/.test(on) && !on.startsWith('POST '));

describe('the document', () => {
  it('describes every call that is mounted, and mounts every call it describes', () => {
    const beforeExpress = api.calls.filter((on) => /webhook/.test(on));
    const served = mounted.filter((on) => /\/api\/|\/(healthz|readyz|metrics)$/.test(on) && !on.includes('/sandbox/'));
    expect([...new Set([...served, ...beforeExpress])].sort()).toEqual([...api.calls].sort());
  });

  it.each([
    ['GET /api/stores/:store/integrations'],
    ['POST /api/stores/:store/integrations/:plugin/connect'],
    ...['GET', 'PATCH', 'DELETE'].map((method) => [`${method} /api/stores/:store/integrations/:integration`]),
    ...[
      ...['DELETE …/disconnect', 'PUT …/configure', 'GET …/status', 'GET …/health', 'POST …/test', 'POST …/sync'],
      ...['POST …/reconnect', 'GET …/runs', 'GET …/logs', 'GET …/runs/:run', 'POST …/runs/:run/cancel', 'GET …/events'],
      ...['POST …/events/:event/replay', 'GET …/records/:stream', 'GET …/options/:name', 'POST …/actions/:action'],
    ].map((on) => [on.replace('…', '/api/stores/:store/integrations/:integration')]),
    ...[
      ...['GET', 'POST', 'POST /test', 'POST /sync', 'GET /logs', 'POST /:id/test', 'POST /:id/sync'],
      ...['GET /:plugin/oauth/authorize', 'GET /:plugin/oauth/callback', 'POST /:plugin/oauth/callback'],
      ...['POST /:plugin/oauth/refresh', 'GET /:plugin/webhook', 'POST /:plugin/webhook'],
    ].map((on) => [on.replace(/^(\w+) ?/, '$1 /api/integrations')]),
    ...['GET', 'GET /active', 'GET /category/:category', 'GET /:id', 'POST', 'PATCH /:id', 'DELETE /:id'].map((on) => [
      on.replace(/^(\w+) ?/, '$1 /api/admin/integration-templates'),
    ]),
    ...[
      ...['GET', 'GET /store/:store', 'GET /status/:status', 'GET /:id', 'PATCH /:id/status', 'POST /:id/test'],
      'POST /:id/sync',
    ].map((on) => [on.replace(/^(\w+) ?/, '$1 /api/admin/integrations')]),
    ...['GET /api/openapi.json', 'GET /api/docs', 'GET /healthz', 'GET /readyz', 'GET /metrics', 'POST /api/api-keys'].map(
      (on) => [on],
    ),
    ...['GET', 'POST'].flatMap((method) => [
      [`${method} /webhooks/:plugin`],
      [`${method} /webhooks/:plugin/:eventType`],
      [`${method} /webhooks/:plugin/c/:key`],
    ]),
  ])('knows the call of the source documents: %s', (on) => {
    expect(api.operation(on)).toMatchObject({ summary: expect.any(String), responses: expect.any(Object) });
  });

  it('holds the forms of the plugins that run', () => {
    const { schemas } = api.json.components;
    expect(schemas[`${PLUGIN}.credentials`]).toMatchObject({ required: ['token', 'locationId'], additionalProperties: false });
    expect(schemas[`${PLUGIN}.config`].properties).toHaveProperty('streams');
    expect(schemas[`${PLUGIN}.actions.createContact`].properties).toHaveProperty('email');
    expect(schemas.Connect.properties.fields.anyOf).toContainEqual({ $ref: `#/components/schemas/${PLUGIN}.credentials` });
  });
});

describe('a call', () => {
  it.each(withKey)('without a key is told so: %s', async (on) => {
    await refused(on, await send(on, { key: undefined }), 401, 'INVALID_CREDENTIALS');
  });

  it.each(withKey)('with a key that is none is told so: %s', async (on) => {
    await refused(on, await send(on, { key: `pb_${'x'.repeat(43)}` }), 401, 'INVALID_CREDENTIALS');
  });

  it.each(scoped)('with a key for less is refused: %s', async (on) => {
    await refused(on, await send(on, { ...GIVEN[on]?.(), key: keys.reader }), 403, 'FORBIDDEN');
  });

  it.each(inStore)('into a foreign store finds nothing: %s', async (on) => {
    await refused(on, await send(on, { key: keys.stranger }), 404, 'NOT_FOUND');
  });

  it.each(addressed)('for what does not exist finds nothing: %s', async (on) => {
    const last = /:(\w+)$/.exec(on)?.[1] ?? '';
    await refused(on, await send(on, { ...firstExample(on), params: { ...known, [last]: NOBODY } }), 404, 'NOT_FOUND');
  });

  it.each(withBody)('with a body that is no JSON is refused: %s', async (on) => {
    await refused(on, await send(on, { raw: '{"a":' }), 400, 'VALIDATION_FAILED');
  });

  it.each(rows.filter((on) => !on.endsWith('/oauth/callback')))('with what is not known here is refused: %s', async (on) => {
    const inBody = withBody.includes(on);
    const { params } = GIVEN[on]?.() ?? {};
    const sent = inBody ? { body: { nonsense: [1] } } : { query: '?nonsense=1' };
    const answer = await send(on, { ...sent, ...(params && { params }) });
    expect([400, 422]).toContain(answer.status);
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toContain(
      inBody ? '/nonsense' : '/query/nonsense',
    );
    expect(api.faults(on, answer)).toEqual([]);
  });

  it.each(rows.filter((on) => lists(on)))('for more than a page, or from a cursor that is none, is refused: %s', async (on) => {
    await refused(on, await send(on, { query: '?limit=201' }), 400, 'VALIDATION_FAILED');
    await refused(on, await send(on, { query: '?cursor=nonsense' }), 400, 'VALIDATION_FAILED');
  });
});

describe('a call as it is meant', () => {
  it.each(inTurn)('is answered as the document says: %s', async (on) => {
    const examples = examplesOf(on);
    const prepared = await BEFORE[on]?.();
    const given = GIVEN[on]?.();
    for (const sent of examples.length > 0 ? examples : [{}]) {
      const answer = await send(on, { ...sent, ...given, ...prepared });
      expect({ status: answer.status, problem: answer.body.detail }).toEqual({ status: expect.any(Number), problem: undefined });
      expect(answer.status).toBeLessThan(300);
      expect(api.faults(on, answer)).toEqual([]);
      AFTER[on]?.(answer);
    }
  });

  it.each(['/healthz', '/readyz'])('is described where it stands outside of the table: GET %s', async (path) => {
    expect(api.faults(`GET ${path}`, await call('GET', `${hub.url}${path}`))).toEqual([]);
  });
});

const ONE = '/api/stores/:store/integrations/:integration';
const TEMPLATES = '/api/admin/integration-templates';
const UNREADABLE = '/api/admin/events/unreadable';
const byId = () => ({ body: { integrationId: known['integration'] } });
const acme = () => ({ params: { ...known, id: 'acme' } });
const contact = () => ({
  body: { firstName: 'Grace', email: 'grace@example.com' },
  params: { ...known, action: 'createContact' },
});

/** What a call needs to be right, where no example of the document says it. */
const GIVEN: Readonly<Record<string, () => Sent>> = {
  'POST /api/stores/:store/connect-links': () => ({ body: { plugin: PLUGIN, returnUrl: 'https://app.example.com/done' } }),
  'POST /api/integrations': () => ({ body: { integrationType: PLUGIN, fields: pit } }),
  'POST /api/integrations/test': byId,
  'POST /api/integrations/sync': () => ({ body: { integrationId: known['integration'], dataType: 'calendars' } }),
  'POST /api/integrations/:id/sync': () => ({ body: { dataType: 'calendars' } }),
  'POST /api/integrations/:plugin/oauth/refresh': () => ({ body: { integrationId: known['consented'] ?? known['integration'] } }),
  [`PUT ${ONE}/configure`]: () => ({ body: { streams: ['calendars'] } }),
  [`POST ${ONE}/actions/:action`]: contact,
  [`GET ${TEMPLATES}/:id`]: acme,
  [`PATCH ${TEMPLATES}/:id`]: acme,
  [`DELETE ${TEMPLATES}/:id`]: acme,
  'GET /api/docs/:file': () => ({ params: { file: 'swagger-ui.css' } }),
  [`DELETE ${ONE}/disconnect`]: () => ({ params: { ...known, integration: known['consented'] ?? known['integration'] ?? '' } }),
};

/** What has to be there before. */
const BEFORE: Readonly<Record<string, () => Promise<Sent | undefined>>> = {
  'GET /api/integrations/:plugin/oauth/callback': async () => ({ query: `?${await consented('Riverside Dental')}` }),
  'POST /api/integrations/:plugin/oauth/callback': async () => {
    await send(`DELETE ${ONE}`, { params: { ...known, integration: known['consented'] ?? '' } });
    return { body: Object.fromEntries(new URLSearchParams(await consented('Riverside Dental'))) };
  },
  'POST /api/integrations': async () => {
    // An account that is connected is not connected twice.
    await send(`DELETE ${ONE}`);
    return undefined;
  },
  [`POST ${ONE}/runs/:run/cancel`]: async () => {
    const [run] = await hub.rows<{ id: string }>(
      `insert into sync_runs (store_id, id, integration_id, stream, trigger, mode, status)
       select store_id, $2, id, 'forms', 'manual', 'full', 'queued' from integrations where id = $1 returning id`,
      [known['integration'], v7()],
    );
    return { params: { ...known, run: run?.id ?? '' } };
  },
  'POST /api/stores/:store/bulk/:job/cancel': async () => {
    const [job] = await hub.rows<{ id: string }>(
      `insert into bulk_jobs (store_id, id, user_id, action) select s.id, $1, u.id, 'test' from stores s, users u
       where s.slug = 'default' and u.operator returning id`,
      [v7()],
    );
    return { params: { ...known, job: job?.id ?? '' } };
  },
  'POST /api/stores/:store/webhooks/:webhook/deliveries/:delivery/replay': async () => {
    const tried = () => hub.rows('select 1 from webhook_deliveries where id = $1 and attempts > 0', [known['delivery']]);
    await until(async () => (await tried()).length > 0, { what: 'the first try of the delivery' });
    return undefined;
  },
  'GET /api/stores/:store/exports/:export/archive': async () => {
    const made = () => hub.rows(`select 1 from store_exports where id = $1 and status = 'done'`, [known['export']]);
    await until(async () => (await made()).length > 0, { what: 'the export' });
    return undefined;
  },
  'POST /api/stores/:store/exports/:export/cancel': async () => {
    const [waits] = await hub.rows<{ id: string }>(
      `insert into store_exports (store_id, id, requested_by) select id, $1, 'x' from stores where slug = 'default' returning id`,
      [v7()],
    );
    return { params: { ...known, export: waits?.id ?? '' } };
  },
  'GET /api/admin/store-deletions/:deletion': async () => {
    const [deletion] = await hub.rows<{ id: string }>(
      `insert into store_deletions (id, subject, slug, name, requested_by, status, finished_at)
       values ($1, $1, 'past', 'Past', 'x', 'done', now()) returning id`,
      [v7()],
    );
    return { params: { ...known, deletion: deletion?.id ?? '' } };
  },
  'DELETE /api/admin/stores/:store': async () => {
    await hub.rows(`insert into stores (id, slug, name) values ($1, 'gone', 'Gone')`, [v7()]);
    return { params: { ...known, store: 'gone' } };
  },
  'PATCH /api/stores/:store/members/:user': newMember,
  'DELETE /api/stores/:store/members/:user': newMember,
  'GET /api/admin/users/:user': newMember,
  'DELETE /api/admin/api-keys/:key': async () => {
    const [key] = await hub.rows<{ id: string }>(
      'select id from api_keys where revoked_at is null order by created_at desc limit 1',
    );
    return { params: { ...known, key: key?.id ?? '' } };
  },
  [`GET ${ONE}/events`]: async () => {
    await hub.sandbox(PLUGIN, 'addContact', { firstName: 'Ada' });
    const events = () => hub.rows<{ id: string }>(`select id from webhook_events where state = 'handled'`);
    known['event'] = (await until(async () => (await events())[0], { what: 'the event of the new contact' })).id;
    return undefined;
  },
  [`GET ${UNREADABLE}/:integration/:row`]: async () => {
    const { integration, last } = await unreadable();
    return { params: { ...known, integration, row: last } };
  },
  [`POST ${UNREADABLE}/set-aside`]: async () => ({ body: await unreadable() }),
  [`POST ${UNREADABLE}/put-back`]: async () => {
    const body = await unreadable();
    await send(`POST ${UNREADABLE}/set-aside`, { body });
    return { body };
  },
  [`GET ${ONE}/records/:stream`]: async () => {
    const records = () => hub.rows<{ id: string }>(`select external_id as id from records where stream = 'contacts' limit 1`);
    known['record'] = (await until(async () => (await records())[0], { what: 'the first contacts' })).id;
    return undefined;
  },
};

/** What later calls are about. */
const AFTER: Readonly<Record<string, (answer: Answer) => void>> = {
  'POST /api/api-keys': ({ body }) => know('key', body.id),
  'POST /api/stores/:store/integrations/bulk': ({ body }) => know('job', body.id),
  'POST /api/stores/:store/exports': ({ body }) => know('export', body.id),
  'POST /api/stores/:store/connect-links': ({ body }) => know('link', body.id),
  'POST /api/stores/:store/webhooks': ({ body }) => know('webhook', body.id),
  'POST /api/stores/:store/webhooks/:webhook/test': ({ body }) => know('delivery', body.delivery),
  'POST /api/stores/:store/invitations': ({ body }) => know('invitation', body.id),
  [`POST ${ONE}/sync`]: ({ body }) => know('run', body.runs[0].id),
  'GET /api/integrations/:plugin/oauth/callback': ({ body }) => know('consented', body.id),
};

/** Accepted messages nobody can read, of an integration that nothing else is sent to. */
async function unreadable(): Promise<{ integration: string; last: string }> {
  const integration = v7();
  await hub.rows(
    `insert into integrations (store_id, id, plugin_id, name, status, method, webhook_key)
     select id, $1, $2, 'Past', 'disconnected', 'manual', $3 from stores where slug = 'default'`,
    [integration, PLUGIN, integration],
  );
  const [row] = await hub.rows<{ id: string }>(
    `insert into webhook_spool (store_id, integration_id, count, events, problem, problem_at)
     select store_id, id, 3, 'x', 'It is damaged.', now() - interval '1 hour' from integrations where id = $1 returning id::text`,
    [integration],
  );
  return { integration, last: row?.id ?? '' };
}

/** Somebody who may be removed. */
async function newMember(): Promise<undefined> {
  const [user] = await hub.rows<{ id: string }>(
    `with person as (insert into users (id, email, password_hash) values ($1, $2, '') returning id)
     insert into memberships (store_id, user_id, role) select s.id, p.id, 'staff' from stores s, person p where s.slug = 'default'
     returning user_id as id`,
    [v7(), `${v7()}@example.com`],
  );
  know('user', user?.id ?? '');
}

function know(name: string, value: string): void {
  known[name] = value;
}

async function consented(place: string): Promise<string> {
  const begun = await send('GET /api/integrations/:plugin/oauth/authorize');
  return consent(begun.body.authorizeUrl, place);
}

function lists(on: string): boolean {
  return apiRoutes.some((route) => route.on === on && route.query && 'limit' in new route.query());
}

/** Bodies the document shows. */
function examplesOf(on: string): Sent[] {
  const examples = api.operation(on).requestBody?.content['application/json'].examples ?? {};
  return Object.values<{ value: unknown }>(examples).map(({ value }) => ({ body: value }));
}

function firstExample(on: string): Sent {
  return examplesOf(on)[0] ?? {};
}

interface Sent {
  readonly key?: string | undefined;
  readonly params?: Record<string, string>;
  readonly query?: string;
  readonly body?: unknown;
  readonly raw?: string;
}

/** One call as the table says it, with what is known so far in its address. */
async function send(on: string, sent: Sent = {}): Promise<Answer> {
  const [method = '', pattern = ''] = on.split(' ');
  const { params = known, query = '', body, raw } = sent;
  const path = pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? known[name] ?? 'x'));
  const key = 'key' in sent ? sent.key : keyFor(on);
  const headers: Record<string, string> = key
    ? { authorization: on.startsWith('POST /api/api-keys') ? basic(key) : `Bearer ${key}` }
    : {};
  if (raw === undefined) return call(method, `${hub.url}${path}${query}`, { headers, body });
  const reply = await fetch(`${hub.url}${path}`, {
    method,
    body: raw,
    headers: { ...headers, 'content-type': 'application/json' },
  });
  return { status: reply.status, headers: reply.headers, body: await reply.json() };
}

function keyFor(on: string): string | undefined {
  if (on === 'POST /api/api-keys') return `${ADMIN.email}:${ADMIN.password}`;
  return on.includes('/api/admin/') ? keys.admin : keys.owner;
}

/** The first key is made by password. */
function basic(key: string): string {
  return key.includes('@') ? `Basic ${Buffer.from(key).toString('base64')}` : `Bearer ${key}`;
}

async function refused(on: string, answer: Answer, status: number, code: string): Promise<void> {
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect(answer.headers.get('x-request-id')).toBe(answer.body.id);
  expect(api.faults(on, answer)).toEqual([]);
}

/** A key of somebody with a store of their own. */
async function strangerKey(): Promise<string> {
  const person = await addStoreOwner(hub, 'stranger@example.com');
  await hub.rows(`insert into stores (id, slug, name) values ($1, 'south', 'South')`, [v7()]);
  await hub.rows(
    `update memberships set store_id = (select id from stores where slug = 'south')
     where user_id = (select id from users where email = 'stranger@example.com')`,
  );
  return keyOf(hub, person);
}

/** Every address Express is told of from now on. */
function noteMounted(): string[] {
  const found: string[] = [];
  for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
    const mount = application[method] as (...args: unknown[]) => unknown;
    Object.assign(application, {
      [method](this: unknown, path: unknown, ...handlers: unknown[]) {
        if (handlers.length > 0) found.push(...[path].flat().map((one) => `${method.toUpperCase()} ${one}`));
        return mount.call(this, path, ...handlers);
      },
    });
  }
  return found;
}
