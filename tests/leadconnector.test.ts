import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { consent } from './support/consent.ts';
import { call, type Hub, startHub } from './support/hub.ts';
import { until } from './support/wait.ts';

const INTEGRATION = '/api/stores/default/integrations/leadconnector';
let hub: Hub;
let demo: Record<string, string>;

beforeAll(async () => {
  hub = await startHub();
  demo = (await call('GET', `${hub.url}/sandbox/leadconnector`)).body.credentials;
});
afterAll(() => hub.close());

function connect(fields: object) {
  return hub.api('POST', `${INTEGRATION}/connect`, { method: 'manual', fields });
}

async function simulated(what: string): Promise<number> {
  const { facts } = (await call('GET', `${hub.url}/sandbox/leadconnector`)).body;
  return facts[`Blue Fitness: ${what}`];
}

async function finished(runId: string) {
  return until(
    async () => {
      const { body } = await hub.api('GET', `${INTEGRATION}/runs/${runId}`);
      return ['queued', 'running'].includes(body.status) ? undefined : body;
    },
    { what: 'the run to end' },
  );
}

interface Stored {
  readonly data: Record<string, unknown>;
  readonly deleted_at: Date | null;
}

function contact(id: string) {
  return hub
    .rows<Stored>('select data, deleted_at from records where stream = $1 and external_id = $2', ['contacts', id])
    .then(([row]) => row);
}

/** How many reports of a change of this contact have been handled. */
async function updatesHandled(id: string): Promise<number> {
  const rows = await hub.rows(`select 1 from webhook_events where type = 'ContactUpdate' and object = $1 and state = 'handled'`, [
    `contact:${id}`,
  ]);
  return rows.length;
}

