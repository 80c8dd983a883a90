import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { v7 } from 'uuid';
import type { ApiRoute } from '../core/web/api/route.ts';
import { apiRoutes } from '../core/web/api/routes.ts';
import { pageRoutes } from '../core/web/pages/routes.ts';
import { ApiDocument } from './support/api-document.ts';
import { type Ground, openGround } from './support/attacks/ground.ts';
import { call } from './support/hub.ts';
import { keyOf, signIn } from './support/people.ts';
import { until } from './support/wait.ts';

const CANARY = 'canary-of-the-victim';

let ground: Ground;
let api: ApiDocument;
let before: Record<string, string>;
const staff = { key: '', cookie: request.agent('http://127.0.0.1') };
const tokens = { owner: '', staff: '' };
/** What belongs to the victim, by the names addresses have for it. */
const theirs: Record<string, string> = {};

/**
 * How each name in an address is filled with what is the victim's: a route with a name that is not here fails, so that
 * nobody adds one that is not walked. SQL gives the id.
 */
const THINGS: Readonly<Record<string, string>> = {
  store: `select slug as id from stores where slug = 'default'`,
  integration: `select id from integrations where id = $1`,
  id: `select id from integrations where id = $1`,
  run: `insert into sync_runs (store_id, id, integration_id, stream, trigger, mode, status, message)
    select store_id, gen_random_uuid(), id, 'contacts', 'manual', 'full', 'failed', '${CANARY}' from integrations where id = $1 returning id`,
  event: `insert into webhook_events (id, plugin_id, store_id, integration_id, event_id, type, raw, headers, state, reason)
    select '${v7()}'::uuid, plugin_id, store_id, id, 'e1', '${CANARY}', '{}', '{}', 'dead', '${CANARY}' from integrations where id = $1 returning id`,
  record: `insert into records (store_id, integration_id, stream, external_id, data, hash)
    select store_id, id, 'contacts', 'c1', '{"name":"${CANARY}"}', 'h' from integrations where id = $1 returning external_id as id`,
  key: `select k.id from api_keys k join integrations i on i.store_id = k.store_id where i.id = $1 limit 1`,
  link: `insert into connect_links (store_id, id, token_hash, user_id, plugin_id, return_url, expires_at)
    select i.store_id, gen_random_uuid(), 'h', m.user_id, 'target', 'https://app.example.com/${CANARY}', now() + interval '1 hour'
    from integrations i join memberships m on m.store_id = i.store_id where i.id = $1 limit 1 returning id`,
  job: `insert into bulk_jobs (store_id, id, user_id, action) select i.store_id, gen_random_uuid(), m.user_id, 'test'
    from integrations i join memberships m on m.store_id = i.store_id where i.id = $1 limit 1 returning id`,
  export: `insert into store_exports (store_id, id, requested_by, status, expires_at, bytes)
    select store_id, gen_random_uuid(), '${CANARY}', 'done', now() + interval '1 day', 0 from integrations where id = $1 returning id`,
  deletion: `insert into store_deletions (id, subject, slug, name, requested_by, status, user_id)
    select gen_random_uuid(), gen_random_uuid(), 'past', '${CANARY}', '${CANARY}', 'done', m.user_id
    from integrations i join memberships m on m.store_id = i.store_id where i.id = $1 limit 1 returning id`,
  invitation: `insert into invitations (store_id, id, email, role, token_hash, inviter, expires_at)
    select store_id, gen_random_uuid(), '${CANARY}@example.com', 'staff', 'h', 'x', now() + interval '1 day' from integrations where id = $1 returning id`,
  user: `select m.user_id as id from memberships m join integrations i on i.store_id = m.store_id where i.id = $1 limit 1`,
  session: `select translate(rtrim(encode(sha256(convert_to(s.sid, 'UTF8')), 'base64'), '='), '+/', '-_') as id from sessions s join memberships m on s.sess ->> 'userId' = m.user_id::text
    join integrations i on i.store_id = m.store_id where i.id = $1 limit 1`,
  webhook: `insert into webhook_endpoints (store_id, id, url, kinds, secret)
    select store_id, gen_random_uuid(), 'https://example.com/${CANARY}', '{sync.finished}', 'sealed' from integrations where id = $1 returning id`,
  delivery: `insert into webhook_deliveries (store_id, id, endpoint_id, kind, body, state)
    select store_id, gen_random_uuid(), (select w.id from webhook_endpoints w where w.store_id = i.store_id limit 1), 'sync.finished', '${CANARY}', 'failed'
    from integrations i where id = $1 returning id`,
};
/** Names of nothing that belongs to a store. */
const NOBODYS: Readonly<Record<string, string>> = {
  plugin: 'target',
  stream: 'contacts',
  action: 'addContact',
  name: 'lists',
  file: 'swagger-ui.css',
};
/** Whoever has it may: nobody can guess it, and it says whose it is. */
const UNGUESSABLE = ['token', 'proof'];

