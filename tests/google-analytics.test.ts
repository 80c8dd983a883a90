import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { departures, measurementDepartures } from '../plugins/google-analytics/test-official.ts';
import { type Answer, call, type Hub, startHub } from './support/hub.ts';
import { type Recorder, startRecorder } from './support/recorder.ts';
import { until } from './support/wait.ts';

// Whole syncs on a busy machine.
jest.setTimeout(120_000);

const PLUGIN = 'google-analytics';
const ALL = '/api/stores/default/integrations';
const HOSTS = {
  api: ['analyticsadmin.googleapis.com', 'analyticsdata.googleapis.com'],
  collect: ['www.google-analytics.com', 'region1.google-analytics.com'],
  other: ['oauth2.googleapis.com', 'openidconnect.googleapis.com', 'accounts.google.com'],
};
const OWNER = '108204268033311374519';
const AGENCY = '114955102840182740022';
const BLUE = '310000001';
const TOKYO = '310000002';
const READ = 'https://www.googleapis.com/auth/analytics.readonly';
const EDIT = 'https://www.googleapis.com/auth/analytics.edit';
const VISITOR = 'GA1.1.1234567890.1700000000';

let hub: Hub;
let recorder: Recorder;
let reading: string;
let sending: string;
/** Reports asked for before the property was chosen. */
let begun: number;
let first: Record<string, Run>;

/** Google's hosts are sent to a recorder first, which holds every request against the official documents at the end. */
beforeAll(async () => {
  recorder = await startRecorder();
  const hosts = [...HOSTS.api, ...HOSTS.collect, 'oauth2.googleapis.com', 'openidconnect.googleapis.com'];
  const map = Object.fromEntries(hosts.map((host) => [host, `${recorder.url}/${host}`]));
  hub = await startHub({ EGRESS_MAP: JSON.stringify(map) });
  recorder.forwardTo = `${hub.url}/sandbox/${PLUGIN}/api`;
});
afterAll(async () => {
  await hub?.close();
  await recorder?.close();
});

const press = async (command: string, input: object = {}) => {
  const { status, body } = await hub.sandbox(PLUGIN, command, input);
  if (status !== 200) throw new Error(`${command}: ${status} ${JSON.stringify(body)}`);
  return body.result;
};
const facts = async () => (await call('GET', `${hub.url}/sandbox/${PLUGIN}`)).body.facts;
const problem = ({ status, body }: Answer) => [status, body.code, body.detail];
const connectOAuth = () => hub.api('POST', `${ALL}/${PLUGIN}/connect`, { method: 'oauth' });

/** Goes through the simulated consent page as a browser would, and hands what comes back to the hub. */
async function consent(begun: Answer, given: { login?: string; scopes?: string[]; decision?: string } = {}): Promise<Answer> {
  const { login = OWNER, scopes = [READ, EDIT], decision = 'allow' } = given;
  const body = new URLSearchParams([['login', login], ...scopes.map((scope) => ['scope', scope]), ['decision', decision]]);
  const answer = await fetch(begun.body.authorizeUrl, { method: 'POST', body, redirect: 'manual' });
  await answer.text();
  const back = new URL(answer.headers.get('location') ?? 'http://nowhere');
  return hub.api('GET', `/api/integrations/${PLUGIN}/oauth/callback${back.search}`);
}

interface Run {
  readonly id: string;
  readonly stream: string;
  readonly status: string;
  readonly message: string;
  readonly seen: number;
  readonly written: number;
  readonly deleted: number;
}

async function finished(integration: string, runId: string): Promise<Run> {
  return until(
    async () => {
      const { body } = await hub.api('GET', `${ALL}/${integration}/runs/${runId}`);
      return ['queued', 'running'].includes(body.status) ? undefined : body;
    },
    { what: 'the run to end' },
  );
}

async function ended(integration: string, runs: readonly { id: string }[]): Promise<Record<string, Run>> {
  const all = await Promise.all(runs.map(({ id }) => finished(integration, id)));
  return Object.fromEntries(all.map((run) => [run.stream, run]));
}

/** Syncs these streams, or all of them. */
async function sync(...streams: string[]): Promise<Record<string, Run>> {
  const bodies = streams.length > 0 ? streams.map((stream) => ({ stream })) : [{}];
  const asked = await Promise.all(bodies.map((body) => hub.api('POST', `${ALL}/${reading}/sync`, body)));
  for (const { status } of asked) expect(status).toBe(202);
  return ended(
    reading,
    asked.flatMap(({ body }) => body.runs),
  );
}

