import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TOTP } from 'otpauth';
import request from 'supertest';
import { until } from '../../../tests/support/wait.ts';
import { csrfOf, PASSWORD, type WebRoom, webRoom } from '../../../tests/support/web.ts';
import { MembershipStore } from '../../access/membership-store.ts';
import type { Services } from '../services.ts';

type Agent = request.Agent;

let web: WebRoom;
/** Mails, as they were asked for. */
const mails: { to: string; template: string; vars: Record<string, unknown> }[] = [];
const mail = { mode: 'files', send: async (one: (typeof mails)[number]) => void mails.push(one) } as unknown as Services['mail'];

beforeAll(async () => {
  web = await webRoom({ services: { mail }, limits: { login: 1000 } });
  await web.person('root@example.com', {}, true);
  await web.person('owner@example.com', { north: 'owner' });
  await web.person('staff@example.com', { north: 'staff' });
  await web.person('other@example.com', { south: 'owner' });
});

afterAll(() => web.close());

beforeEach(async () => {
  mails.length = 0;
  await rows('delete from login_attempts');
});

describe('an invitation', () => {
  it('is not made by staff, for an address that is none, for a member, or for a role an owner may not give', async () => {
    const staff = await web.browser('staff@example.com');
    expect((await post(staff, '/people', '/people/invite', { email: 'x@example.com', role: 'staff' })).status).toBe(403);
    const owner = await web.browser('owner@example.com');
    const invite = (fields: object) => post(owner, '/people', '/people/invite', fields);
    for (const [fields, says] of [
      [{ email: 'nobody', role: 'staff' }, 'Enter an email address'],
      [{ email: 'staff@example.com', role: 'owner' }, 'belongs to north already'],
      [{ email: 'x@example.com', role: 'operator' }, 'owner or staff'],
    ] as const) {
      const answer = await invite(fields);
      expect([answer.status, answer.text]).toEqual([422, expect.stringContaining(says)]);
    }
    expect(mailed('invitation')).toEqual([]);
  });

  it('makes a login and a member once, and is worth nothing after', async () => {
    const owner = await web.browser('owner@example.com');
    const link = linkIn(await post(owner, '/people', '/people/invite', { email: 'New@example.com', role: 'staff' }));
    expect(mailed('invitation')).toMatchObject([{ to: 'New@example.com', vars: { storeName: 'north', role: 'staff' } }]);
    const stranger = request.agent(web.app);
    const short = await post(stranger, link, link, { password: 'short' });
    expect([short.status, short.text]).toEqual([422, expect.stringContaining('at least 10 characters')]);
    expect((await post(stranger, link, link, { password: PASSWORD })).headers['location']).toBe('/integrations');
    expect((await stranger.get('/people')).text).toContain('New@example.com');
    expect((await request(web.app).get(link)).status).toBe(404);
    const [kept] = await rows('select count(*)::int as n from invitations where token_hash = $1', [link.split('/').at(-1)]);
    expect(kept).toEqual({ n: 0 });
  });

  it('ends by being taken back, by a newer link, and by time', async () => {
    const owner = await web.browser('owner@example.com');
    const invite = async () =>
      linkIn(await post(owner, '/people', '/people/invite', { email: 'late@example.com', role: 'owner' }));
    const status = async (link: string) => (await request(web.app).get(link)).status;
    const [first, second] = [await invite(), await invite()];
    expect([await status(first), await status(second)]).toEqual([404, 200]);
    const [open] = await rows<{ id: string }>(
      `select id from invitations where email = 'late@example.com' and revoked_at is null`,
    );
    const third = linkIn(await post(owner, '/people', `/people/invitations/${open?.id}/resend`));
    expect([await status(second), await status(third)]).toEqual([404, 200]);
    await rows(`update invitations set expires_at = now() where id = $1`, [open?.id]);
    expect(await status(third)).toBe(404);
    const fourth = linkIn(await post(owner, '/people', `/people/invitations/${open?.id}/resend`));
    const foreign = await web.browser('other@example.com');
    expect((await post(foreign, '/people', `/people/invitations/${open?.id}/resend`)).status).toBe(404);
    await post(foreign, '/people', `/people/invitations/${open?.id}/revoke`);
    expect(await status(fourth)).toBe(200);
    await post(owner, '/people', `/people/invitations/${open?.id}/revoke`);
    expect(await status(fourth)).toBe(404);
  });

  it('fills nobody’s mailbox', async () => {
    const owner = await web.browser('owner@example.com');
    const invite = () => post(owner, '/people', '/people/invite', { email: 'often@example.com', role: 'staff' });
    for (let count = 0; count < 10; count += 1) expect((await invite()).status).toBe(200);
    const refused = await invite();
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('Too many attempts')]);
    expect(mailed('invitation')).toHaveLength(10);
  });

  it('lets in who has a login only as that address, and takes no right away', async () => {
    const { invitations, dataSource } = web.services;
    const north = await new MembershipStore(dataSource).bySlug('north');
    if (!north) throw new Error('no north');
    const principal = await principalOf('root@example.com');
    const { url } = await invitations.invite(north, { email: 'other@example.com', role: 'staff' }, { principal, ip: undefined });
    const link = new URL(url).pathname;
    expect((await request(web.app).get(link)).text).toContain(`/login?next=${link}`);
    expect((await post(request.agent(web.app), link, link, { password: PASSWORD })).status).toBe(422);
    const staff = await web.browser('staff@example.com');
    expect((await post(staff, link, link)).text).toContain('This invitation is for other@example.com');
    const other = await web.browser('other@example.com');
    expect((await post(other, link, link)).status).toBe(303);
    expect((await other.get('/people')).text).toContain('owner@example.com');
  });

  it('to run the hub is an operator’s to make, and no key’s', async () => {
    const owner = await web.browser('owner@example.com');
    expect((await owner.get('/admin/users')).status).toBe(403);
    const root = await web.browser('root@example.com');
    const link = linkIn(await post(root, '/admin/users', '/admin/users/invite', { email: 'second@example.com' }));
    const second = request.agent(web.app);
    await post(second, link, link, { password: PASSWORD });
    expect((await second.get('/admin/users')).status).toBe(200);
    const key = await web.key('owner@example.com', 'north');
    const invite = (role: string) =>
      request(web.app)
        .post('/api/stores/north/invitations')
        .set('authorization', `Bearer ${key}`)
        .send({ email: 'k@example.com', role });
    expect((await invite('owner')).status).toBe(403);
    expect((await invite('staff')).status).toBe(201);
  });
});

