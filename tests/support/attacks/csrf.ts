import { expect } from '@jest/globals';
import request from 'supertest';
import { signIn } from '../people.ts';
import { csrfOf } from '../web.ts';
import type { Attack, Ground } from './ground.ts';

/** A form of a foreign site: the browser brings its cookies, and what the site could write. */
async function forged({ victim: { browser } }: Ground, path: string, fields: object) {
  await browser.get('/stores');
  return browser.post(path).type('form').set('origin', 'https://evil.example').send(fields);
}

const foreignForm = (attempt: string, fields: object, query = ''): Attack => [
  attempt,
  async (ground) => {
    expect((await forged(ground, `/stores${query}`, { store: 'default', ...fields })).status).toBe(403);
  },
];

export const csrf: readonly Attack[] = [
  foreignForm('a form without its token', {}),
  foreignForm('a form with a token that is none', { _csrf: 'x'.repeat(64) }),
  foreignForm('a form with an empty token', { _csrf: '' }),
  foreignForm('a form with several tokens', { _csrf: ['a', 'b'] }),
  [
    "a form with the token of the attacker's own session",
    async (ground) => {
      const token = csrfOf((await ground.stranger.browser.get('/stores')).text);
      expect(token).not.toBe('');
      expect((await forged(ground, '/stores', { store: 'default', _csrf: token })).status).toBe(403);
    },
  ],
  [
    'a token in the address, where a link could bring it',
    async ({ victim: { browser } }) => {
      const token = csrfOf((await browser.get('/stores')).text);
      const answer = await browser
        .post(`/stores?_csrf=${encodeURIComponent(token)}`)
        .type('form')
        .send({ store: 'default' });
      expect(answer.status).toBe(403);
    },
  ],
  [
    'a cookie and a token that fit each other, but not the secret of the hub',
    async ({ hub, victim }) => {
      const browser = await signIn(hub, victim.person);
      const token = `${'a'.repeat(64)}.${'b'.repeat(64)}`;
      browser.jar.setCookie(`csrf=${token}; path=/`);
      expect((await browser.post('/stores').type('form').send({ store: 'default', _csrf: token })).status).toBe(403);
    },
  ],
  [
    'a token from before the login, after it',
    async ({ hub, victim }) => {
      const browser = await signIn(hub, victim.person);
      const before = csrfOf((await anyBrowser(hub.url).get('/login')).text);
      expect((await browser.post('/stores').type('form').send({ store: 'default', _csrf: before })).status).toBe(403);
    },
  ],
  [
    'a login with the password of the attacker, from a foreign page',
    async ({ hub, stranger }) => {
      const answer = await anyBrowser(hub.url).post('/login').type('form').send(stranger.person);
      expect([answer.status, answer.headers['set-cookie']?.toString() ?? '']).toEqual([403, expect.not.stringContaining('sid=')]);
    },
  ],
  [
    'a logout by a link',
    async ({ hub, victim }) => {
      const browser = await signIn(hub, victim.person);
      expect((await browser.get('/logout')).status).toBe(303);
      expect((await browser.get('/stores')).status).toBe(200);
    },
  ],
  [
    'JSON in a form of plain text, which a foreign page may send',
    async ({ victim }) => {
      const { browser } = victim;
      for (const [path, body] of [
        ['/api/api-keys', '{"name":"theirs","x":"="}'],
        ['/stores', '{"store":"default"}'],
        [`/integrations/target/${victim.integration}/sync`, '{}'],
      ] as const) {
        const answer = await browser.post(path).set('content-type', 'text/plain').send(body);
        expect([path, answer.status]).toEqual([path, 415]);
      }
    },
  ],
  [
    'JSON under a type made up to look like a form',
    async ({ victim }) => {
      const { browser } = victim;
      for (const type of [
        'text/plain; application/json',
        'multipart/form-data; boundary=application/json',
        'application/x-www-form-urlencoded; x=json',
      ]) {
        const answer = await browser.post('/api/api-keys').set('content-type', type).send('{"name":"theirs"}');
        expect([type, answer.status]).toEqual([type, 415]);
      }
    },
  ],
  [
    'a call without a body and without a token',
    async ({ victim }) => {
      const { browser } = victim;
      const path = `/api/stores/default/integrations/${victim.integration}`;
      expect((await browser.post(`${path}/test`)).status).toBe(403);
      expect((await browser.delete(path)).status).toBe(403);
      expect((await browser.get(path)).status).toBe(200);
    },
  ],
  [
    'another method in a field or a header',
    async ({ victim }) => {
      const { browser } = victim;
      const path = `/api/stores/default/integrations/${victim.integration}`;
      for (const headers of [
        { 'x-http-method-override': 'DELETE' },
        { 'x-http-method': 'DELETE' },
        { 'x-method-override': 'DELETE' },
      ]) {
        expect((await browser.get(`${path}?_method=DELETE`).set(headers)).status).toBe(400);
        expect((await browser.get(path).set(headers)).status).toBe(200);
        expect((await browser.post(path).set(headers)).status).toBe(405);
      }
      expect((await browser.get(path)).body.status).toBe('active');
    },
  ],
  [
    'a button of the simulator pressed from a foreign page',
    async ({ hub }) => {
      const body = '{"command":"addContact","input":{}}';
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
        const answer = await fetch(`${hub.url}/sandbox/leadconnector/panel`, {
          method: 'POST',
          redirect: 'manual',
          headers: { 'content-type': type },
          body,
        });
        expect([type, [303, 401, 403, 415].includes(answer.status)]).toEqual([type, true]);
      }
    },
  ],
];

function anyBrowser(url: string) {
  return request.agent(url).set('accept', 'text/html');
}