/** Saves the settings and waits for the syncs that this starts. */
async function choose(settings: object): Promise<Record<string, Run>> {
  const runs = async () => (await hub.api('GET', `${ALL}/${reading}/runs?limit=100`)).body.runs as { id: string }[];
  const before = new Set((await runs()).map(({ id }) => id));
  expect((await hub.api('PUT', `${ALL}/${reading}/configure`, settings)).status).toBe(200);
  return ended(
    reading,
    (await runs()).filter(({ id }) => !before.has(id)),
  );
}

const reports = () => recorder.seen.filter(({ path }) => path.endsWith(':runReport')).length;
const act = (integration: string, action: string, input: object) =>
  hub.api('POST', `${ALL}/${integration}/actions/${action}`, input);

describe('a Google account', () => {
  it('is not connected by somebody who cancels, who leaves the needed box unticked, or who sees no property', async () => {
    expect((await consent(await connectOAuth(), { decision: 'deny' })).status).toBe(400);
    const unticked = await consent(await connectOAuth(), { scopes: [EDIT] });
    expect(problem(unticked)).toEqual([
      422,
      'INVALID_CREDENTIALS',
      expect.stringMatching(/not given everything it needs: Read your reports/),
    ]);
    const nobody = await consent(await connectOAuth(), { login: '100000000000000000333' });
    expect(problem(nobody)).toEqual([422, 'INVALID_CREDENTIALS', expect.stringMatching(/sees no property/)]);
    expect(await hub.rows('select 1 from credentials')).toEqual([]);
  });

  it('is asked for offline access, consent and a challenge', async () => {
    const { searchParams } = new URL((await connectOAuth()).body.authorizeUrl);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      access_type: 'offline',
      prompt: 'consent',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  it('is connected without the right to edit, and says which settings are missing', async () => {
    const { status, body } = await consent(await connectOAuth(), { scopes: [READ] });
    expect({ status, name: body.name }).toEqual({ status: 201, name: 'owner@blue-fitness.example' });
    reading = body.id;
    const { runs } = (await hub.api('GET', `${ALL}/${reading}/runs`)).body;
    const first = await ended(reading, runs);
    expect(first['properties']).toMatchObject({ status: 'succeeded', seen: 3 });
    expect(first['traffic']).toMatchObject({ status: 'succeeded', seen: 0, message: expect.stringMatching(/Choose a property/) });
    const { body: tested } = await hub.api('POST', `${ALL}/${reading}/test`, {});
    expect(tested.message).toMatch(/sees 3 properties\. Choose one/);
    const { body: health } = await hub.api('GET', `${ALL}/${reading}/health`);
    expect(health).toMatchObject({
      state: 'attention',
      nextStep: 'Choose a property.',
      fix: { by: 'settings', field: 'propertyId' },
      todo: [{ field: 'propertyId', text: health.reason }],
    });
    expect((await hub.api('GET', `${ALL}/${reading}`)).body.state).toBe('needs-attention');
  });

  it('offers its properties, and what belongs to the one in the form', async () => {
    const options = async (name: string, draft = '') =>
      (await hub.api('GET', `${ALL}/${reading}/options/${name}${draft}`)).body.options.map(
        ({ label }: { label: string }) => label,
      );
    expect(await options('properties')).toEqual([
      `Blue Fitness website (Blue Fitness, ${BLUE})`,
      'Blue Fitness Tokyo (Blue Fitness, 310000002)',
      'Riverside Dental (Riverside Dental, 310000003)',
    ]);
    expect((await choose({ propertyId: TOKYO, reportHistoryDays: 7 }))['traffic']).toMatchObject({ status: 'succeeded' });
    begun = reports();
    const settings = { propertyId: BLUE, reportHistoryDays: 35, reportLookbackDays: 5, eventDataRetention: 'FOURTEEN_MONTHS' };
    first = await choose(settings);
    expect(await options('measurementIds')).toEqual(['Website (G-BLUEFIT001)']);
    expect(await options('keyEvents')).toEqual(['purchase', 'generate_lead', 'sign_up']);
    const { body } = await hub.api('POST', `${ALL}/${reading}/test`, {});
    expect(body.message).toBe(
      'Connected to Blue Fitness website as owner@blue-fitness.example; amounts in USD, days in America/Chicago.',
    );
  });
});

describe('its reports', () => {
  it('are read from the beginning, then only what is new and the last days', async () => {
    expect(Object.keys(first)).not.toContain('properties');
    for (const run of Object.values(first)) expect(run).toMatchObject({ status: 'succeeded' });
    expect(first['traffic']?.seen).toBeGreaterThan(300);
    expect(first['landingPages']?.seen).toBeGreaterThan(2000);
    expect(first['settings']?.message).toMatch(/keeps event data for 2 months, your settings prefer 14/);
    const between = reports();
    const second = await sync();
    expect(reports() - between).toBeLessThan((between - begun) / 2);
    expect(second['traffic']).toMatchObject({ status: 'succeeded', written: 0, deleted: 0 });
    expect(second['traffic']?.seen).toBeLessThan((first['traffic']?.seen ?? 0) / 5);
  });

  it('are those of the chosen property only, without anybody asking for a sync', async () => {
    const held = await hub.rows<{ property: string; count: number }>(
      `select data->>'propertyId' as property, count(*)::int as count from records
       where stream = 'traffic' and deleted_at is null group by 1`,
    );
    expect(held).toEqual([{ property: BLUE, count: expect.any(Number) }]);
    expect(first['traffic']?.deleted).toBeGreaterThan(0);
    const { counts } = (await hub.api('GET', `${ALL}/${reading}`)).body;
    expect(counts.traffic).toBe(held[0]?.count);
    const { state } = (await hub.api('GET', `${ALL}/${reading}`)).body;
    expect([state, (await hub.api('GET', `${ALL}/${reading}/health`)).body.state]).toEqual(['connected', 'good']);
  });

  it('follow what Google changes afterwards: late rows come, rows that moved go', async () => {
    await press('restate');
    await press('purchase', { transactionId: 'WEB-4711', value: 120 });
    const { traffic, transactions } = await sync('traffic', 'transactions');
    expect(traffic).toMatchObject({ status: 'succeeded', deleted: 3 });
    expect(traffic?.written).toBeGreaterThan(3);
    expect(transactions?.written).toBeGreaterThan(0);
    const gone = await hub.rows<{ data: { dimensions: object } }>(
      "select data from records where stream = 'traffic' and deleted_at is not null and data->>'propertyId' = $1",
      [BLUE],
    );
    for (const { data } of gone) expect(data.dimensions).toMatchObject({ sessionSource: '(not set)' });
    const [order] = await hub.rows<{ data: object }>(
      "select data from records where stream = 'transactions' and data->'dimensions'->>'transactionId' = 'WEB-4711'",
    );
    expect(order?.data).toMatchObject({ metrics: { purchaseRevenue: 120 }, currency: 'USD', propertyId: BLUE });
  });

  it('say what is withheld without failing', async () => {
    await press('blur', { thresholds: true });
    const { items } = await sync('items');
    expect(items).toMatchObject({ status: 'succeeded', message: expect.stringMatching(/withheld rows of few visitors/) });
    await press('blur', {});
  });

  it('wait for a quota, with the reason in words', async () => {
    await press('drainQuota', { quota: 'tokensPerHour' });
    const { body } = await hub.api('POST', `${ALL}/${reading}/sync`, { stream: 'traffic' });
    const waiting = await until(
      async () => {
        const run = (await hub.api('GET', `${ALL}/${reading}/runs/${body.runs[0].id}`)).body;
        return run.status === 'queued' && /answers in an hour/.test(run.message ?? '') ? run : undefined;
      },
      { what: 'the run to wait' },
    );
    expect(waiting.message).toMatch(/goes on with the next one/);
    await press('refillQuotas');
    await hub.api('POST', `${ALL}/${reading}/runs/${body.runs[0].id}/cancel`, {});
  });
});

describe('events', () => {
  it('are refused with the field where Google would drop them', async () => {
    const input = { clientId: VISITOR, transactionId: 'T-1', value: 5, currency: 'USD', items: [{ price: 5 }] };
    const { status, body } = await act(reading, 'sendPurchase', input);
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ pointer: '/items/0/id', message: expect.any(String) }]);
    expect((await facts())['Events counted in reports']).toBe(1);
  });

  it('reach the property with the secret that is read there, and are kept here without the person', async () => {
    const input = {
      clientId: VISITOR,
      transactionId: 'T-1',
      value: 59.9,
      currency: 'USD',
      items: [{ id: 'TRIAL-4', price: 59.9, quantity: 1 }],
    };
    const { status, body } = await act(reading, 'sendPurchase', input);
    expect({ status, data: body.data }).toMatchObject({ status: 200, data: { sent: 1, to: 'G-BLUEFIT001' } });
    expect(await facts()).toMatchObject({
      'Events counted in reports': 2,
      'Event 1, newest first': 'purchase T-1, 59.9 USD, client 1234567890.1700000000: counted',
    });
    const [kept] = await hub.rows<{ data: object }>("select data from records where stream = 'sentEvents'");
    expect(kept?.data).toMatchObject({ name: 'purchase', transactionId: 'T-1', items: 1 });
  });

  it('need keys that look like some, and say that nobody can prove them', async () => {
    const connect = (fields: object) => hub.api('POST', `${ALL}/${PLUGIN}/connect`, { method: 'manual', fields });
    const demo = (await call('GET', `${hub.url}/sandbox/${PLUGIN}`)).body.credentials;
    for (const wrong of [{ measurementId: BLUE }, { measurementId: 'UA-123456-1' }, { apiSecret: 'short' }])
      expect((await connect({ ...demo, ...wrong })).status).toBe(422);
    const { status, body } = await connect(demo);
    expect({ status, name: body.name }).toEqual({ status: 201, name: 'G-BLUEFIT001 (events only)' });
    sending = body.id;
    expect((await hub.api('GET', `${ALL}/${sending}/runs`)).body.runs).toEqual([]);
    const tested = await hub.api('POST', `${ALL}/${sending}/test`, {});
    expect(tested.body.message).toMatch(/does not check the API secret here.*Reports are not read with these keys/);
  });

  it('go out with the keys alone, and leave a trace', async () => {
    const events = Array.from({ length: 30 }, (_, index) => ({ name: 'sign_up', clientId: VISITOR, params: `n=${index}` }));
    const { body } = await act(sending, 'sendEvents', { events });
    expect(body.data).toMatchObject({ sent: 30, requests: 2 });
    expect((await facts())['Events counted in reports']).toBe(32);
    expect((await hub.api('GET', `${ALL}/${sending}`)).body.records).toMatchObject({ sentEvents: 30 });
  });
});

