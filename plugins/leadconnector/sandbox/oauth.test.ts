import { describe, expect, it } from '@jest/globals';
import type { SandboxResponse } from 'patchbay';
import { openStand, type RequestOptions, requestOf, type Stand, sentBack } from 'patchbay/testing';
import { BLUE_FITNESS, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, HOSTS, RIVERSIDE_DENTAL } from './demo.ts';
import { Simulator } from './simulator.ts';

const REDIRECT = 'http://127.0.0.1:3000/integrations/leadconnector/oauth/callback';
const SCOPE = 'contacts.readonly locations.readonly';

type At = Stand<Simulator>;
const stand = (saved?: unknown) => openStand((env) => new Simulator(env), { saved });
const ask = (at: At, method: string, path: string, given: RequestOptions = {}) =>
  at.sim.handle(requestOf(method, `https://${HOSTS.api}${path}`, given));

const authorize = (at: At, change: Record<string, string> = {}, form?: Record<string, string>) => {
  const all = { response_type: 'code', client_id: DEMO_CLIENT_ID, redirect_uri: REDIRECT, scope: SCOPE, state: 's1', ...change };
  const query = new URLSearchParams(Object.entries(all).filter(([, value]) => value !== ''));
  return ask(at, form ? 'POST' : 'GET', '/v2/oauth/chooselocation', { host: HOSTS.consent, query, ...(form && { form }) });
};

const code = async (at: At, location = BLUE_FITNESS.id) =>
  sentBack(await authorize(at, {}, { decision: 'allow', location })).get('code') ?? '';

const token = (at: At, change: Record<string, string>, json = false) => {
  const all = { client_id: DEMO_CLIENT_ID, client_secret: DEMO_CLIENT_SECRET, user_type: 'Location', ...change };
  return ask(at, 'POST', '/oauth/token', json ? { json: all } : { form: all });
};

const exchange = (at: At, given: string, redirect_uri = REDIRECT) =>
  token(at, { grant_type: 'authorization_code', code: given, redirect_uri });
const refresh = (at: At, refresh_token: unknown) =>
  token(at, { grant_type: 'refresh_token', refresh_token: String(refresh_token) });
const fields = (response: SandboxResponse) => response.body as Record<string, unknown>;

const use = (at: At, accessToken: unknown, path = `/locations/${BLUE_FITNESS.id}`) =>
  ask(at, 'GET', path, { headers: { version: '2021-07-28', authorization: `Bearer ${String(accessToken)}` } });

describe('the consent page', () => {
  it.each([
    ['an unknown app', { client_id: 'nobody' }],
    ['no redirect URI', { redirect_uri: '' }],
    ['a redirect URI that is no web address', { redirect_uri: 'javascript:alert(1)' }],
  ])('sends nobody anywhere for %s', async (_, change) => {
    const answer = await authorize(stand(), change);
    expect(answer.status).toBe(400);
    expect(answer.headers?.['location']).toBeUndefined();
    expect(answer.body).not.toContain('javascript:');
  });

  it('sends back errors with the state', async () => {
    const unknown = await authorize(stand(), { scope: '<script>' });
    expect(unknown.headers?.['location']).toBe(
      `${REDIRECT}?error=invalid_scope&error_description=A+requested+scope+is+unknown&state=s1`,
    );
    const denied = await authorize(stand(), {}, { decision: 'deny' });
    expect(denied.status).toBe(303);
    expect(denied.headers?.['location']).toContain('error=access_denied');
    expect(denied.headers?.['location']).toContain('state=s1');
  });

  it('asks again when no known location was chosen', async () => {
    const answer = await authorize(stand(), {}, { decision: 'allow', location: 'another' });
    expect(answer.status).toBe(422);
    expect(answer.body).toContain('Choose a location first.');
  });

  it('shows the locations and works without scripts or inline styles', async () => {
    const { status, body } = await authorize(stand());
    expect(status).toBe(200);
    expect(body).toContain('Blue Fitness');
    expect(body).toContain('Riverside Dental');
    expect(body).toContain('Sandbox');
    expect(body).not.toMatch(/<script|<style|style=|onclick|high\s*level/i);
  });
});

