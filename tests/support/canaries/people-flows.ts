import { TOTP } from 'otpauth';
import request from 'supertest';
import { ADMIN, call } from '../hub.ts';
import { textOf } from '../smtp.ts';
import { until } from '../wait.ts';
import type { CanaryHub } from './canary-hub.ts';

export type Browser = request.Agent;

export interface Visit {
  readonly room: CanaryHub;
  readonly browser: Browser;
}

/** Posts the form of a page; what is answered is kept, unless it is meant to hold what it holds. */
export async function submit({ room, browser }: Visit, to: string, { fields = {}, page = to, meant = false }: Form = {}) {
  const csrf = /name="_csrf" value="([^"]+)"/.exec((await browser.get(page)).text)?.[1] ?? '';
  const answer = await browser
    .post(to)
    .type('form')
    .send({ _csrf: csrf, ...fields });
  if (!meant) room.told.push(`POST /${page.split('/')[1]}: ${answer.status} ${answer.text}`);
  for (const cookie of (answer.headers['set-cookie'] as unknown as string[] | undefined) ?? []) keepCookie(room, cookie);
  return answer;
}

interface Form {
  readonly fields?: object;
  /** Where the form is; default: where it is posted to. */
  readonly page?: string;
  readonly meant?: boolean;
}

/** What a session's cookie is worth is its signature: the id before it is what the database keeps. */
function keepCookie({ canaries }: CanaryHub, cookie: string): void {
  const [, name, value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
  const decoded = decodeURIComponent(value);
  if (name === 'sid' && decoded.includes('.')) canaries.add('session cookie', decoded.slice(decoded.indexOf('.') + 1));
  if (name === 'consent') canaries.add('consent cookie', decoded.split('.')[0] ?? '');
  if (name === 'device') canaries.add('device cookie', decoded.split('.')[1] ?? '');
}

function newBrowser({ hub }: CanaryHub): Browser {
  return request.agent(hub.url).set('accept', 'text/html');
}

export async function operator(room: CanaryHub): Promise<Visit> {
  const visit = { room, browser: newBrowser(room) };
  await submit(visit, '/login', { fields: ADMIN });
  return visit;
}

/** From the invitation to a login with a second factor, the wrong ways in first. */
export async function person(room: CanaryHub, owner: Visit): Promise<Visit> {
  const { canaries, fresh, meant, api } = room;
  const invited = await meant('POST', '/api/stores/default/invitations', { email: 'ana@example.com', role: 'staff' });
  canaries.add('invitation', lastPart(invited.body.url));
  const again = await submit(owner, '/people/invite', {
    page: '/people',
    meant: true,
    fields: { email: 'ben@example.com', role: 'staff' },
  });
  canaries.add('invitation of ben', lastPart(/<code class="people-secret"[^>]*>([^<]+)/.exec(again.text)?.[1] ?? ''));
  await api('GET', '/api/stores/default/invitations');
  const visit = { room, browser: newBrowser(room) };
  const password = fresh('password of ana');
  const path = `/invitations/${lastPart(invited.body.url)}`;
  await submit(visit, path, { fields: { password: 'short' }, meant: true });
  await submit(visit, path, { fields: { password } });
  await submit(visit, path, { page: '/account', fields: { password } });
  await secondFactor(visit, password);
  return visit;
}

async function secondFactor(visit: Visit, password: string): Promise<void> {
  const { room, browser } = visit;
  const here = '/account/second-factor';
  await submit(visit, here, { meant: true });
  const secret = /<code>([A-Z2-7 ]{32,})<\/code>/.exec((await browser.get(here)).text)?.[1]?.replaceAll(' ', '') ?? '';
  room.canaries.add('TOTP secret', secret);
  const totp = new TOTP({ secret });
  await submit(visit, here, { fields: { code: room.fresh('wrong code') }, meant: true });
  const on = await submit(visit, here, { fields: { code: totp.generate() }, meant: true });
  const codes = [...on.text.matchAll(/<code>([\w-]{8,})<\/code>/g)].map(([, code = '']) => code);
  for (const code of codes) room.canaries.add('recovery code', code);
  await submit(visit, `${here}/codes`, { page: here, fields: { code: room.fresh('wrong code once more') } });
  const other = { room, browser: newBrowser(room) };
  await submit(other, '/login', { fields: { email: 'ana@example.com', password: room.fresh('wrong password') } });
  await submit(other, '/login', { fields: { email: room.fresh('password in the wrong field'), password: 'x' }, meant: true });
  await submit(other, '/login', { fields: { email: 'ana@example.com', password } });
  await submit(other, '/login/code', { fields: { code: room.fresh('wrong code at the login') } });
  await submit(other, '/login/code', { fields: { code: codes[0] ?? '' } });
  await submit(visit, '/account/password', { page: '/account', fields: { old: password, password: 'short' } });
  await submit(visit, '/account/password', {
    page: '/account',
    fields: { old: password, password: room.fresh('second password of ana') },
  });
}

/** A link for a new password, by a mail that leaves at its second attempt, and used. */
export async function newPassword(room: CanaryHub): Promise<void> {
  const { hub, canaries, fresh, mailed } = room;
  const visit = { room, browser: newBrowser(room) };
  await hub.rows(
    `insert into users (id, email, password_hash) select gen_random_uuid(), 'eve@example.com', password_hash from users limit 1`,
  );
  await submit(visit, '/forgot', { fields: { email: 'eve@example.com' } });
  const link = () => mailed.map((mail) => /\/reset\/([\w-]+)/.exec(textOf(mail))?.[1]).find(Boolean);
  const token = await until(link, { what: 'the mail with the link' });
  canaries.add('link for a new password', token);
  await submit(visit, `/reset/${token}`, { fields: { password: 'short' }, meant: true });
  await submit(visit, `/reset/${token}`, { fields: { password: fresh('password of eve') } });
  await submit(visit, `/reset/${token}`, { page: '/login', fields: { password: 'short' } });
}

/** Keys, links and webhooks, each shown once to whoever makes them. */
export async function handedOut(room: CanaryHub, owner: Visit): Promise<void> {
  const { canaries, hub, meant, api, fresh } = room;
  const basic = Buffer.from(`${ADMIN.email}:${ADMIN.password}`).toString('base64');
  const made = await call('POST', `${hub.url}/api/api-keys`, {
    body: { name: 'nightly' },
    headers: { authorization: `Basic ${basic}`, 'idempotency-key': 'one' },
  });
  canaries.add('API key', made.body.key);
  const page = await submit(owner, '/keys', { fields: { name: 'till', scope: 'read' }, meant: true });
  canaries.add('API key of a page', /<code class="people-secret"[^>]*>([^<]+)/.exec(page.text)?.[1] ?? '');
  const wrong = { authorization: `Bearer ${fresh('API key nobody has')}` };
  room.told.push(JSON.stringify((await call('GET', `${hub.url}/api/stores`, { headers: wrong })).body));
  const link = await meant('POST', '/api/stores/default/connect-links', {
    plugin: 'leaky',
    returnUrl: 'https://app.example.com/back',
  });
  canaries.add('connect link', lastPart(link.body.url));
  canaries.add('key of results', link.body.resultKey);
  await api('GET', `/api/stores/default/connect-links/${link.body.id}`);
  const visitor = { room, browser: newBrowser(room) };
  const path = `/connect/${lastPart(link.body.url)}`;
  await submit(visitor, `${path}/manual`, { page: path, fields: { key: `key-${fresh('key on a linked page')}` }, meant: true });
  const webhook = await meant('POST', '/api/stores/default/webhooks', {
    url: 'https://hooks.example.com/in',
    events: ['integration.needs_attention', 'integration.recovered'],
  });
  canaries.add('signing secret', webhook.body.secret);
  const one = `/api/stores/default/webhooks/${webhook.body.id}`;
  canaries.add('next signing secret', (await meant('POST', `${one}/rotate`, {})).body.secret);
  await api('POST', `${one}/test`, {});
  const tried = () => hub.rows('select 1 from webhook_deliveries where attempts > 0');
  await until(async () => (await tried()).length > 0, { what: 'the first delivery' });
}

/** A page that is filled in wrongly shows what was filled in, but no secret. */
export async function wrongForms(owner: Visit): Promise<void> {
  const { fresh } = owner.room;
  const page = '/integrations/leaky';
  await submit(owner, `${page}/manual/connect`, { page, fields: { key: `key-${fresh('key on a page')}` } });
  await submit(owner, `${page}/manual/connect`, { page, fields: { key: fresh('wrong key on a page'), region: 'x'.repeat(9) } });
}

function lastPart(url: string): string {
  return url.split('/').at(-1) ?? '';
}
