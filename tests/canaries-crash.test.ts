import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Canaries } from './support/canaries/canaries.ts';
import { appsOf, letters, routesTo } from './support/canaries/canary-hub.ts';
import { dump } from './support/canaries/channels.ts';
import { writeLeakyPlugins } from './support/canaries/leaky-plugin.ts';
import { tellingProvider } from './support/canaries/telling-provider.ts';
import { type TestDatabase, testDatabase } from './support/database.ts';
import type { FakeOAuthProvider } from './support/fake-oauth-provider.ts';
import { ADMIN, call, freePort, RING } from './support/hub.ts';
import { until } from './support/wait.ts';

const HUB = fileURLToPath(new URL('../bin/hub.js', import.meta.url));
/** A mistake of the hub's own, made when it is told to: it says what the environment says. */
const MISTAKE = `data:text/javascript,process.on('SIGUSR2',()=>{setTimeout(()=>{throw%20new%20Error('crashed%20with%20'+process.env.CRASH_WITH)})})`;
const HIDDEN = 'with [redacted] and [redacted]';
const STORE = '/api/stores/default/integrations';

const canaries = new Canaries();
const [key, webhookSecret] = [canaries.add('key', `key-${letters()}`), canaries.add('webhook secret', letters())];
const signingKey = canaries.add('setting', letters());
canaries.add('key of the ring', RING.slice('test:'.length));

let home: string;
let database: TestDatabase;
let provider: FakeOAuthProvider;
let env: Record<string, string>;
let said = '';
const running = new Set<ChildProcess>();

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'canary-crash-'));
  writeLeakyPlugins(join(home, 'plugins'), { strayPromises: true });
  [database, provider] = await Promise.all([testDatabase(), tellingProvider()]);
  provider.access.set(key, 'acc-1');
  env = {
    ...appsOf(webhookSecret),
    PATH: process.env['PATH'] ?? '',
    PORT: String(await freePort()),
    DATABASE_URL: database.url,
    DATA_DIR: join(home, 'data'),
    PLUGIN_DIRS: join(home, 'plugins'),
    EGRESS_MAP: JSON.stringify(routesTo(provider)),
    HUB_KEYS: RING,
    SESSION_SECRET: canaries.add('session secret', letters() + letters()),
    METRICS_TOKEN: canaries.add('metrics token', letters()),
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: canaries.add('password of the admin', letters()),
    LOG_LEVEL: 'trace',
    CRASH_WITH: key,
  };
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await database?.close();
  await provider?.close();
  rmSync(home, { recursive: true, force: true });
});

async function started() {
  said += '\n--- another start\n';
  const from = said.length;
  const child = spawn(process.execPath, ['--import', MISTAKE, HUB, 'start'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said += chunk;
    });
  }
  const ended = new Promise<{ code: number | null; signal: string | null }>((done) =>
    child.once('close', (code, signal) => done({ code, signal })),
  );
  await until(() => said.slice(from).includes('Patchbay listens on') || child.exitCode !== null, { what: 'the hub to start' });
  return { child, ended };
}

let apiKey: string | undefined;

async function api(method: string, path: string, body?: unknown) {
  const url = `http://127.0.0.1:${env['PORT']}`;
  if (apiKey === undefined) {
    const authorization = `Basic ${Buffer.from(`${ADMIN.email}:${env['ADMIN_PASSWORD']}`).toString('base64')}`;
    const made = await call('POST', `${url}/api/api-keys`, { body: { name: 'crash' }, headers: { authorization } });
    apiKey = canaries.add('API key', made.body.key);
  }
  return call(method, `${url}${path}`, { body, headers: { authorization: `Bearer ${apiKey}` } });
}

function filesBelow(folder: string): string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return found.map(({ parentPath, name }) => join(parentPath, name));
}

describe('a hub that ends badly', () => {
  let id: string;

  it('is told of secrets by plugins that leave errors behind, and goes on', async () => {
    const { child, ended } = await started();
    const connected = await api('POST', `${STORE}/leaky/connect`, { method: 'manual', fields: { key } });
    id = connected.body.id;
    expect((await api('PUT', `${STORE}/${id}/configure`, { signingKey })).status).toBe(200);
    const invited = await api('POST', '/api/stores/default/invitations', { email: 'ana@example.com', role: 'staff' });
    canaries.add('invitation', invited.body.url.split('/').at(-1));
    expect((await api('POST', `${STORE}/${id}/actions/strays`, {})).status).toBe(200);
    await until(() => said.includes(`strayed ${HIDDEN}`) && said.includes(`rejected ${HIDDEN}`), {
      what: 'the errors nobody waited for',
    });
    const mails = () => filesBelow(home).filter((file) => file.endsWith('.eml') && statSync(file).size > 0);
    await until(() => mails().length > 0, { what: 'the mail' });
    child.kill('SIGABRT');
    expect(await ended).toEqual({ code: null, signal: 'SIGABRT' });
  });

  it('by a mistake of its own says which, without the secret in it', async () => {
    const { child, ended } = await started();
    await api('POST', `${STORE}/${id}/test`, {});
    child.kill('SIGUSR2');
    expect((await ended).code).toBe(1);
    expect(said).toContain('crashed with [redacted]');
  });

  it('has left no secret in what it said, in its database or in its files, a report of the crash included', async () => {
    expect(canaries.find(said)).toEqual([]);
    expect(
      (await dump({ rows: (sql, params) => database.dataSource.query(sql, params) })).flatMap((row) => canaries.find(row)),
    ).toEqual([]);
    const root = fileURLToPath(new URL('..', import.meta.url));
    const left = readdirSync(root).filter((name) => /^(report\..*\.json|core(\.\d+)?)$/.test(name) && name !== 'core');
    expect(left).toEqual([]);
    const told = filesBelow(join(home, 'data')).map((file) => [file, canaries.find(readFileSync(file, 'latin1'))] as const);
    // The one mail that is there to bring the invitation.
    const known = ([file, found]: (typeof told)[number]) =>
      found.length === 0 || (file.endsWith('.eml') && found.length === 1 && found[0]?.startsWith('invitation '));
    expect(told.filter((one) => !known(one))).toEqual([]);
    expect(told.filter(([, found]) => found.length > 0)).toHaveLength(1);
  });
});
