import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { Client } from 'pg';

/** A live server as its own lock file describes it. */
export interface Found {
  readonly pid: number;
  readonly socketDir: string;
}
export interface Held extends Found {
  /** Open end of the pipe that keeps the server alive. */
  readonly fd: number;
}

export function socketUrl(socketDir: string): string {
  return `postgres://patchbay@localhost/postgres?host=${encodeURIComponent(socketDir)}`;
}

/** The server that runs on `data`, in whatever state; undefined when none does (a stale lock file is removed). */
export function findServer(data: string): Found | undefined {
  const lock = join(data, 'postmaster.pid');
  const lines = readIfThere(lock)?.split('\n');
  if (!lines) return undefined;
  const pid = Number(lines[0]);
  const socketDir = lines[4] ?? '';
  if (isPostmaster(pid, data)) return { pid, socketDir };
  // After a restart of the machine or container the number may belong to anybody; PostgreSQL would refuse to start.
  rmSync(lock, { force: true });
  removeSocketDir(socketDir, data);
  return undefined;
}

/** The lock file is the server's: what it names is removed only if it is a socket folder of the server's own user. */
export function removeSocketDir(socketDir: string, data: string): void {
  const found = isSocketDir(socketDir) ? lstatSync(socketDir, { throwIfNoEntry: false }) : undefined;
  if (found?.isDirectory() && found.uid === statSync(data).uid) rmSync(socketDir, { recursive: true, force: true });
}

function isSocketDir(path: string): boolean {
  return isAbsolute(path) && basename(path).startsWith('patchbay-');
}

/** Whether the server takes queries: not starting, not stopping. */
export async function answers(socketDir: string): Promise<boolean> {
  const client = new Client({ host: socketDir, user: 'patchbay', database: 'postgres', connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Opens the pipe that keeps the server alive.
 * @returns undefined when the server is going away (or has not made it yet), `'unattended'` when nobody watches the pipe
 */
export function hold(socketDir: string): number | 'unattended' | undefined {
  // A server that has only just begun has not written the name yet.
  if (!isSocketDir(socketDir)) return undefined;
  const path = join(socketDir, 'hold');
  try {
    const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    // Opened while the keeper was taking the name away: that server stops all the same.
    if (existsSync(path) && statSync(path).ino === fstatSync(fd).ino) return fd;
    closeSync(fd);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENXIO') return 'unattended';
  }
  return undefined;
}

/** Asks for a fast shutdown: open transactions are rolled back. */
export function stop(pid: number): void {
  try {
    process.kill(pid, 'SIGINT');
  } catch {
    // It ended by itself.
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A live process with that number that is a server on that folder, not a stranger with a recycled number. */
function isPostmaster(pid: number, data: string): boolean {
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return false;
  if (process.platform !== 'linux')
    return /postgres\s*$/.test(spawnSync('ps', ['-p', `${pid}`, '-o', 'comm=']).stdout.toString());
  try {
    return realpathSync(readlinkSync(`/proc/${pid}/cwd`)) === realpathSync(data);
  } catch {
    return false;
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
