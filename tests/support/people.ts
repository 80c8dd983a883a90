import request from 'supertest';
import { v7 } from 'uuid';
import { ADMIN, call, type Hub } from './hub.ts';

export type Browser = request.Agent;

/** A person with the admin's password who owns the store `default` and is not the hub's operator. */
export async function addStoreOwner(hub: Hub, email: string): Promise<{ email: string; password: string }> {
  await hub.rows(
    `with person as (
       insert into users (id, email, password_hash, operator) select $1, $2, password_hash, false from users limit 1 returning id)
     insert into memberships (store_id, user_id, role) select s.id, p.id, 'owner' from stores s, person p where s.slug = 'default'`,
    [v7(), email],
  );
  return { email, password: ADMIN.password };
}

export async function keyOf(
  hub: Hub,
  { email, password }: { email: string; password: string },
  scopes?: string[],
): Promise<string> {
  const basic = Buffer.from(`${email}:${password}`).toString('base64');
  const answer = await call('POST', `${hub.url}/api/api-keys`, {
    body: { name: 'tests', ...(scopes && { scopes }) },
    headers: { authorization: `Basic ${basic}` },
  });
  return answer.body.key;
}

/** A browser where this person is signed in. */
export async function signIn(hub: Hub, person: { email: string; password: string }): Promise<Browser> {
  const browser = request.agent(hub.url).set('accept', 'text/html');
  await post(browser, '/login', '/login', person);
  return browser;
}

/** Fills in the form of a page: its token comes along. */
export async function post(browser: Browser, page: string, to: string, fields: object = {}): Promise<request.Response> {
  const { text } = await browser.get(page);
  const token = /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
  return browser
    .post(to)
    .type('form')
    .send({ _csrf: token, ...fields });
}
