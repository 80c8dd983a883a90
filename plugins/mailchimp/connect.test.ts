import { describe, expect, it } from '@jest/globals';
import type { SandboxResponse } from 'patchbay';
import { failure } from 'patchbay/testing';
import { BLUE_FITNESS, RIVERSIDE_DENTAL } from './sandbox/demo.ts';
import { DEMO_KEYS, handlers, newRig, type Rig } from './test-rig.ts';

const identify = (rig: Rig) => handlers.identify(rig.base.link(), rig.base.grant);

describe('identifying an account by its key', () => {
  it.each([
    ['names the server the key belongs to', { serverPrefix: 'us6' }, /belongs to the server us19/, '/fields/serverPrefix'],
    ['notices half a key', { apiKey: BLUE_FITNESS.apiKey.slice(0, 32), serverPrefix: '' }, /does not end in/, '/fields/apiKey'],
  ])('%s before any call', async (_, wrong, message, pointer) => {
    const rig = newRig({ credentials: { ...DEMO_KEYS, ...wrong } });
    const asked: string[] = [];
    const answer = async ({ path }: { path: string }): Promise<SandboxResponse> => {
      asked.push(path);
      return { status: 500 };
    };
    const error = await failure(handlers.identify(rig.base.link({ answer }), rig.base.grant));
    expect(error).toMatchObject({ consequence: 'rejected', code: 'INVALID_CREDENTIALS', fields: [{ pointer }] });
    expect(error.message).toMatch(message);
    expect(asked).toEqual([]);
  });

  it('asks for another key when this one is disabled', async () => {
    const rig = newRig();
    await rig.press('disableKey');
    expect(await failure(identify(rig))).toMatchObject({ consequence: 'reconnect-needed' });
    await rig.press('enableKey');
    expect((await identify(rig)).label).toBe('Blue Fitness');
  });

  it('refuses a prefix that is part of an address', async () => {
    const rig = newRig();
    const error = await failure(handlers.identify(rig.base.link(), { serverPrefix: 'us19.evil.example/' }));
    expect(error).toMatchObject({ consequence: 'rejected', code: 'INVALID_CREDENTIALS' });
  });

  it('names the account, its server and its time zone', async () => {
    expect(await identify(newRig())).toEqual({
      externalId: BLUE_FITNESS.id,
      label: 'Blue Fitness',
      vars: { dc: 'us19', timezone: 'America/Chicago', role: 'owner' },
    });
  });
});

describe('identifying an account by sign-in', () => {
  it('finds the server by the metadata call, which has a scheme of its own', async () => {
    const rig = newRig({ method: 'oauth' });
    const shown: string[] = [];
    const link = rig.base.link({
      answer: (req, forward) => {
        shown.push(`${req.host} ${req.headers['authorization']?.split(' ')[0]}`);
        return forward(req);
      },
    });
    const account = await handlers.identify(link, rig.base.grant);
    expect(shown).toEqual(['login.mailchimp.com OAuth', 'us19.api.mailchimp.com Bearer']);
    expect(account).toEqual(await identify(newRig()));
  });

  it.each([
    ['none', {}],
    ['one that is no server', { dc: 'evil.example/x' }],
  ])('refuses an account that lives on %s', async (_, body) => {
    const rig = newRig({ method: 'oauth' });
    const link = rig.base.link({ answer: async () => ({ status: 200, body }) });
    expect(await failure(handlers.identify(link, rig.base.grant))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  });

  it('asks to connect again once the app was removed', async () => {
    const rig = newRig({ method: 'oauth' });
    await rig.press('revokeTokens');
    expect((await failure(identify(rig))).consequence).toBe('reconnect-needed');
  });
});

describe('testing a connection', () => {
  it('says where it is connected, with how many contacts of the chosen audience', async () => {
    const rig = newRig();
    expect(await handlers.test(rig.ctx())).toEqual({
      message: 'Connected to Blue Fitness, 2,412 contacts in the audience Members and friends.',
      counts: { audiences: 2, members: 2412 },
    });
    const { audienceId: _, ...config } = rig.ctx().config;
    expect((await handlers.test({ ...rig.ctx(), config })).message).toBe(
      'Connected to Blue Fitness, 2,724 contacts in 2 audiences. Choose an audience in the settings, to write to it and to hear of changes at once.',
    );
  });

  it('notices that the chosen audience is gone', async () => {
    const error = await failure(handlers.test(newRig().ctx({ audienceId: 'ffffffffff' })));
    expect(error).toMatchObject({ consequence: 'rejected', message: expect.stringMatching(/no longer exists/) });
  });

  it('notices a credential of another account', async () => {
    const rig = newRig();
    rig.intercept = ({ path }) => (path === '/3.0/' ? { status: 200, body: { account_id: RIVERSIDE_DENTAL.id } } : undefined);
    expect((await failure(handlers.test(rig.ctx()))).message).toMatch(/another Mailchimp account/);
  });
});
