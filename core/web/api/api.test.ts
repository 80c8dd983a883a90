import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { consent } from '../../../tests/support/consent.ts';
import { ADMIN, type Answer, call, type Hub, startHub } from '../../../tests/support/hub.ts';
import { until } from '../../../tests/support/wait.ts';

let hub: Hub;
let pit: { token: string; locationId: string };
const ALL = '/api/stores/default/integrations';
const ONE = `${ALL}/leadconnector`;

beforeAll(async () => {
  hub = await startHub();
  pit = (await call('GET', `${hub.url}/sandbox/leadconnector`)).body.credentials;
});

afterAll(() => hub?.close());

const connect = (body: object) => hub.api('POST', `${ONE}/connect`, body);
const problem = ({ status, body }: Answer) => [status, body.code];

describe('before anything is connected', () => {
  it('shows every card and what it takes to connect', async () => {
    const { body } = await hub.api('GET', ALL);
    expect(body.store).toMatchObject({ slug: 'default', role: 'owner' });
    const states = Object.fromEntries(body.templates.map(({ id, state }: { id: string; state: string }) => [id, state]));
    expect(states).toMatchObject({
      leadconnector: 'connect',
      salesforce: 'coming-soon',
      hubspot: 'coming-soon',
      zapier: 'coming-soon',
      make: 'coming-soon',
    });
    const card = body.templates.find(({ id }: { id: string }) => id === 'leadconnector');
    expect(card).toMatchObject({
      category: 'CRM',
      methods: [{ method: 'oauth' }, { method: 'manual', fields: { required: ['token', 'locationId'] } }],
    });
    expect(card.integrations).toEqual([]);
  });

  it.each([
    ['an unknown plugin', `${ALL}/nobody/connect`, { method: 'manual', fields: {} }, 404, 'NOT_FOUND'],
    ['a card that is coming soon', `${ALL}/zapier/connect`, { method: 'manual', fields: {} }, 503, 'PLUGIN_UNAVAILABLE'],
    ['no method', `${ONE}/connect`, { fields: {} }, 400, 'VALIDATION_FAILED'],
    ['an unknown method', `${ONE}/connect`, { method: 'magic' }, 400, 'VALIDATION_FAILED'],
    ['no fields', `${ONE}/connect`, { method: 'manual' }, 400, 'VALIDATION_FAILED'],
    ['fields that are a list', `${ONE}/connect`, { method: 'manual', fields: [] }, 400, 'VALIDATION_FAILED'],
    [
      'an unknown field beside the fields',
      `${ONE}/connect`,
      { method: 'manual', fields: {}, store: 'x' },
      400,
      'VALIDATION_FAILED',
    ],
    ['a long name', `${ONE}/connect`, { method: 'manual', fields: {}, name: 'x'.repeat(101) }, 400, 'VALIDATION_FAILED'],
    ['a flat call without a type', '/api/integrations', { fields: {} }, 400, 'VALIDATION_FAILED'],
  ])('refuses %s', async (_, path, body, status, code) => {
    expect(problem(await hub.api('POST', path, body))).toEqual([status, code]);
  });

  it.each([
    ['a wrong token', () => ({ ...pit, token: 'pit-00000000-0000-0000-0000-000000000000' }), 'INVALID_CREDENTIALS'],
    ['a token that cannot be one', () => ({ ...pit, token: 'nonsense' }), 'INVALID_CREDENTIALS'],
    ['a wrong location', () => ({ ...pit, locationId: 'NobodyAtAll000000001' }), 'INVALID_CREDENTIALS'],
    ['an unknown field', () => ({ ...pit, extra: 1 }), 'CONFIG_SCHEMA_INVALID'],
    ['a field of the wrong type', () => ({ ...pit, token: 7 }), 'CONFIG_SCHEMA_INVALID'],
    ['a missing field', () => ({ token: pit.token }), 'CONFIG_SCHEMA_INVALID'],
  ])('refuses %s with 422 and keeps nothing', async (_, fields, code) => {
    const answer = await connect({ method: 'manual', fields: fields() });
    expect(problem(answer)).toEqual([422, code]);
    expect(JSON.stringify(answer.body)).not.toContain(pit.token);
    expect((await hub.api('GET', '/api/integrations')).body.integrations).toEqual([]);
  });
});

