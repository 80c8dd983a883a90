import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writePlugin } from '../tests/support/hot-plugin.ts';
import { freePort, launchHub } from './support/bench-hub.ts';
import { cpuMicros } from './support/cpu.ts';
import { report } from './support/figures.ts';

const PLUGINS = 25;
const ROUNDS = 5;
/** What a start leaves behind is collected by then. */
const IDLE_MS = 20_000;
/**
 * The first start goes on to grade every plugin, which is kept; it is over once hardly any processor time is used, for longer
 * than a busy machine keeps the hub from it.
 */
const SETTLED = { everyMs: 8000, share: 0.1, withinMs: 180_000 };
const SHIPPED = join(import.meta.dirname, '../plugins');

interface Started {
  readonly readyMs: number;
  readonly cpuMs: number;
  /** Of the hub alone, in MB; NaN where there is no `/proc`. */
  readonly rss: number;
}

/** From the start of the process to `/readyz`, with the embedded database and all plugins known from the start before. @returns the exit code */
export async function bench([rounds = ROUNDS, idleMs = IDLE_MS]: readonly (string | number)[]): Promise<number> {
  const home = mkdtempSync(join(tmpdir(), 'bench-start-'));
  const own = join(home, 'plugins');
  mkdirSync(own);
  const shipped = readdirSync(SHIPPED).length;
  for (let at = shipped; at < PLUGINS; at += 1) writePlugin(own, `plugin-${at}`, { name: `Plugin ${at}` });
  const settings = { dataDir: join(home, 'data'), pluginDirs: `${SHIPPED}:${own}` };
  try {
    const first = await startOnce(settings, settled);
    const started: Started[] = [];
    for (let at = 0; at < Number(rounds); at += 1) started.push(await startOnce(settings, () => sleep(Number(idleMs))));
    return print(first, started) ? 0 : 1;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function startOnce(
  settings: { dataDir: string; pluginDirs: string },
  rest: (pid: number) => Promise<unknown>,
): Promise<Started> {
  const port = await freePort();
  const env = { ADMIN_EMAIL: 'bench@example.com', ADMIN_PASSWORD: 'a long enough password', HUB_KEYS: '' };
  const began = performance.now();
  const hub = launchHub({ ...settings, port, env });
  const pid = hub.child.pid ?? 0;
  try {
    while (!(await isReady(port))) {
      if (performance.now() - began > 120_000) throw new Error('the hub was not ready within two minutes');
      await sleep(20);
    }
    const [readyMs, cpuMs] = [performance.now() - began, cpuMicros(pid) / 1000];
    await rest(pid);
    return { readyMs, cpuMs, rss: rssOf(pid) };
  } finally {
    hub.child.kill('SIGTERM');
    await hub.ended;
  }
}

async function settled(pid: number): Promise<void> {
  const until = performance.now() + SETTLED.withinMs;
  let [before, used] = [cpuMicros(pid), Number.POSITIVE_INFINITY];
  while (used > SETTLED.share * SETTLED.everyMs * 1000 && performance.now() < until) {
    await sleep(SETTLED.everyMs);
    used = cpuMicros(pid) - before;
    before = cpuMicros(pid);
  }
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
    { what: 'a later start, until ready', values: started.map(({ readyMs }) => readyMs), unit: 'ms', budget: { p50: 3000 } },
    { what: 'the hub’s processor time until then', values: started.map(({ cpuMs }) => cpuMs), unit: 'ms' },
    { what: 'memory of the idle hub, Postgres apart', values: started.map(({ rss }) => rss), unit: 'MB', budget: { p50: 180 } },
  ]);
}