describe('members', () => {
  it('are changed and removed by owners, and a store keeps its last one', async () => {
    const owner = await web.browser('owner@example.com');
    const own = (await principalOf('owner@example.com')).userId;
    const says = async (to: string, fields: object = {}) => {
      await post(owner, '/people', to, fields);
      return (await owner.get('/people')).text;
    };
    expect(await says(`/people/${own}/role`, { role: 'staff' })).toContain('north needs an owner');
    expect(await says('/people/leave')).toContain('north needs an owner');
    await web.person('helper@example.com', { north: 'staff' });
    const helper = (await principalOf('helper@example.com')).userId;
    expect(await says(`/people/${helper}/role`, { role: 'owner' })).toContain('Changed to: Owner.');
    expect(await says(`/people/${helper}/remove`)).toContain('helper@example.com does not belong to north any more.');
    expect((await (await web.browser('helper@example.com')).get('/people')).status).toBe(403);
    const actions = await rows<{ action: string }>('select action from audit_entries where target = $1', [helper]);
    expect(actions.map(({ action }) => action)).toEqual(expect.arrayContaining(['member.role', 'member.remove']));
  });

  it('of two owners who leave at once one stays', async () => {
    await web.person('one@example.com', { pair: 'owner' });
    await web.person('two@example.com', { pair: 'owner' });
    const agents = await Promise.all([web.browser('one@example.com'), web.browser('two@example.com')]);
    await Promise.all(agents.map((agent) => post(agent, '/people', '/people/leave')));
    const [left] = await rows(
      `select count(*)::int as n from memberships m join stores s on s.id = m.store_id where s.slug = 'pair'`,
    );
    expect(left).toEqual({ n: 1 });
  });
});

