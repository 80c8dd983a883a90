import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { failure } from 'patchbay/testing';
import { authorize } from './authorize.ts';
import { DEMO_APP_ID, DEMO_APP_SECRET, DEMO_LOGIN_TOKEN, DEMO_SYSTEM_TOKEN } from './sandbox/demo.ts';
import { handlers, newRig, paths } from './test-rig.ts';

const keys = { adAccountId: 'act_10101010101', appId: DEMO_APP_ID };

const outgoing = { method: 'oauth', host: 'graph.facebook.com', path: '/v26.0/me', secrets: {}, app: {} } as const;

describe('the proof that a call knows the app’s secret', () => {
  it('is refused to be made of an App ID without its secret, and the other way round', () => {
    for (const [given, missing] of [
      [{ appId: '1' }, '/fields/appSecret'],
      [{ appSecret: 's' }, '/fields/appId'],
    ] as const) {
      const secrets = { accessToken: 'EAA1', ...given };
      expect(() => authorize({ ...outgoing, method: 'manual', secrets })).toThrow(
        expect.objectContaining({ consequence: 'rejected', fields: [expect.objectContaining({ pointer: missing })] }),
      );
    }
  });

  it('is left out where nobody gave a secret', () => {
    expect(
      authorize({ ...outgoing, method: 'manual', secrets: { accessToken: 'EAA1' }, app: { clientSecret: 'the hub’s' } }),
    ).toEqual({
      headers: { Authorization: 'Bearer EAA1' },
    });
  });

  it('is the lowercase hex HMAC-SHA256 of the token, a page’s own token included', () => {
    const proof = (token: string) => createHmac('sha256', 'secret').update(token).digest('hex');
    for (const token of ['EAA1', 'EAApage']) {
      expect(authorize({ ...outgoing, secrets: { accessToken: token }, app: { clientSecret: 'secret' } }).query).toEqual({
        appsecret_proof: proof(token),
      });
    }
    const secrets = { accessToken: 'EAA1', appId: '1', appSecret: 'secret' };
    expect(authorize({ ...outgoing, method: 'manual', secrets }).query).toEqual({ appsecret_proof: proof('EAA1') });
  });

  it('goes with every call, with the token in the header and never in the address', async () => {
    const rig = newRig();
    await rig.press('requireProof');
    await handlers.test(rig.ctx());
    for (const { req, status } of rig.seen) {
      expect(status).toBe(200);
      expect(req.query.get('appsecret_proof')).toMatch(/^[0-9a-f]{64}$/);
      expect(req.query.toString()).not.toContain(DEMO_LOGIN_TOKEN);
    }
  });
});

describe('identifying a login', () => {
  it('refuses one that may not read ads, in words', async () => {
    const rig = newRig();
    await rig.press('declineScope', { scope: 'ads_read' });
    expect(await failure(handlers.identify(rig.ctx(), {}))).toMatchObject({
      code: 'INVALID_CREDENTIALS',
      message: expect.stringMatching(/leave every permission ticked/),
    });
  });

  it('does not take an answer without an id for a person', async () => {
    const rig = newRig();
    rig.intercept = () => ({ status: 200, body: { name: 'Nora' } });
    expect((await failure(handlers.identify(rig.ctx(), {})))?.consequence).toBe('try-later');
  });

  it('names the person, and is the same whichever ad accounts are chosen', async () => {
    const rig = newRig();
    expect(await handlers.identify(rig.ctx(), {})).toEqual({
      externalId: '10220000000000001',
      label: 'Nora Lindqvist',
      vars: { adAccounts: '3', pages: '2' },
    });
  });
});

