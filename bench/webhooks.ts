import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { writeInboundPlugin } from '../tests/support/inbound-plugin.ts';
import { waitingEvents } from '../tests/support/waiting-events.ts';
import { freePort, type HubProcess, type HubSettings, launchHub, startDatabase } from './support/bench-hub.ts';
import { cpuMicros } from './support/cpu.ts';
import { type Figure, report } from './support/figures.ts';
import { HubApi } from './support/hub-api.ts';
import { latencies } from './support/webhook-latency.ts';
import type { LoadResult } from './support/webhook-load.ts';
import { sustained } from './support/webhook-sustained.ts';
import { put, type Target, targetOf } from './support/webhook-targets.ts';

const ROUNDS = 5;
const SECONDS = 2;
const CONNECTIONS = [1, 16, 64];
const WARM_SECONDS = 6;
const ACCOUNTS = Array.from({ length: 8 }, (_, at) => `account-${at}`);
const QUEUED = 100_000;
/** Calls a second while the queue is drained. */
const OFFERED = 1000;
const ADMIN = { ADMIN_EMAIL: 'bench@example.com', ADMIN_PASSWORD: 'a long bench password' };

/**
 * Intake beside two baselines, in turn; how soon an idle hub has handled what it accepted; intake while a long queue is
 * drained; and intake for longer, without and with a worker that sorts and handles meanwhile what was accepted.
 * @param args rounds, seconds of each measurement, events queued
 * @returns the exit code
 */
export async function bench(args: readonly string[]): Promise<number> {
  const [rounds, seconds, queued] = [Number(args[0] ?? ROUNDS), Number(args[1] ?? SECONDS), Number(args[2] ?? QUEUED)];
  const home = mkdtempSync(join(tmpdir(), 'bench-webhooks-'));
  const database = await startDatabase(join(home, 'postgres'));
  const pluginDirs = join(home, 'plugins');
  writeInboundPlugin(pluginDirs);
  const shared = { databaseUrl: database.url, dataDir: join(home, 'data'), pluginDirs };
  const sql = new pg.Pool({ connectionString: database.url, max: 2 });
  try {
    const web = await hub({ ...shared, port: await freePort(), env: { ...ADMIN, ROLES: 'web', LOG_LEVEL: 'warn' } });
    await connectAccounts(web.settings);
    const intake = await measureIntake({ web, databaseUrl: database.url, rounds, seconds });
    const drained = await measureDrain({ web, shared, sql, queued, seconds });
    const worker = async () => launchHub({ ...shared, port: await freePort(), env: { ROLES: 'worker', LOG_LEVEL: 'warn' } });
    const lasting = await sustained({ target: targetHub(web), worker, end, sql, accounts: ACCOUNTS, seconds: 5 * seconds });
    await end(web.process);
    const both = await hub({ ...shared, port: await freePort(), env: { ...ADMIN, LOG_LEVEL: 'warn' } });
    const idle = await latencies({ port: both.settings.port, sql, account: ACCOUNTS[0] ?? '', times: 200 });
    await end(both.process);
    const kept = report(`Webhooks: ${rounds} interleaved rounds of ${seconds} s, 1 KB, 8 integrations`, [
      ...intake,
      { what: 'accepted → handled, idle', values: idle, unit: 'ms', budget: { p50: 5, p99: 20 } },
      ...drained,
      ...lasting,
    ]);
    return kept ? 0 : 1;
  } finally {
    await sql.end();
    await database.close();
    rmSync(home, { recursive: true, force: true });
  }
}

interface RunningHub {
  readonly settings: HubSettings;
  readonly process: HubProcess;
}

async function hub(settings: HubSettings): Promise<RunningHub> {
  const started = launchHub(settings);
  await new HubApi(`http://127.0.0.1:${settings.port}`).open(ADMIN.ADMIN_EMAIL, ADMIN.ADMIN_PASSWORD);
  return { settings, process: started };
}

async function end({ child, ended }: HubProcess): Promise<void> {
  child.kill('SIGTERM');
  await ended;
}

async function connectAccounts({ port }: HubSettings): Promise<void> {
  const api = await new HubApi(`http://127.0.0.1:${port}`).open(ADMIN.ADMIN_EMAIL, ADMIN.ADMIN_PASSWORD);
  for (const account of ACCOUNTS) {
    const body = { method: 'manual', name: account, fields: { account } };
    await api.call('POST', '/api/stores/default/integrations/inbound/connect', body);
  }
}

function targetHub({ settings, process: { child } }: RunningHub): Target {
  return { port: settings.port, pid: child.pid ?? 0, close: async () => undefined };
}

interface IntakeInput {
  readonly web: RunningHub;
  readonly databaseUrl: string;
  readonly rounds: number;
  readonly seconds: number;
}

/** What one round said of the hub, and of it beside the baselines. */
interface Round {
  readonly rate: number;
  readonly toBare: number;
  readonly toInsert: number;
  readonly p50: number;
  readonly p99: number;
  /** Of Express: what this machine makes of a call that stores nothing. */
  readonly bareP99: number;
  readonly hubMicros: number;
  readonly bareMicros: number;
  readonly loadMicros: number;
}

