import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePlugin } from '../tests/support/hot-plugin.ts';
import { freePort, launchHub, startDatabase } from './support/bench-hub.ts';
import { type Figure, percentile, report } from './support/figures.ts';
import { fillStores } from './support/filled-stores.ts';
import { HubApi } from './support/hub-api.ts';

const PLUGINS = 25;
const STORES = 200;
const RUNS_EACH = 20;
const ROUNDS = 10;
const CALLS_A_ROUND = 300;
/** A key may make 3,000 calls a minute, which a quiet machine makes in a few seconds. */
const ROUNDS_A_KEY = 5;
const ADMIN = { email: 'bench@example.com', password: 'a long enough password' };

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** The cards of one store among many, against the least a hub can answer: rounds of both, in turn. @returns the exit code */
export async function bench(args: readonly string[]): Promise<number> {
  const rounds = Number(args[0] ?? ROUNDS);
  const home = mkdtempSync(join(tmpdir(), 'bench-api-'));
  const database = await startDatabase(join(home, 'postgres'));
  const pluginDirs = join(home, 'plugins');
  mkdirSync(pluginDirs);
  for (let at = 0; at < PLUGINS; at += 1) writePlugin(pluginDirs, `plugin-${at}`, { name: `Plugin ${at}` });
  const port = await freePort();
  const env = { ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password };
  const hub = launchHub({ databaseUrl: database.url, dataDir: join(home, 'data'), pluginDirs, port, env });
  try {
    const url = `http://127.0.0.1:${port}`;
    await new HubApi(url).open(ADMIN.email, ADMIN.password);
    await fillStores(database.url, { stores: STORES, plugins: PLUGINS, runs: RUNS_EACH });
    const calls = { alive: `${url}/healthz`, cards: `${url}/api/stores/store-100/integrations` };
    const keys: string[] = [];
    for (let at = 0; at < rounds; at += ROUNDS_A_KEY) keys.push(await operatorKey(url, 'store-100'));
    return print(await measure(calls, keys, rounds), rounds) ? 0 : 1;
  } finally {
    hub.child.kill('SIGTERM');
    await hub.ended;
    await database.close();
    rmSync(home, { recursive: true, force: true });
  }
}

interface Measured {
  readonly alive: number[];
  readonly cards: number[];
}

async function measure(
  { alive, cards }: { alive: string; cards: string },
  keys: readonly string[],
  rounds: number,
): Promise<Measured> {
  const measured: Measured = { alive: [], cards: [] };
  const one = async (into: number[], url: string, round = 0) => {
    const began = performance.now();
    const status = await get(url, keys[Math.floor(round / ROUNDS_A_KEY)] ?? '');
    into.push(performance.now() - began);
    if (status !== 200) throw new Error(`${url} answered ${status}`);
  };
  for (let warm = 0; warm < CALLS_A_ROUND; warm += 1) await one([], warm % 2 ? alive : cards);
  for (let round = 0; round < rounds; round += 1) {
    for (let at = 0; at < CALLS_A_ROUND; at += 1) await one(measured.alive, alive, round);
    for (let at = 0; at < CALLS_A_ROUND; at += 1) await one(measured.cards, cards, round);
  }
  return measured;
}

function get(url: string, authorization: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const call = request(url, { agent, headers: { authorization } }, (reply) => {
      reply.on('end', () => resolve(reply.statusCode)).resume();
    });
    call.on('error', reject);
    call.end();
  });
}

function print({ alive, cards }: Measured, rounds: number): boolean {
  const ratio = percentile(cards, 0.99) / percentile(alive, 0.99);
  const figures: Figure[] = [
    { what: 'GET /healthz', values: alive, unit: 'ms' },
    { what: 'GET …/integrations', values: cards, unit: 'ms' },
    { what: 'p99 of the cards over p99 of /healthz', values: [ratio], unit: 'ratio', budget: { max: 3 } },
  ];
  const what = `${PLUGINS} plugins, ${STORES} stores with one integration of each, ${RUNS_EACH} runs an integration`;
  return report(`The API: ${what}; ${rounds} rounds in turn (${cpus().length} × ${cpus()[0]?.model ?? 'CPU'})`, figures);
}

/** A key of one store, as its own systems hold it. */
async function operatorKey(url: string, store: string): Promise<string> {
  const basic = Buffer.from(`${ADMIN.email}:${ADMIN.password}`).toString('base64');
  const headers = { authorization: `Basic ${basic}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ name: 'bench', store });
  const made = await fetch(`${url}/api/api-keys`, { method: 'POST', headers, body });
  return `Bearer ${((await made.json()) as { key: string }).key}`;
}