describe('a connection by keys', () => {
  it('is made once it is proven, and shows no secret', async () => {
    const answer = await connect({ method: 'manual', name: 'Studio', fields: pit });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      plugin: 'leadconnector',
      name: 'Studio',
      status: 'active',
      state: 'connected',
      method: 'manual',
      sandbox: true,
      reason: null,
      account: { externalId: pit.locationId, label: 'Blue Fitness' },
      counts: { contacts: 3412 },
      webhookUrl: `${hub.url}/webhooks/leadconnector`,
      test: { message: expect.stringContaining('Blue Fitness') },
    });
    for (const path of [ALL, ONE, '/api/integrations'])
      expect(JSON.stringify((await hub.api('GET', path)).body)).not.toContain(pit.token);
  });

  it('is found by id, by plugin, by type and by status', async () => {
    const { id } = (await hub.api('GET', ONE)).body;
    expect((await hub.api('GET', `${ALL}/${id}`)).body).toMatchObject({ id, records: expect.any(Object) });
    expect((await hub.api('GET', '/api/integrations?type=leadconnector&status=active')).body.integrations).toMatchObject([
      { id },
    ]);
    expect((await hub.api('GET', '/api/integrations?status=error')).body.integrations).toEqual([]);
    expect(problem(await hub.api('GET', '/api/integrations?status=bad'))).toEqual([400, 'VALIDATION_FAILED']);
    expect(problem(await hub.api('GET', `${ALL}/zapier`))).toEqual([404, 'NOT_FOUND']);
  });

  it('is tested on demand, in both forms', async () => {
    const { id } = (await hub.api('GET', ONE)).body;
    const expected = { success: true, message: expect.stringContaining('Blue Fitness'), counts: { contacts: 3412 } };
    expect((await hub.api('POST', `${ONE}/test`)).body).toMatchObject(expected);
    expect((await hub.api('POST', '/api/integrations/test', { integrationId: id })).body.result).toMatchObject(expected);
    expect((await hub.api('POST', `/api/integrations/${id}/test`)).body.result).toMatchObject(expected);
    expect(problem(await hub.api('POST', `${ONE}/test`, { surprise: 1 }))).toEqual([400, 'VALIDATION_FAILED']);
  });

  it('syncs what the provider holds, and a second time writes nothing', async () => {
    await settled();
    const { id } = (await hub.api('GET', ONE)).body;
    const flat = await hub.api('POST', '/api/integrations/sync', { integrationId: id, dataType: 'contacts' });
    expect(flat.body.result).toMatchObject({
      success: true,
      failedRecords: 0,
      errors: [],
      message: expect.stringMatching(/^Synced /),
    });
    const asked = await hub.api('POST', `${ONE}/sync`, { stream: 'contacts', mode: 'full' });
    expect(asked.status).toBe(202);
    expect(asked.body.runs).toMatchObject([{ stream: 'contacts', trigger: 'manual', mode: 'full', requestedBy: ADMIN.email }]);
    await settled();
    const run = (await hub.api('GET', `${ONE}/runs/${asked.body.runs[0].id}`)).body;
    expect(run).toMatchObject({ status: 'succeeded', written: 0, unchanged: 3412, seen: 3412 });
    expect((await hub.api('GET', ONE)).body.records.contacts).toBe(3412);
  });

  it('tells its runs, latest first, in both forms', async () => {
    const { runs } = (await hub.api('GET', `${ONE}/runs?stream=contacts&limit=2`)).body;
    expect(runs).toHaveLength(2);
    expect(runs[0].queuedAt >= runs[1].queuedAt).toBe(true);
    const { logs } = (await hub.api('GET', '/api/integrations/logs?integrationType=leadconnector&limit=3&offset=1')).body;
    expect(logs).toHaveLength(3);
    expect(logs[0]).toMatchObject({ integrationType: 'leadconnector' });
    expect((await hub.api('POST', `${ONE}/runs/${runs[0].id}/cancel`)).status).toBe(409);
    expect(problem(await hub.api('GET', `${ONE}/runs?limit=0`))).toEqual([400, 'VALIDATION_FAILED']);
    expect(problem(await hub.api('GET', `${ONE}/runs?limit=1&limit=2`))).toEqual([400, 'VALIDATION_FAILED']);
    expect(problem(await hub.api('GET', `${ONE}/runs/no-id`))).toEqual([404, 'NOT_FOUND']);
    expect(problem(await hub.api('POST', `${ONE}/sync`, { stream: 'nothing' }))).toEqual([404, 'NOT_FOUND']);
  });

  it.each(['2026-W01', '20260101', 'yesterday', '2026-02-30T25:00:00Z', 7])('refuses %s for a time in a body', async (from) => {
    expect(problem(await hub.api('POST', `${ONE}/events/replay`, { from }))).toEqual([400, 'VALIDATION_FAILED']);
  });

  it('hands out records page by page', async () => {
    const first = (await hub.api('GET', `${ONE}/records/contacts?limit=2`)).body;
    expect(first.records).toHaveLength(2);
    const second = (await hub.api('GET', `${ONE}/records/contacts?limit=2&after=${first.next}`)).body;
    expect(second.records[0].id).not.toBe(first.records[1].id);
    expect((await hub.api('GET', `${ONE}/records/contacts?updatedAfter=2999-01-01`)).body).toEqual({ records: [], next: null });
    expect(problem(await hub.api('GET', `${ONE}/records/contacts?updatedAfter=yesterday`))).toEqual([400, 'VALIDATION_FAILED']);
    expect(problem(await hub.api('GET', `${ONE}/records/contacts?after=x`))).toEqual([400, 'VALIDATION_FAILED']);
    expect(problem(await hub.api('GET', `${ONE}/records/nothing`))).toEqual([404, 'NOT_FOUND']);
  });

  it('hands out one record, raw, in the shared shape of its stream, or both', async () => {
    const [{ id, data }] = (await hub.api('GET', `${ONE}/records/contacts?limit=1&view=raw`)).body.records;
    const one = `${ONE}/records/contacts/${encodeURIComponent(id)}`;
    expect((await hub.api('GET', one)).body).toMatchObject({ id, data, deletedAt: null });
    expect((await hub.api('GET', one)).body).toHaveProperty('model');
    expect((await hub.api('GET', `${one}?view=raw`)).body).not.toHaveProperty('model');
    expect((await hub.api('GET', `${one}?view=model`)).body).not.toHaveProperty('data');
    expect(problem(await hub.api('GET', `${one}?view=all`))).toEqual([400, 'VALIDATION_FAILED']);
    expect(problem(await hub.api('GET', `${ONE}/records/contacts/nobody`))).toEqual([404, 'NOT_FOUND']);
  });

  it('hears webhooks, and handles one again when asked', async () => {
    const added = await hub.sandbox('leadconnector', 'addContact', { firstName: 'Ada' });
    expect(added.status).toBe(200);
    const event = await until(
      async () => {
        const { events } = (await hub.api('GET', `${ONE}/events?limit=10`)).body;
        return events.find(({ type, state }: { type: string; state: string }) => type === 'ContactCreate' && state === 'handled');
      },
      { what: 'the webhook of the new contact' },
    );
    expect(event).not.toHaveProperty('headers');
    expect(problem(await hub.api('POST', `${ONE}/events/no-id/replay`))).toEqual([404, 'NOT_FOUND']);
    expect((await hub.api('POST', `${ONE}/events/${event.id}/replay`)).status).toBe(202);
    expect(problem(await hub.api('GET', `${ONE}/events?state=odd`))).toEqual([400, 'VALIDATION_FAILED']);
  });

  it('is configured whole or not at all', async () => {
    const wrong = await hub.api('PUT', `${ONE}/configure`, { direction: 'sideways', extra: 1 });
    expect(problem(wrong)).toEqual([422, 'CONFIG_SCHEMA_INVALID']);
    expect(wrong.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(['/direction', '/extra']);
    const right = await hub.api('PUT', `${ONE}/configure`, { streams: ['contacts'], contactTags: ['new'] });
    expect(right.body.config).toMatchObject({ streams: ['contacts'], contactTags: ['new'], direction: 'both' });
    expect(problem(await hub.api('PUT', `${ONE}/configure`, []))).toEqual([400, 'VALIDATION_FAILED']);
  });

  it('offers choices and actions', async () => {
    expect((await hub.api('GET', `${ONE}/options/calendars`)).body.options[0]).toEqual({
      value: expect.any(String),
      label: expect.any(String),
    });
    expect(problem(await hub.api('GET', `${ONE}/options/nothing`))).toEqual([404, 'NOT_FOUND']);
    expect(problem(await hub.api('GET', `${ONE}/options/calendars?draft=[`))).toEqual([400, 'VALIDATION_FAILED']);
    const { actions } = (await hub.api('GET', `${ONE}/actions`)).body;
    expect(actions.map(({ name }: { name: string }) => name)).toContain('createContact');
    expect(problem(await hub.api('POST', `${ONE}/actions/nothing`, {}))).toEqual([404, 'NOT_FOUND']);
    expect(problem(await hub.api('POST', `${ONE}/actions/createContact`, { odd: true }))).toEqual([400, 'VALIDATION_FAILED']);
    const made = await hub.api('POST', `${ONE}/actions/createContact`, { firstName: 'Grace', email: 'grace@example.com' });
    expect(made.status).toBe(200);
    expect(made.body.data).toEqual(expect.any(Object));
    const long = { 'idempotency-key': 'x'.repeat(256) };
    expect(problem(await hub.api('POST', `${ONE}/actions/createContact`, {}, long))).toEqual([400, 'VALIDATION_FAILED']);
  });

  it('tells which actions its settings forbid and why, and does not do them', async () => {
    const listed = async (name: string) => {
      const { actions } = (await hub.api('GET', `${ONE}/actions`)).body;
      return actions.find((one: { name: string }) => one.name === name)?.barred;
    };
    expect(await listed('createContact')).toBeNull();
    const { config } = (await hub.api('GET', ONE)).body;
    await hub.api('PUT', `${ONE}/configure`, { ...config, direction: 'in' });
    const text = 'This connection only reads from LeadConnector. Change its direction in the settings to write there.';
    expect([await listed('createContact'), await listed('getContact')]).toEqual([{ text, field: 'direction' }, null]);
    const refused = await hub.api('POST', `${ONE}/actions/createContact`, { firstName: 'Edsger' });
    expect(problem(refused)).toEqual([403, 'FORBIDDEN']);
    expect(refused.body.detail).toBe(text);
    expect((await hub.api('PUT', `${ONE}/configure`, config)).status).toBe(200);
  });

  it('is renamed and switched off and on', async () => {
    expect((await hub.api('PATCH', ONE, { name: 'Gym', description: 'Downtown' })).body).toMatchObject({
      name: 'Gym',
      description: 'Downtown',
    });
    expect((await hub.api('PATCH', ONE, { enabled: false })).body).toMatchObject({ state: 'paused' });
    expect(problem(await hub.api('POST', `${ONE}/sync`, {}))).toEqual([409, 'INTEGRATION_NOT_ACTIVE']);
    expect((await hub.api('PATCH', ONE, { enabled: true })).body).toMatchObject({ state: 'connected' });
    expect(problem(await hub.api('PATCH', ONE, { enabled: 'yes' }))).toEqual([400, 'VALIDATION_FAILED']);
    expect(problem(await hub.api('PATCH', ONE, { status: 'error' }))).toEqual([400, 'VALIDATION_FAILED']);
  });

  it('tells status and health', async () => {
    expect((await hub.api('GET', `${ONE}/status`)).body).toMatchObject({ status: 'active', account: 'Blue Fitness' });
    expect((await hub.api('GET', `${ONE}/health`)).body).toMatchObject({ state: expect.any(String) });
  });

  it('has no token to renew', async () => {
    const { id } = (await hub.api('GET', ONE)).body;
    expect(problem(await hub.api('POST', '/api/integrations/leadconnector/oauth/refresh', { integrationId: id }))).toEqual([
      400,
      'VALIDATION_FAILED',
    ]);
  });

  it('ends, keeps its records, and is connected again as the same', async () => {
    const { id } = (await hub.api('GET', ONE)).body;
    const ended = await hub.api('DELETE', `${ONE}/disconnect`, { reason: 'Moving away.' });
    expect(ended.body).toMatchObject({
      id,
      status: 'disconnected',
      state: 'disconnected',
      reason: { message: expect.stringContaining('Moving away.') },
    });
    expect(problem(await hub.api('POST', `${ONE}/test`))).toEqual([409, 'INTEGRATION_NOT_ACTIVE']);
    expect((await hub.api('GET', ONE)).body.records.contacts).toBeGreaterThan(3000);
    expect(problem(await hub.api('POST', `${ONE}/reconnect`, {}))).toEqual([400, 'VALIDATION_FAILED']);
    const again = await hub.api('POST', `${ONE}/reconnect`, { fields: pit });
    expect([again.status, again.body.id, again.body.state]).toEqual([200, id, 'connected']);
  });
});

