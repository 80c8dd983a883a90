import { describe, expect, it } from '@jest/globals';
import { hubError, type SandboxResponse } from 'patchbay';
import { BLUE_FITNESS, RIVERSIDE_DENTAL } from './sandbox/demo.ts';
import { DEMO_KEYS, handlers, MEMBERS, newRig, type Rig } from './test-rig.ts';

async function failure(promise: Promise<unknown>) {
  const error = await promise.then(
    () => undefined,
    (reason) => hubError(reason),
  );
  if (!error) throw new Error('this should have failed');
  return error;
}

const identify = (rig: Rig) => handlers.identify(rig.base.link(), rig.base.grant);

describe('identifying an account by its key', () => {
  it.each([
    ['names the server the key belongs to', { serverPrefix: 'us6' }, /belongs to the server us19/, '/fields/serverPrefix'],
    ['notices half a key', { apiKey: BLUE_FITNESS.apiKey.slice(0, 32) }, /does not end in/, '/fields/apiKey'],
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

describe('explaining answers', () => {
  const problem = (title: string, detail = '', more = {}) => ({ type: 't', title, detail, instance: 'i-1', ...more });
  const explain = (status: number, data: unknown) => handlers.explain({ status, headers: {}, data });

  it('never takes 401 for a token that could be renewed', () => {
    expect(explain(401, problem('API Key Invalid'))).toMatchObject({ consequence: 'reconnect-needed' });
    expect(explain(401, '')).toMatchObject({ consequence: 'reconnect-needed' });
  });

  it('takes 403 for a lack of rights, a switched-off user, or a limit of the network', () => {
    expect(explain(403, problem('Forbidden', 'You are not permitted.'))).toMatchObject({
      consequence: 'rejected',
      code: 'FORBIDDEN',
    });
    expect(explain(403, problem('User Disabled', 'This account has been deactivated.'))).toMatchObject({
      consequence: 'reconnect-needed',
    });
    expect(explain(403, '<html>Access Denied</html>')).toMatchObject({
      consequence: 'try-later',
      code: 'RATE_LIMIT_EXCEEDED',
      afterSeconds: 60,
    });
  });

  it.each([
    ['Member Exists', 'CONFLICT', /in the audience already/],
    ['Member In Compliance State', 'CONFLICT', /Ask to subscribe again/],
    ['Forgotten Email Not Subscribed', 'CONFLICT', /deleted for good/],
  ])('names the way out of 400 %s', (title, code, message) => {
    expect(explain(400, problem(title, 'x'))).toMatchObject({
      consequence: 'rejected',
      code,
      message: expect.stringMatching(message),
    });
  });

  it('names the address that looks fake, and each field at fault', () => {
    expect(
      explain(400, problem('Invalid Resource', 'a@b.c looks fake or invalid, please enter a real email address.')),
    ).toMatchObject({
      fields: [{ pointer: '/email' }],
    });
    const errors = [{ field: 'COMPANY', message: 'This value should not be blank.' }];
    expect(explain(400, problem('Invalid Resource', 'See errors.', { errors }))).toMatchObject({
      message: 'Mailchimp refused this: COMPANY: This value should not be blank.',
      fields: [{ pointer: '/COMPANY', message: 'This value should not be blank.' }],
    });
  });

  it('keeps the instance for the log and out of the sentence', () => {
    const error = explain(400, problem('Bad Request', 'Your request could not be processed.')) as Error;
    expect(error.message).toBe('Mailchimp refused this: Your request could not be processed.');
    expect(error.cause).toMatchObject({ instance: 'i-1' });
  });

  it('leaves limits, outages and the token endpoint to the hub', () => {
    const all = [
      explain(429, problem('Too Many Requests')),
      explain(500, {}),
      explain(502, '<html>'),
      explain(400, { error: 'invalid_grant' }),
    ];
    expect(all).toEqual([undefined, undefined, undefined, undefined]);
  });

  it.each(['APIKeyInvalid', 'Forbidden', 'UserDisabled', 'ResourceNotFound', 'TooManyRequests', 'InternalServerError'])(
    'knows what the provider simulates as %s',
    async (type) => {
      const rig = newRig();
      const error = await failure(rig.ctx().http.get('/ping', { headers: { 'X-Trigger-Error': type } }));
      const wanted = {
        APIKeyInvalid: 'reconnect-needed',
        Forbidden: 'rejected',
        UserDisabled: 'reconnect-needed',
        ResourceNotFound: 'not-found',
        TooManyRequests: 'try-later',
        InternalServerError: 'try-later',
      };
      expect(error.consequence).toBe(wanted[type as keyof typeof wanted]);
    },
  );
});

describe('the choices of forms', () => {
  const load = (rig: Rig, name: string, draft = {}) => handlers.options[name]?.(rig.ctx(), draft) ?? Promise.resolve([]);

  it('come from the account and the chosen audience, under the names the forms use', async () => {
    const rig = newRig();
    expect((await load(rig, 'audiences')).map(({ label }) => label).sort()).toEqual([
      'Corporate partners',
      'Members and friends',
    ]);
    expect(await load(rig, 'tags')).toContainEqual({ value: 'vip', label: 'vip' });
    expect(await load(rig, 'mergeFields')).toContainEqual({ value: 'FNAME', label: 'First Name (FNAME, text)' });
    expect((await load(rig, 'interests')).map(({ label }) => label)).toContain('Classes: Yoga');
  });

  it('follow the audience as it is being chosen', async () => {
    const draft = { audienceId: BLUE_FITNESS.audiences[1]?.id };
    expect((await load(newRig(), 'tags', draft)).map(({ value }) => value)).toEqual(['contract signed', 'prospect']);
    expect(await load(newRig(), 'mergeFields', draft)).toContainEqual({
      value: 'COMPANY',
      label: 'Company (COMPANY, text, required)',
    });
  });

  it('are those of all audiences while none is chosen, each once', async () => {
    const rig = newRig();
    const { audienceId: _, ...config } = rig.ctx().config;
    const fields = (await handlers.options['mergeFields']?.({ ...rig.ctx(), config }, {})) ?? [];
    expect(fields.filter(({ value }) => value === 'FNAME')).toHaveLength(1);
    expect(rig.seen.map(({ req }) => req.path)).toContain(`/3.0/lists/${MEMBERS}/merge-fields`);
  });

  it('exist for every name a form mentions', () => {
    const named = JSON.stringify([handlers.actions, rigForms()]).match(/"x-(options|keys)":"\w+"/g) ?? [];
    for (const one of new Set(named)) expect(Object.keys(handlers.options)).toContain(one.split('"')[3]);
  });
});

function rigForms(): unknown {
  return newRig().base.manifest.config;
}
