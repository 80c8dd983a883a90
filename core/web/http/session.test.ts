import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { csrfOf, PASSWORD, type WebRoom, webRoom } from '../../../tests/support/web.ts';
import { localPath } from './request.ts';

let web: WebRoom;

beforeAll(async () => {
  web = await webRoom();
  await web.person('owner@example.com', { north: 'owner', south: 'staff' });
  await web.person('staff@example.com', { north: 'staff' });
});

afterAll(() => web.close());

describe('signing in', () => {
  it('tells nothing about which of email and password was wrong', async () => {
    const answers = await Promise.all([
      attempt({ email: 'owner@example.com', password: 'not the password' }),
      attempt({ email: 'nobody@example.com', password: PASSWORD }),
      attempt({}),
    ]);
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.text).toContain('Email or password is not right.');
      expect(answer.headers['set-cookie']?.toString() ?? '').not.toContain('sid=');
    }
  });

  it('is refused without the token of its form', async () => {
    const agent = request.agent(web.app);
    await agent.get('/login');
    const answer = await agent.post('/login').type('form').send({ email: 'owner@example.com', password: PASSWORD });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('load it again');
  });

  it('begins a session of a new id, in a cookie no script and no other site can use', async () => {
    const agent = await web.browser('owner@example.com');
    const first = cookieOf(await login(agent, 'owner@example.com'));
    const second = cookieOf(await login(agent, 'owner@example.com'));
    expect(first).toMatch(/^sid=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
    expect(second.split(';')[0]).not.toBe(first.split(';')[0]);
  });

  it.each([
    ['/integrations/leadconnector?x=1', '/integrations/leadconnector?x=1'],
    ['//evil.example', '/integrations'],
    ['https://evil.example', '/integrations'],
    ['/\\evil.example', '/integrations'],
    ['/\t/evil.example', '/integrations'],
    ['javascript:alert(1)', '/integrations'],
  ])('goes on to %j as %s', async (next, location) => {
    const agent = request.agent(web.app);
    const _csrf = csrfOf((await agent.get('/login')).text);
    const answer = await agent.post('/login').type('form').send({ email: 'owner@example.com', password: PASSWORD, next, _csrf });
    expect(answer.headers['location']).toBe(location);
  });

  it('leads on who is signed in already, and sends the start page where it belongs', async () => {
    const agent = await web.browser('owner@example.com');
    expect((await agent.get('/login?next=/stores')).headers['location']).toBe('/stores');
    expect((await agent.get('/')).headers['location']).toBe('/integrations');
    expect((await request(web.app).get('/')).headers['location']).toBe('/login');
  });

  it('is slowed down for one name and one address alike for known and unknown names', async () => {
    const own = await webRoom();
    try {
      await own.person('owner@example.com', { north: 'owner' });
      for (const email of ['owner@example.com', 'nobody@example.com']) {
        const statuses: number[] = [];
        for (let count = 0; count < 11; count += 1) statuses.push((await attempt({ email, password: 'wrong' }, own)).status);
        expect(statuses).toEqual([...Array(10).fill(401), 429]);
        const basic = await request(own.app).post('/api/api-keys').auth(email, PASSWORD).send({ name: 'x' });
        expect(basic.status).toBe(429);
        expect(Number(basic.headers['retry-after'])).toBeGreaterThan(0);
      }
    } finally {
      await own.close();
    }
  });

  it('is limited by address, too', async () => {
    const own = await webRoom({ limits: { login: 2 } });
    try {
      const statuses = [];
      for (const email of ['a', 'b', 'c']) statuses.push((await attempt({ email, password: 'wrong' }, own)).status);
      expect(statuses).toEqual([401, 401, 429]);
    } finally {
      await own.close();
    }
  });

  it('marks cookies as secure where the hub is reached by https, whatever the hop in front says', async () => {
    const own = await webRoom({ env: { PUBLIC_URL: 'https://hub.example.com' } });
    try {
      await own.person('owner@example.com', { north: 'owner' });
      const page = await request(own.app).get('/login');
      const csrfCookie = String(page.headers['set-cookie']).split(';')[0] ?? '';
      expect(page.headers['strict-transport-security']).toContain('max-age=');
      expect(csrfCookie).toMatch(/^__Host-csrf=/);
      const answer = await request(own.app)
        .post('/login')
        .set('cookie', csrfCookie)
        .type('form')
        .send({ email: 'owner@example.com', password: PASSWORD, _csrf: csrfOf(page.text) });
      expect(cookieOf(answer)).toMatch(/^__Host-sid=.*Secure/);
    } finally {
      await own.close();
    }
  });
});