describe('a session', () => {
  it('that was ended stays ended, whatever an answer under way writes back', async () => {
    await web.person('leaver@example.com', { north: 'staff' });
    const agent = await web.browser('leaver@example.com');
    const { userId } = await principalOf('leaver@example.com');
    const sessions = () => rows(`select sid from sessions where sess ->> 'userId' = $1`, [userId]);
    const accounts = web.services.accounts as { find: (id: string) => Promise<unknown> };
    const { find } = accounts;
    // The page is held where it knows its session, until that has ended.
    let held = false;
    let letGo: () => void = () => {};
    accounts.find = async (id) => {
      if (id === userId && !held) {
        held = true;
        await new Promise<void>((go) => {
          letGo = go;
        });
      }
      return find.call(accounts, id);
    };
    await rows(
      `update sessions set sess = (sess::jsonb || '{"flash":{"kind":"note","text":"x"}}')::json where sess ->> 'userId' = $1`,
      [userId],
    );
    const page = agent.get('/stores').then((answer) => answer);
    await until(() => held, { what: 'the page to be under way' });
    await rows(`delete from sessions where sess ->> 'userId' = $1`, [userId]);
    letGo();
    await page;
    accounts.find = find;
    expect(await sessions()).toEqual([]);
    expect((await agent.get('/stores')).status).toBe(303);
  });

  it('is over after its longest time, however much it is used', async () => {
    const own = await webRoom({ env: { SESSION_HOURS: '2', SESSION_IDLE_HOURS: '1' } });
    try {
      await own.person('owner@example.com', { north: 'owner' });
      const agent = await own.browser('owner@example.com');
      const age = (minutes: number) =>
        own.services.dataSource.query(
          `update sessions set sess = (sess::jsonb || jsonb_build_object('startedAt', $1::bigint, 'renewedAt', 0))::json`,
          [Date.now() - minutes * 60_000],
        );
      await age(90);
      await agent.get('/stores').expect(200);
      const [left] = await own.services.dataSource.query(
        'select extract(epoch from expire - now()) / 60 as minutes from sessions',
      );
      expect(Number(left.minutes)).toBeGreaterThan(20);
      expect(Number(left.minutes)).toBeLessThanOrEqual(30.1);
      await age(121);
      await agent.get('/stores');
      expect((await agent.get('/stores')).status).toBe(303);
    } finally {
      await own.close();
    }
  });

  it('is listed for its person, who ends one of them, or all', async () => {
    await web.person('lists@example.com', { north: 'staff' });
    const [one, two] = [await web.browser('lists@example.com'), await web.browser('lists@example.com')];
    const page = (await one.get('/account')).text;
    const end = /\/account\/sessions\/([\w-]{43})\/end/.exec(page)?.[0] ?? '';
    const foreign = await web.browser('other@example.com');
    await post(foreign, '/account', end);
    await two.get('/stores').expect(200);
    await post(one, '/account', end);
    expect((await two.get('/stores')).status).toBe(303);
    const three = await web.browser('lists@example.com');
    await post(one, '/account', '/account/sessions/end');
    expect([(await one.get('/stores')).status, (await three.get('/stores')).status]).toEqual([303, 303]);
  });

  it('goes on under another id when its person changes the password, and all others end', async () => {
    await web.person('changes@example.com', { north: 'staff' });
    const [here, there] = [await web.browser('changes@example.com'), await web.browser('changes@example.com')];
    const change = (old: string, password: string) => post(here, '/account', '/account/password', { old, password });
    const wrong = await change('not the old one', 'a whole new password');
    expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('This is not your password.')]);
    expect((await change(PASSWORD, 'short')).status).toBe(422);
    await there.get('/stores').expect(200);
    expect((await change(PASSWORD, 'a whole new password')).headers['set-cookie']?.toString()).toContain('sid=');
    expect([(await here.get('/stores')).status, (await there.get('/stores')).status]).toEqual([200, 303]);
    expect(mailed('password-changed')).toMatchObject([{ to: 'changes@example.com' }]);
    expect(mailed('new-sign-in')).toMatchObject([{ to: 'changes@example.com' }]);
  });

  it('of a disabled user ends, and so do their keys', async () => {
    const { userId } = { userId: await web.person('bad@example.com', { north: 'owner' }) };
    const [bad, key] = [await web.browser('bad@example.com'), await web.key('bad@example.com', 'north')];
    const root = await web.browser('root@example.com');
    await post(root, `/admin/users/${userId}`, `/admin/users/${userId}/disabled`, { disabled: 'yes' });
    expect((await bad.get('/stores')).status).toBe(303);
    expect((await request(web.app).get('/api/stores').set('authorization', `Bearer ${key}`)).status).toBe(401);
    expect((await login(request.agent(web.app), 'bad@example.com')).text).toContain('Email or password is not right.');
    const { userId: own } = await principalOf('root@example.com');
    await post(root, `/admin/users/${own}`, `/admin/users/${own}/disabled`, { disabled: 'yes' });
    expect((await root.get('/admin/users')).text).toContain('You cannot do this to yourself');
  });
});

