import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { departures } from '../plugins/facebook-ads/test-official.ts';
import { ADMIN, type Answer, call, type Hub, startHub } from './support/hub.ts';
import { signIn } from './support/people.ts';
import { type Recorder, startRecorder } from './support/recorder.ts';
import { until } from './support/wait.ts';

const PLUGIN = 'facebook-ads';
const INTEGRATION = `/api/stores/default/integrations/${PLUGIN}`;
const GRAPH = 'graph.facebook.com';
const NORA = '10220000000000001';
const SAM = '10220000000000002';
const BLUE = '110000000000001';
const NORDIC = '110000000000002';

let hub: Hub;
let demo: Record<string, string>;

async function freshHub(env: Record<string, string> = {}): Promise<void> {
  await hub?.close();
  hub = await startHub(env);
  demo = (await call('GET', `${hub.url}/sandbox/${PLUGIN}`)).body.credentials;
}
afterAll(() => hub?.close());

const press = async (command: string, input: object = {}) => {
  const { status, body } = await hub.sandbox(PLUGIN, command, input);
  if (status !== 200) throw new Error(`${command}: ${status} ${JSON.stringify(body)}`);
  return body.result;
};

/** Goes through the simulator's login dialog as a browser would, and hands what comes back to the hub. */
async function logIn(begun: Answer, given: { person?: string; without?: string[]; decision?: string } = {}): Promise<Answer> {
  const { person = NORA, without = [], decision = 'allow' } = given;
  const url = new URL(begun.body.authorizeUrl);
  const scopes = (url.searchParams.get('scope') ?? '').split(',').filter((scope) => !without.includes(scope));
  const body = new URLSearchParams([...scopes.map((scope) => ['scope', scope]), ['person', person], ['decision', decision]]);
  const answer = await fetch(url, { method: 'POST', body, redirect: 'manual' });
  const back = new URL(answer.headers.get('location') ?? 'http://nowhere');
  return hub.api('GET', `/api/integrations/${PLUGIN}/oauth/callback${back.search}`);
}

const beginLogin = () => hub.api('POST', `${INTEGRATION}/connect`, { method: 'oauth' });

/** As if nobody had called the account for a minute: a quick machine comes near to what it may be called in one. */
const minuteLater = () => hub.rows('delete from rate_budgets');

async function finished(runId: string) {
  return until(
    async () => {
      const { status, body } = await hub.api('GET', `${INTEGRATION}/runs/${runId}`);
      if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
      return ['queued', 'running'].includes(body.status) ? undefined : body;
    },
    { what: 'the run to end' },
  );
}

async function syncAll(): Promise<Record<string, { status: string; seen: number; written: number; deleted: number }>> {
  const { status, body } = await hub.api('POST', `${INTEGRATION}/sync`, {});
  expect(status).toBe(202);
  const ended = await Promise.all(body.runs.map(({ id }: { id: string }) => finished(id)));
  return Object.fromEntries(ended.map((run) => [run.stream, run]));
}

interface Stored {
  readonly external_id: string;
  readonly data: Record<string, unknown>;
  readonly deleted_at: Date | null;
}

const records = (stream: string) =>
  hub.rows<Stored>('select external_id, data, deleted_at from records where stream = $1', [stream]);

async function record(stream: string, id: string): Promise<Stored | undefined> {
  return (await records(stream)).find(({ external_id }) => external_id === id);
}

