import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { writeInboundPlugin } from '../tests/support/inbound-plugin.ts';
import { waitingEvents } from '../tests/support/waiting-events.ts';
import { freePort, launchHub, startDatabase } from './support/bench-hub.ts';
import { cpuMicros } from './support/cpu.ts';
import { percentile, report } from './support/figures.ts';
import { HubApi } from './support/hub-api.ts';
import { latencies } from './support/webhook-latency.ts';
import { put, type Target } from './support/webhook-targets.ts';

const ADMIN = { ADMIN_EMAIL: 'bench@example.com', ADMIN_PASSWORD: 'a long bench password' };
const FLOODED = 'flooded';
const QUIET = 'quiet';
const ROUNDS = 4;
/** Of each half of a round. */
const SECONDS = 8;
const WARM_SECONDS = 5;
/** Calls a second to the one store. */
const FLOOD = 10_000;
/** A flood flows once this many numbers are given to its events, or to rows of them. */
const FLOWS = 1000;
const CONNECTIONS = 64;
/** A hub that uses less of a core than this has nothing to do. */
const IDLE_SHARE = 0.05;
const LOOK_MS = 500;
const QUIET_WITHIN_MS = 30_000;

/** What is measured, and what it is measured with. */
interface Bench {
  readonly target: Target;
  readonly sql: pg.Client;
  readonly seconds: number;
  readonly rate: number;
}

interface Figures {
  readonly alone: number[];
  readonly beside: number[];
  /** p99 of a round beside the flood against that alone. */
  readonly ratios: number[];
  readonly accepted: number[];
  readonly handled: number[];
  /** ms */
  readonly waited: number[];
}

/**
 * How soon the single events of one store are handled, alone and while another store is flooded, in turn.
 * @param args rounds, calls a second of the flood, seconds of each half of a round @returns the exit code
 */