describe('a forgotten password', () => {
  it('is answered alike whoever asks, and mailed to who has a login', async () => {
    await web.person('forgets@example.com', { north: 'staff' });
    const [known, unknown] = await Promise.all(
      ['Forgets@example.com', 'nobody@example.com'].map((email) => post(request.agent(web.app), '/forgot', '/forgot', { email })),
    );
    const body = (text = '') => text.replace(/value="[^"]*"/g, '').replace(/nonce="[^"]*"/g, '');
    expect(body(known?.text)).toBe(body(unknown?.text));
    await until(() => mails.length > 0, { what: 'the mail' });
    expect(mailed('password-reset')).toMatchObject([{ to: 'forgets@example.com' }]);
    const link = new URL(String(mails[0]?.vars['url'])).pathname;
    const before = await web.browser('forgets@example.com');
    const agent = request.agent(web.app);
    expect((await post(agent, link, link, { password: 'short' })).status).toBe(422);
    expect((await post(agent, link, link, { password: 'remembered for once' })).status).toBe(303);
    expect((await before.get('/stores')).status).toBe(303);
    expect((await request(web.app).get(link)).status).toBe(404);
    expect((await login(agent, 'forgets@example.com', 'remembered for once')).status).toBe(303);
  });

  it('is mailed a few times an hour at most', async () => {
    await web.person('flooded@example.com', { north: 'staff' });
    for (let count = 0; count < 6; count += 1) {
      await post(request.agent(web.app), '/forgot', '/forgot', { email: 'flooded@example.com' });
    }
    const taken = () => rows<{ points: number }>(`select points from login_attempts where key like 'mail-pair%'`);
    await until(async () => (await taken()).some(({ points }) => points > 3), { what: 'the sixth to be counted' });
    await until(() => mailed('password-reset').length > 2, { what: 'the third mail' });
    expect(mailed('password-reset')).toHaveLength(3);
  });
});

describe('guessing', () => {
  it('from many machines at one login is stopped, and a browser the person has used stays welcome', async () => {
    const own = await webRoom({ env: { TRUST_PROXY: '1' }, limits: { login: 1000 } });
    try {
      await own.person('owner@example.com', { north: 'owner' });
      const friend = request.agent(own.app);
      expect((await login(friend, 'owner@example.com')).status).toBe(303);
      const bot = request.agent(own.app);
      const statuses = [];
      for (let machine = 0; machine < 31; machine += 1) {
        statuses.push((await login(bot, 'owner@example.com', 'a guess', `198.51.${machine}.7`)).status);
      }
      expect(statuses).toEqual([...Array(30).fill(401), 429]);
      expect((await login(request.agent(own.app), 'owner@example.com')).status).toBe(429);
      expect((await login(friend, 'owner@example.com')).status).toBe(303);
      const entries = await own.services.dataSource.query(
        `select actor, target from audit_entries where action = 'login.blocked'`,
      );
      expect(entries).toEqual([{ actor: 'nobody', target: (await own.services.accounts.findByEmail('owner@example.com'))?.id }]);
      expect(JSON.stringify(await own.services.dataSource.query('select key from login_attempts'))).not.toContain('owner@');
    } finally {
      await own.close();
    }
  });
});

