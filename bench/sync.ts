import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort, launchHub, startDatabase } from './support/bench-hub.ts';
import { type ContactsApi, startContactsApi } from './support/contacts-api.ts';
import { writeContactsPlugin } from './support/contacts-plugin.ts';
import { report } from './support/figures.ts';
import { HubApi } from './support/hub-api.ts';
import { measureAlone, ownDatabase, printAlone } from './support/sync-alone.ts';

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
  /** Highest resident memory of the hub's process; undefined where the system does not tell. */
  readonly peakMb: number | undefined;
}

/**
 * Writing alone against three baselines; then whole syncs from a provider, of a tenth and of all.
 * @param args how many contacts, default 1,000,000; `alone` or `whole` for one part only
 * @returns the exit code
 */
export async function bench(args: readonly string[]): Promise<number> {
  const most = Number(args.find((arg) => /^\d+$/.test(arg)) ?? 1_000_000);
  const parts = ['alone', 'whole'].filter((part) => args.includes(part) || !args.some((arg) => /^[a-z]/.test(arg)));
  const home = mkdtempSync(join(tmpdir(), 'bench-sync-'));
  const database = await startDatabase(join(home, 'postgres'));
  const contacts = await startContactsApi();
  const whole = (count: number) => measureHub(database.url, { dataDir: join(home, String(count)), count, contacts });
  try {
    const kept: boolean[] = [];
    if (parts.includes('alone')) kept.push(printAlone(await measureAlone(database.url, Math.min(most, 100_000))));
    if (parts.includes('whole')) kept.push(printWhole({ few: await whole(most / 10), many: await whole(most), most }));
    return kept.every(Boolean) ? 0 : 1;
  } finally {
    contacts.close();
    await database.close();
    rmSync(home, { recursive: true, force: true });
  }
}

interface Measured {
  readonly dataDir: string;
  readonly count: number;
  readonly contacts: ContactsApi;
}

async function measureHub(url: string, { dataDir, count, contacts }: Measured): Promise<EndToEnd> {
  const pluginDirs = join(dataDir, 'plugins');
  mkdirSync(pluginDirs, { recursive: true });
  writeContactsPlugin(pluginDirs);
  const databaseUrl = await ownDatabase(url, `hub_${count}`);
  const port = await freePort();
  const egressMap = JSON.stringify({ 'api.bench.example': contacts.url });
  const env = { ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password, EGRESS_MAP: egressMap };
  const hub = launchHub({ databaseUrl, dataDir, pluginDirs, port, env });
  const statistics = new Client({ connectionString: databaseUrl });
  try {
    const api = await new HubApi(`http://127.0.0.1:${port}`).open(ADMIN.email, ADMIN.password);
    await statistics.connect();
    contacts.hold(count);
    await api.call('POST', `${INTEGRATION}/connect`, { method: 'manual', fields: { key: 'bench' } });
    const begun = performance.now();
    const initial = await ended(api);
    const sync = async () => wholeSync(api, statistics);
    const first = { perSecond: (initial.seen / (performance.now() - begun)) * 1000, rows: await rowsWritten(statistics) };
    const unchanged = await sync();
    contacts.hold(count, 100);
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

function printWhole({ few, many, most }: { few: EndToEnd; many: EndToEnd; most: number }): boolean {
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
  return whole && flat;
}
