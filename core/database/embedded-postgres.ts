import { closeSync, existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launch } from './postgres-launch.ts';
import {
  answers,
  type Found,
  findServer,
  type Held,
  hold,
  isAlive,
  removeSocketDir,
  socketUrl,
  stop,
} from './postgres-server.ts';

const PATIENCE_MS = 60_000;
const SHUTDOWN_MS = 30_000;

export interface EmbeddedPostgres {
  readonly url: string;
  /** Whether another process had started the server already. */
  readonly adopted: boolean;
  /** Lets go of the server; it stops when nobody else holds it, and this waits until it has. */
  close(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Folder of its own for the cluster and its log; made when missing. */
  readonly dir: string;
  readonly log: { info(fields: object, message: string): void; error(fields: object, message: string): void };
  /** False gives up surviving a power cut, for tests. Default true. */
  readonly durable?: boolean;
}

/**
 * A real PostgreSQL on a Unix socket, shared by every process that asks for the same `dir` and ending with the last of
 * them, however that one ends. An orphan that is still shutting down is waited for.
 * @throws Error with a sentence when there is none for this machine or it does not start within a minute
 */
export async function startEmbeddedPostgres({ dir, log, durable = true }: EmbeddedOptions): Promise<EmbeddedPostgres> {
  // Pipes with a name, which tell the server that its last holder is gone, are a thing of Unix.
  if (process.platform === 'win32') throw new Error('There is no embedded database on Windows: set DATABASE_URL to a Postgres.');
  const home = resolve(dir);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const data = join(home, 'postgres-18');
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const found = findServer(data);
    const held = found ? await adopt(found, data) : await launch({ home, data, durable, log });
    if (held) {
      log.info({ adopted: Boolean(found), pid: held.pid }, found ? 'embedded database adopted' : 'embedded database started');
      return { url: socketUrl(held.socketDir), adopted: Boolean(found), close: once(() => release(held, found ? 100 : 1000)) };
    }
    await sleep(50);
  }
  throw new Error(`The embedded database in ${data} did not start within a minute; its log is ${join(home, 'postgres.log')}.`);
}

/** Undefined: not there yet or going away; look again. */
async function adopt(found: Found, data: string): Promise<Held | undefined> {
  const fd = hold(found.socketDir);
  if (fd === 'unattended') {
    // Its keeper was killed: nobody would ever stop this server, so it is stopped and started anew.
    stop(found.pid);
    await gone(found.pid);
    removeSocketDir(found.socketDir, data);
    return undefined;
  }
  if (fd === undefined) return undefined;
  if (await answers(found.socketDir)) return { ...found, fd };
  closeSync(fd);
  return undefined;
}

async function release({ fd, socketDir, pid }: Held, patienceMs: number): Promise<void> {
  closeSync(fd);
  const name = join(socketDir, 'hold');
  // The keeper takes the pipe's name away once nobody holds it; where it stays, somebody else does.
  const deadline = Date.now() + patienceMs;
  while (existsSync(name) && Date.now() < deadline) await sleep(5);
  if (existsSync(name)) return;
  await gone(pid);
  while (existsSync(socketDir) && Date.now() < deadline + SHUTDOWN_MS) await sleep(5);
}

async function gone(pid: number): Promise<void> {
  const deadline = Date.now() + SHUTDOWN_MS;
  while (isAlive(pid) && Date.now() < deadline) await sleep(10);
}

function once(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= action();
    return running;
  };
}
