import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { writePlugin } from '../tests/support/hot-plugin.ts';
import { freePort, launchHub } from './support/bench-hub.ts';
import { cpuMicros } from './support/cpu.ts';
import { report } from './support/figures.ts';

const PLUGINS = 25;
const ROUNDS = 5;
/** What a start leaves behind is collected by then. */
const IDLE_MS = 20_000;
/** The first start goes on to grade every plugin, which is kept. */
const GRADED_WITHIN_MS = 180_000;
const SHIPPED = join(import.meta.dirname, '../plugins');

interface Started {
  readonly readyMs: number;
  readonly cpuMs: number;
  /** Until every plugin was graded; that of a start that grades none until ready. */
  readonly gradedMs: number;
  /** Of the hub alone, in MB; NaN where there is no `/proc`. */
  readonly rss: number;
}

interface Settings {
  readonly dataDir: string;
  readonly pluginDirs: string;
  readonly idleMs: number;
}

/** From the start of the process to `/readyz`, with the embedded database and all plugins known from the start before. @returns the exit code */
export async function bench([rounds = ROUNDS, idleMs = IDLE_MS]: readonly (string | number)[]): Promise<number> {
  const home = mkdtempSync(join(tmpdir(), 'bench-start-'));
  const own = join(home, 'plugins');
  mkdirSync(own);
  const shipped = readdirSync(SHIPPED).length;
  for (let at = shipped; at < PLUGINS; at += 1) writePlugin(own, `plugin-${at}`, { name: `Plugin ${at}` });
  const settings = { dataDir: join(home, 'data'), pluginDirs: `${SHIPPED}:${own}`, idleMs: Number(idleMs) };
  try {
    const first = await startOnce(settings, PLUGINS);
    const started: Started[] = [];
    for (let at = 0; at < Number(rounds); at += 1) started.push(await startOnce(settings));
    return print(first, started) ? 0 : 1;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** @param grades how many plugins it is left to grade before it is idle */
async function startOnce({ dataDir, pluginDirs, idleMs }: Settings, grades = 0): Promise<Started> {
  const port = await freePort();
  const account = { ADMIN_EMAIL: 'bench@example.com', ADMIN_PASSWORD: 'a long enough password' };
  const env = { ...account, HUB_KEYS: '', ...(grades > 0 && { LOG_LEVEL: 'debug' }) };
  const began = performance.now();
  const hub = launchHub({ dataDir, pluginDirs, port, env }, 'pipe');
  const pid = hub.child.pid ?? 0;
  const graded = untilGraded(hub.child, grades);
  try {
    while (!(await isReady(port))) {
      if (performance.now() - began > 120_000) throw new Error('the hub was not ready within two minutes');
      await sleep(20);
    }
    const [readyMs, cpuMs] = [performance.now() - began, cpuMicros(pid) / 1000];
    await graded;
    const gradedMs = performance.now() - began;
    await sleep(idleMs);
    return { readyMs, cpuMs, gradedMs, rss: rssOf(pid) };
  } finally {
    hub.child.kill('SIGTERM');
    await hub.ended;
  }
}

/** By the log, which the hub writes anyway: whoever asked it would have it hold more. */
function untilGraded({ stdout }: ChildProcess, plugins: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = plugins;
    const look = () => left <= 0 && resolve();
    const late = () => reject(new Error(`${left} of ${plugins} plugins had no grade within three minutes`));
    setTimeout(late, GRADED_WITHIN_MS).unref();
    if (stdout) {
      createInterface(stdout).on('line', (line) => {
        if (line.includes('"plugin graded"')) left -= 1;
        look();
      });
    }
    look();
  });
}

async function isReady(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
  return answer?.ok === true;
}

function rssOf(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

function print(first: Started, started: readonly Started[]): boolean {
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}`;
  return report(`A start with its own database and ${PLUGINS} plugins (${machine})`, [
    { what: 'the first start, until ready', values: [first.readyMs], unit: 'ms' },
    { what: 'the first start, until every plugin is graded', values: [first.gradedMs], unit: 'ms' },
    { what: 'memory of the first start, idle after that', values: [first.rss], unit: 'MB' },
    { what: 'a later start, until ready', values: started.map(({ readyMs }) => readyMs), unit: 'ms', budget: { p50: 3000 } },
    { what: 'the hub’s processor time until then', values: started.map(({ cpuMs }) => cpuMs), unit: 'ms' },
    { what: 'memory of the idle hub, Postgres apart', values: started.map(({ rss }) => rss), unit: 'MB', budget: { p50: 180 } },
  ]);
}