describe('a connection by OAuth', () => {
  const base = '/api/integrations/leadconnector/oauth';

  it('is made by whoever began it, and by nobody else', async () => {
    const { authorizeUrl } = (await hub.api('GET', `${base}/authorize?storeId=default&name=Dental`)).body;
    const query = await consent(authorizeUrl, 'Riverside Dental');
    const stranger = await call('POST', `${hub.url}${base}/callback`, { body: Object.fromEntries(new URLSearchParams(query)) });
    expect(problem(stranger)).toEqual([401, 'INVALID_CREDENTIALS']);
    const done = await hub.api('GET', `${base}/callback?${query}`);
    expect(done.status).toBe(201);
    expect(done.body).toMatchObject({ name: 'Dental', method: 'oauth', account: { label: 'Riverside Dental' } });
    expect((await hub.api('GET', `${base}/callback?${query}`)).status).toBe(400);
    expect(problem(await hub.api('GET', ONE))).toEqual([409, 'CONFLICT']);
    const renewed = await hub.api('POST', `${base}/refresh`, { integrationId: done.body.id });
    expect(renewed.body).toMatchObject({ refreshed: true, integration: { id: done.body.id, status: 'active' } });
  });

  it('is refused where the person denied it, or the answer is not ours', async () => {
    const { authorizeUrl } = (await connect({ method: 'oauth' })).body;
    const query = await consent(authorizeUrl, undefined);
    const denied = await hub.api('GET', `${base}/callback?${query}`);
    expect([denied.status, denied.body.detail]).toEqual([400, expect.stringMatching(/access_denied|denied|not allow/i)]);
    expect((await hub.api('POST', `${base}/callback`, { state: 'forged', code: 'x' })).status).toBe(400);
    expect((await hub.api('POST', `${base}/callback`, {})).status).toBe(400);
    expect((await hub.api('POST', `${base}/callback`, { code: 1 })).status).toBe(400);
  });
});

/** Waits until no run is under way. */
function settled(): Promise<unknown> {
  const open = async (status: string) => (await hub.api('GET', `${ONE}/runs?status=${status}`)).body.runs.length;
  return until(async () => (await open('queued')) + (await open('running')) === 0, {
    what: 'the syncs to end',
  });
}
