import { describe, expect, it } from '@jest/globals';
import { openStand, type RequestOptions, requestOf, type StandOptions, sentBack } from 'patchbay/testing';
import { BLUE_FITNESS, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_TOKEN, LOGIN_HOST, RIVERSIDE_DENTAL } from './demo.ts';
import { Simulator } from './simulator.ts';

const BACK = 'http://127.0.0.1:3000/integrations/mailchimp/oauth/callback';
const HOST = 'us19.api.mailchimp.com';
const [MEMBERS] = BLUE_FITNESS.audiences.map(({ id }) => id) as [string];

function stand(options: StandOptions = {}) {
  const at = openStand((env) => new Simulator(env), { ask: async () => ({ status: 200, body: '' }), ...options });
  const headers = { authorization: `Bearer ${BLUE_FITNESS.apiKey}` };
  const ask = ({ method = 'GET', host = HOST, path = '/3.0/', query, ...given }: Asked) =>
    at.sim.handle(requestOf(method, `https://${host}${path}`, { headers, ...given, query: new URLSearchParams(query) }));
  return Object.assign(at, { ask });
}

type Asked = Omit<RequestOptions, 'query'> & { readonly query?: Record<string, string> };

const form = (fields: Record<string, string>) => ({ method: 'POST', host: LOGIN_HOST, headers: {}, form: fields });

const client = {
  client_id: DEMO_CLIENT_ID,
  client_secret: DEMO_CLIENT_SECRET,
  redirect_uri: BACK,
  grant_type: 'authorization_code',
};
const consentQuery = { response_type: 'code', client_id: DEMO_CLIENT_ID, redirect_uri: BACK, state: 's' };
const page = { path: '/oauth2/authorize', query: consentQuery };

async function code({ ask }: ReturnType<typeof stand>): Promise<string> {
  return sentBack(await ask({ ...form({ decision: 'allow', account: RIVERSIDE_DENTAL.id }), ...page })).get('code') ?? '';
}

describe('the consent of the simulator', () => {
  it.each([
    ['an app it does not know', { client_id: 'x' }],
    ['no way back', { redirect_uri: '' }],
    ['localhost, which the provider refuses', { redirect_uri: BACK.replace('127.0.0.1', 'localhost') }],
  ])('stops at %s', async (_, wrong) => {
    const answer = await stand().ask({ host: LOGIN_HOST, path: page.path, query: { ...consentQuery, ...wrong } });
    expect(answer.status).toBe(400);
  });

  it('goes back with the refusal, and asks again where no account was chosen', async () => {
    const { ask } = stand();
    const denied = await ask({ ...form({ decision: 'deny' }), ...page });
    expect(denied.headers?.['location']).toBe(`${BACK}?error=access_denied&state=s`);
    expect((await ask({ ...form({ decision: 'allow' }), ...page })).status).toBe(422);
    expect((await ask({ host: LOGIN_HOST, ...page })).body).toMatch(/Blue Fitness/);
  });

  it.each([
    ['a wrong secret', { client_secret: 'x' }, 'invalid_client'],
    ['another way back', { redirect_uri: `${BACK}/x` }, 'invalid_grant'],
    ['a refresh, which there is none of', { grant_type: 'refresh_token' }, 'unsupported_grant_type'],
  ])('gives no token for %s', async (_, wrong, error) => {
    const one = stand();
    const answer = await one.ask({ ...form({ ...client, code: await code(one), ...wrong }), path: '/oauth2/token' });
    expect(answer.body).toMatchObject({ error });
  });

  it('gives a token once for a code, without an end, and says where its account lives', async () => {
    const one = stand();
    const fields = { ...client, code: await code(one) };
    const { status, body } = await one.ask({ ...form(fields), path: '/oauth2/token' });
    expect({ status, body }).toEqual({ status: 200, body: { access_token: expect.any(String), expires_in: 0, scope: null } });
    expect((await one.ask({ ...form(fields), path: '/oauth2/token' })).body).toMatchObject({ error: 'invalid_grant' });
    const headers = { authorization: `OAuth ${(body as { access_token: string }).access_token}` };
    const metadata = await one.ask({ host: LOGIN_HOST, path: '/oauth2/metadata', headers });
    expect(metadata.body).toMatchObject({ dc: 'us6', accountname: 'Riverside Dental' });
    const wrongScheme = { authorization: headers.authorization.replace('OAuth', 'Bearer') };
    expect((await one.ask({ host: LOGIN_HOST, path: '/oauth2/metadata', headers: wrongScheme })).status).toBe(401);
  });

  it('lets a code grow old', async () => {
    const one = stand();
    const fields = { ...client, code: await code(one) };
    one.now = new Date(one.now.getTime() + 61_000);
    expect((await one.ask({ ...form(fields), path: '/oauth2/token' })).body).toMatchObject({ error: 'invalid_grant' });
  });
});

