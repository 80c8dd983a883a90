import { describe, expect, it } from '@jest/globals';
import type { SandboxEnv } from 'patchbay';
import { openStand, type RequestOptions, requestOf, type StandOptions, sentBack } from 'patchbay/testing';
import { DEMO_APP_ID, DEMO_APP_SECRET, DEMO_LOGIN_TOKEN, HOSTS, NORA } from './demo.ts';
import { Simulator } from './simulator.ts';
import { DAY } from './time.ts';

function simulator(given: StandOptions = {}) {
  const create = (env: SandboxEnv) => new Simulator(env);
  const stand = openStand(create, given);
  return { sim: stand.sim, again: () => openStand(create, { saved: stand.saved }).sim };
}

function ask(sim: Simulator, method: string, path: string, given: RequestOptions = {}) {
  const headers = { authorization: `Bearer ${DEMO_LOGIN_TOKEN}` };
  return sim.handle(requestOf(method, `https://${HOSTS.graph}/v26.0${path}`, { headers, ...given }));
}

const error = (answer: { body?: unknown }) => (answer.body as { error: Record<string, unknown> }).error;
const redirectUri = 'https://hub.example/back';
const client = `client_id=${DEMO_APP_ID}&client_secret=${DEMO_APP_SECRET}`;

async function code(sim: Simulator, scopes = ['ads_read', 'leads_retrieval']): Promise<string> {
  const query = new URLSearchParams({ client_id: DEMO_APP_ID, redirect_uri: redirectUri, state: 's', scope: scopes.join(',') });
  const form = { person: NORA.id, decision: 'allow', scope: 'ads_read' };
  const answer = await ask(sim, 'POST', '/', { host: HOSTS.consent, path: '/v26.0/dialog/oauth', query, form, headers: {} });
  return sentBack(answer).get('code') ?? '';
}

describe('the simulated sign-in', () => {
  it('takes a code once, with the same redirect URI and the app’s secret', async () => {
    const { sim } = simulator();
    const one = await code(sim);
    const redeem = (more: string) => ask(sim, 'GET', `/oauth/access_token?${more}`, { headers: {} });
    expect(error(await redeem(`${client}&code=${one}&redirect_uri=https://other`))['code']).toBe(100);
    expect(error(await redeem(`client_id=${DEMO_APP_ID}&client_secret=x&code=${one}`))['message']).toMatch(/client secret/);
    const good = `${client}&code=${one}&redirect_uri=${encodeURIComponent(redirectUri)}`;
    expect(await redeem(good)).toMatchObject({ status: 200, body: { token_type: 'bearer', expires_in: 5400 } });
    expect(error(await redeem(good))['message']).toMatch(/has been used/);
  });

  it('exchanges a living token for sixty days, and no ended one', async () => {
    let now = Date.now();
    const { sim } = simulator({ now: () => new Date(now) });
    const path = `/oauth/access_token?${client}&code=${await code(sim)}&redirect_uri=${encodeURIComponent(redirectUri)}`;
    const short = (await ask(sim, 'GET', path, { headers: {} })).body as { access_token: string };
    const exchange = () =>
      ask(sim, 'GET', `/oauth/access_token?${client}&grant_type=fb_exchange_token&fb_exchange_token=${short.access_token}`, {
        headers: {},
      });
    expect((await exchange()).body).toMatchObject({ expires_in: 5_183_944 });
    now += DAY;
    expect(error(await exchange())).toMatchObject({ code: 190, error_subcode: 463 });
  });

  it('remembers which permissions were unticked', async () => {
    const { sim } = simulator();
    await code(sim);
    const { body } = await ask(sim, 'GET', '/me/permissions');
    expect((body as { data: object[] }).data).toContainEqual({ permission: 'leads_retrieval', status: 'declined' });
    expect(error(await ask(sim, 'GET', '/me/accounts'))['code']).toBe(10);
  });

  it('is still good after a restart', async () => {
    const { sim, again } = simulator();
    await sim.commands['renameCampaign']?.run({ name: 'Kept' });
    const { body } = await ask(again(), 'GET', '/act_10101010101/campaigns?fields=name&limit=500');
    expect(JSON.stringify(body)).toContain('Kept');
  });
});

