import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { testDatabase } from './database.ts';
import { ADMIN, type Answer, call, freePort } from './hub.ts';
import { writePagedPlugin } from './paged-plugin.ts';
import { PagedProvider } from './paged-provider.ts';
import { until } from './wait.ts';

const HUB = fileURLToPath(new URL('../../bin/hub.js', import.meta.url));

/** Hubs in processes of their own on one database, with the plugin `paged` and its provider in the test's process. */
export interface SyncHosts {
  readonly provider: PagedProvider;
  rows<T = Record<string, unknown>>(sql: string, params?: unknown[]): Promise<T[]>;
  /** Starts one and waits until it answers. */
  start(port?: number): Promise<SyncHost>;
  close(): Promise<void>;
}

export interface SyncHost {
  readonly port: number;
  /** Calls its API as the first admin. */
  api(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Resolves once the process is gone. */
  kill(): Promise<void>;
}

export async function syncHosts({ pageSize }: { readonly pageSize: number }): Promise<SyncHosts> {
  const database = await testDatabase();
  const home = mkdtempSync(join(tmpdir(), 'sync-hosts-'));
  const pluginDirs = join(home, 'plugins');
  writePagedPlugin(pluginDirs);
  const provider = await new PagedProvider(pageSize).start();
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
    EGRESS_MAP: JSON.stringify({ 'api.paged.example': provider.url }),
  };
  let key: string | undefined;
  return {
    provider,
    rows: (sql, params) => database.dataSource.query(sql, params),
    async start(asked) {
      const port = asked ?? (await freePort());
      const url = `http://127.0.0.1:${port}`;
      const child = spawn(process.execPath, [HUB, 'start'], {
        env: { ...env, PORT: String(port) },
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
      await provider.close();
      await database.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function firstKey(url: string): Promise<string> {
  const authorization = `Basic ${Buffer.from(`${ADMIN.email}:${ADMIN.password}`).toString('base64')}`;
  const answer = await call('POST', `${url}/api/api-keys`, { body: { name: 'hosts' }, headers: { authorization } });
  if (answer.status !== 201) throw new Error(`no API key: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.key;
}
