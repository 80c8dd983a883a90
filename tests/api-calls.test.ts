import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { curl, curlSamples } from './support/curl-samples.ts';
import { ADMIN, type Answer, call, type Hub, startHub } from './support/hub.ts';
import { keyOf } from './support/people.ts';
import { until } from './support/wait.ts';

const ALL = '/api/stores/default/integrations';
const ONE = `${ALL}/leadconnector`;
let hub: Hub;
let pit: object;

beforeAll(async () => {
  hub = await startHub({ CONNECT_RETURN_URLS: 'https://app.example.com/' });
  pit = (await call('GET', `${hub.url}/sandbox/leadconnector`)).body.credentials;
});

afterAll(() => hub?.close());

const fifty = (ask: () => Promise<Answer>) => Promise.all(Array.from({ length: 50 }, ask));
const count = async (sql: string) => Number((await hub.rows<{ count: string }>(`select count(*) from ${sql}`))[0]?.count);
const problem = ({ status, body }: Answer) => [status, body.code];

describe('a key that names a wish', () => {
  const connect = (key: string, more: object = {}) =>
    hub.api('POST', `${ONE}/connect`, { method: 'manual', fields: pit, ...more }, { 'idempotency-key': key });

  it('connects once, however many ask at once', async () => {
    const answers = await fifty(() => connect('connect-1'));
    // A slow machine tells some of those who wait to come again.
    const told = answers.filter(({ status }) => status !== 409);
    const again = await until(
      async () => {
        const one = await connect('connect-1');
        return one.status !== 409 && one;
      },
      { what: 'the answer' },
    );
    expect(new Set([...told, again].map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set([...told, again].map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await count('integrations')).toBe(1);
    expect(await count(`audit_entries where action = 'integration.connect'`)).toBe(1);
  });

  it('syncs once, however many ask at once, and later too', async () => {
    const end = () =>
      hub.rows(`update sync_runs set status = 'cancelled', finished_at = now() where status in ('queued', 'running')`);
    const sync = (key: string) => hub.api('POST', `${ONE}/sync`, { stream: 'calendars' }, { 'idempotency-key': key });
    await end();
    const before = await count('sync_runs');
    const answers = (await fifty(() => sync('sync-1'))).filter(({ status }) => status !== 409);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(await count('sync_runs')).toBe(before + 1);
    await end();
    expect((await sync('sync-1')).body).toEqual(answers[0]?.body);
    expect(await count('sync_runs')).toBe(before + 1);
    await sync('sync-3');
    expect(await count('sync_runs')).toBe(before + 2);
  });

  it('is refused with another wish, and is of its owner only', async () => {
    expect(problem(await connect('connect-1', { name: 'Other' }))).toEqual([422, 'CONFLICT']);
    expect(problem(await hub.api('POST', `${ONE}/test`, {}, { 'idempotency-key': 'connect-1' }))).toEqual([422, 'CONFLICT']);
    expect(problem(await hub.api('POST', `${ONE}/test`, {}, { 'idempotency-key': '' }))).toEqual([400, 'VALIDATION_FAILED']);
  });

  it('tells nothing to another API key of the same person, in another store or with less to its name', async () => {
    const basic = { authorization: `Basic ${Buffer.from(`${ADMIN.email}:${ADMIN.password}`).toString('base64')}` };
    const wish = { 'idempotency-key': 'shared-1' };
    const make = (headers: Record<string, string>, body: object) => call('POST', `${hub.url}/api/api-keys`, { body, headers });
    await hub.rows(`insert into stores (id, slug, name) values ('0199b3a0-0000-7000-8000-00000000a0b0', 'yonder', 'Yonder')`);
    const here = { authorization: `Bearer ${await keyOf(hub, ADMIN, ['read'])}` };
    const there = { authorization: `Bearer ${(await make(basic, { name: 'yonder', store: 'yonder' })).body.key}` };

    const flat = { body: { integrationId: 'leadconnector' }, headers: { ...there, ...wish } };
    expect((await hub.api('POST', '/api/integrations/test', flat.body, wish)).status).toBe(200);
    expect(problem(await call('POST', `${hub.url}/api/integrations/test`, flat))).toEqual([404, 'NOT_FOUND']);

    const first = await make({ ...basic, 'idempotency-key': 'new-key' }, { name: 'all' });
    expect(first.status).toBe(201);
    expect(problem(await make({ ...here, 'idempotency-key': 'new-key' }, { name: 'all' }))).toEqual([403, 'FORBIDDEN']);
  });

  it('is free again where nothing came of it', async () => {
    expect(problem(await hub.api('POST', `${ONE}/sync`, { stream: 'nothing' }, { 'idempotency-key': 'sync-2' }))).toEqual([
      404,
      'NOT_FOUND',
    ]);
    expect((await hub.api('POST', `${ONE}/sync`, { stream: 'calendars' }, { 'idempotency-key': 'sync-2' })).status).toBe(202);
  });

  it('keeps no answer in the clear, and none for longer than a day', async () => {
    const key = { 'idempotency-key': 'key-1' };
    const basic = `Basic ${Buffer.from('owner@example.com:a long enough password').toString('base64')}`;
    const make = () =>
      call('POST', `${hub.url}/api/api-keys`, { body: { name: 'x' }, headers: { ...key, authorization: basic } });
    const first = await make();
    expect((await make()).body.key).toBe(first.body.key);
    const [kept] = await hub.rows<{ answer: string }>(`select answer from idempotency_keys where key = 'key-1'`);
    expect(kept?.answer).not.toContain(first.body.key.slice(3, 12));
    await hub.rows(`update idempotency_keys set created_at = now() - interval '25 hours'`);
    expect((await make()).body.key).not.toBe(first.body.key);
  });
});

describe('a list', () => {
  it('of 10,000 runs is read while new ones arrive: none missed, none twice', async () => {
    const add = (from: number, to: number) =>
      hub.rows(
        `insert into sync_runs (store_id, id, integration_id, stream, trigger, mode, status, queued_at)
         select store_id, gen_random_uuid(), id, 'pages', 'manual', 'full', 'succeeded', now() - (20000 - n / 3) * interval '1 ms'
         from integrations, generate_series($1::int, $2::int) n`,
        [from, to],
      );
    await add(1, 10_000);
    const before = new Set(
      (await hub.rows<{ id: string }>(`select id from sync_runs where stream = 'pages'`)).map(({ id }) => id),
    );
    const met: string[] = [];
    let cursor = '';
    for (let page = 0; ; page += 1) {
      const { body } = await hub.api('GET', `${ONE}/runs?stream=pages&limit=200${cursor}`);
      met.push(...body.runs.map(({ id }: { id: string }) => id));
      if (body.next === null) break;
      cursor = `&cursor=${body.next}`;
      if (page % 5 === 0)
        await hub.rows(
          `insert into sync_runs (store_id, id, integration_id, stream, trigger, mode, status)
         select store_id, gen_random_uuid(), id, 'pages', 'manual', 'full', 'succeeded' from integrations`,
        );
    }
    expect(new Set(met).size).toBe(met.length);
    expect(new Set(met)).toEqual(before);
  });

  it('is narrowed by stream, state and time', async () => {
    const runs = async (query: string) => (await hub.api('GET', `${ONE}/runs?${query}`)).body.runs.length;
    expect(await runs('stream=pages&status=failed')).toBe(0);
    expect(await runs('stream=pages&until=2001-01-01')).toBe(0);
    expect(await runs('stream=pages&from=2999-01-01T00:00:00Z')).toBe(0);
    expect(await runs('stream=pages&from=2001-01-01&limit=7')).toBe(7);
    const cards = async (query: string) =>
      (await hub.api('GET', `${ALL}?${query}`)).body.templates.map(({ id }: { id: string }) => id);
    expect(await cards('plugin=leadconnector')).toEqual(['leadconnector']);
    expect(await cards('category=CRM&state=coming-soon')).not.toContain('leadconnector');
    const first = (await hub.api('GET', `${ALL}?limit=2`)).body;
    const second = (await hub.api('GET', `${ALL}?limit=200&cursor=${first.next}`)).body;
    expect([...first.templates, ...second.templates].map(({ id }) => id)).toEqual(await cards(''));
  });
});

describe('an update', () => {
  it('with If-Match is made only where nobody else was quicker', async () => {
    const { headers } = await hub.api('GET', ONE);
    const tag = headers.get('etag') ?? '';
    expect((await hub.api('GET', ONE, undefined, { 'if-none-match': tag })).status).toBe(304);
    const renamed = await hub.api('PATCH', ONE, { name: 'One' }, { 'if-match': tag });
    expect([renamed.status, renamed.headers.get('etag') === tag]).toEqual([200, false]);
    expect(problem(await hub.api('PATCH', ONE, { name: 'Two' }, { 'if-match': tag }))).toEqual([412, 'CONFLICT']);
    expect(problem(await hub.api('PUT', `${ONE}/configure`, {}, { 'if-match': tag }))).toEqual([412, 'CONFLICT']);
    expect((await hub.api('PATCH', ONE, { name: 'Two' }, { 'if-match': renamed.headers.get('etag') ?? '' })).status).toBe(200);
  });

  it('of ten at once with the same tag is made once, whichever of its addresses they use', async () => {
    const { headers, body } = await hub.api('GET', ONE);
    const tag = headers.get('etag') ?? '';
    const ways = [ONE, `${ALL}/${body.id}`, `${ONE}/`];
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) => {
        const way = ways[at % ways.length] ?? ONE;
        return hub.api('PATCH', way, { name: `Name ${at}` }, { 'if-match': tag });
      }),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});

describe('a list that is followed', () => {
  it('tells each message as it arrives', async () => {
    const key = await keyOf(hub, ADMIN);
    const stop = new AbortController();
    const headers = { accept: 'text/event-stream', authorization: `Bearer ${key}` };
    const reply = await fetch(`${hub.url}${ONE}/events`, { headers, signal: stop.signal });
    expect(reply.headers.get('content-type')).toContain('text/event-stream');
    await hub.sandbox('leadconnector', 'addContact', { firstName: 'Ada' });
    let text = '';
    for await (const bytes of reply.body ?? []) {
      text += Buffer.from(bytes).toString();
      if (/event: event\ndata: \{.*"type":"ContactCreate"/.test(text)) break;
    }
    stop.abort();
    expect(text).toMatch(/event: event/);
  });

  it('of runs ends when none is at work', async () => {
    await hub.rows(`update sync_runs set status = 'cancelled', finished_at = now() where status in ('queued', 'running')`);
    const headers = { accept: 'text/event-stream', authorization: `Bearer ${await keyOf(hub, ADMIN)}` };
    const text = await (await fetch(`${hub.url}${ONE}/runs`, { headers })).text();
    expect(text).toMatch(/event: end/);
  });
});

describe('every answer', () => {
  it('carries the id of the request and what is left of the limit', async () => {
    const { headers } = await hub.api('GET', '/api/stores', undefined, { 'x-request-id': 'mine-1' });
    expect(headers.get('x-request-id')).toBe('mine-1');
    expect(headers.get('ratelimit')).toMatch(/r=\d+; *t=\d+/);
    expect(headers.get('ratelimit-policy')).toMatch(/q=\d+; *w=60/);
  });
});

describe('the page docs/api.md', () => {
  it('shows calls that answer as it says', async () => {
    const samples = await curlSamples('api.md');
    expect(samples.length).toBeGreaterThan(12);
    const variables: Record<string, string> = {
      ...{ HUB: hub.url, EMAIL: ADMIN.email, PASSWORD: ADMIN.password, PLUGIN: 'leadconnector', STREAM: 'contacts' },
      ...{ OPTIONS: 'calendars', RETURN_URL: 'https://app.example.com/done', FIELDS: JSON.stringify(pit) },
    };
    // The page begins before anything is connected.
    await hub.api('DELETE', ONE);
    await hub.rows('delete from integrations');
    for (const { title, command, status, field } of samples) {
      const reply = await curl(command, variables);
      const body = await reply.json();
      expect({ title, status: reply.status, body }).toMatchObject({ title, status, body: { [field]: expect.anything() } });
      if (field === 'key') variables['KEY'] = body.key;
    }
  });
});

describe('a typed client', () => {
  it('made of the document compiles, and does not where it is used wrongly', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'hub-client-'));
    try {
      writeFileSync(join(dir, 'openapi.json'), JSON.stringify((await call('GET', `${hub.url}/api/openapi.json`)).body));
      const root = join(import.meta.dirname, '..');
      const made = run(
        [
          '--import',
          join(root, 'tests/support/typescript-five.js'),
          join(root, 'node_modules/openapi-typescript/bin/cli.js'),
          'openapi.json',
          '-o',
          'api.ts',
        ],
        dir,
      );
      expect(made).toEqual({ status: 0, out: expect.stringContaining('openapi.json') });
      writeFileSync(join(dir, 'use.ts'), USE);
      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      expect(run([tsc, '--strict', '--noEmit', '--target', 'es2022', '--module', 'nodenext', 'use.ts'], dir)).toEqual({
        status: 0,
        out: '',
      });
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});

function run(args: string[], cwd: string): { status: number | null; out: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  return { status, out: stdout + stderr };
}

const USE = `
import type { components, paths } from './api.js';

type Runs = paths['/api/stores/{store}/integrations/{integration}/runs']['get'];
export const page: Runs['responses'][200]['content']['application/json'] = { runs: [], next: null };
export const connect: components['schemas']['Connect'] = { method: 'oauth' };
export const status: components['schemas']['Run']['status'] = 'succeeded';
export const query: NonNullable<Runs['parameters']['query']> = { limit: 10, status: 'failed' };
// @ts-expect-error a status there is not
export const wrong: components['schemas']['Run']['status'] = 'done';
// @ts-expect-error a method there is not
export const magic: components['schemas']['Connect'] = { method: 'magic' };
`;