describe('the token endpoint', () => {
  it('knows its client only', async () => {
    const at = stand();
    const given = { grant_type: 'authorization_code', code: await code(at), redirect_uri: REDIRECT };
    expect(await token(at, { ...given, client_secret: 'wrong' })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
    expect(await token(at, { ...given, client_id: '' })).toMatchObject({ status: 401 });
    expect(await token(at, { grant_type: 'password' })).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } });
    expect(await token(at, { ...given, user_type: 'Company' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
  });

  it('takes a code once, for the same redirect URI, for ten minutes', async () => {
    const at = stand();
    const refused = { status: 400, body: { error: 'invalid_grant' } };
    expect(await exchange(at, 'made-up')).toMatchObject(refused);
    expect(await exchange(at, await code(at), `${REDIRECT}/`)).toMatchObject(refused);
    const late = await code(at);
    at.now = new Date(at.now.getTime() + 11 * 60_000);
    expect(await exchange(at, late)).toMatchObject(refused);
    const good = await code(at);
    const first = fields(await exchange(at, good));
    expect(await exchange(at, good)).toMatchObject(refused);
    expect((await use(at, first['access_token'])).status).toBe(401);
  });

  it('answers with location, agency and scopes, to forms and to JSON', async () => {
    const at = stand();
    const given = { grant_type: 'authorization_code', code: await code(at, RIVERSIDE_DENTAL.id), redirect_uri: REDIRECT };
    expect(fields(await token(at, given, true))).toMatchObject({
      token_type: 'Bearer',
      expires_in: 86399,
      userType: 'Location',
      locationId: RIVERSIDE_DENTAL.id,
      companyId: expect.any(String),
      scope: SCOPE,
    });
  });

  it('ends every token of a consent when a refresh token is used twice', async () => {
    const at = stand();
    const first = fields(await exchange(at, await code(at)));
    const other = fields(await exchange(at, await code(at)));
    const second = fields(await refresh(at, first['refresh_token']));
    expect(second['refresh_token']).not.toBe(first['refresh_token']);
    expect((await use(at, second['access_token'])).status).toBe(200);
    expect(await refresh(at, first['refresh_token'])).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await use(at, second['access_token'])).status).toBe(401);
    expect((await refresh(at, second['refresh_token'])).status).toBe(400);
    expect((await use(at, other['access_token'])).status).toBe(200);
  });

  it('lets access tokens live a day, less on demand', async () => {
    const at = stand();
    const first = fields(await exchange(at, await code(at)));
    await at.sim.commands['expireTokens']?.run({});
    expect(await use(at, first['access_token'])).toMatchObject({
      status: 401,
      body: { message: 'Invalid token: access token is invalid' },
    });
    const second = fields(await refresh(at, first['refresh_token']));
    expect((await use(at, second['access_token'])).status).toBe(200);
    at.now = new Date(at.now.getTime() + 86_400_000);
    expect((await use(at, second['access_token'])).status).toBe(401);
    await at.sim.commands['revokeTokens']?.run({});
    expect((await refresh(at, second['refresh_token'])).status).toBe(400);
  });

  it('keeps to the scopes that were allowed, and to the location', async () => {
    const at = stand();
    const { access_token: accessToken } = fields(await exchange(at, await code(at)));
    expect(await use(at, accessToken, `/locations/${BLUE_FITNESS.id}/tags`)).toMatchObject({
      status: 401,
      body: { message: 'The token is not authorized for this scope.' },
    });
    expect((await use(at, accessToken, `/locations/${RIVERSIDE_DENTAL.id}`)).status).toBe(403);
  });

  it('survives a restart without keeping a token in the clear', async () => {
    const at = stand();
    const tokens = fields(await exchange(at, await code(at)));
    const added = await at.sim.commands['addContact']?.run({});
    const state = JSON.stringify(at.saved);
    expect(state).not.toContain(String(tokens['access_token']));
    expect(state).not.toContain(String(tokens['refresh_token']));
    const later = stand(at.saved);
    expect((await use(later, tokens['access_token'])).status).toBe(200);
    expect((await refresh(later, tokens['refresh_token'])).status).toBe(200);
    expect(later.sim.world.get('contacts', String(added?.['contactId']))).toBeDefined();
    expect(later.sim.world.at('contacts', BLUE_FITNESS.id)).toHaveLength(3413);
  });
});