export async function bench(args: readonly string[]): Promise<number> {
  const [rounds, rate, seconds] = [Number(args[0] ?? ROUNDS), Number(args[1] ?? FLOOD), Number(args[2] ?? SECONDS)];
  const home = mkdtempSync(join(tmpdir(), 'bench-fairness-'));
  const database = await startDatabase(join(home, 'postgres'));
  const pluginDirs = join(home, 'plugins');
  writeInboundPlugin(pluginDirs);
  const port = await freePort();
  const sql = new pg.Client({ connectionString: database.url });
  const env = { ...ADMIN, LOG_LEVEL: 'warn' };
  const hub = launchHub({ databaseUrl: database.url, dataDir: join(home, 'data'), pluginDirs, port, env });
  try {
    await sql.connect();
    await connectStores(port, sql);
    const target = { port, pid: hub.child.pid ?? 0, close: async () => undefined };
    // Until its code is compiled, the hub is slower than it will be.
    await put(target, { connections: CONNECTIONS, seconds: WARM_SECONDS, accounts: [FLOODED, QUIET], rate });
    const found: Figures = { alone: [], beside: [], ratios: [], accepted: [], handled: [], waited: [] };
    for (let round = 0; round < rounds; round += 1) await measure({ target, sql, seconds, rate }, found);
    return told(found, { rounds, seconds }) ? 0 : 1;
  } finally {
    hub.child.kill('SIGKILL');
    await hub.ended;
    await sql.end();
    await database.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** One round: alone on a hub that has nothing else to do, then beside a flood. */
async function measure({ target, sql, seconds, rate }: Bench, found: Figures): Promise<void> {
  const { port } = target;
  found.waited.push(await untilQuiet(target, sql));
  const singles = (signal: AbortSignal) => latencies({ port, sql, account: QUIET, times: Number.POSITIVE_INFINITY, signal });
  const alone = await singles(AbortSignal.timeout(seconds * 1000));
  const over = new AbortController();
  const load = { connections: CONNECTIONS, seconds, accounts: [FLOODED], rate };
  const before = await arrived(sql);
  const flood = put(target, load).finally(() => over.abort());
  while ((await arrived(sql)) < before + FLOWS && !over.signal.aborted) await sleep(10);
  const beside = await singles(over.signal);
  const { rate: accepted, calls, failed } = await flood;
  if (failed > 0) throw new Error(`${failed} calls of the flood were not accepted`);
  found.handled.push((calls - (await waitingEvents(sql))) / seconds);
  found.accepted.push(accepted);
  found.alone.push(...alone);
  found.beside.push(...beside);
  found.ratios.push(percentile(beside, 0.99) / percentile(alone, 0.99));
}

/** @returns whether the budget is kept */
function told({ alone, beside, ratios, accepted, handled, waited }: Figures, of: { rounds: number; seconds: number }): boolean {
  const ratio = percentile(beside, 0.99) / percentile(alone, 0.99);
  const least = Math.floor(Math.min(alone.length, beside.length) / 100);
  return report(
    `Fairness: ${of.rounds} rounds of ${of.seconds} s, single events of one store alone and beside a flood of another; at least ${least} lie above each p99`,
    [
      { what: 'the flood: accepted a second', values: accepted, unit: 'n' },
      { what: '  handled a second, meanwhile', values: handled, unit: 'n' },
      { what: 'accepted → handled, alone', values: alone, unit: 'ms' },
      { what: 'accepted → handled, beside the flood', values: beside, unit: 'ms' },
      { what: 'p99 beside the flood against alone', values: [ratio], unit: 'ratio', budget: { p50: 2 } },
      { what: '  of each round', values: ratios, unit: 'ratio' },
      { what: 'waited before each round for a hub with nothing to do', values: waited, unit: 'ms' },
    ],
  );
}

/** How far the numbers are of what was sorted in and of what was spooled. */
async function arrived(sql: pg.Client): Promise<number> {
  const numbers = `select a.last_value + s.last_value as count from webhook_events_arrival a, webhook_spool_id_seq s`;
  return Number((await sql.query(numbers)).rows[0].count);
}

/**
 * What is left of the flood before is thrown away, and what it has left to write is written.
 * @returns ms until the hub had nothing to do @throws Error when it still had after half a minute
 */
async function untilQuiet({ pid }: Target, sql: pg.Client): Promise<number> {
  const began = performance.now();
  await sql.query('delete from webhook_spool');
  await sql.query(
    `delete from webhook_queue q using (select ctid from webhook_queue for update skip locked) f where q.ctid = f.ctid`,
  );
  await sql.query('vacuum (analyze) webhook_queue, webhook_spool, records');
  await sql.query('checkpoint');
  for (;;) {
    const before = { cpu: cpuMicros(pid), at: performance.now() };
    await sleep(LOOK_MS);
    const now = performance.now();
    // Where there is nothing to tell it by, what is queued has to do.
    const share = (cpuMicros(pid) - before.cpu) / (now - before.at) / 1000;
    if ((await waitingEvents(sql)) === 0 && !(share > IDLE_SHARE)) return now - began;
    if (now - began > QUIET_WITHIN_MS) throw new Error('the hub still had something to do after half a minute');
  }
}

/** Each account in a store of its own. */
async function connectStores(port: number, sql: pg.Client): Promise<void> {
  const open = (store?: string) => new HubApi(`http://127.0.0.1:${port}`).open(ADMIN.ADMIN_EMAIL, ADMIN.ADMIN_PASSWORD, store);
  const first = await open();
  await sql.query(
    `with made as (insert into stores (id, slug, name) values (gen_random_uuid(), 'other', 'Other') returning id)
     insert into memberships (store_id, user_id, role) select made.id, users.id, 'owner' from made, users`,
  );
  const connect = (api: HubApi, store: string, account: string) =>
    api.call('POST', `/api/stores/${store}/integrations/inbound/connect`, { method: 'manual', fields: { account } });
  await connect(first, 'default', FLOODED);
  await connect(await open('other'), 'other', QUIET);
}
