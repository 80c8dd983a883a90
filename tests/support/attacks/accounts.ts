import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import request from 'supertest';
import { ADMIN, call } from '../hub.ts';
import { addStoreOwner, post, signIn } from '../people.ts';
import { until } from '../wait.ts';
import { csrfOf } from '../web.ts';
import type { Attack, Ground } from './ground.ts';

const SPOOFED = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };

/** A stranger's browser asks for a new password of `email`. */
async function forgets({ hub }: Ground, email: string, headers: Record<string, string> = {}) {
  const browser = request.agent(hub.url).set('accept', 'text/html');
  const _csrf = csrfOf((await browser.get('/forgot')).text);
  return browser.post('/forgot').set(headers).type('form').send({ email, _csrf });
}

function mailsTo({ hub }: Ground, email: string): string[] {
  const folder = join(hub.dataDir, 'outbox');
  const found = readdirSync(folder, { withFileTypes: true }).filter((file) => file.isFile());
  return found.map(({ name }) => readFileSync(join(folder, name), 'utf8')).filter((mail) => mail.includes(`To: ${email}`));
}

export const accounts: readonly Attack[] = [
  [
    'a Host header that would stand in the link of a mail',
    async (ground) => {
      const { email } = ground.victim.person;
      await forgets(ground, email, SPOOFED);
      const [mail = ''] = await until(async () => (mailsTo(ground, email).length > 0 ? mailsTo(ground, email) : undefined), {
        what: 'the mail',
      });
      expect(mail.replace(/=\r?\n/g, '')).toContain(ground.hub.url);
      expect(mail).not.toContain('evil.example');
    },
  ],
  [
    'an address asked for a new password, to learn whether it has a login',
    async (ground) => {
      const answers = [];
      for (const email of [ground.stranger.person.email, 'nobody@example.com']) {
        const { status, text, headers } = await forgets(ground, email);
        answers.push([status, headers['location'], text.replaceAll(email, '…').replace(/value="[^"]*"|nonce="[^"]*"/g, '')]);
      }
      expect(answers[0]).toEqual(answers[1]);
    },
  ],
  [
    'an address that would put more headers or people into a mail',
    async (ground) => {
      for (const email of [
        'victim@example.com\r\nBcc: mallory@example.com',
        'victim@example.com, mallory@example.com',
        '"x\r\n"@example.com',
      ]) {
        expect((await forgets(ground, email)).status).toBeLessThan(500);
      }
      const mails = mailsTo(ground, 'mallory@example.com');
      expect(mails).toEqual([]);
    },
  ],
  [
    'a link for a new password, or an invitation, made up',
    async ({ hub }) => {
      for (const path of ['/reset', '/invitations']) {
        for (const token of ['x'.repeat(43), '%00', '..%2f..%2fadmin', '__proto__', 'x'.repeat(5000)]) {
          const { status } = await call('GET', `${hub.url}${path}/${token}`, { headers: { accept: 'text/html' } });
          expect([token, status >= 400 && status < 500]).toEqual([token, true]);
        }
      }
    },
  ],
  [
    'an owner who makes themself the operator, or lets themself into another store',
    async ({ hub, victim }) => {
      for (const [method, path, body] of [
        ['POST', '/api/stores/default/invitations', { email: 'x@example.com', role: 'operator' }],
        ['POST', '/api/stores/default/invitations', { email: 'x@example.com', role: 'owner', operator: true }],
        ['POST', '/api/stores/south/invitations', { email: victim.person.email, role: 'owner' }],
      ] as const) {
        const answer = await victim.api(method, path, body);
        expect([path, [400, 401, 403, 404, 422].includes(answer.status)]).toEqual([path, true]);
      }
      expect(await hub.rows('select operator from users where email = $1', [victim.person.email])).toEqual([{ operator: false }]);
    },
  ],
  [
    'one address invited many times at once',
    async ({ hub, victim }) => {
      const invite = () => victim.api('POST', '/api/stores/default/invitations', { email: 'many@example.com', role: 'staff' });
      const statuses = (await Promise.all(Array.from({ length: 8 }, invite))).map(({ status }) => status);
      expect(statuses).toEqual(Array(8).fill(201));
      const open = `select count(*)::int from invitations where email = 'many@example.com' and revoked_at is null`;
      expect(await hub.rows(open)).toEqual([{ count: 1 }]);
    },
  ],
  [
    'an owner who invites themself under another address before they are removed',
    async ({ hub }) => {
      const leaver = await addStoreOwner(hub, 'leaver@example.com');
      const invited = await post(await signIn(hub, leaver), '/people', '/people/invite', {
        email: 'me@example.com',
        role: 'owner',
      });
      const [link = ''] = /\/invitations\/[\w-]{43}/.exec(invited.text) ?? [];
      const guest = request.agent(hub.url).set('accept', 'text/html');
      expect((await guest.get(link)).status).toBe(200);
      await hub.rows('delete from memberships where user_id = (select id from users where email = $1)', [leaver.email]);
      const { text } = await guest.get('/login');
      const joined = await guest
        .post(link)
        .type('form')
        .send({ _csrf: csrfOf(text), password: ADMIN.password });
      expect([joined.status, (await guest.get(link)).status]).toEqual([404, 404]);
    },
  ],
  [
    'a key of an operator that would shut the other operators out',
    async ({ hub }) => {
      const { email } = await addStoreOwner(hub, 'second-operator@example.com');
      await hub.rows('update users set operator = true where email = $1', [email]);
      const [user] = await hub.rows<{ id: string }>('select id from users where email = $1', [email]);
      const answer = await hub.api('PATCH', `/api/admin/users/${user?.id}`, { disabled: true });
      expect([answer.status, answer.body.code]).toEqual([403, 'FORBIDDEN']);
    },
  ],
  [
    'exports made until the disk is full',
    async ({ hub, stranger }) => {
      await hub.rows(`insert into store_exports (store_id, id, requested_by, status, finished_at, expires_at)
        select s.id, gen_random_uuid(), 'x', 'done', now(), now() + interval '1 hour' from stores s, generate_series(1, 5)
        where s.slug = 'south'`);
      const answer = await stranger.api('POST', '/api/stores/south/exports');
      expect([answer.status, answer.body.code]).toEqual([429, 'RATE_LIMIT_EXCEEDED']);
    },
  ],
  [
    'the cards as they were a moment ago, for somebody whose role has become less, and who was then removed',
    async ({ hub }) => {
      const person = await addStoreOwner(hub, 'lesser@example.com');
      const browser = await signIn(hub, person);
      const whose = 'where user_id = (select id from users where email = $1)';
      const cards = async () => (await browser.get('/integrations').redirects(0)).text;
      const connects = /class="button primary small" href="\/integrations\/leadconnector"/;
      // What a browser asks for twice may be kept for it.
      for (const _ of ['made', 'kept', 'sent again']) expect(await cards()).toMatch(connects);
      await hub.rows(`update memberships set role = 'staff' ${whose}`, [person.email]);
      const lesser = await cards();
      expect(lesser).toContain('LeadConnector');
      expect(lesser).not.toMatch(connects);
      await hub.rows(`delete from memberships ${whose}`, [person.email]);
      expect(await cards()).not.toContain('LeadConnector');
    },
  ],
];