describe('an ad account connected by a system user’s token', () => {
  beforeAll(() => freshHub());
  const connect = (fields: object) => hub.api('POST', `${INTEGRATION}/connect`, { method: 'manual', fields });

  it.each([
    ['a token the provider does not know', { accessToken: 'EAAnothing0000000000' }],
    ['a token that cannot be one', { accessToken: 'secret' }],
    ['an ad account the token does not reach', { adAccountId: 'act_40404040404' }],
    ['another app’s secret', { appSecret: '00000000000000000000000000000000' }],
    ['an App ID without its secret', { appSecret: undefined }],
    ['another app', { appId: '1055500000000002' }],
  ])('is refused with %s and nothing is kept', async (_, wrong) => {
    const { status, body } = await connect({ ...demo, ...wrong });
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'INVALID_CREDENTIALS' });
    expect(JSON.stringify(body)).not.toContain(demo['accessToken']);
    expect(JSON.stringify(body)).not.toContain(demo['appSecret']);
    expect(await hub.rows('select 1 from integrations')).toEqual([]);
  });

  it('needs the app’s secret where the app asks for its proof', async () => {
    await press('requireProof', { on: true });
    const { appId: _, appSecret: __, ...bare } = demo;
    const refused = await connect(bare);
    expect(refused).toMatchObject({ status: 422, body: { detail: expect.stringMatching(/accepts calls with its secret only/) } });
    const { status, body } = await connect(demo);
    expect({ status, name: body.name, state: body.status }).toEqual({ status: 201, name: 'Blue Fitness', state: 'active' });
    await press('requireProof', { on: false });
    for (const { id } of (await hub.api('GET', `${INTEGRATION}/runs`)).body.runs) {
      expect(await finished(id)).toMatchObject({ status: 'succeeded', failed: 0 });
    }
  });

  it('needs attention when the token ends, and is repaired by one that lives', async () => {
    await press('endSystemToken', { when: 'now' });
    await hub.api('POST', `${INTEGRATION}/test`, {});
    expect((await hub.api('GET', INTEGRATION)).body).toMatchObject({ state: 'needs-attention' });
    const reconnect = () => hub.api('POST', `${INTEGRATION}/reconnect`, { method: 'manual', fields: demo });
    expect((await reconnect()).status).toBe(422);
    await press('endSystemToken', { when: 'never' });
    expect((await reconnect()).body).toMatchObject({ status: 'active' });
  });

  it('keeps its token at the provider when it ends here, for it is the owner’s', async () => {
    expect((await hub.api('DELETE', `${INTEGRATION}?keepRecords=false`)).status).toBeLessThan(300);
    const { log } = (await call('GET', `${hub.url}/sandbox/${PLUGIN}`)).body;
    expect(log.map(({ line }: { line: string }) => line)).not.toContain('DELETE /v26.0/me/permissions → 200');
    const again = await connect({ adAccountId: '10101010101', accessToken: demo['accessToken'] });
    expect(again.body).toMatchObject({ status: 'active', name: 'Blue Fitness' });
  });

  it('shares its page with a login: a lead of the page reaches both', async () => {
    expect((await logIn(await beginLogin())).body).toMatchObject({ status: 'active' });
    const { leadId } = await press('addLead');
    const copies = () =>
      hub.rows('select distinct integration_id from records where stream = $1 and external_id = $2', ['leads', leadId]);
    await until(async () => (await copies()).length === 2, { what: 'the lead in both connections' });
  });
});