describe('the API of the simulator', () => {
  it.each([
    ['no key', {}],
    ['an unknown key', { authorization: 'Bearer 00000000000000000000000000000000-us19' }],
    ['a key of another data centre', { authorization: `Bearer ${RIVERSIDE_DENTAL.apiKey}` }],
  ])('answers %s with the same problem', async (_, headers) => {
    const { status, body } = await stand().ask({ headers });
    expect({ status, body }).toMatchObject({
      status: 401,
      body: { title: 'API Key Invalid', detail: expect.stringMatching(/wrong datacenter/), instance: expect.any(String) },
    });
  });

  it('takes a key as the password of any user, and a token', async () => {
    const basic = `Basic ${Buffer.from(`anybody:${BLUE_FITNESS.apiKey}`).toString('base64')}`;
    const { ask } = stand();
    for (const authorization of [basic, `Bearer ${DEMO_TOKEN}`])
      expect((await ask({ headers: { authorization } })).status).toBe(200);
  });

  it('gives ten of a list unless asked for more, at most a thousand, and the fields asked for', async () => {
    const { ask } = stand();
    const path = `/3.0/lists/${MEMBERS}/members`;
    const { body } = await ask({ path, query: { fields: 'members.email_address,total_items' } });
    expect(body).toEqual({ members: Array(10).fill({ email_address: expect.any(String) }), total_items: expect.any(Number) });
    const much = await ask({ path, query: { count: '1001' } });
    expect(much).toMatchObject({ status: 400, body: { title: 'Invalid Resource', errors: [{ field: 'count' }] } });
  });

  it('tells a missing resource from a wrong method, and half a body from both', async () => {
    const { ask } = stand();
    expect((await ask({ path: '/3.0/nowhere' })).status).toBe(404);
    expect((await ask({ path: '/3.0/lists', method: 'PUT' })).status).toBe(405);
    expect(await ask({ path: `/3.0/lists/${MEMBERS}`, method: 'POST', body: '{"members":[' })).toMatchObject({ status: 400 });
  });

  it('refuses the eleventh call at a time', async () => {
    const { sim, ask } = stand();
    sim.trouble.slowMs = 20;
    const statuses = (await Promise.all(Array.from({ length: 12 }, () => ask({ path: '/3.0/ping' })))).map(
      ({ status }) => status,
    );
    expect(statuses.filter((status) => status === 429)).toHaveLength(2);
  });

  it.each([
    ['forbidden', { status: 403, body: { title: 'Forbidden' } }],
    ['user disabled', { status: 403, body: { title: 'User Disabled' } }],
    ['429 of the network', { status: 429, body: expect.stringMatching(/^<html>/) }],
  ])('fails with %s for as many calls as asked', async (how, expected) => {
    const { sim, ask } = stand();
    await sim.commands['fail']?.run({ how, calls: 1 });
    expect(await ask({ path: '/3.0/ping' })).toMatchObject(expected);
    expect((await ask({ path: '/3.0/ping' })).status).toBe(200);
  });

  it('goes on after a restart with what was changed, its tokens and webhooks', async () => {
    const one = stand();
    const hook = { method: 'POST', path: `/3.0/lists/${MEMBERS}/webhooks` };
    const flags = { events: { subscribe: true }, sources: { user: true, admin: true, api: false } };
    await one.ask({ ...hook, body: JSON.stringify({ url: 'http://hub/webhooks/mailchimp/c/key', ...flags }) });
    await one.sim.commands['revokeTokens']?.run({});
    await one.sim.commands['addMember']?.run({ email: 'kept@mail.example' });
    const again = stand({ saved: one.saved });
    expect((await again.ask({ headers: { authorization: `Bearer ${DEMO_TOKEN}` } })).status).toBe(401);
    expect((await again.ask({ path: `/3.0/lists/${MEMBERS}/members/kept@mail.example` })).status).toBe(200);
    await again.sim.commands['addMember']?.run({ email: 'later@mail.example' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(again.delivered).toMatchObject([{ path: '/c/key', headers: { 'x-mailchimp-signature': expect.any(String) } }]);
    await again.sim.commands['reset']?.run({});
    expect((await again.ask({ path: `/3.0/lists/${MEMBERS}/members/kept@mail.example` })).status).toBe(404);
  });

  it('makes no webhook at an address that does not answer, nor two that differ in their query only', async () => {
    const hook = (url: string) => ({ method: 'POST', path: `/3.0/lists/${MEMBERS}/webhooks`, body: JSON.stringify({ url }) });
    const answers = [404];
    const deaf = stand({ ask: async () => ({ status: answers.shift() ?? 200, body: '' }) });
    expect(await deaf.ask(hook('http://hub/webhooks/mailchimp/c/a'))).toMatchObject({ status: 400 });
    expect((await deaf.ask(hook('http://hub/webhooks/mailchimp/c/a'))).status).toBe(200);
    expect(await deaf.ask(hook('http://hub/webhooks/mailchimp/c/a?x=1'))).toMatchObject({ status: 400 });
  });
});
