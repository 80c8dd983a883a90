import { describe, expect, it } from '@jest/globals';
import type { SandboxRequest } from 'patchbay';
import { type Config, manifest } from './manifest.ts';
import { DEMO_APP_ID, REPORTS } from './sandbox/demo.ts';
import { departures, officialOf, requests } from './test-official.ts';
import { act, handlers, newRig, type Rig, run, type Seen } from './test-rig.ts';

const [oauth] = manifest.auth;
const { webhook } = handlers;
const BLUE = { adAccountIds: ['act_10101010101'] };

async function readEverything(rig: Rig): Promise<void> {
  for (const name of Object.keys(handlers.streams)) {
    const { checkpoint } = await run(rig.ctx({ config: BLUE }), name);
    await run(rig.ctx({ config: BLUE }), name, { from: checkpoint });
  }
  const ways: readonly Partial<Config>[] = [
    { insightsLevel: 'adset', attributionWindow: '1d_click' },
    { insightsLevel: 'ad', attributionWindow: '7d_click' },
    { audience: 'age,gender', attributionWindow: '28d_click' },
    { audience: 'country' },
    { audience: 'publisher_platform' },
    { audience: 'device_platform' },
  ];
  for (const way of ways) await run(rig.ctx({ config: { ...BLUE, historyDays: 2, ...way } }), 'insights');
  for (const load of Object.values(handlers.options)) await load(rig.ctx(), {});
}

async function writeEverything(rig: Rig): Promise<void> {
  const ctx = rig.ctx({ config: { permissions: ['status', 'testLeads'] } });
  for (const [name, kind] of [
    ['Campaign', 'campaigns'],
    ['AdSet', 'adsets'],
    ['Ad', 'ads'],
  ] as const) {
    const id = rig.sim.world.inAccount(kind, 'act_10101010101').find((doc) => doc['status'] === 'ACTIVE')?.id;
    await act(ctx, `pause${name}`, { id });
    await act(ctx, `resume${name}`, { id });
  }
  const form = rig.sim.world.all('forms')[0];
  const { data } = await act(ctx, 'createTestLead', { formId: form?.id });
  await act(ctx, 'deleteTestLead', { leadId: data['leadId'], pageId: form?.['page_id'] });
}

/** Everything the plugin ever asks of the provider. */
async function everything(): Promise<readonly Seen[]> {
  const rig = newRig();
  const ctx = rig.ctx();
  await handlers.identify(ctx, {});
  await handlers.identify(rig.ctx({ method: 'manual' }), { adAccountId: REPORTS.accounts[0], appId: DEMO_APP_ID });
  await handlers.test(ctx);
  await handlers.test(rig.ctx({ method: 'manual' }));
  await readEverything(rig);
  await writeEverything(rig);
  const subscribed = await webhook.subscribe?.(ctx, 'https://hub.example/webhooks/facebook-ads');
  await rig.press('addLead');
  while (rig.webhooks().length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  for (const event of rig.webhooks().flatMap((req) => webhook.events(req))) await webhook.onEvent?.(ctx, event);
  await webhook.unsubscribe?.(ctx, subscribed?.id ?? '', []);
  await handlers.disconnect(ctx);
  return rig.seen;
}

describe('what the plugin asks of the provider', () => {
  it('is noticed when it departs from the specification', () => {
    const req = (change: Partial<SandboxRequest>): SandboxRequest => ({
      method: 'GET',
      host: 'graph.facebook.com',
      path: '/v26.0/act_1/ads',
      query: new URLSearchParams(),
      headers: { authorization: 'Bearer EAA1' },
      body: '',
      signal: new AbortController().signal,
      ...change,
    });
    const asked = (text: string) => departures(req({ query: new URLSearchParams(text) }));
    expect(departures(req({}))).toEqual([]);
    expect(departures(req({ path: '/v25.0/act_1/ads' }))).toEqual(['no such request']);
    expect(departures(req({ path: '/v26.0/act_1/adverts' }))).toEqual(['no such request']);
    expect(departures(req({ headers: {} }))).toEqual(['has no token in its header']);
    expect(asked('access_token=EAA1')).toEqual(['access_token is unknown', 'has a token in its address']);
    expect(asked('colour=red&fields=id,colour&updated_since=today')).toEqual([
      'colour is unknown',
      'updated_since is no whole number',
      'Ad has no field colour',
    ]);
    const insights = (text: string) => departures(req({ path: '/v26.0/act_1/insights', query: new URLSearchParams(text) }));
    expect(insights('level=planet&action_attribution_windows=["9d_click"]&time_range=x')).toEqual([
      'level cannot be planet',
      'action_attribution_windows cannot be 9d_click',
      'time_range is no object',
    ]);
    const subscribe = { method: 'POST', path: '/v26.0/110000000000001/subscribed_apps' };
    expect(departures(req(subscribe))).toEqual(['subscribed_fields is missing']);
    expect(departures(req({ ...subscribe, body: '{}', headers: { 'content-type': 'application/json' } }))).toEqual([
      'has a body of application/json',
    ]);
  });

  it('follows the official specification, request by request, and is answered', async () => {
    const seen = await everything();
    const faults = seen.flatMap(({ req, status }) =>
      [...departures(req), ...(status === 200 ? [] : [`was answered ${status}`])].map(
        (fault) => `${req.method} ${req.path}: ${fault}`,
      ),
    );
    expect(faults).toEqual([]);
    const asked = new Set(seen.map(({ req }) => officialOf(req)));
    const never = requests.filter((official) => !asked.has(official)).map(({ method, path }) => `${method} ${path}`);
    expect(never).toEqual(['POST /oauth/access_token', 'GET /oauth/access_token']);
  });

  it('goes to the version the manifest names', () => {
    expect(manifest.baseUrl).toBe(`https://graph.facebook.com/${manifest.apiVersion}`);
    expect(oauth.tokenUrl).toBe(`${manifest.baseUrl}/oauth/access_token`);
    expect(oauth.authorizeUrl).toBe(`https://www.facebook.com/${manifest.apiVersion}/dialog/oauth`);
  });
});