describe('a login', () => {
  beforeAll(() => freshHub());

  it('changes nothing when the dialog is closed', async () => {
    const back = await logIn(await beginLogin(), { decision: 'deny' });
    expect(back.status).toBeGreaterThanOrEqual(400);
    expect(await hub.rows("select 1 from integrations where status = 'active'")).toEqual([]);
  });

  it('is not enough without the permission to read ads', async () => {
    const back = await logIn(await beginLogin(), { without: ['ads_read'] });
    expect(back).toMatchObject({ status: 422, body: { detail: expect.stringMatching(/Reading ads was not allowed/) } });
  });

  it('is connected with a long-lived token, and says in words what was declined', async () => {
    const back = await logIn(await beginLogin(), { without: ['ads_management'] });
    expect(back.body).toMatchObject({ status: 'active', name: 'Nora Lindqvist', sandbox: true });
    const [credential] = await hub.rows<{ expires_at: Date }>('select expires_at from credentials');
    const days = ((credential?.expires_at.getTime() ?? 0) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(59);
    const { body } = await hub.api('POST', `${INTEGRATION}/test`, {});
    expect(body.message).toMatch(/Connected to Nora Lindqvist, 3 ad accounts and 2 pages\./);
    expect(body.partly).toBe(true);
    expect(body.message).toMatch(/Not allowed: pause and resume campaigns/);
  });

  it('offers ad accounts, pages and forms, and reads the chosen ones', async () => {
    const labels = async (name: string) =>
      (await hub.api('GET', `${INTEGRATION}/options/${name}`)).body.options.map(({ label }: { label: string }) => label);
    expect(await labels('adAccounts')).toEqual([
      'Blue Fitness (act_10101010101, USD)',
      'Blue Fitness Japan (act_20202020202, JPY)',
      'Nordic Cups (act_30303030303, EUR)',
    ]);
    expect(await labels('pages')).toEqual(['Blue Fitness', 'Nordic Cups']);
    expect(await labels('leadForms')).toHaveLength(5);
    const config = { adAccountIds: ['act_10101010101', 'act_20202020202'], pageIds: [BLUE], leadTags: ['facebook'] };
    const { status } = await hub.api('PUT', `${INTEGRATION}/configure`, config);
    expect(status).toBe(200);
  });

  it('syncs every record, and only changes after that', async () => {
    for (const { id } of (await hub.api('GET', `${INTEGRATION}/runs`)).body.runs) await finished(id);
    const first = await syncAll();
    for (const run of Object.values(first)) expect(run).toMatchObject({ status: 'succeeded', failed: 0 });
    const owners = (name: string, of: string) =>
      hub.rows(`select distinct data->>'${of}' as id from records where stream = $1 and deleted_at is null order by 1`, [name]);
    for (const name of ['campaigns', 'ads', 'insights'])
      expect(await owners(name, 'account_id')).toEqual([{ id: '10101010101' }, { id: '20202020202' }]);
    expect(await owners('leadForms', 'page_id')).toEqual([{ id: BLUE }]);
    const living = (await records('campaigns')).filter(({ deleted_at }) => !deleted_at);
    expect(living.length).toBeGreaterThan(25);
    await press('restate', { purchases: 3 });
    const { campaignId } = await press('renameCampaign', { name: 'A new name' });
    const gone = (await press('deleteCampaign', { account: 'act_20202020202' })).campaignId;
    const second = await syncAll();
    expect(second['campaigns']).toMatchObject({ status: 'succeeded', seen: 2, written: 1, deleted: 1 });
    expect(second['adSets']).toMatchObject({ seen: 3, deleted: 3 });
    expect(second['leads']?.seen).toBeLessThan(20);
    expect(second['insights']?.seen).toBeLessThan((await records('insights')).length);
    expect((await record('campaigns', campaignId))?.data['name']).toBe('A new name');
    expect((await record('campaigns', gone))?.deleted_at).toBeInstanceOf(Date);
  });
});

describe('its leads', () => {
  const installed = async (page: string) => {
    const { facts } = (await call('GET', `${hub.url}/sandbox/${PLUGIN}`)).body;
    const [, said] = Object.entries(facts).find(([name]) => name.includes(page)) ?? [];
    return String(said).includes(', reported');
  };

  it('answers the provider’s question at the webhook’s address, with the right word only', async () => {
    const ask = (token: string) =>
      fetch(`${hub.url}/webhooks/${PLUGIN}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`);
    const right = await ask('sandbox-verify-token');
    expect([right.status, await right.text()]).toEqual([200, '1158201444']);
    const wrong = await ask('guessed');
    expect(wrong.status).toBe(403);
    expect(await wrong.text()).not.toContain('1158201444');
  });

  it('has its address verified by the simulated provider', async () => {
    expect(await press('askCallback')).toMatchObject({ verified: true });
    expect(await press('askCallback', { verifyToken: 'guessed' })).toMatchObject({ verified: false, status: 403 });
  });

  it('are reported for the chosen page only', async () => {
    await until(async () => (await installed(BLUE)) && !(await installed(NORDIC)), { what: 'the app on the chosen page' });
    await hub.api('PUT', `${INTEGRATION}/configure`, { pageIds: [BLUE, NORDIC], leadTags: ['facebook'] });
    await until(() => installed(NORDIC), { what: 'the app on the other page' });
  });

  it('arrive within seconds, with ad, ad set and campaign, umlauts and all', async () => {
    const { leadId, adId, campaignId } = await press('addLead', { name: 'Zoë Sandbox', email: 'zoe@mail.example' });
    const lead = await until(() => record('leads', leadId), { what: 'the lead' });
    expect(lead?.data).toMatchObject({
      ad_id: adId,
      campaign_id: campaignId,
      adset_id: expect.stringMatching(/^\d+$/),
      campaign_name: expect.any(String),
      adset_name: expect.any(String),
      page_id: BLUE,
      tags: ['facebook'],
      contact: { name: 'Zoë Sandbox', email: 'zoe@mail.example' },
    });
    expect(await record('ads', adId)).toBeDefined();
  });

  it('arrive several in one call, each once, also when the call comes again', async () => {
    const { leadIds } = await press('sendBatch', { page: NORDIC, count: 3 });
    await press('replayWebhook');
    const sent: string[] = leadIds.split(',');
    // The sync of the page just chosen may bring others meanwhile.
    await until(async () => (await Promise.all(sent.map((id) => record('leads', id)))).every(Boolean), { what: 'three leads' });
    const messages = await hub.rows('select 1 from webhook_events where event_id = any($1)', [
      sent.map((id) => `leadgen:${NORDIC}:${id}`),
    ]);
    expect(messages).toHaveLength(3);
  });

  it('are called what they are among the live changes', async () => {
    const [integration] = await hub.rows<{ id: string }>(`select id from integrations where plugin_id = '${PLUGIN}'`);
    const { text } = await (await signIn(hub, ADMIN)).get(`/integrations/${PLUGIN}/${integration?.id}/events`);
    expect(text).toContain('New lead');
    expect(text).not.toContain('Leadgen');
  });

  it.each([
    ['no signature', undefined],
    ['another secret’s signature', 'other'],
    ['the signature of other bytes', 'bytes'],
    ['the older signature alone', 'sha1'],
  ])('are refused with %s, and nothing is stored', async (_, how) => {
    const before = await hub.rows('select 1 from webhook_events');
    const value = { leadgen_id: '8899', page_id: BLUE, form_id: '1', created_time: 1_440_120_384 };
    const body = { object: 'page', entry: [{ id: BLUE, time: 1_438_292_065, changes: [{ field: 'leadgen', value }] }] };
    const sign = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('hex');
    const text = JSON.stringify(body);
    const headers: Record<string, string> =
      how === 'other'
        ? { 'x-hub-signature-256': `sha256=${sign('other', text)}` }
        : how === 'bytes'
          ? { 'x-hub-signature-256': `sha256=${sign(demo['appSecret'] ?? '', `${text} `)}` }
          : how === 'sha1'
            ? {
                'x-hub-signature': `sha1=${createHmac('sha1', demo['appSecret'] ?? '')
                  .update(text)
                  .digest('hex')}`,
              }
            : {};
    const answer = await call('POST', `${hub.url}/webhooks/${PLUGIN}`, { body, headers });
    expect(answer).toMatchObject({ status: 401, body: { code: 'WEBHOOK_SIGNATURE_INVALID' } });
    expect((await press('tamperedWebhook')).status).toBe(401);
    expect(await hub.rows('select 1 from webhook_events')).toHaveLength(before.length);
  });
});

describe('what it may change', () => {
  beforeEach(minuteLater);

  it('is refused by the provider while the permission is declined, in words', async () => {
    const [campaign] = await records('campaigns');
    const { status, body } = await hub.api('POST', `${INTEGRATION}/actions/pauseCampaign`, { id: campaign?.external_id });
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'FORBIDDEN' });
    expect(body.detail).toMatch(/does not allow this to the login/);
  });

  it('is paused and resumed once it is allowed, here at once', async () => {
    const again = await logIn(await hub.api('POST', `${INTEGRATION}/reconnect`, { method: 'oauth' }));
    expect(again.body).toMatchObject({ status: 'active' });
    const active = (await records('campaigns')).find(
      ({ data, deleted_at }) => !deleted_at && data['effective_status'] === 'ACTIVE',
    );
    const id = active?.external_id ?? '';
    for (const [name, status] of [
      ['pauseCampaign', 'PAUSED'],
      ['resumeCampaign', 'ACTIVE'],
    ] as const) {
      const answer = await hub.api('POST', `${INTEGRATION}/actions/${name}`, { id });
      expect(answer).toMatchObject({ status: 200, body: { data: { id, status } } });
      expect((await record('campaigns', id))?.data['status']).toBe(status);
    }
  });
});