describe('the simulated API', () => {
  it.each([
    ['without a token', { headers: {} }, 2500],
    ['with an unknown token', { headers: { authorization: 'Bearer EAAx' } }, 190],
    ['in a version that has ended', { path: '/v19.0/me' }, 2635],
  ])('refuses a call %s with status 400', async (_, given, expected) => {
    const answer = await ask(simulator().sim, 'GET', '/me', given);
    expect({ status: answer.status, code: error(answer)['code'] }).toEqual({ status: 400, code: expected });
  });

  it.each([
    ['/act_10101010101/campaigns?fields=colour', /nonexisting field \(colour\)/],
    ['/act_10101010101/campaigns?limit=0', /limit/],
    ['/act_10101010101/campaigns?after=nonsense', /cursors/],
    ['/act_10101010101/insights?fields=spend&time_increment=1', /time_range/],
    ['/act_40404040404/campaigns', /NOT grant/],
    ['/110000000000001/leadgen_forms', /Page Access Token/],
    ['/123', /does not exist/],
    ['/me?appsecret_proof=wrong', /Invalid appsecret_proof/],
  ])('refuses %s in the provider’s words', async (path, words) => {
    expect(error(await ask(simulator().sim, 'GET', path))['message']).toMatch(words);
  });

  it('says how much of the limit is used, and refuses with 400 once it is reached', async () => {
    const { sim } = simulator();
    const usage = async () => {
      const answer = await ask(sim, 'GET', '/act_10101010101/campaigns');
      return { answer, header: JSON.parse(answer.headers?.['x-business-use-case-usage'] ?? '{}')['10101010101']?.[0] };
    };
    expect((await usage()).header).toMatchObject({ call_count: 3, estimated_time_to_regain_access: 0 });
    await sim.commands['throttle']?.run({ percent: 100, regain: 4, reached: true });
    const { answer, header } = await usage();
    expect({ status: answer.status, code: error(answer)['code'] }).toEqual({ status: 400, code: 80_004 });
    expect(header).toMatchObject({ estimated_time_to_regain_access: 4 });
  });

  it('does not know a cursor for ever', async () => {
    let now = Date.now();
    const { sim } = simulator({ now: () => new Date(now) });
    const list = (after = '') => ask(sim, 'GET', `/act_10101010101/ads?limit=1${after && `&after=${after}`}`);
    const { paging } = (await list()).body as { paging: { cursors: { after: string } } };
    expect((await list(paging.cursors.after)).status).toBe(200);
    now += DAY;
    expect(error(await list(paging.cursors.after))).toMatchObject({ code: 100, message: expect.stringMatching(/cursors/) });
  });

  it.each([
    ['too many calls', { status: 400 }],
    ['transient', { status: 500 }],
    ['500', { status: 500 }],
    ['garbage', { status: 200, body: expect.stringMatching(/^\{"data":\[/) }],
    ['hang up', { hangUp: true }],
  ])('fails with %s for as many calls as asked', async (how, expected) => {
    const { sim } = simulator();
    await sim.commands['fail']?.run({ how, calls: 1 });
    expect(await ask(sim, 'GET', '/me')).toMatchObject(expected);
    expect((await ask(sim, 'GET', '/me')).status).toBe(200);
  });

  it('begins anew, and what was connected has ended', async () => {
    const { sim } = simulator();
    await sim.commands['addLead']?.run({});
    const leads = sim.world.all('leads').length;
    await sim.commands['expireTokens']?.run({});
    await sim.commands['reset']?.run({});
    expect(sim.world.all('leads').length).toBe(leads - 1);
    expect((await ask(sim, 'GET', '/me')).status).toBe(200);
  });
});

describe('the simulated webhook', () => {
  it('goes out only for pages that have the app, and again until it is answered with 200', async () => {
    const answers = [503, 201, 200];
    const bodies: string[] = [];
    const deliver = async (_path: string, _headers: object, body: string | Uint8Array) => {
      bodies.push(String(body));
      return answers.shift() ?? 200;
    };
    const { sim } = simulator({ deliver });
    expect((await sim.commands['addLead']?.run({}))?.message).toMatch(/nobody listens/);
    sim.hooks.subscribe('110000000000001');
    await sim.commands['addLead']?.run({});
    while (sim.hooks.delivered === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(bodies).toHaveLength(3);
    expect(new Set(bodies).size).toBe(1);
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({ object: 'page', entry: [{ id: '110000000000001' }] });
    expect(bodies[0]).not.toContain('field_data');
    await sim.close();
  });

  it('refuses in words what cannot be done', async () => {
    await expect(simulator().sim.commands['replayWebhook']?.run({})).rejects.toMatchObject({ consequence: 'rejected' });
    await expect(simulator().sim.commands['deleteLead']?.run({ leadId: 'x' })).rejects.toMatchObject({ consequence: 'rejected' });
  });
});
