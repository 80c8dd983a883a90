import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort, launchHub, startDatabase } from './support/bench-hub.ts';
import { writeContactsPlugin } from './support/contacts-plugin.ts';
import { report } from './support/figures.ts';
import { HubApi } from './support/hub-api.ts';
import { type Writer, writers } from './support/stores-alone.ts';

const ROUNDS = 3;
const INTEGRATION = '/api/stores/default/integrations/bench';
const ADMIN = { email: 'bench@example.com', password: 'a long enough password' };

interface Synced {
  readonly perSecond: number;
  /** Rows of `records` that Postgres inserted or updated. */
  readonly rows: number;
}

interface EndToEnd {
  readonly first: Synced;
  readonly unchanged: Synced;
  readonly onePercent: Synced;
  /** Highest resident memory of the process; undefined where the system does not tell. */
  readonly peakMb: number | undefined;
}

/**
 * Writing alone against three baselines, interleaved; then whole syncs from a simulator, of a tenth and of all.
 * @param args how many contacts, default 1,000,000
 * @returns the exit code
 */
export async function bench(args: readonly string[]): Promise<number> {
  const most = Number(args[0] ?? 1_000_000);
  const home = mkdtempSync(join(tmpdir(), 'bench-sync-'));
  const database = await startDatabase(join(home, 'postgres'));
  try {
    const alone = await measureAlone(database.url, Math.min(most, 100_000));
    const few = await measureHub(database.url, join(home, 'few'), most / 10);
    const many = await measureHub(database.url, join(home, 'many'), most);
    return print(alone, { few, many, most }) ? 0 : 1;
  } finally {
    await database.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** Records a second, of each way, round by round: new rows, then all of them changed. */
async function measureAlone(url: string, count: number): Promise<Record<string, { fresh: number[]; changed: number[] }>> {
  const measured: Record<string, { fresh: number[]; changed: number[] }> = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    const own = await ownDatabase(url, `alone_${round}`);
    const { writers: ways, close } = await writers(own);
    for (const [name, write] of inTurn(Object.entries(ways), round)) {
      measured[name] ??= { fresh: [], changed: [] };
      measured[name].fresh.push(await perSecond(write, count, 1));
      measured[name].changed.push(await perSecond(write, count, 2));
    }
    await close();
  }
  return measured;
}

/** No way is always first. */
function inTurn<T>(all: readonly T[], round: number): T[] {
  const start = round % all.length;
  return [...all.slice(start), ...all.slice(0, start)];
}

async function perSecond(write: Writer, count: number, version: number): Promise<number> {
  return (count / (await write(count, version))) * 1000;
}

async function ownDatabase(url: string, name: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
}

async function measureHub(url: string, dataDir: string, count: number): Promise<EndToEnd> {
  const pluginDirs = join(dataDir, 'plugins');
  mkdirSync(pluginDirs, { recursive: true });
  writeContactsPlugin(pluginDirs);
  const databaseUrl = await ownDatabase(url, `hub_${count}`);
  const port = await freePort();
  const env = { ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password };
  const hub = launchHub({ databaseUrl, dataDir, pluginDirs, port, env });
  const statistics = new Client({ connectionString: databaseUrl });
  try {
    const api = await new HubApi(`http://127.0.0.1:${port}`).open(ADMIN.email, ADMIN.password);
    await statistics.connect();
    await api.call('POST', '/sandbox/bench/panel', { command: 'set', input: { total: count } });
    await api.call('POST', `${INTEGRATION}/connect`, { method: 'manual', fields: { key: 'bench' } });
    const begun = performance.now();
    const initial = await ended(api);
    const sync = async () => wholeSync(api, statistics);
    const first = { perSecond: (initial.seen / (performance.now() - begun)) * 1000, rows: await rowsWritten(statistics) };
    const unchanged = await sync();
    await api.call('POST', '/sandbox/bench/panel', { command: 'set', input: { changedEvery: 100 } });
    const onePercent = await sync();
    return { first, unchanged, onePercent, peakMb: peakMb(hub.child.pid) };
  } finally {
    await statistics.end();
    hub.child.kill('SIGTERM');
    await hub.ended;
  }
}

interface Run {
  readonly id: string;
  readonly status: string;
  readonly seen: number;
  readonly message: string | null;
}

/** The latest run, once it has ended. @throws Error where it did not end well */
async function ended(api: HubApi): Promise<Run> {
  for (;;) {
    const { runs } = await api.call<{ runs: Run[] }>('GET', `${INTEGRATION}/runs?limit=1`);
    const run = runs[0];
    if (run?.status === 'succeeded') return run;
    if (run && !['queued', 'running'].includes(run.status)) throw new Error(`the sync ${run.status}: ${run.message}`);
    await sleep(100);
  }
}

async function wholeSync(api: HubApi, statistics: Client): Promise<Synced> {
  const before = await rowsWritten(statistics);
  const begun = performance.now();
  await api.call('POST', `${INTEGRATION}/sync`, { stream: 'contacts' });
  const { seen } = await ended(api);
  return { perSecond: (seen / (performance.now() - begun)) * 1000, rows: (await rowsWritten(statistics)) - before };
}

/** Statistics reach the view a moment after the transaction. */
async function rowsWritten(client: Client): Promise<number> {
  await sleep(1500);
  const { rows } = await client.query<{ count: string }>(
    "select n_tup_ins + n_tup_upd as count from pg_stat_user_tables where relname = 'records'",
  );
  return Number(rows[0]?.count ?? 0);
}

function peakMb(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}

function print(
  alone: Awaited<ReturnType<typeof measureAlone>>,
  { few, many, most }: { few: EndToEnd; many: EndToEnd; most: number },
): boolean {
  const copy = alone['COPY + ON CONFLICT'];
  const ratio = (of: 'fresh' | 'changed') =>
    alone['record store']?.[of].map((value, round) => value / (copy?.[of][round] ?? Number.NaN)) ?? [];
  const kept = report('Writing 1,000 contacts at a time, records a second', [
    ...Object.entries(alone).flatMap(([name, { fresh, changed }]) => [
      { what: `${name}, new`, values: fresh, unit: 'n' as const },
      { what: `${name}, all changed`, values: changed, unit: 'n' as const },
    ]),
    { what: 'record store / COPY, new', values: ratio('fresh'), unit: 'ratio', floor: 0.7 },
    { what: 'record store / COPY, all changed', values: ratio('changed'), unit: 'ratio', floor: 0.7 },
  ]);
  const runs = [few, many].flatMap((measured, at) => {
    const size = (at === 0 ? most / 10 : most).toLocaleString('en');
    return (['first', 'unchanged', 'onePercent'] as const).map((run) => ({
      what: `${size}: ${run}`,
      values: [measured[run].perSecond],
      unit: 'n' as const,
    }));
  });
  const whole = report('Whole syncs from the simulator, records a second', runs);
  const flat = report('What they cost', [
    {
      what: 'rows written by the unchanged run',
      values: [few.unchanged.rows, many.unchanged.rows],
      unit: 'n',
      budget: { max: 0 },
    },
    { what: 'rows written by the run with 1 % changed', values: [few.onePercent.rows, many.onePercent.rows], unit: 'n' },
    { what: 'peak memory', values: [few.peakMb ?? Number.NaN, many.peakMb ?? Number.NaN], unit: 'MB' },
    {
      what: 'peak of all above that of a tenth',
      values: [(many.peakMb ?? 0) - (few.peakMb ?? 0)],
      unit: 'MB',
      budget: { max: 50 },
    },
  ]);
  return kept && whole && flat;
}
