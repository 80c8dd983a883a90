import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePlugin } from '../tests/support/hot-plugin.ts';
import { freePort, type HubProcess, type HubSettings, launchHub, startDatabase } from './support/bench-hub.ts';
import { traffic, untilAnswer } from './support/calls.ts';
import { type Figure, percentile, report } from './support/figures.ts';

const ROUNDS = 5;
const DROPS_A_ROUND = 10;
const RELOADS = 1000;

interface Drops {
  readonly drops: number[];
  readonly edits: number[];
  readonly restarts: number[];
  /** Calls that were not answered with 200, per edit and per restart, at 200 a second. */
  readonly lostByEdit: number[];
  readonly lostByRestart: number[];
}

/** Drops, edits and restarts interleaved, then reloads in one process. @returns the exit code */
export async function bench(args: readonly string[]): Promise<number> {
  const reloads = Number(args[0] ?? RELOADS);
  const home = mkdtempSync(join(tmpdir(), 'bench-reload-'));
  const database = await startDatabase(join(home, 'postgres'));
  try {
    const pluginDirs = join(home, 'plugins');
    mkdirSync(pluginDirs);
    const settings = { databaseUrl: database.url, dataDir: join(home, 'data'), pluginDirs, port: await freePort() };
    const measured = await measureDrops(settings, home);
    const growth = await measureReloads(settings, reloads);
    return print(measured, growth, reloads) ? 0 : 1;
  } finally {
    await database.close();
    rmSync(home, { recursive: true, force: true });
  }
}

async function measureDrops(settings: HubSettings, home: string): Promise<Drops> {
  const measured: Drops = { drops: [], edits: [], restarts: [], lostByEdit: [], lostByRestart: [] };
  const url = `http://127.0.0.1:${settings.port}`;
  writePlugin(settings.pluginDirs, 'steady', { answer: 'steady' });
  let hub = launchHub(settings);
  try {
    await untilAnswer(url, 'steady', 'steady');
    for (let round = 0; round < ROUNDS; round += 1) {
      for (let at = 0; at < DROPS_A_ROUND; at += 1) measured.drops.push(await drop(settings, home, `drop-${round}-${at}`));
      await edit({ settings, url, measured }, `edit ${round}`);
      hub = await restart({ settings, url, measured }, hub, `edit ${round}`);
      for (let at = 0; at < DROPS_A_ROUND; at += 1) rmSync(join(settings.pluginDirs, `drop-${round}-${at}`), { recursive: true });
    }
    return measured;
  } finally {
    hub.child.kill('SIGTERM');
    await hub.ended;
  }
}

/** From the copy's first byte to the first answer of its webhook, in ms. */
async function drop({ pluginDirs, port }: HubSettings, home: string, id: string): Promise<number> {
  writePlugin(join(home, 'made'), id, { answer: id });
  const begin = performance.now();
  cpSync(join(home, 'made', id), join(pluginDirs, id), { recursive: true });
  await untilAnswer(`http://127.0.0.1:${port}`, id, id);
  return performance.now() - begin;
}

interface Round {
  readonly settings: HubSettings;
  readonly url: string;
  readonly measured: Drops;
}

async function edit({ settings, url, measured }: Round, answer: string): Promise<void> {
  const calls = traffic(url, 'steady');
  const begin = performance.now();
  writePlugin(settings.pluginDirs, 'steady', { answer });
  await untilAnswer(url, 'steady', answer);
  measured.edits.push(performance.now() - begin);
  measured.lostByEdit.push((await calls.stop()).failed);
}

/** The baseline: the same change by ending the process and starting it again, the database left running. */
async function restart({ settings, url, measured }: Round, hub: HubProcess, answer: string): Promise<HubProcess> {
  const calls = traffic(url, 'steady');
  const begin = performance.now();
  hub.child.kill('SIGTERM');
  await hub.ended;
  const next = launchHub(settings);
  await untilAnswer(url, 'steady', answer);
  measured.restarts.push(performance.now() - begin);
  measured.lostByRestart.push((await calls.stop()).failed);
  return next;
}

interface Growth {
  readonly reloadMs: number[];
  readonly heapMb: number;
  readonly handles: number;
  readonly timers: number;
  readonly files: number;
}

/** In a process of its own, where the heap can be asked for. */
function measureReloads(settings: HubSettings, reloads: number): Promise<Growth> {
  const script = join(import.meta.dirname, 'support/reload-growth.ts');
  const input = JSON.stringify({ settings, reloads });
  const child = spawn(process.execPath, ['--expose-gc', '--no-warnings', script, input], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) =>
      code === 0 ? resolve(JSON.parse(said) as Growth) : reject(new Error(`reloads ended with ${code}`)),
    );
  });
}

function print(drops: Drops, growth: Growth, reloads: number): boolean {
  const figures: Figure[] = [
    { what: 'drop of a 5-file plugin → first answer', values: drops.drops, unit: 'ms', budget: { p50: 400, p99: 1000 } },
    { what: 'edit under 200 calls/s → new answer', values: drops.edits, unit: 'ms' },
    { what: '  calls lost meanwhile', values: drops.lostByEdit, unit: 'n', budget: { max: 0 } },
    { what: 'baseline: restart → new answer', values: drops.restarts, unit: 'ms' },
    { what: '  calls lost meanwhile', values: drops.lostByRestart, unit: 'n' },
    { what: `one of ${reloads} reloads → new answer`, values: growth.reloadMs, unit: 'ms' },
    { what: `heap growth over ${reloads} reloads`, values: [growth.heapMb], unit: 'MB', budget: { max: 5 } },
    // The hub's own come and go by a few (pooled connections); what reloads left behind would come by the hundred.
    { what: '  growth of handles', values: [growth.handles], unit: 'n', budget: { max: 5 } },
    { what: '  growth of timers', values: [growth.timers], unit: 'n', budget: { max: 5 } },
    { what: '  growth of open files', values: [growth.files], unit: 'n', budget: { max: 5 } },
  ];
  const kept = report(`reload: Node ${process.versions.node}, ${cpus().length} cores (${cpus()[0]?.model.trim()})`, figures);
  const ratio = percentile(drops.restarts, 0.5) / percentile(drops.drops, 0.5);
  console.log(`\nA drop is ${ratio.toFixed(1)} times as fast as a restart (medians).`);
  return kept;
}
