import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { type TestDatabase, testDatabase } from './support/database.ts';
import { deliverTo, writePlugin } from './support/hot-plugin.ts';
import { ADMIN, freePort, type Hub, startHub } from './support/hub.ts';
import { until } from './support/wait.ts';

const HUB = fileURLToPath(new URL('../bin/hub.js', import.meta.url));
let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'faults-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Counted {
  readonly failures: string;
  readonly last_error: string | null;
}

async function counted(rows: (sql: string) => Promise<Counted[]>, n: number): Promise<Counted | undefined> {
  const ask = async () => (await rows("select failures, last_error from integration_templates where plugin_id = 'bad'"))[0];
  await until(async () => Number((await ask())?.failures) >= n, { what: `${n} faults to be counted` });
  return ask();
}

describe('faults of a plugin in a call', () => {
  let hub: Hub;
  beforeAll(async () => {
    const dir = join(home, 'calls');
    mkdirSync(dir);
    const act = (name: string, body: string) =>
      `${name}: { title: '${name}', input: { type: 'object', properties: {} }, async run(ctx: any): Promise<any> { ${body} } },`;
    writePlugin(dir, 'bad', {
      name: 'Petshop',
      handlers: `test: (() => { let asked = 0; return async (ctx: any) => (asked++ ? ctx.account.nobody.name : { message: 'Works.' }); })(),
      actions: {
        ${act('throws', 'const nobody = undefined as any; return nobody.name;')}
        ${act('shape', 'return 5;')}
        ${act('elsewhere', "await ctx.http.get('https://elsewhere.example/'); return { data: {} };")}
      },`,
    });
    writePlugin(dir, 'good', { answer: 'good' });
    hub = await startHub({ PLUGIN_DIRS: dir, SANDBOX: '0' });
    await hub.api('POST', '/api/stores/default/integrations/bad/connect', { method: 'manual', fields: { key: 'k' } });
  });
  afterAll(() => hub?.close());

  it.each([
    ['throws', 1, 'reading'],
    ['shape', 2, 'the action did not return a result'],
    ['elsewhere', 3, 'elsewhere.example'],
  ])('%s: an error with its name, counted, and nobody else is touched', async (action, n, said) => {
    const answer = await hub.api('POST', `/api/stores/default/integrations/bad/actions/${action}`, {});
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect((await counted(hub.rows, n))?.last_error).toContain(said);
    expect(await deliverTo(hub.url, 'good')).toEqual({ status: 200, text: 'good' });
  });

  it('tells a store on the page where Test was pressed, in no words of its code', async () => {
    const browser = request.agent(hub.url).set('accept', 'text/html');
    await postOf(browser, '/login', '/login', ADMIN);
    const [{ id } = { id: '' }] = await hub.rows<{ id: string }>("select id from integrations where plugin_id = 'bad'");
    const page = `/integrations/bad/${id}`;
    const answer = await postOf(browser, page, `${page}/test`);
    expect([answer.status, answer.headers['location']]).toEqual([303, page]);
    const { text } = await browser.get(page);
    expect(text).toContain('Petshop has a fault; its administrator can read it.');
    expect(text).not.toContain('undefined');
    expect((await counted(hub.rows, 4))?.last_error).toMatch(/^test: /);
  });
});

async function postOf(browser: ReturnType<typeof request.agent>, page: string, to: string, fields: object = {}) {
  const { text } = await browser.get(page);
  const token = /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
  return browser
    .post(to)
    .type('form')
    .send({ _csrf: token, ...fields });
}

describe('faults that stray out of a plugin', () => {
  let db: TestDatabase;
  let child: ChildProcess;
  let url: string;
  let said = '';
  let code: number | null | undefined;

  beforeAll(async () => {
    const dir = join(home, 'strays');
    mkdirSync(dir);
    writePlugin(dir, 'bad', {
      top: `import { EventEmitter } from 'node:events';
const STRAYS: (() => void)[] = [
  () => void Promise.reject(new Error('nobody awaits this')),
  () => void Promise.reject('only a text'),
  () => void process.nextTick(() => { throw new Error('later'); }),
  () => void queueMicrotask(() => { new EventEmitter().emit('error', new Error('emitted')); }),
  () => void setTimeout(() => { throw new Error('timed'); }, 1),
];
let at = 0;
void Promise.reject(new Error('at load'));`,
      inAck: 'STRAYS[at++ % STRAYS.length]?.();',
    });
    writePlugin(dir, 'good', { answer: 'good' });
    db = await testDatabase();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const env = { PORT: String(port), DATABASE_URL: db.url, DATA_DIR: join(home, 'data'), PLUGIN_DIRS: dir, LOG_LEVEL: 'warn' };
    child = spawn(process.execPath, [HUB, 'start'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
    child.once('exit', (ended) => (code = ended ?? 1));
    await until(() => said.includes('Patchbay listens on') || code !== undefined, { what: 'the hub to start' });
  });
  afterAll(async () => {
    child?.kill('SIGTERM');
    await until(() => code !== undefined, { what: 'the hub to end' });
    await db?.close();
  });

  it('are counted as its own, with the author’s file, and end nothing', async () => {
    const rows = (sql: string) => db.dataSource.query<Counted[]>(sql);
    await counted(rows, 1);
    for (let n = 2; n <= 6; n += 1) {
      expect((await deliverTo(url, 'bad')).status).toBe(200);
      await counted(rows, n);
    }
    const row = await counted(rows, 6);
    expect(row).toEqual({ failures: '6', last_error: expect.stringMatching(/^a timer: timed \(bad\/webhook\.ts:\d+\)$/) });
    expect(await deliverTo(url, 'good')).toEqual({ status: 200, text: 'good' });
    expect(code).toBeUndefined();
    expect(said).toContain('"plugin":"bad"');
  });
});