const namesIn = (on: string) => [...on.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
const isStored = (name: string) => THINGS[name] !== undefined;
const closed = apiRoutes.filter(({ who }) => who === 'signed-in' || who === 'password');
const pages = pageRoutes.filter(({ who }) => who === 'signed-in');
const walked = [...closed, ...pages].filter(({ on }) => namesIn(on).some(isStored)).map(({ on }) => on);
const byStore = closed.filter(({ on }) => on.includes('/:store')).map(({ on }) => on);
const byThing = closed.filter(({ on }) => namesIn(on).some((name) => name !== 'store' && isStored(name))).map(({ on }) => on);
const thingPages = pages.filter(({ on }) => namesIn(on).some(isStored)).map(({ on }) => on);
/** A person's own sessions end by whatever id is sent: what is not theirs is not there, and nothing happens. */
const said = [303, 403, 404];

beforeAll(async () => {
  ground = await openGround();
  const { hub, victim } = ground;
  api = new ApiDocument((await call('GET', `${hub.url}/api/openapi.json`)).body);
  await hub.rows(`update integrations set name = $2, description = $2 where id = $1`, [victim.integration, CANARY]);
  await hub.rows(`update stores set name = $1 where slug = 'default'`, [CANARY]);
  const named = new Set(walked.flatMap(namesIn).filter(isStored));
  for (const name of Object.keys(THINGS).filter((one) => named.has(one))) theirs[name] = await idOf(name);
  await joinStaff();
  tokens.owner = await csrfOf(ground.stranger.browser);
  tokens.staff = await csrfOf(staff.cookie);
  const quiet = () => hub.rows(`select 1 from sync_runs where status in ('queued', 'running')`);
  await until(async () => (await quiet()).length === 0, { what: 'the first syncs' });
  before = await victimsRows();
});

afterAll(() => ground?.close());

describe('every route', () => {
  it('names nothing of a store that this walk does not know', () => {
    const all = [...apiRoutes, ...pageRoutes].filter(({ who, on }) => who !== 'operator' && !on.includes(' /admin/'));
    const known = (name: string) => isStored(name) || NOBODYS[name] !== undefined || UNGUESSABLE.includes(name);
    expect(all.filter(({ on }) => !namesIn(on).every(known)).map(({ on }) => on)).toEqual([]);
  });

  it('is walked with what is really there: its owner finds it', async () => {
    const reads = byThing.filter(
      (on) => on.startsWith('GET ') && on.includes('/:store/') && !/options|runs\/live|archive|:link|export/.test(on),
    );
    const lost: string[] = [];
    for (const on of reads) {
      const { status } = await ground.victim.api('GET', addressOf(on, theirs));
      if (status >= 400) lost.push(`${status} ${on}`);
    }
    expect(lost).toEqual([]);
    before = await victimsRows();
  });
});

describe('of another store', () => {
  it.each(byStore)('an owner, staff and nobody get nothing by its name: %s', async (on) => {
    for (const key of [await ownerKey(), staff.key]) await findsNothing(await send(on, { params: theirs, key }), [404]);
    await findsNothing(await send(on, { params: theirs }), [401]);
  });

  it.each(byThing)('what is there is not found under the own store: %s', async (on) => {
    const params = { ...theirs, store: 'south' };
    for (const key of [await ownerKey(), staff.key]) await findsNothing(await send(on, { params, key }), [403, 404]);
    // An integration of one's own does not lead to what is below another's.
    if (!namesIn(on).some((name) => !['store', 'integration', 'id'].includes(name) && isStored(name))) return;
    const own = { ...params, integration: ground.stranger.integration, id: ground.stranger.integration };
    await findsNothing(await send(on, { params: own, key: await ownerKey() }), [403, 404]);
  });

  it.each(thingPages)('a page shows and does nothing: %s', async (on) => {
    for (const who of ['owner', 'staff'] as const) await findsNothing(await visit(on, { params: theirs, who }), said);
    const [, ...below] = namesIn(on).filter(isStored);
    if (below.length > 0)
      await findsNothing(await visit(on, { params: { ...theirs, id: ground.stranger.integration }, who: 'owner' }), said);
  });

  it('the administration is closed to owners, staff and nobody', async () => {
    const operators = apiRoutes.filter(({ who }) => who === 'operator').map(({ on }) => on);
    for (const on of operators) {
      for (const key of [await ownerKey(), staff.key]) await findsNothing(await send(on, { params: theirs, key }), [403]);
      await findsNothing(await send(on, { params: theirs }), [401]);
    }
    for (const { on } of pageRoutes.filter(({ who }) => who === 'operator')) {
      for (const who of ['owner', 'staff'] as const) await findsNothing(await visit(on, { params: theirs, who }), [403]);
    }
  });

  it('nothing was changed by any of it', async () => {
    expect(await victimsRows()).toEqual(before);
  });
});

async function findsNothing({ status, text }: { status: number; text: string }, expected: readonly number[]): Promise<void> {
  expect({ status: expected.includes(status) ? 'refused' : status, told: text.includes(CANARY) }).toEqual({
    status: 'refused',
    told: false,
  });
}

interface Sent {
  readonly params: Readonly<Record<string, string>>;
  readonly key?: string;
}

/** As the document shows it, so that what comes before the question whose it is lets it pass. */
async function send(on: string, { params, key }: Sent): Promise<{ status: number; text: string }> {
  const [method = ''] = on.split(' ');
  const { query, body } = bodyFor(on);
  const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const answer = await fetch(`${ground.hub.url}${addressOf(on, params)}${query}`, {
    method,
    headers: { accept: 'application/json', ...headers, ...(body && { 'content-type': 'application/json' }) },
    redirect: 'manual',
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, text: await answer.text() };
}

function bodyFor(on: string): { query: string; body: object | undefined } {
  const route = apiRoutes.find((one: ApiRoute) => one.on === on);
  const named = { integrationId: theirs['integration'] };
  const GIVEN: Readonly<Record<string, object>> = {
    'POST /api/integrations/test': named,
    'POST /api/integrations/sync': { ...named, dataType: 'contacts' },
    'POST /api/integrations/:plugin/oauth/refresh': named,
  };
  const examples = api.operation(on)?.requestBody?.content['application/json'].examples ?? {};
  const [example] = Object.values<{ value: object }>(examples);
  const flat = on.startsWith('GET /api/api-keys') || on.startsWith('DELETE /api/api-keys');
  return { query: flat ? '?store=south' : '', body: GIVEN[on] ?? example?.value ?? (route?.body && {}) };
}

async function visit(on: string, { params, who }: { params: Readonly<Record<string, string>>; who: 'owner' | 'staff' }) {
  const [method = ''] = on.split(' ');
  const browser = who === 'owner' ? ground.stranger.browser : staff.cookie;
  const path = addressOf(on, params);
  if (method === 'GET')
    return browser
      .get(path)
      .redirects(0)
      .ok(() => true);
  return browser
    .post(path)
    .type('form')
    .send({ _csrf: tokens[who], slug: 'default', store: theirs['store'] })
    .redirects(0)
    .ok(() => true);
}

function addressOf(on: string, params: Readonly<Record<string, string>>): string {
  const [, pattern = ''] = on.split(' ');
  return pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? NOBODYS[name] ?? v7()));
}

