import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pool } from 'pg';
import { type TestDatabase, testDatabase } from './database.ts';
import { ADMIN, type Answer, call, freePort } from './hub.ts';
import { TcpPostgres } from './tcp-postgres.ts';
import { until } from './wait.ts';

const HUB = fileURLToPath(new URL('../../bin/hub.js', import.meta.url));

/** Hubs in processes of their own on one database, without the shipped plugins. */
export interface HubHosts {
  rows<T = Record<string, unknown>>(sql: string, params?: unknown[]): Promise<T[]>;
  /** Starts one and waits until it answers. */
  start(port?: number): Promise<HubHost>;
  close(): Promise<void>;
}

export interface HubHost {
  readonly port: number;
  /** Calls its API as the first admin. */
  api(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Resolves once the process is gone. */
  kill(): Promise<void>;
}

export interface HubHostsWith {
  /** Writes the plugins into the folder it is given. */
  readonly plugins: (pluginDirs: string) => void;
  /** Where the hub of this port sends what is for the plugins' hosts. */
  readonly egressMap: (port: number) => Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** A database server of their own: many hubs take more connections than tests may from the one they share. */
  readonly ownServer?: boolean;
  /** A database that is there already; whoever made it closes it. */
  readonly database?: Pick<TestDatabase, 'url' | 'dataSource'>;
}

export async function hubHosts(options: HubHostsWith): Promise<HubHosts> {
  const { plugins, egressMap, env: more, ownServer = false, database: given } = options;
  const home = mkdtempSync(join(tmpdir(), 'hub-hosts-'));
  const database = ownServer ? await ownDatabase(home) : await sharedDatabase(given);
  const pluginDirs = join(home, 'plugins');
  plugins(pluginDirs);
  const running = new Set<ChildProcess>();
  const env = {
    PATH: process.env['PATH'] ?? '',
    DATABASE_URL: database.url,
    PLUGIN_DIRS: pluginDirs,
    DATA_DIR: join(home, 'data'),
    HUB_KEYS: `hosts:${randomBytes(32).toString('base64')}`,
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
    LOG_LEVEL: 'fatal',
    ...more,
  };
  let key: string | undefined;
  return {
    rows: database.rows,
    async start(asked) {
      const port = asked ?? (await freePort());
      const url = `http://127.0.0.1:${port}`;
      const child = spawn(process.execPath, [HUB, 'start'], {
        env: { ...env, PORT: String(port), EGRESS_MAP: JSON.stringify(egressMap(port)) },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      running.add(child);
      const ended = new Promise<void>((done) => child.once('exit', () => done()));
      await until(async () => child.exitCode !== null || (await fetch(`${url}/readyz`)).ok, {
        withinMs: 120_000,
        what: 'the hub to answer',
      });
      if (child.exitCode !== null) throw new Error(`the hub ended by itself with ${child.exitCode}`);
      key ??= await firstKey(url);
      return {
        port,
        api: (method, path, body) => call(method, `${url}${path}`, { body, headers: { authorization: `Bearer ${key}` } }),
        async kill() {
          child.kill('SIGKILL');
          await ended;
          running.delete(child);
        },
      };
    },
    async close() {
      for (const child of running) child.kill('SIGKILL');
      await database.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

interface Database extends Pick<HubHosts, 'rows' | 'close'> {
  readonly url: string;
}

async function sharedDatabase(given: HubHostsWith['database']): Promise<Database> {
  const { url, dataSource, close } = given ? { ...given, close: async () => undefined } : await testDatabase();
  return { url, close, rows: (sql, params) => dataSource.query(sql, params) };
}

async function ownDatabase(home: string): Promise<Database> {
  chmodSync(home, 0o755);
  const postgres = await TcpPostgres.make(home);
  const pool = new Pool({ connectionString: postgres.url, max: 4 });
  pool.on('error', () => undefined);
  return {
    url: postgres.url,
    rows: async (sql, params) => (await pool.query(sql, params)).rows,
    async close() {
      await pool.end();
      await postgres.stopHard();
    },
  };
}

async function firstKey(url: string): Promise<string> {
  const authorization = `Basic ${Buffer.from(`${ADMIN.email}:${ADMIN.password}`).toString('base64')}`;
  const answer = await call('POST', `${url}/api/api-keys`, { body: { name: 'hosts' }, headers: { authorization } });
  if (answer.status !== 201) throw new Error(`no API key: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.key;
}