describe('a LeadConnector account connected by its keys', () => {
  it('is shown among at least five cards before anything is connected', async () => {
    const { status, body } = await hub.api('GET', '/api/stores/default/integrations');
    expect(status).toBe(200);
    expect(body.templates.length).toBeGreaterThanOrEqual(5);
    expect(body.templates.find((card: { id: string }) => card.id === 'leadconnector')).toMatchObject({ state: 'connect' });
    expect(body.templates.find((card: { id: string }) => card.id === 'salesforce')).toMatchObject({ state: 'coming-soon' });
  });

  it.each([
    ['a token the provider does not know', { token: 'pit-00000000-0000-0000-0000-000000000000' }, 'INVALID_CREDENTIALS'],
    ['a token that cannot be one', { token: 'secret' }, 'INVALID_CREDENTIALS'],
    ['another location', { locationId: 'AAAAAAAAAAAAAAAAAAAA' }, 'INVALID_CREDENTIALS'],
    ['a field that is not asked for', { colour: 'red' }, 'CONFIG_SCHEMA_INVALID'],
    ['a field of the wrong type', { locationId: 7 }, 'CONFIG_SCHEMA_INVALID'],
  ])('is refused with %s and nothing is kept', async (_, wrong, code) => {
    const { status, body } = await connect({ ...demo, ...wrong });
    expect({ status, code: body.code }).toEqual({ status: 422, code });
    expect(JSON.stringify(body)).not.toContain(demo['token']);
    const cards = (await hub.api('GET', '/api/stores/default/integrations')).body.templates;
    expect(cards.flatMap((card: { integrations: object[] }) => card.integrations)).toEqual([]);
  });

  it('is kept with its name and count, and syncs every record the provider holds', async () => {
    const { status, body } = await connect(demo);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: 'Blue Fitness',
      status: 'active',
      sandbox: true,
      counts: { contacts: await simulated('contacts') },
    });
    expect(JSON.stringify(body)).not.toContain(demo['token']);
    const { runs } = (await hub.api('GET', `${INTEGRATION}/runs`)).body;
    expect(runs).toHaveLength(5);
    for (const run of runs) expect(await finished(run.id)).toMatchObject({ status: 'succeeded', failed: 0, trigger: 'initial' });
    const { counts } = (await hub.api('GET', INTEGRATION)).body;
    expect(counts).toMatchObject({
      contacts: await simulated('contacts'),
      appointments: await simulated('appointments'),
      opportunities: await simulated('opportunities'),
    });
  });

  it('rewrites nothing when it is synced again', async () => {
    const { status, body } = await hub.api('POST', `${INTEGRATION}/sync`, {});
    expect(status).toBe(202);
    for (const { id } of body.runs) expect(await finished(id)).toMatchObject({ status: 'succeeded', written: 0, deleted: 0 });
  });

  it('hears of a new contact, and of its end', async () => {
    const { contactId } = (await hub.sandbox('leadconnector', 'addContact', { email: 'heard@example.com' })).body.result;
    await until(async () => (await contact(contactId))?.data['email'] === 'heard@example.com', { what: 'the contact' });
    expect((await hub.api('GET', INTEGRATION)).body.counts.contacts).toBe(await simulated('contacts'));
    const changed = await hub.sandbox('leadconnector', 'deleteContact', { contactId });
    expect(changed.status).toBe(200);
    await until(async () => (await contact(contactId))?.deleted_at, { what: 'the contact to be marked deleted' });
    expect((await hub.api('GET', INTEGRATION)).body.counts.contacts).toBe(await simulated('contacts'));
  });

  it('takes changes made here to the provider, unless it has changed there meanwhile, and hears no echo of them', async () => {
    const { contactId } = (await hub.sandbox('leadconnector', 'addContact', { email: 'both@example.com' })).body.result;
    await until(() => contact(contactId), { what: 'the contact' });
    const url = `${INTEGRATION}/records/contacts/${contactId}`;
    const change = (data: object, more: object = {}) => hub.api('PATCH', url, { data, ...more });
    const cursor = async () => (await hub.api('GET', url)).body.cursor;

    expect(await change({ dateAdded: '2020-01-01', firstName: '' })).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED', errors: [{ pointer: '/data/dateAdded' }, { pointer: '/data/firstName' }] },
    });
    expect((await hub.api('PATCH', `${INTEGRATION}/records/calendars/x`, { data: {} })).body).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect((await hub.api('PATCH', `${INTEGRATION}/records/contacts/nobody`, { data: { city: 'Ulm' } })).status).toBe(404);

    const before = await cursor();
    const told = await updatesHandled(contactId);
    const { body } = await change({ city: 'Ulm', tags: ['two-way'] });
    expect(body).toMatchObject({ written: true, record: { data: { city: 'Ulm', tags: ['two-way'] } } });
    await until(async () => (await updatesHandled(contactId)) > told, { what: 'the provider to tell it back' });
    expect(await cursor()).toBe(body.record.cursor);
    expect((await change({ city: 'Ulm' })).body).toMatchObject({ written: false, record: { cursor: body.record.cursor } });

    const stale = await change({ city: 'Bonn' }, { basedOn: before });
    expect(stale).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    expect((await contact(contactId))?.data['city']).toBe('Ulm');
    expect((await hub.api('PATCH', INTEGRATION, { conflictRule: 'newer' })).body).toMatchObject({ conflictRule: 'newer' });
    const older = { basedOn: before, changedAt: new Date(Date.now() - 3_600_000).toISOString() };
    expect(await change({ city: 'Bonn' }, older)).toMatchObject({ status: 409 });
    expect((await change({ city: 'Bonn' }, { basedOn: before })).body).toMatchObject({ written: true });
    expect((await contact(contactId))?.data['city']).toBe('Bonn');
    await hub.sandbox('leadconnector', 'deleteContact', { contactId });
    await until(async () => (await contact(contactId))?.deleted_at, { what: 'the contact to be marked deleted' });
  });

  it('is not connected twice in one store', async () => {
    expect(await connect(demo)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
  });

  it('refuses what is not signed by the provider and stores nothing of it', async () => {
    const before = (await hub.api('GET', `${INTEGRATION}/events`)).body.events.length;
    await hub.sandbox('leadconnector', 'tamperedWebhook');
    const body = {
      type: 'ContactCreate',
      locationId: demo['locationId'],
      id: 'x',
      webhookId: 'y',
      timestamp: new Date().toISOString(),
    };
    for (const signature of [undefined, 'N/A', 'c2hvcnQ=', Buffer.alloc(64).toString('base64')]) {
      const headers: Record<string, string> = signature === undefined ? {} : { 'x-ghl-signature': signature };
      const answer = await call('POST', `${hub.url}/webhooks/leadconnector`, { body, headers });
      expect(answer).toMatchObject({ status: 401, body: { code: 'WEBHOOK_SIGNATURE_INVALID' } });
    }
    expect((await hub.api('GET', `${INTEGRATION}/events`)).body.events).toHaveLength(before);
  });

  it('ends with its credential gone and its records kept, and begins again where it was', async () => {
    const gone = await hub.api('DELETE', `${INTEGRATION}?keepRecords=true`);
    expect(gone.status).toBeLessThan(300);
    const credentials = await hub.rows('select 1 from credentials');
    expect(credentials).toHaveLength(0);
    const again = await connect(demo);
    expect(again.body).toMatchObject({ status: 'active', name: 'Blue Fitness' });
  });
});

