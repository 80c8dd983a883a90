import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgresBinaries } from './postgres-binaries.ts';
import { answers, type Held, isAlive } from './postgres-server.ts';
import { canReach, type PostgresUser, postgresUser } from './postgres-user.ts';

const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/**
 * Runs the server and ends it when the pipe on standard input has no writer left: the kernel closes the pipe of a
 * process that is killed, so nothing a holder does or suffers leaves a server behind. The name of the pipe goes first;
 * whoever opened it just before is waited for by the second read.
 */
const KEEPER = `
trap '' HUP INT TERM QUIT
dir=$1; shift
exec 3<&0 </dev/null
"$@" 3<&- & server=$!
{ while read -r _; do :; done; rm -f "$dir/hold"; while read -r _; do :; done; kill -INT $server; } <&3 2>/dev/null &
watch=$!
exec 3<&-
wait $server; code=$?
kill -KILL $watch 2>/dev/null
rm -rf "$dir"
exit $code
`;

export interface LaunchInput {
  readonly home: string;
  readonly data: string;
  readonly durable: boolean;
  readonly log: { error(fields: object, message: string): void };
}

/** Starts a server on `data`, making the cluster first. Undefined: another process was faster; look again. */
export async function launch(input: LaunchInput): Promise<Held | undefined> {
  const { home, data, durable, log } = input;
  const user = postgresUser(existsSync(data) ? data : home);
  const { bin } = postgresBinaries(user);
  const journal = openJournal(join(home, 'postgres.log'));
  try {
    const prepared = { home, data, durable, log, bin, user, output: journal.fd };
    if (!existsSync(data)) makeCluster(prepared);
    const held = await run(prepared);
    if (held || /lock file .* already exists/.test(journal.tail())) return held;
    throw new Error('The embedded database did not start.');
  } catch (error) {
    const tail = journal.tail().replaceAll('/proc/self/cwd', data);
    throw new Error(`${(error as Error).message} Its log ends: ${tail}`, { cause: error });
  } finally {
    closeSync(journal.fd);
  }
}

/** The server's log, kept short; `tail` is the end of what was added since. */
function openJournal(file: string): { fd: number; tail(): string } {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const from = size > 1_000_000 ? 0 : size;
  const fd = openSync(file, from === size ? 'a' : 'w', 0o600);
  return { fd, tail: () => readFileSync(file).subarray(from).toString('utf8').trim().split('\n').slice(-5).join('\n') };
}

interface Prepared extends LaunchInput {
  readonly bin: string;
  readonly user: PostgresUser | undefined;
  readonly output: number;
}

/** Made aside and renamed, so that a folder with the final name is always a whole cluster. */
function makeCluster({ home, data, durable, bin, user, output }: Prepared): void {
  removeLeftovers(home);
  const fresh = mkdtempSync(join(home, `postgres-18.new-${process.pid}-`));
  try {
    if (user) chownSync(fresh, user.uid, user.gid);
    const asked = spawnSync(
      join(bin, 'initdb'),
      [
        ...['-D', pathFor(fresh, user), '--username=patchbay', '--auth=trust', '--encoding=UTF8', '--locale=C'],
        ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'],
        // Whoever commits while the next segment is made waits until all of it is on disk: 16 ms for one of the usual 16 MB.
        ...['--wal-segsize=4', ...(durable ? [] : ['--no-sync'])],
      ],
      { cwd: fresh, env: ENVIRONMENT, ...user, stdio: ['ignore', output, output] },
    );
    if (asked.status !== 0) throw new Error('The embedded database could not be made.');
    renameSync(fresh, data);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(data)) throw error;
  }
}

function removeLeftovers(home: string): void {
  for (const name of readdirSync(home)) {
    const pid = /^postgres-18\.new-(\d+)-/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(join(home, name), { recursive: true, force: true });
  }
}

/** An ordinary user cannot walk to a folder below a private one, but a process that starts in it is there already. */
function pathFor(folder: string, user: PostgresUser | undefined): string {
  return user && process.platform === 'linux' ? '/proc/self/cwd' : folder;
}

async function run(input: Prepared): Promise<Held | undefined> {
  const { bin, data, durable, log, user, output } = input;
  const socketDir = makeSocketFolder(user);
  const { reader, writer } = makePipe(socketDir, user);
  const server = [
    join(bin, 'postgres'),
    ...['-D', pathFor(data, user), '-k', socketDir, '-h', ''],
    ...settings(durable).flatMap((setting) => ['-c', setting]),
  ];
  const keeper = spawn('/bin/sh', ['-c', KEEPER, 'patchbay-postgres', socketDir, ...server], {
    cwd: data,
    env: ENVIRONMENT,
    ...user,
    detached: true,
    stdio: [reader, output, output],
  });
  closeSync(reader);
  keeper.unref();
  const ended = new Promise<void>((done) => keeper.once('exit', () => done()).once('error', () => done()));
  keeper.once('exit', (code) => {
    if (code !== 0) log.error({ code }, 'the embedded database ended; start the hub again');
  });
  const pid = await ready({ keeper, socketDir, data });
  if (pid) return { pid, socketDir, fd: writer };
  closeSync(writer);
  await ended;
  rmSync(socketDir, { recursive: true, force: true });
  return undefined;
}

function settings(durable: boolean): string[] {
  const always = [
    'unix_socket_permissions=0700',
    'max_connections=120',
    'wal_level=minimal',
    'max_wal_senders=0',
    // As PostgreSQL has them, which would count them in segments.
    'min_wal_size=80MB',
    'max_wal_size=1GB',
    'log_checkpoints=off',
    // A failed statement's text and values must not end up in a log.
    'log_min_error_statement=panic',
    'log_error_verbosity=terse',
  ];
  return durable ? always : [...always, 'fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
}

async function ready({ keeper, socketDir, data }: { keeper: ChildProcess; socketDir: string; data: string }) {
  const deadline = Date.now() + 60_000;
  while (keeper.exitCode === null && keeper.signalCode === null && keeper.pid && Date.now() < deadline) {
    if (existsSync(join(socketDir, '.s.PGSQL.5432')) && (await answers(socketDir))) {
      return Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    }
    await sleep(10);
  }
  return undefined;
}

/** A socket's path may have 107 bytes at most, so it does not stand in the data folder. Random, hence not to be squatted. */
function makeSocketFolder(user: PostgresUser | undefined): string {
  const parent = [tmpdir(), '/tmp', '/var/tmp', '/dev/shm'].find(
    (folder) => Buffer.byteLength(folder) <= 70 && existsSync(folder) && canReach(folder, user),
  );
  const folder = mkdtempSync(join(parent ?? '/tmp', 'patchbay-'));
  if (user) chownSync(folder, user.uid, user.gid);
  return folder;
}

function makePipe(socketDir: string, user: PostgresUser | undefined): { reader: number; writer: number } {
  const path = join(socketDir, 'hold');
  const made = spawnSync('mkfifo', ['-m', '600', path], { env: ENVIRONMENT });
  if (made.status !== 0) throw new Error('mkfifo failed.');
  if (user) chownSync(path, user.uid, user.gid);
  // Opening one end alone would wait for the other; opening both does not.
  const both = openSync(path, constants.O_RDWR);
  const reader = openSync(path, constants.O_RDONLY);
  const writer = openSync(path, constants.O_WRONLY);
  closeSync(both);
  return { reader, writer };
}
