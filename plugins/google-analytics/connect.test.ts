import { describe, expect, it } from '@jest/globals';
import { failure } from 'patchbay/testing';
import { authorize } from './authorize.ts';
import { BLUE_FITNESS, HOSTS, NEWCOMER, OWNER, RIVERSIDE } from './sandbox/demo.ts';
import { handlers, KEYS, newRig, type Rig } from './test-rig.ts';

function tokenOf(rig: Rig, sub: string, scopes: readonly string[]): string {
  return rig.sim.tokens.open({ subject: sub, scopes, refreshable: true }, rig.sim.now()).accessToken;
}

const ALL = ['openid', 'https://www.googleapis.com/auth/analytics.readonly'];

describe('identifying a Google account', () => {
  it('refuses one that sees no property, by its name', async () => {
    const rig = newRig();
    const error = await failure(handlers.identify(rig.ctx({ accessToken: tokenOf(rig, NEWCOMER.sub, ALL) }), {}));
    expect(error).toMatchObject({ code: 'INVALID_CREDENTIALS', message: expect.stringContaining(NEWCOMER.email) });
  });

  it('says which box was left unticked rather than which status came', async () => {
    const rig = newRig();
    const error = await failure(handlers.identify(rig.ctx({ accessToken: tokenOf(rig, OWNER.sub, ['openid']) }), {}));
    expect(error).toMatchObject({ consequence: 'rejected', message: expect.stringMatching(/every box/) });
  });

  it('is named by what never changes, and shown by its address', async () => {
    const rig = newRig();
    expect(await handlers.identify(rig.ctx(), {})).toEqual({ externalId: OWNER.sub, label: OWNER.email });
  });

  it('takes the only property there is without asking', async () => {
    const rig = newRig();
    rig.sim.world.change({ closed: ['310000002', RIVERSIDE.id] });
    expect(await handlers.identify(rig.ctx(), {})).toMatchObject({ vars: { propertyId: BLUE_FITNESS.id } });
  });
});

describe('keys for sending', () => {
  it('are one data stream, and say what nobody can tell', async () => {
    const rig = newRig();
    const ctx = rig.ctx({ method: 'manual' });
    expect(await handlers.identify(ctx, { measurementId: KEYS.measurementId })).toEqual({
      externalId: KEYS.measurementId,
      label: `${KEYS.measurementId} (events only)`,
      vars: { measurementId: KEYS.measurementId },
    });
    const { message } = await handlers.test(ctx);
    expect(message).toMatch(/does not check the API secret/);
    expect(message).toMatch(/Reports are not read/);
    expect(rig.seen.map(({ req }) => req.path)).toEqual(['/debug/mp/collect', '/debug/mp/collect']);
    expect(rig.sim.world.state.received).toEqual([]);
  });

  it('pass with a wrong secret, as Google takes any', async () => {
    const ctx = newRig().ctx({ method: 'manual', credentials: { ...KEYS, apiSecret: 'no-secret-of-anybody' } });
    await expect(handlers.identify(ctx, { measurementId: KEYS.measurementId })).resolves.toBeDefined();
  });

  it('read nothing: no stream but that of sent events is theirs', () => {
    const readable = Object.entries(handlers.streams).filter(([, { methods }]) => !methods || methods.includes('manual'));
    expect(readable.map(([name]) => name)).toEqual(['sentEvents']);
  });
});

describe('showing who calls', () => {
  const call = { path: '/x', app: {}, secrets: { accessToken: 'token', measurementId: 'G-1', apiSecret: 's' } };

  it.each(Object.values(HOSTS).filter((host) => host.endsWith('.googleapis.com')))('gives the token to %s', (host) => {
    expect(authorize({ ...call, method: 'oauth', host })).toEqual({ headers: { Authorization: 'Bearer token' } });
  });

  it.each([HOSTS.collect, HOSTS.collectEu, 'googleapis.com.example', 'evilgoogleapis.com'])('gives %s no token', (host) => {
    expect(authorize({ ...call, method: 'oauth', host })).toEqual({});
    expect(authorize({ ...call, method: 'manual', host }).headers).toBeUndefined();
  });

  it('gives the keys to the collecting hosts only, in the query', () => {
    for (const host of [HOSTS.collect, HOSTS.collectEu])
      expect(authorize({ ...call, method: 'manual', host })).toEqual({ query: { measurement_id: 'G-1', api_secret: 's' } });
    expect(authorize({ ...call, method: 'manual', host: HOSTS.data })).toEqual({});
  });
});

describe('testing a connection', () => {
  it('names property, account, currency and time zone', async () => {
    const { message, counts } = await handlers.test(newRig().ctx());
    expect(message).toBe(`Connected to Blue Fitness website as ${OWNER.email}; amounts in USD, days in America/Chicago.`);
    expect(counts).toEqual({ properties: 3 });
  });

  it('asks for a property while none is chosen', async () => {
    const { message } = await handlers.test(newRig().ctx({ config: { propertyId: '' } }));
    expect(message).toBe(`Connected as ${OWNER.email}, which sees 3 properties. Choose one in the settings.`);
  });

  it('says what to do about a property that may not be read any more', async () => {
    const rig = newRig();
    await rig.press('closeProperty');
    expect(await failure(handlers.test(rig.ctx()))).toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringMatching(/Give it access/),
    });
  });

  it('tells the operator which API to enable', async () => {
    const rig = newRig();
    await rig.press('switchApi', { api: HOSTS.admin });
    const error = await failure(handlers.test(rig.ctx()));
    expect(error).toMatchObject({ code: 'PLUGIN_UNAVAILABLE', message: expect.stringContaining(HOSTS.admin) });
  });
});

describe('choices in forms', () => {
  const { properties, measurementIds, keyEvents } = handlers.options as Required<typeof handlers.options>;

  it('are the properties with their accounts, of all pages there are', async () => {
    const rig = newRig();
    const found = await properties?.(rig.ctx(), {});
    expect(found?.[0]).toEqual({ value: BLUE_FITNESS.id, label: `Blue Fitness website (Blue Fitness, ${BLUE_FITNESS.id})` });
    const agency = rig.ctx({ accessToken: tokenOf(rig, '114955102840182740022', ALL) });
    expect(await properties?.(agency, {})).toHaveLength(230);
  });

  it('are those of the property in the form, before it is saved', async () => {
    const ctx = newRig().ctx({ config: { propertyId: '' } });
    expect(await measurementIds?.(ctx, {})).toEqual([]);
    const draft = { propertyId: RIVERSIDE.id };
    expect(await measurementIds?.(ctx, draft)).toEqual([{ value: 'G-RIVERDENT1', label: 'Practice website (G-RIVERDENT1)' }]);
    expect((await keyEvents?.(ctx, draft))?.map(({ value }) => value)).toEqual(['purchase', 'generate_lead']);
  });

  it('leave out streams that take no events from servers of a website', async () => {
    expect(await measurementIds?.(newRig().ctx(), {})).toHaveLength(1);
  });
});