describe('the account once it is connected by its consent page', () => {
  async function allow(): Promise<void> {
    const { body } = await hub.api('POST', `${INTEGRATION}/reconnect`, { method: 'oauth' });
    const back = await consent(body.authorizeUrl, 'Blue Fitness');
    expect(await hub.api('GET', `/api/integrations/leadconnector/oauth/callback?${back}`)).toMatchObject({ status: 200 });
  }
  const token = async () => (await hub.api('GET', `${INTEGRATION}/health`)).body.token;
  const idle = () =>
    until(async () => (await hub.api('GET', `${INTEGRATION}/health`)).body.syncs.running === 0, { what: 'its syncs to end' });

  it('is renewed while a sync waits for it, and says when', async () => {
    await allow();
    await idle();
    expect(await token()).toMatchObject({ renewal: { state: 'idle', lastOutcome: null } });
    await hub.sandbox('leadconnector', 'expireTokens');
    const { body } = await hub.api('POST', `${INTEGRATION}/sync`, {});
    for (const { id } of body.runs) expect(await finished(id)).toMatchObject({ status: 'succeeded' });
    const renewal = { state: 'idle', lastOutcome: 'renewed', attempts: 0, by: null, message: null };
    expect(await token()).toMatchObject({ renewable: true, failures: 0, renewal });
  });

  it('that was revoked waits with all that comes, and goes on where it was once it is connected again', async () => {
    await hub.sandbox('leadconnector', 'revokeTokens');
    const { body } = await hub.api('POST', `${INTEGRATION}/sync`, {});
    for (const { id } of body.runs) expect(await finished(id)).toMatchObject({ status: 'failed' });
    expect(await token()).toMatchObject({ renewable: false, renewal: { state: 'refused', lastOutcome: 'refused' } });
    const { contactId } = (await hub.sandbox('leadconnector', 'addContact', { email: 'waits@example.com' })).body.result;
    const parked = async () => (await hub.api('GET', `${INTEGRATION}/events?state=parked`)).body.events.length;
    await until(async () => (await parked()) > 0, { what: 'the report to be parked' });
    expect(await hub.api('POST', `${INTEGRATION}/sync`, {})).toMatchObject({ body: { code: 'INTEGRATION_NOT_ACTIVE' } });
    expect(await contact(contactId)).toBeUndefined();
    await allow();
    await until(async () => (await contact(contactId))?.data['email'] === 'waits@example.com', { what: 'the contact' });
    await until(async () => (await parked()) === 0, { what: 'what waited to be handled' });
    await idle();
    const health = (await hub.api('GET', `${INTEGRATION}/health`)).body;
    expect(health).toMatchObject({ state: 'good', token: { renewal: { state: 'idle', lastOutcome: null } } });
    expect((await hub.api('GET', INTEGRATION)).body.counts.contacts).toBe(await simulated('contacts'));
  });
});
