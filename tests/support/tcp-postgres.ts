import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { postgresBinaries } from '../../core/database/postgres-binaries.ts';
import { postgresUser } from '../../core/database/postgres-user.ts';
import { freePort } from './hub.ts';
import { until } from './wait.ts';

/** A server of a test's own that can be stopped hard and started again under the same address. */
export class TcpPostgres {
  readonly url: string;
  readonly #dir: string;
  readonly #port: number;
  #child: ChildProcess | undefined;

  private constructor(dir: string, port: number) {
    this.#dir = dir;
    this.#port = port;
    this.url = `postgres://patchbay@127.0.0.1:${port}/postgres`;
  }

  /** @param home an existing folder that anybody may enter */
  static async make(home: string): Promise<TcpPostgres> {
    const server = new TcpPostgres(join(home, 'cluster'), await freePort());
    const user = postgresUser(home);
    mkdirSync(server.#dir, { mode: 0o700 });
    if (user) chownSync(server.#dir, user.uid, user.gid);
    const initdb = join(postgresBinaries(user).bin, 'initdb');
    const settings = ['--username=patchbay', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
    const made = spawnSync(initdb, ['-D', server.#dir, ...settings], {
      cwd: server.#dir,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
      ...user,
      encoding: 'utf8',
    });
    if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
    await server.start();
    return server;
  }

  /** Unless it runs. */
  async start(): Promise<void> {
    if (this.#child && this.#child.exitCode === null) return;
    const user = postgresUser(this.#dir);
    const settings = ['-D', this.#dir, '-h', '127.0.0.1', '-p', String(this.#port), '-k', '', '-c', 'max_connections=200'];
    this.#child = spawn(join(postgresBinaries(user).bin, 'postgres'), settings, {
      cwd: this.#dir,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      ...user,
      stdio: 'ignore',
    });
    await until(() => this.#answers(), { withinMs: 60_000, what: 'the database to answer' });
  }

  /** As a crash: every connection breaks, nothing is tidied up. */
  async stopHard(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGQUIT');
    await ended;
  }

  async #answers(): Promise<boolean> {
    const client = new Client({ connectionString: this.url, connectionTimeoutMillis: 2000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