describe('the end of a login', () => {
  beforeEach(minuteLater);

  it('cannot be repaired with another login', async () => {
    await press('expireTokens');
    const { body } = await hub.api('POST', `${INTEGRATION}/test`, {});
    expect(JSON.stringify(body)).toMatch(/reached its end/);
    const { body: shown } = await hub.api('GET', INTEGRATION);
    expect(shown).toMatchObject({ state: 'needs-attention', reason: { message: expect.stringMatching(/Connect again/) } });
    const other = await logIn(await hub.api('POST', `${INTEGRATION}/reconnect`, { method: 'oauth' }), { person: SAM });
    expect(other).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
  });

  it('is repaired by its own, and the records are where they were', async () => {
    const before = (await records('insights')).map(({ external_id }) => external_id);
    expect(before.length).toBeGreaterThan(0);
    const again = await logIn(await hub.api('POST', `${INTEGRATION}/reconnect`, { method: 'oauth' }));
    expect(again.body).toMatchObject({ status: 'active', name: 'Nora Lindqvist' });
    // What waited for the login goes on meanwhile and may bring more.
    expect((await records('insights')).map(({ external_id }) => external_id)).toEqual(expect.arrayContaining(before));
    const second = await syncAll();
    expect(second['campaigns']?.status).toBe('succeeded');
  });

  it('lets what waited for the provider go on at once', async () => {
    await press('fail', { how: '500', calls: 1 });
    const { body } = await hub.api('POST', `${INTEGRATION}/sync`, { stream: 'campaigns' });
    const [{ id }] = body.runs;
    const waiting = 'select 1 from sync_runs where id = $1 and run_after > now()';
    await until(async () => (await hub.rows(waiting, [id])).length > 0, { what: 'the run to wait' });
    await hub.rows("update sync_runs set run_after = run_after + interval '1 hour' where id = $1", [id]);
    expect((await logIn(await hub.api('POST', `${INTEGRATION}/reconnect`, { method: 'oauth' }))).status).toBe(200);
    expect((await finished(id)).status).toBe('succeeded');
    await syncAll();
  });

  it('waits while the limit is reached, and goes on by itself', async () => {
    await press('throttle', { percent: 100, regain: 3, reached: true });
    const { body } = await hub.api('POST', `${INTEGRATION}/sync`, { stream: 'campaigns' });
    const run = await until(
      async () => {
        const found = (await hub.api('GET', `${INTEGRATION}/runs/${body.runs[0].id}`)).body;
        return /limits how often/.test(found.message ?? '') ? found : undefined;
      },
      { what: 'the run to wait' },
    );
    expect(run.status).toBe('queued');
    const [waiting] = await hub.rows<{ seconds: string }>(
      'select extract(epoch from run_after - now()) as seconds from sync_runs where id = $1',
      [run.id],
    );
    expect(Number(waiting?.seconds)).toBeGreaterThan(120);
    await press('throttle', { percent: 3, reached: false });
    await hub.api('POST', `${INTEGRATION}/runs/${run.id}/cancel`);
  });

  it('is said at the provider too when the store ends it: permissions are taken back, pages are left', async () => {
    expect((await hub.api('DELETE', `${INTEGRATION}?keepRecords=true`)).status).toBeLessThan(300);
    expect(await hub.rows('select 1 from credentials')).toEqual([]);
    const { facts, log } = (await call('GET', `${hub.url}/sandbox/${PLUGIN}`)).body;
    expect(JSON.stringify(facts)).not.toContain(', reported');
    expect(log.map(({ line }: { line: string }) => line)).toContain('DELETE /v26.0/me/permissions → 200');
    expect((await records('leads')).length).toBeGreaterThan(0);
  });
});

