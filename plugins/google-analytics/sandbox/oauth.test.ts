import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { DEMO_CLIENT_ID, DEMO_REFRESH_TOKEN, HOSTS, OWNER, SCOPES } from './demo.ts';
import type { Simulator } from './simulator.ts';
import { ask, askToken, simulator, stand } from './test-stand.ts';

const VERIFIER = 'a-verifier-of-more-than-forty-three-characters-12345';
const REDIRECT = 'https://hub.example/callback';
const asked = {
  client_id: DEMO_CLIENT_ID,
  redirect_uri: REDIRECT,
  response_type: 'code',
  scope: `openid ${SCOPES.read} ${SCOPES.edit}`,
  state: 'st',
  access_type: 'offline',
  prompt: 'consent',
  code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
  code_challenge_method: 'S256',
};
const address = (change: object = {}) =>
  `https://${HOSTS.consent}/o/oauth2/v2/auth?${new URLSearchParams({ ...asked, ...change })}`;

/** What the browser is sent back with. */
async function allow(
  sim: Simulator,
  given: { change?: object; scopes?: string[]; login?: string } = {},
): Promise<URLSearchParams> {
  const { change = {}, scopes = [SCOPES.read, SCOPES.edit], login = OWNER.sub } = given;
  const body = new URLSearchParams([
    ['login', login],
    ['decision', 'allow'],
    ...scopes.map((scope) => ['scope', scope]),
  ]).toString();
  const { status, headers } = await ask(sim, 'POST', address(change), { headers: {}, body });
  expect(status).toBe(302);
  return new URL(headers?.['location'] ?? '').searchParams;
}

const redeem = async (sim: Simulator, code: string | null, change: object = {}) =>
  askToken(sim, {
    grant_type: 'authorization_code',
    code: code ?? '',
    redirect_uri: REDIRECT,
    code_verifier: VERIFIER,
    ...change,
  });

const info = (sim: Simulator, token: unknown) =>
  ask(sim, 'GET', `https://${HOSTS.userinfo}/v1/userinfo`, { headers: { authorization: `Bearer ${String(token)}` } });

describe('the simulated consent page', () => {
  it.each([
    ['another app', { client_id: 'nobody' }],
    ['a redirect that is no address', { redirect_uri: 'javascript:alert(1)' }],
    ['an unknown scope', { scope: 'openid everything' }],
    ['another response type', { response_type: 'token' }],
    ['a challenge in the clear', { code_challenge_method: 'plain' }],
  ])('stops at %s', async (_, change) => {
    const { status, body } = await ask(simulator(), 'GET', address(change), { headers: {} });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body).toMatch(/Authorization Error/);
  });

  it('lets each scope but the sign-in be unticked', async () => {
    const { body } = await ask(simulator(), 'GET', address(), { headers: {} });
    expect(String(body).match(/type="checkbox"/g)).toHaveLength(2);
    const sim = simulator();
    const back = await allow(sim, { scopes: [] });
    expect(back.get('scope')).toBe('openid');
    const { body: answer } = await redeem(sim, back.get('code'));
    expect(answer).toMatchObject({ scope: 'openid', expires_in: 3599, refresh_token: expect.any(String) });
  });

  it('sends nobody back with a code who cancelled', async () => {
    const { headers } = await ask(simulator(), 'POST', address(), { headers: {}, body: 'decision=deny' });
    expect(new URL(headers?.['location'] ?? '').search).toBe('?error=access_denied&state=st');
  });
});

describe('the simulated token endpoint', () => {
  it.each([
    ['another verifier', { code_verifier: 'another' }],
    ['no verifier', { code_verifier: '' }],
    ['another redirect', { redirect_uri: 'https://else.example' }],
  ])('refuses a code with %s, and the code is used up', async (_, change) => {
    const sim = simulator();
    const code = (await allow(sim)).get('code');
    expect(await redeem(sim, code, change)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await redeem(sim, code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('gives no refresh token to those who do not ask for offline access, nor at a second consent without prompt', async () => {
    const sim = simulator();
    const online = await redeem(sim, (await allow(sim, { change: { access_type: 'online' } })).get('code'));
    expect(online.body).not.toHaveProperty('refresh_token');
    const again = await redeem(sim, (await allow(sim, { change: { prompt: 'select_account' } })).get('code'));
    expect(again.body).not.toHaveProperty('refresh_token');
  });

  it('renews without a new refresh token, as often as asked', async () => {
    const sim = simulator();
    for (const _ of [1, 2]) {
      const { status, body } = await askToken(sim, { grant_type: 'refresh_token', refresh_token: DEMO_REFRESH_TOKEN });
      expect({ status, body }).toEqual({
        status: 200,
        body: { access_token: expect.any(String), expires_in: 3599, scope: expect.any(String), token_type: 'Bearer' },
      });
      expect((await info(sim, (body as { access_token: string }).access_token)).body).toMatchObject({ sub: OWNER.sub });
    }
  });

  it('knows its own app only', async () => {
    const form = { grant_type: 'refresh_token', refresh_token: DEMO_REFRESH_TOKEN };
    expect(await askToken(simulator(), { ...form, client_secret: 'x' })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
  });

  it('ends every grant of the person when one token is handed back', async () => {
    const sim = simulator();
    const { body } = await redeem(sim, (await allow(sim)).get('code'));
    const { access_token: access } = body as { access_token: string };
    expect((await askToken(sim, { token: DEMO_REFRESH_TOKEN }, '/revoke')).status).toBe(200);
    expect((await info(sim, access)).status).toBe(401);
    expect(await askToken(sim, { token: DEMO_REFRESH_TOKEN }, '/revoke')).toMatchObject({
      status: 400,
      body: { error: 'invalid_token' },
    });
  });

  it('remembers its tokens over a restart, and none in the clear', async () => {
    const at = stand();
    const { sim } = at;
    const { body } = await redeem(sim, (await allow(sim)).get('code'));
    const { access_token: access, refresh_token: refresh } = body as Record<string, string>;
    expect(JSON.stringify(at.saved)).not.toContain(access);
    const restarted = simulator({ saved: at.saved });
    expect((await info(restarted, access)).status).toBe(200);
    expect((await askToken(restarted, { grant_type: 'refresh_token', refresh_token: refresh ?? '' })).status).toBe(200);
  });
});
