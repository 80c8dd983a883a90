import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serversBelow } from '../core/database/__fixtures__/processes.ts';
import { freePort } from './support/hub.ts';
import { until } from './support/wait.ts';

const HUB = fileURLToPath(new URL('../bin/hub.js', import.meta.url));

/** What these tests see of processes they see in /proc. */
const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('the process of a hub with its own database', () => {
  let home: string;
  let env: Record<string, string>;
  const running = new Set<ChildProcess>();

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'hub-process-'));
    mkdirSync(join(home, 'plugins'));
    // No plugins: they would only take their time.
    env = { PORT: String(await freePort()), DATA_DIR: home, PLUGIN_DIRS: join(home, 'plugins'), LOG_LEVEL: 'warn' };
  });
  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL');
    await until(() => serversBelow(home).length === 0, { what: 'the databases to end' });
    rmSync(home, { recursive: true, force: true });
  });

  function launch(more: Record<string, string> = {}) {
    const child = spawn(process.execPath, [HUB, 'start'], { env: { ...env, ...more }, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        said += chunk;
      });
    }
    const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
    return { child, ended, said: () => said };
  }

  async function started() {
    const hub = launch();
    await until(() => hub.said().includes('Patchbay listens on'), { what: 'the hub to start' });
    return hub;
  }

  function command(line: string, input = '') {
    return spawnSync(process.execPath, [HUB, ...line.split(' ')], { env, input, encoding: 'utf8' });
  }

  it('leaves no database behind when it is killed', async () => {
    const hub = await started();
    expect(serversBelow(home)).toHaveLength(1);
    hub.child.kill('SIGKILL');
    await until(() => serversBelow(home).length === 0, { what: 'the database to end' });
  });

  it('ends in order when it is told so twice, or before it listens', async () => {
    const hub = await started();
    hub.child.kill('SIGINT');
    hub.child.kill('SIGINT');
    expect(await hub.ended).toBe(0);
    const early = launch();
    await until(() => serversBelow(home).length === 1, { what: 'the database to begin' });
    early.child.kill('SIGTERM');
    expect(await early.ended).toBe(0);
    expect(serversBelow(home)).toHaveLength(0);
  });

  it('ends with the shell npm ran it in, which tells it nothing', async () => {
    const shell = spawn('/bin/sh', ['-c', `"${process.execPath}" "${HUB}" start; true`], {
      env: { ...env, npm_lifecycle_event: 'start' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.add(shell);
    let said = '';
    shell.stdout.on('data', (chunk) => {
      said += chunk;
    });
    await until(() => said.includes('Patchbay listens on'), { what: 'the hub to start' });
    shell.kill('SIGTERM');
    await until(() => serversBelow(home).length === 0, { what: 'the hub to end and its database with it' });
  });

  it('shares its database with commands and survives them, and a second start that finds its port taken', async () => {
    const hub = await started();
    const [server] = serversBelow(home);
    const made = command('user create --email ann@example.com --operator', 'a long enough password\n');
    expect(made).toMatchObject({ status: 0, stdout: 'Made the operator ann@example.com.\n', stderr: '' });
    expect(command('doctor').stdout).toContain('ok     PostgreSQL 18');
    const second = launch();
    expect(await second.ended).toBe(1);
    expect(second.said()).toContain(`Port ${env['PORT']} on 127.0.0.1 is taken`);
    expect(serversBelow(home)).toEqual([server]);
    hub.child.kill('SIGTERM');
    expect(await hub.ended).toBe(0);
    expect(serversBelow(home)).toHaveLength(0);
  });

  it('does not start without its database, and says so without a stack or a password', async () => {
    const hub = launch({ DATABASE_URL: 'postgres://hub:sesame@127.0.0.1:1/hub' });
    expect(await hub.ended).toBe(1);
    expect(hub.said()).toMatch(/The database cannot be reached/);
    expect(hub.said()).not.toMatch(/sesame|\n\s+at /);
  });
});