describe('a session', () => {
  it('ends with the password and with logging out', async () => {
    await web.person('leaver@example.com', { north: 'staff' });
    const agent = await web.browser('leaver@example.com');
    await agent.get('/stores').expect(200);
    await web.services.accounts.setPassword('leaver@example.com', 'another long password');
    expect((await agent.get('/stores')).status).toBe(303);
    const other = await web.browser('staff@example.com');
    const _csrf = csrfOf((await other.get('/stores')).text);
    await other.post('/logout').type('form').send({ _csrf }).expect(303);
    expect((await other.get('/stores')).status).toBe(303);
  });

  it('calls the API only with the token in a header when it changes something', async () => {
    const agent = await web.browser('owner@example.com');
    await agent.get('/api/stores').expect(200);
    await agent.post('/api/api-keys').send({ name: 'x' }).expect(403);
    const token = csrfOf((await agent.get('/stores')).text);
    await agent.post('/api/api-keys').set('x-csrf-token', token).send({ name: 'x' }).expect(201);
    await agent.post('/api/api-keys').set('x-csrf-token', token).type('form').send('{"name":"x"}').expect(415);
  });

  it('takes no token of another session', async () => {
    const [one, other] = [await web.browser('owner@example.com'), await web.browser('staff@example.com')];
    const stolen = csrfOf((await other.get('/stores')).text);
    await one.get('/stores');
    const answer = await one.post('/stores').type('form').send({ store: 'north', _csrf: stolen });
    expect(answer.status).toBe(403);
  });

  it('is not taken for ended while the socket of the database is gone', async () => {
    const own = await webRoom();
    try {
      await own.person('owner@example.com', { north: 'owner' });
      const agent = await own.browser('owner@example.com');
      const { master } = own.services.dataSource.driver as unknown as { master: { query: unknown } };
      const query = master.query;
      master.query = async () => {
        throw Object.assign(new Error('connect ENOENT /tmp/.s.PGSQL.5432'), { code: 'ENOENT' });
      };
      expect((await agent.get('/stores').redirects(0)).status).toBe(503);
      master.query = query;
      await agent.get('/stores').expect(200);
    } finally {
      await own.close();
    }
  });

  it('is neither read nor begun where a key is sent, and never by webhooks, simulators or health checks', async () => {
    const agent = await web.browser('owner@example.com');
    await agent.get('/api/stores').set('authorization', 'Bearer pb_wrong').expect(401);
    for (const path of ['/healthz', '/api/stores', '/assets/app.css']) {
      expect((await request(web.app).get(path)).headers['set-cookie']).toBeUndefined();
    }
  });
});

describe('the stores page', () => {
  it('takes a form without fields, or with other than texts, for one that is not filled in', async () => {
    const agent = await web.browser('owner@example.com');
    const token = csrfOf((await agent.get('/stores')).text);
    const post = (path: string) => agent.post(path).set('x-csrf-token', token);
    expect((await post('/stores')).status).toBe(404);
    expect((await post('/stores').send({ store: { toString: 1 }, next: ['//elsewhere.example'] })).status).toBe(404);
    const stranger = request.agent(web.app);
    const own = csrfOf((await stranger.get('/login')).text);
    expect((await stranger.post('/login').set('x-csrf-token', own)).status).toBe(401);
    expect((await stranger.post('/setup').set('x-csrf-token', own)).status).toBe(403);
  });

  it('switches to a store one belongs to, and to no other', async () => {
    await web.person('south@example.com', { foreign: 'owner' });
    const agent = await web.browser('owner@example.com');
    const page = await agent.get('/stores');
    const _csrf = csrfOf(page.text);
    expect(page.text).toContain('south');
    expect(page.text).not.toContain('foreign');
    await agent.post('/stores').type('form').send({ store: 'foreign', _csrf }).expect(404);
    const answer = await agent.post('/stores').type('form').send({ store: 'south', next: '/stores', _csrf });
    expect(answer.headers['location']).toBe('/stores');
    expect((await agent.get('/stores')).text).toMatch(/value="south" aria-current="true"/);
  });
});

describe('setting up', () => {
  it('takes the link once, says what is wrong with the form, and signs in', async () => {
    const own = await webRoom();
    try {
      const link = (await own.services.setupLink.issue()) ?? '';
      const agent = request.agent(own.app);
      const wrong = await agent.get('/setup?token=wrong');
      expect(wrong.status).toBe(403);
      expect(wrong.text).toContain('not valid any more');
      const page = await agent.get(link);
      expect(page.status).toBe(200);
      const form = {
        token: new URL(link, 'http://hub').searchParams.get('token'),
        email: 'me@example.com',
        storeName: 'Mine',
        _csrf: csrfOf(page.text),
      };
      const short = await agent
        .post('/setup')
        .type('form')
        .send({ ...form, password: 'short' });
      expect(short.status).toBe(422);
      expect(short.text).toContain('at least 10 characters');
      expect(short.text).not.toContain('"short"');
      const done = await agent
        .post('/setup')
        .type('form')
        .send({ ...form, password: PASSWORD });
      expect(done.headers['location']).toBe('/integrations');
      expect((await agent.get('/stores')).text).toContain('Mine');
      const again = await request.agent(own.app);
      const _csrf = csrfOf((await again.get(link)).text);
      expect(
        (
          await again
            .post('/setup')
            .type('form')
            .send({ ...form, _csrf, password: PASSWORD })
        ).status,
      ).toBe(403);
      expect(JSON.stringify(own.logged())).not.toContain(String(form.token));
    } finally {
      await own.close();
    }
  });
});

describe('a local path', () => {
  it.each(['', 'x', '//x', '/\\x', '/a b', '/a\nb', 'http://x/', undefined, 7, ['/x']])('is not %j', (value) => {
    expect(localPath(value)).toBeUndefined();
  });
});

async function attempt(form: object, room: WebRoom = web): Promise<request.Response> {
  const agent = request.agent(room.app);
  const page = await agent.get('/login');
  return agent
    .post('/login')
    .type('form')
    .send({ ...form, _csrf: csrfOf(page.text) });
}

async function login(agent: request.Agent, email: string): Promise<request.Response> {
  const _csrf = csrfOf((await agent.get('/stores')).text);
  return agent.post('/login').type('form').send({ email, password: PASSWORD, _csrf });
}

function cookieOf(answer: request.Response): string {
  const cookies = answer.headers['set-cookie'] as unknown as string[] | undefined;
  return cookies?.find((cookie) => /^(__Host-)?sid=/.test(cookie)) ?? '';
}