async function idOf(name: string): Promise<string> {
  const params = (THINGS[name] ?? '').includes('$1') ? [ground.victim.integration] : [];
  const [row] = await ground.hub.rows<{ id: string }>(THINGS[name] ?? '', params);
  if (!row) throw new Error(`the victim has no ${name}`);
  return row.id;
}

let kept: string | undefined;

/** One key for the walk: each route is asked a few times. */
async function ownerKey(): Promise<string> {
  kept ??= await keyOf(ground.hub, ground.stranger.person);
  return kept;
}

async function joinStaff(): Promise<void> {
  const { hub, stranger } = ground;
  const person = { email: 'staff@example.com', password: stranger.person.password };
  await hub.rows(
    `with person as (insert into users (id, email, password_hash) select $1, $2, password_hash from users where email = $3 returning id)
     insert into memberships (store_id, user_id, role) select s.id, p.id, 'staff' from stores s, person p where s.slug = 'south'`,
    [v7(), person.email, stranger.person.email],
  );
  staff.key = await keyOf(hub, person);
  staff.cookie = await signIn(hub, person);
}

async function csrfOf(browser: request.Agent): Promise<string> {
  const { text } = await browser.get('/stores');
  return /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
}

/** Moves by itself, whatever anybody does. */
const OF_THE_HUB = ['audit_seals', 'credential_reads', 'occurrences', 'webhook_queue'];

/** Table → a hash of the victim's rows in it, of every table that names a store; and of the store itself. */
async function victimsRows(): Promise<Record<string, string>> {
  const { hub, victim } = ground;
  const tables = await hub.rows<{ name: string }>(
    `select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'store_id' order by 1`,
  );
  const found: Record<string, string> = {};
  const own = `select store_id from integrations where id = '${victim.integration}'`;
  for (const { name } of tables.filter((table) => !OF_THE_HUB.includes(table.name))) {
    // When a key was last used, and which seal an entry got, is the hub's own book-keeping.
    const rows = await hub.rows<{ row: string }>(
      `select (to_jsonb(t) - array['last_used_at', 'seal', 'next_run_at'])::text as row from "${name}" t where store_id = (${own}) order by 1`,
    );
    found[name] = createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 12);
  }
  found['stores'] = JSON.stringify(await hub.rows(`select * from stores where id = (${own})`));
  return found;
}