describe('a second factor', () => {
  let agent: Agent;
  let codes: string[];
  let totp: TOTP;
  let used: string;

  it('guards nothing until a code has proven it, then ends every other session', async () => {
    await web.person('careful@example.com', { north: 'owner' });
    agent = await web.browser('careful@example.com');
    const other = await web.browser('careful@example.com');
    totp = await offered(agent);
    expect((await agent.get('/account/second-factor/qr.svg')).headers['content-type']).toContain('image/svg+xml');
    const wrong = await post(agent, '/account/second-factor', '/account/second-factor', { code: '000000' });
    expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('This code is not right')]);
    await other.get('/stores').expect(200);
    used = totp.generate();
    const on = await post(agent, '/account/second-factor', '/account/second-factor', { code: used });
    codes = [...on.text.matchAll(/<code>((?:[a-z2-7]{4}-){3}[a-z2-7]{4})<\/code>/g)].map(([, code = '']) => code);
    expect(new Set(codes).size).toBe(10);
    expect((await other.get('/stores')).status).toBe(303);
    await agent.get('/stores').expect(200);
    expect((await agent.get('/account/second-factor/qr.svg')).status).toBe(404);
    const [row] = await rows<{ secret: string }>('select secret from second_factors');
    expect(row?.secret).not.toContain(totp.secret.base32);
  });

  it('is asked for after the password; a code that was used is worth nothing, a recovery code works once', async () => {
    const next = totp.generate({ timestamp: Date.now() + 30_000 });
    const visitor = request.agent(web.app);
    expect((await login(visitor, 'careful@example.com')).headers['location']).toBe('/login/code');
    expect((await visitor.get('/stores')).status).toBe(303);
    const prove = (code = '') => post(visitor, '/login/code', '/login/code', { code });
    expect((await prove(used)).status).toBe(401);
    expect((await prove('nonsense')).status).toBe(401);
    expect((await prove(next)).status).toBe(303);
    await visitor.get('/stores').expect(200);
    const again = request.agent(web.app);
    await login(again, 'careful@example.com');
    const proveAgain = (code = '') => post(again, '/login/code', '/login/code', { code });
    expect((await proveAgain(next)).status).toBe(401);
    expect((await proveAgain(codes[0]?.toUpperCase().replaceAll('-', ' '))).headers['location']).toBe('/account/second-factor');
    expect((await again.get('/account')).text).toContain('You have 9 recovery codes left.');
    const third = request.agent(web.app);
    await login(third, 'careful@example.com');
    expect((await post(third, '/login/code', '/login/code', { code: codes[0] })).status).toBe(401);
  });

  it('is not walked around by a password alone, nor by a password that was reset', async () => {
    const basic = await request(web.app).post('/api/api-keys').auth('careful@example.com', PASSWORD).send({ name: 'x' });
    expect([basic.status, basic.body.detail]).toEqual([403, expect.stringContaining('/keys')]);
    const { userId } = await principalOf('careful@example.com');
    const root = await web.browser('root@example.com');
    const link = linkIn(await post(root, `/admin/users/${userId}`, `/admin/users/${userId}/reset-link`), 'reset');
    const visitor = request.agent(web.app);
    await post(visitor, link, link, { password: PASSWORD });
    expect((await login(visitor, 'careful@example.com')).headers['location']).toBe('/login/code');
  });

  it('takes ten guesses, then rests', async () => {
    await web.person('guessed@example.com', { north: 'staff' });
    const own = await web.browser('guessed@example.com');
    const begun = await offered(own);
    await post(own, '/account/second-factor', '/account/second-factor', { code: begun.generate() });
    const visitor = request.agent(web.app);
    await login(visitor, 'guessed@example.com');
    const statuses = [];
    for (let count = 0; count < 11; count += 1) {
      statuses.push((await post(visitor, '/login/code', '/login/code', { code: '111111' })).status);
    }
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
  });

  it('goes off for password and code, or by an operator, who is written down', async () => {
    const visitor = request.agent(web.app);
    await login(visitor, 'careful@example.com');
    await post(visitor, '/login/code', '/login/code', { code: codes[1] });
    const off = (fields: object) => post(visitor, '/account/second-factor', '/account/second-factor/off', fields);
    await off({ password: PASSWORD, code: '000000' });
    await off({ password: 'not this one', code: codes[2] });
    const { userId } = await principalOf('careful@example.com');
    expect(await web.services.factors.state(userId)).toMatchObject({ on: true });
    await off({ password: PASSWORD, code: codes[3] });
    expect(await web.services.factors.state(userId)).toMatchObject({ on: false });
    await visitor.get('/stores').expect(200);
    const begun = await offered(visitor);
    await post(visitor, '/account/second-factor', '/account/second-factor', { code: begun.generate() });
    const root = await web.browser('root@example.com');
    await post(root, `/admin/users/${userId}`, `/admin/users/${userId}/second-factor/off`);
    expect((await visitor.get('/stores')).status).toBe(303);
    expect((await login(visitor, 'careful@example.com')).headers['location']).toBe('/integrations');
    const entries = await rows<{ actor: string }>(
      `select actor from audit_entries where action = 'second-factor.off' order by at`,
    );
    expect(entries.map(({ actor }) => actor)).toEqual(['careful@example.com', 'root@example.com']);
  });

  it('can be required of operators, who then do nothing before it is on', async () => {
    const own = await webRoom({ env: { REQUIRE_SECOND_FACTOR: 'operators' } });
    try {
      await own.person('root@example.com', { north: 'owner' }, true);
      await own.person('owner@example.com', { north: 'owner' });
      await (await own.browser('owner@example.com')).get('/stores').expect(200);
      const root = await own.browser('root@example.com');
      expect((await root.get('/stores')).headers['location']).toBe('/account/second-factor');
      expect((await root.get('/api/stores')).status).toBe(403);
      expect((await request(own.app).post('/api/api-keys').auth('root@example.com', PASSWORD).send({ name: 'x' })).status).toBe(
        403,
      );
      const begun = await offered(root);
      await post(root, '/account/second-factor', '/account/second-factor', { code: begun.generate() });
      await root.get('/stores').expect(200);
    } finally {
      await own.close();
    }
  });
});

