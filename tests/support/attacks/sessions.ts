import { expect } from '@jest/globals';
import request from 'supertest';
import { call } from '../hub.ts';
import { keyOf, post, signIn } from '../people.ts';
import { csrfOf, PASSWORD } from '../web.ts';
import type { Attack, Ground } from './ground.ts';

/** The cookie of this name in a header as browsers keep it: `name=value`. */
function cookieIn(answer: request.Response, name: string): string {
  const cookies = (answer.headers['set-cookie'] ?? []) as unknown as string[];
  return cookies.find((cookie) => cookie.startsWith(`${name}=`)) ?? '';
}

const pairOf = (cookie: string) => cookie.split(';')[0] ?? '';

/** Logs in and gives the whole `Set-Cookie` of the session. */
async function loggedIn({ hub, victim }: Ground, cookie?: string): Promise<string> {
  const page = await request(hub.url)
    .get('/login')
    .set('cookie', cookie ?? '');
  // Who is signed in already is led on and gets no form.
  const csrf = pairOf(cookieIn(page, 'csrf'));
  const answer = await request(hub.url)
    .post('/login')
    .set('cookie', [cookie ?? '', csrf].filter(Boolean).join('; '))
    .type('form')
    .send({ ...victim.person, _csrf: csrfOf(page.text) });
  return cookieIn(answer, 'sid');
}

const isSignedIn = async ({ hub }: Ground, cookie: string) =>
  (await request(hub.url).get('/stores').set('cookie', cookie)).status === 200;

export const sessions: readonly Attack[] = [
  [
    'a session id made up by somebody else is not taken over at the login',
    async (ground) => {
      const planted = 'sid=s%3Aplanted-session-id-of-the-attacker.c2lnbmF0dXJl';
      const given = pairOf(await loggedIn(ground, planted));
      expect(given).toMatch(/^sid=/);
      expect(given).not.toBe(planted);
      expect(await isSignedIn(ground, given)).toBe(true);
      expect(await isSignedIn(ground, planted)).toBe(false);
    },
  ],
  [
    "the attacker's own session, planted in a browser, is worth nothing once its owner has logged in there",
    async (ground) => {
      const { hub, victim } = ground;
      const browser = request.agent(hub.url).set('accept', 'text/html');
      await post(browser, '/login', '/login', ground.stranger.person);
      const page = await browser.get('/stores');
      const before = pairOf(
        browser.jar.getCookie('sid', { path: '/', domain: '127.0.0.1', secure: false, script: false })?.toString() ?? '',
      );
      await browser
        .post('/login')
        .type('form')
        .send({ ...victim.person, _csrf: csrfOf(page.text) });
      expect((await browser.get('/stores')).text).toContain(victim.person.email);
      expect(before).toMatch(/^sid=/);
      expect(await isSignedIn(ground, before)).toBe(false);
    },
  ],
  [
    'a cookie copied before the logout opens nothing after it',
    async (ground) => {
      const cookie = pairOf(await loggedIn(ground));
      expect(await isSignedIn(ground, cookie)).toBe(true);
      const page = await request(ground.hub.url).get('/stores').set('cookie', cookie);
      const csrf = pairOf(cookieIn(page, 'csrf'));
      const out = request(ground.hub.url).post('/logout').set('cookie', `${cookie}; ${csrf}`).type('form');
      await out.send({ _csrf: csrfOf(page.text) }).expect(303);
      expect(await isSignedIn(ground, cookie)).toBe(false);
    },
  ],
  [
    'a session id under another signature, or under none, is nobody',
    async (ground) => {
      const cookie = pairOf(await loggedIn(ground));
      const id = /^sid=s%3A([^.]+)\./.exec(cookie)?.[1] ?? '';
      expect(id).not.toBe('');
      for (const forged of [`sid=${id}`, `sid=s%3A${id}`, `sid=s%3A${id}.`, `sid=s%3A${id}.AAAA`, `${cookie.slice(0, -1)}`]) {
        expect([forged, await isSignedIn(ground, forged)]).toEqual([forged, false]);
      }
    },
  ],
  [
    'a script on a page cannot read the session, and no other site is sent it with a form',
    async (ground) => expect(await loggedIn(ground)).toMatch(/; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/),
  ],
  [
    'a cookie planted from a neighbouring subdomain is not the session',
    async ({ front }) => {
      const page = await request(front.app).get('/login');
      const csrf = pairOf(cookieIn(page, '__Host-csrf'));
      const fields = { email: 'owner@example.com', password: PASSWORD, _csrf: csrfOf(page.text) };
      const answer = await request(front.app).post('/login').set('cookie', csrf).type('form').send(fields);
      const cookie = cookieIn(answer, '__Host-sid');
      expect(cookie).toMatch(/; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/);
      await request(front.app).get('/stores').set('cookie', pairOf(cookie)).expect(200);
      const planted = pairOf(cookie).replace('__Host-', '');
      await request(front.app).get('/stores').set('cookie', planted).expect(303);
    },
  ],
  [
    'an API key in an address or a cookie is none: those are kept in logs and histories',
    async ({ hub, victim }) => {
      const key = await keyOf(hub, victim.person, ['read']);
      for (const [path, headers] of [
        [`/api/stores?api_key=${key}`, {}],
        [`/api/stores?access_token=${key}`, {}],
        ['/api/stores', { cookie: `authorization=${key}` }],
        ['/api/stores', { 'x-api-key': key }],
      ] as const) {
        expect([path, (await call('GET', `${hub.url}${path}`, { headers })).status]).toEqual([path, 401]);
      }
    },
  ],
  [
    'a password sent with a call makes keys and opens nothing else',
    async ({ hub, victim }) => {
      const basic = Buffer.from(`${victim.person.email}:${victim.person.password}`).toString('base64');
      const headers = { authorization: `Basic ${basic}` };
      expect((await call('GET', `${hub.url}/api/stores`, { headers })).status).toBe(401);
      expect((await call('GET', `${hub.url}/api/stores/default/integrations`, { headers })).status).toBe(401);
    },
  ],
  [
    'a session does not help a call whose key is wrong',
    async ({ hub, victim }) => {
      const browser = await signIn(hub, victim.person);
      await browser
        .get('/api/stores')
        .set('authorization', `Bearer pb_${'x'.repeat(43)}`)
        .expect(401);
    },
  ],
  [
    'a key that was taken back opens nothing from then on',
    async ({ hub, victim }) => {
      const key = await keyOf(hub, victim.person);
      const headers = { authorization: `Bearer ${key}` };
      const { apiKeys } = (await call('GET', `${hub.url}/api/api-keys`, { headers })).body;
      // The newest comes first.
      const [last] = apiKeys;
      expect((await victim.api('DELETE', `/api/api-keys/${last.id}`)).status).toBe(204);
      expect((await call('GET', `${hub.url}/api/stores`, { headers })).status).toBe(401);
    },
  ],
  [
    'a key for less cannot make one for more',
    async ({ hub, victim }) => {
      const key = await keyOf(hub, victim.person, ['read']);
      const headers = { authorization: `Bearer ${key}` };
      const answer = await call('POST', `${hub.url}/api/api-keys`, {
        headers,
        body: { name: 'more', scopes: ['write', 'admin'] },
      });
      expect([answer.status, answer.body.key]).toEqual([403, undefined]);
    },
  ],
];