describe('a provider that EGRESS_MAP sends elsewhere', () => {
  let recorder: Recorder;
  beforeAll(async () => {
    recorder = await startRecorder();
    await freshHub({ EGRESS_MAP: JSON.stringify({ [GRAPH]: recorder.url }) });
    recorder.forwardTo = `${hub.url}/sandbox/${PLUGIN}/api/${GRAPH}`;
  });
  afterAll(() => recorder?.close());

  it('sees sign-in, syncs, webhooks, changes and the end as its official specification demands', async () => {
    expect((await logIn(await beginLogin())).body).toMatchObject({ status: 'active' });
    for (const { id } of (await hub.api('GET', `${INTEGRATION}/runs`)).body.runs) await finished(id);
    await syncAll();
    const { leadId, campaignId } = await press('addLead');
    await until(() => record('leads', leadId), { what: 'the lead' });
    expect((await hub.api('POST', `${INTEGRATION}/actions/pauseCampaign`, { id: campaignId })).status).toBe(200);
    expect((await hub.api('DELETE', INTEGRATION)).status).toBeLessThan(300);
    const asked = recorder.seen.map((seen) => ({ ...seen, headers: seen.headers as Record<string, string> }));
    const faults = asked.flatMap((request) => departures(request).map((fault) => `${request.method} ${request.path}: ${fault}`));
    expect(faults).toEqual([]);
    const kinds = new Set(asked.map(({ method, path }) => `${method} ${path.replaceAll(/\d{6,}/g, '1')}`));
    expect([...kinds]).toEqual(
      expect.arrayContaining(['POST /v26.0/act_1/insights', 'POST /v26.0/1/subscribed_apps', 'DELETE /v26.0/me/permissions']),
    );
    const exchanged = asked.filter(({ query }) => query.get('grant_type') === 'fb_exchange_token');
    expect(exchanged).toHaveLength(1);
    const bare = asked.filter(({ path, query }) => !path.endsWith('access_token') && !query.get('appsecret_proof'));
    expect(bare).toEqual([]);
  });
});