async function measureIntake({ web, databaseUrl, rounds, seconds }: IntakeInput): Promise<Figure[]> {
  const [bare, insert, own] = [await targetOf('bare'), await targetOf('insert', databaseUrl), targetHub(web)];
  const figures: Figure[] = [];
  // Until their code is compiled, the process with the most of it is slowest.
  for (const target of [own, bare, insert]) await put(target, { connections: 64, seconds: WARM_SECONDS, accounts: ACCOUNTS });
  for (const connections of CONNECTIONS) {
    const measured: Round[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const load = { connections, seconds, accounts: ACCOUNTS };
      const [ours, theirs] = [await withCpu(own, load), await withCpu(bare, load)];
      const { rate } = await put(insert, load);
      if (ours.failed > 0) throw new Error(`${ours.failed} calls were not accepted`);
      const ratios = { toBare: ours.rate / theirs.rate, toInsert: ours.rate / rate };
      const micros = { hubMicros: ours.micros, bareMicros: theirs.micros, loadMicros: ours.cpuMicros };
      measured.push({ ...ours, ...ratios, ...micros, bareP99: theirs.p99 });
    }
    figures.push(...figuresOf(connections, measured));
  }
  await Promise.all([bare.close(), insert.close()]);
  return figures;
}

/** With what a call cost the process that answered it. */
async function withCpu(target: Target, load: Parameters<typeof put>[1]): Promise<LoadResult & { readonly micros: number }> {
  const before = cpuMicros(target.pid);
  const result = await put(target, load);
  return { ...result, micros: (cpuMicros(target.pid) - before) / result.calls };
}

function figuresOf(connections: number, rounds: readonly Round[]): Figure[] {
  const judged = connections === 64;
  const of = (key: keyof Round) => rounds.map((round) => round[key]);
  return [
    { what: `${connections} connections: accepted a second`, values: of('rate'), unit: 'n' },
    { what: '  against Express + HMAC, nothing stored', values: of('toBare'), unit: 'ratio', ...(judged && { floor: 0.8 }) },
    { what: '  against one INSERT a request', values: of('toInsert'), unit: 'ratio', ...(judged && { floor: 2 }) },
    { what: '  p50 of a round', values: of('p50'), unit: 'ms' },
    { what: '  p99 of a round', values: of('p99'), unit: 'ms', ...(judged && { budget: { p50: 15 } }) },
    { what: '  p99 of a round of Express', values: of('bareP99'), unit: 'ms' },
    { what: '  CPU of the hub a call, µs', values: of('hubMicros'), unit: 'n' },
    { what: '  CPU of Express a call, µs', values: of('bareMicros'), unit: 'n' },
    { what: '  CPU of the load generator a call, µs', values: of('loadMicros'), unit: 'n' },
  ];
}

interface DrainInput {
  readonly web: RunningHub;
  readonly shared: Pick<HubSettings, 'databaseUrl' | 'dataDir' | 'pluginDirs'>;
  readonly sql: pg.Pool;
  readonly queued: number;
  readonly seconds: number;
}

/** The same offered calls without and with a worker that empties the queue. */
async function measureDrain({ web, shared, sql, queued, seconds }: DrainInput): Promise<Figure[]> {
  const own = targetHub(web);
  const waiting = () => waitingEvents(sql);
  await sql.query('truncate webhook_queue, webhook_events, webhook_dedupe, webhook_spool');
  while ((await waiting()) < queued) await put(own, { connections: 64, seconds: 2, accounts: ACCOUNTS });
  const offered = { connections: 16, seconds, accounts: ACCOUNTS, rate: OFFERED };
  const [alone, beside]: [number[], number[]] = [[], []];
  for (let round = 0; round < 3; round += 1) alone.push((await put(own, offered)).rate);
  const worker = launchHub({ ...shared, port: await freePort(), env: { ROLES: 'worker', LOG_LEVEL: 'warn' } });
  const before = await waiting();
  const began = performance.now();
  while ((await waiting()) > 0.9 * before) await new Promise((done) => setTimeout(done, 50));
  for (let round = 0; round < 3; round += 1) beside.push((await put(own, offered)).rate);
  while ((await waiting()) > 0 && performance.now() - began < 600_000) await new Promise((done) => setTimeout(done, 100));
  const drainSeconds = (performance.now() - began) / 1000;
  await end(worker);
  const [{ handled } = { handled: 0 }] = (
    await sql.query("select count(*)::int as handled from webhook_events where state = 'handled'")
  ).rows;
  return [
    {
      what: `${OFFERED} calls a second while ${queued} are drained, against none`,
      values: beside.map((one, at) => one / (alone[at] ?? Number.NaN)),
      unit: 'ratio',
      floor: 0.9,
    },
    { what: '  handled a second', values: [handled / drainSeconds], unit: 'n' },
  ];
}