describe('a connection that breaks', () => {
  it('renews a token by itself', async () => {
    await press('expireTokens');
    expect((await hub.api('POST', `${ALL}/${reading}/test`, {})).status).toBe(200);
  });

  it('says which box was left unticked, and is mended by ticking it', async () => {
    const refused = await act(reading, 'createKeyEvent', { eventName: 'page_view' });
    expect(problem(refused)).toEqual([422, 'INVALID_CREDENTIALS', expect.stringMatching(/leave every box/)]);
    const other = await consent(await hub.api('POST', `${ALL}/${reading}/reconnect`, { method: 'oauth' }), { login: AGENCY });
    expect(other.status).toBeGreaterThanOrEqual(400);
    const again = await consent(await hub.api('POST', `${ALL}/${reading}/reconnect`, { method: 'oauth' }));
    expect(again).toMatchObject({ status: 200, body: { id: reading, state: 'connected' } });
    expect((await act(reading, 'createKeyEvent', { eventName: 'page_view' })).status).toBe(200);
  });

  it('asks to be connected again once access was removed at Google', async () => {
    await press('revokeTokens');
    await hub.api('POST', `${ALL}/${reading}/test`, {});
    const { body } = await hub.api('GET', `${ALL}/${reading}`);
    expect(body).toMatchObject({ state: 'needs-attention', reason: { code: 'RECONNECT_NEEDED' } });
    const mended = await consent(await hub.api('POST', `${ALL}/${reading}/reconnect`, { method: 'oauth' }));
    expect(mended).toMatchObject({ status: 200, body: { state: 'connected' } });
  });

  it('hands its grant back when it ends', async () => {
    const grants = async () => (await facts())['Connections (consents given)'];
    const before = await grants();
    const from = recorder.seen.length;
    expect((await hub.api('DELETE', `${ALL}/${reading}?keepRecords=true`)).status).toBeLessThan(300);
    expect(recorder.seen.slice(from).map(({ path }) => path)).toContain('/oauth2.googleapis.com/revoke');
    expect(await grants()).toBeLessThan(before);
  });
});

describe('everything that was asked of Google', () => {
  it('is valid by its official documents, and no token went where none belongs', () => {
    const faults = recorder.seen.flatMap(({ method, path, query, headers, body }) => {
      const [, host = '', ...rest] = path.split('/');
      const asked = {
        method,
        host,
        path: `/${rest.join('/')}`,
        query,
        body,
        headers: headers as Record<string, string>,
        signal: AbortSignal.timeout(1000),
      };
      const own = HOSTS.collect.includes(host) ? measurementDepartures(asked) : HOSTS.api.includes(host) ? departures(asked) : [];
      return own.map((fault) => `${method} ${path}: ${fault}`);
    });
    expect(faults).toEqual([]);
    expect(recorder.seen.length).toBeGreaterThan(60);
  });
});
