import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, type AppOptions, createApp } from '../../core/app.ts';
import { type Config, readConfig } from '../../core/config.ts';
import type { Log } from '../../core/log.ts';
import { testDatabase } from './database.ts';
import { templateWithPlugins } from './kept-plugins.ts';
import { testEnv } from './test-server.ts';

/** Of every hub of a run: hosts of one database share their keys. */
export const RING = testEnv.PATCHBAY_TEST_RING ?? '';

export const ADMIN = { email: 'owner@example.com', password: 'a long enough password' };

// biome-ignore lint/suspicious/noExplicitAny: a test says with its expectations what an answer must hold.
export interface Answer<T = any> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export interface Hub {
  readonly url: string;
  readonly app: App;
  readonly dataDir: string;
  readonly config: Config;
  /** Calls the hub's API as its first admin. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Presses a button on a simulator's panel. */
  sandbox(plugin: string, command: string, input?: object): Promise<Answer>;
  /** Looks into the hub's database. */
  rows<T = Record<string, unknown>>(sql: string, params?: unknown[]): Promise<T[]>;
  close(): Promise<void>;
}

/** A whole hub on a database and a port of its own, with an admin, a store `default` and the shipped plugins. */
export async function startHub(env: Record<string, string> = {}, log?: Log, options: AppOptions = {}): Promise<Hub> {
  const database = await testDatabase({ template: await templateWithPlugins() });
  const dataDir = mkdtempSync(join(tmpdir(), 'hub-data-'));
  const port = await freePort();
  const config = readConfig({
    PORT: String(port),
    DATABASE_URL: database.url,
    DATA_DIR: dataDir,
    HUB_KEYS: RING,
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
    LOG_LEVEL: 'silent',
    ...env,
  });
  const app = await createApp(config, log, { goodbyeMs: 0, ...options });
  await app.listen();
  const url = `http://127.0.0.1:${port}`;
  const key = await firstKey(url);
  return {
    url,
    app,
    dataDir,
    config,
    api: (method, path, body, headers = {}) =>
      call(method, `${url}${path}`, { body, headers: { authorization: `Bearer ${key}`, ...headers } }),
    sandbox: (plugin, command, input = {}) => call('POST', `${url}/sandbox/${plugin}/panel`, { body: { command, input } }),
    rows: (sql, params) => database.dataSource.query(sql, params),
    close: async () => {
      await app.close();
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function firstKey(url: string): Promise<string> {
  const basic = Buffer.from(`${ADMIN.email}:${ADMIN.password}`).toString('base64');
  const answer = await call('POST', `${url}/api/api-keys`, {
    body: { name: 'tests' },
    headers: { authorization: `Basic ${basic}` },
  });
  if (answer.status !== 201) throw new Error(`no API key: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.key;
}

/** One HTTP call; JSON in and out where it is JSON. */
export async function call(
  method: string,
  url: string,
  options: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const json = options.body !== undefined;
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { accept: 'application/json', ...(json ? { 'content-type': 'application/json' } : {}), ...options.headers },
    ...(json ? { body: JSON.stringify(options.body) } : {}),
  });
  const text = await response.text();
  const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: isJson && text ? JSON.parse(text) : text };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