describe('API keys on their page', () => {
  it('are shown once, by who may, and opened by no other store', async () => {
    expect((await (await web.browser('staff@example.com')).get('/keys')).status).toBe(403);
    const owner = await web.browser('owner@example.com');
    const made = await post(owner, '/keys', '/keys', { name: 'nightly', scope: 'read' });
    const key = /<code[^>]*>(pb_[\w-]{43})<\/code>/.exec(made.text)?.[1] ?? '';
    expect((await owner.get('/keys')).text).not.toContain(key);
    await request(web.app).get('/api/stores').set('authorization', `Bearer ${key}`).expect(200);
    expect((await post(owner, '/keys', '/keys', { name: 'too much', scope: 'admin' })).status).toBe(422);
    expect((await post(owner, '/keys', '/keys', { name: ' ', scope: 'read' })).status).toBe(422);
    const revoke = /\/keys\/[\w-]{36}\/revoke/.exec((await owner.get('/keys')).text)?.[0] ?? '';
    await post(await web.browser('other@example.com'), '/keys', revoke);
    await request(web.app).get('/api/stores').set('authorization', `Bearer ${key}`).expect(200);
    await post(owner, '/keys', revoke);
    await request(web.app).get('/api/stores').set('authorization', `Bearer ${key}`).expect(401);
  });
});

async function post(agent: Agent, page: string, to: string, fields: object = {}): Promise<request.Response> {
  const _csrf = csrfOf((await agent.get(page)).text);
  return agent
    .post(to)
    .type('form')
    .send({ _csrf, ...fields });
}

async function login(agent: Agent, email: string, password = PASSWORD, from = '192.0.2.1'): Promise<request.Response> {
  const _csrf = csrfOf((await agent.get('/forgot')).text);
  return agent.post('/login').set('x-forwarded-for', from).type('form').send({ email, password, _csrf });
}

/** The link that a page shows once. */
function linkIn({ text }: request.Response, kind = 'invitations'): string {
  const link = new RegExp(`https?://[^<]*(/${kind}/[\\w-]{43})<`).exec(text)?.[1];
  if (!link) throw new Error(`no link in ${text.replace(/<[^>]+>/g, ' ')}`);
  return link;
}

async function offered(agent: Agent): Promise<TOTP> {
  await post(agent, '/account/second-factor', '/account/second-factor');
  const { text } = await agent.get('/account/second-factor');
  const secret = /<code>((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})<\/code>/.exec(text)?.[1] ?? '';
  return new TOTP({ secret: secret.replaceAll(' ', '') });
}

async function principalOf(email: string) {
  const user = await web.services.accounts.findByEmail(email);
  if (!user) throw new Error(`no ${email}`);
  return { kind: 'session', userId: user.id, email, operator: user.operator, scopes: ['admin'] } as const;
}

function mailed(template: string) {
  return mails.filter((one) => one.template === template);
}

function rows<T = Record<string, unknown>>(sql: string, params?: unknown[]): Promise<T[]> {
  return web.services.dataSource.query(sql, params);
}