describe('identifying an ad account by a token', () => {
  const manual = (
    rig = newRig(),
    accessToken = DEMO_SYSTEM_TOKEN,
    more: object = { appId: DEMO_APP_ID, appSecret: DEMO_APP_SECRET },
  ) => rig.ctx({ method: 'manual', credentials: { adAccountId: keys.adAccountId, accessToken, ...more } });

  it.each([
    ['the ad account is not the token’s', { adAccountId: 'act_40404040404' }, '/fields/adAccountId', {}],
    ['the secret is another app’s', keys, '/fields/appSecret', { appSecret: 'f'.repeat(32) }],
    ['the app is another one', { ...keys, appId: '1055500000000009' }, '/fields/appId', {}],
  ])('names the field when %s', async (_, grant, pointer, more) => {
    const link = manual(newRig(), DEMO_SYSTEM_TOKEN, { appId: DEMO_APP_ID, appSecret: DEMO_APP_SECRET, ...more });
    const error = await failure(handlers.identify(link, grant));
    expect(error).toMatchObject({ code: 'INVALID_CREDENTIALS', fields: [expect.objectContaining({ pointer })] });
  });

  it('names the token when the app does not know it', async () => {
    const error = await failure(handlers.identify(manual(newRig(), 'EAAunknown'), keys));
    expect(error?.fields?.[0]?.pointer).toBe('/fields/accessToken');
  });

  it('asks for the app’s secret where the app insists on it', async () => {
    const rig = newRig();
    await rig.press('requireProof');
    const error = await failure(handlers.identify(manual(rig, DEMO_SYSTEM_TOKEN, {}), { adAccountId: keys.adAccountId }));
    expect(error).toMatchObject({
      code: 'INVALID_CREDENTIALS',
      message: expect.stringMatching(/accepts calls with its secret only/),
    });
  });

  it('takes the digits alone for the ad account, and asks about the token only in the app’s name', async () => {
    const rig = newRig();
    expect(await handlers.identify(manual(rig), { ...keys, adAccountId: '10101010101' })).toEqual({
      externalId: 'act_10101010101',
      label: 'Blue Fitness',
      vars: { app: DEMO_APP_ID },
    });
    const [debug] = rig.seen;
    expect(debug?.req.path).toBe('/v26.0/debug_token');
    expect(debug?.req.query.get('access_token')).toBe(`${DEMO_APP_ID}|${DEMO_APP_SECRET}`);
    expect(debug?.req.headers['authorization']).toBeUndefined();
  });
});

describe('testing a connection', () => {
  it('says what was declined, each in words, and still succeeds', async () => {
    const rig = newRig();
    for (const scope of ['leads_retrieval', 'pages_show_list']) await rig.press('declineScope', { scope });
    const { message, partly } = await handlers.test(rig.ctx());
    expect(partly).toBe(true);
    expect(message).toBe(
      'Connected to Nora Lindqvist, 3 ad accounts and 0 pages. Not allowed: receive what people write into your lead forms; offer your pages to choose from. Connect again to allow it.',
    );
    expect(message).not.toMatch(/_/);
  });

  it('says when the token of a system user is about to end, where its app is known', async () => {
    const rig = newRig();
    const ctx = {
      ...rig.ctx({ method: 'manual' }),
      account: { externalId: keys.adAccountId, label: 'Blue Fitness', vars: { app: DEMO_APP_ID } },
    };
    expect((await handlers.test(ctx)).message).toBe('Connected to Blue Fitness, 1 ad account and 1 page.');
    await rig.press('endSystemToken', { when: 'soon' });
    expect((await handlers.test(ctx)).message).toMatch(/The access token ends on \d+ \w+ \d{4}: generate another one/);
    await rig.press('endSystemToken', { when: 'now' });
    expect(await failure(handlers.test(ctx))).toMatchObject({ consequence: 'reconnect-needed' });
  });

  it('says which ad account is not active', async () => {
    const rig = newRig();
    rig.intercept = (req) =>
      req.path.endsWith('/me/adaccounts')
        ? {
            status: 200,
            body: { data: [{ id: 'act_1', name: 'Old', currency: 'USD', account_status: 2, timezone_name: 'UTC' }] },
          }
        : undefined;
    expect((await handlers.test(rig.ctx())).message).toMatch(/1 ad account and 2 pages\. Not active at Facebook: Old\./);
  });

  it('refuses a chosen ad account that the login has lost, and says where to choose', async () => {
    const error = await failure(handlers.test(newRig().ctx({ config: { adAccountIds: ['act_999999'] } })));
    expect(error).toMatchObject({ code: 'CONFIG_SCHEMA_INVALID', message: expect.stringMatching(/act_999999.*settings/) });
  });
});

describe('disconnecting', () => {
  it('leaves a system user’s token alone: it is its owner’s', async () => {
    const rig = newRig();
    await handlers.disconnect(rig.ctx({ method: 'manual' }));
    expect(rig.seen).toEqual([]);
  });

  it('takes the app’s permissions back from a login', async () => {
    const rig = newRig();
    await handlers.disconnect(rig.ctx());
    expect(paths(rig)).toEqual(['DELETE /me/permissions']);
    expect(await failure(handlers.test(rig.ctx()))).toMatchObject({
      consequence: 'reconnect-needed',
      message: expect.stringMatching(/app was removed/),
    });
  });
});
