import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { startEmbeddedPostgres } from '../../core/database/embedded-postgres.ts';
import type { createLog } from '../../core/log.ts';

const ROOT = join(import.meta.dirname, '../..');
const { V8_FLAGS } = (await import(join(ROOT, 'bin/runtime.js'))) as { readonly V8_FLAGS: readonly string[] };

/** One for all hubs of a bench, as they share a database. */
const HUB_KEYS = `bench:${randomBytes(32).toString('base64')}`;

/** The compiled module of a source file; its types are the source's. */
export async function compiled<T>(file: string): Promise<T> {
  return (await import(join(ROOT, 'dist', file))) as T;
}

/** A database server for a bench, in `dir`. */
export async function startDatabase(dir: string): Promise<{ url: string; close(): Promise<void> }> {
  const start = await compiled<{ startEmbeddedPostgres: typeof startEmbeddedPostgres }>('core/database/embedded-postgres.js');
  const log = await compiled<{ createLog: typeof createLog }>('core/log.js');
  return start.startEmbeddedPostgres({ dir, log: log.createLog('silent') });
}

export interface HubSettings {
  /** Without it the hub brings its own, in `dataDir`. */
  readonly databaseUrl?: string;
  readonly dataDir: string;
  readonly pluginDirs: string;
  readonly port: number;
  /** Further settings. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What the hub reads from its environment, besides what the machine needs. */
export function hubEnv({ databaseUrl, dataDir, pluginDirs, port, env = {} }: HubSettings): Record<string, string> {
  return {
    PORT: String(port),
    ...(databaseUrl && { DATABASE_URL: databaseUrl }),
    DATA_DIR: dataDir,
    PLUGIN_DIRS: pluginDirs,
    LOG_LEVEL: 'error',
    HUB_KEYS,
    ...env,
  };
}

export interface HubProcess {
  readonly child: ChildProcess;
  /** Resolves once the process has ended. */
  readonly ended: Promise<void>;
}

/** The hub as `npm start` runs it. @param output what becomes of its log; whoever takes it must read it */
export function launchHub(settings: HubSettings, output: 'ignore' | 'pipe' = 'ignore'): HubProcess {
  const env = { ...process.env, ...hubEnv(settings) };
  const args = [...V8_FLAGS, join(ROOT, 'bin/hub.js'), 'start'];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', output, 'inherit'] });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  return { child, ended };
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
