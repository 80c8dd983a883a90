import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { writeInboundPlugin } from '../tests/support/inbound-plugin.ts';
import { freePort, launchHub, startDatabase } from './support/bench-hub.ts';
import { percentile, report } from './support/figures.ts';
import { HubApi } from './support/hub-api.ts';
import { latencies } from './support/webhook-latency.ts';
import { put } from './support/webhook-targets.ts';

const ADMIN = { ADMIN_EMAIL: 'bench@example.com', ADMIN_PASSWORD: 'a long bench password' };
const FLOODED = 'flooded';
const QUIET = 'quiet';
const ROUNDS = 3;
/** Calls a second to the one store. */
const FLOOD = 10_000;
const TIMES = 150;

/**
 * How soon the single events of one store are handled, alone and while another store is flooded, in turn.
 * @param args rounds, calls a second of the flood @returns the exit code
 */
export async function bench(args: readonly string[]): Promise<number> {
  const [rounds, rate] = [Number(args[0] ?? ROUNDS), Number(args[1] ?? FLOOD)];
  const home = mkdtempSync(join(tmpdir(), 'bench-fairness-'));
  const database = await startDatabase(join(home, 'postgres'));
  const pluginDirs = join(home, 'plugins');
  writeInboundPlugin(pluginDirs);
  const port = await freePort();
  const sql = new pg.Pool({ connectionString: database.url, max: 2 });
  const hub = launchHub({
    databaseUrl: database.url,
    dataDir: join(home, 'data'),
    pluginDirs,
    port,
    env: { ...ADMIN, LOG_LEVEL: 'warn' },
  });
  try {
    await connectStores(port, sql);
    const target = { port, pid: hub.child.pid ?? 0, close: async () => undefined };
    const load = { connections: 64, seconds: 1, accounts: [FLOODED], rate };
    const measure = () => latencies({ port, sql, account: QUIET, times: TIMES });
    const [alone, beside, taken]: number[][] = [[], [], []];
    for (let round = 0; round < rounds; round += 1) {
      alone?.push(...(await measured(sql, measure)));
      let flooding = true;
      const flood = (async () => {
        while (flooding) taken?.push((await put(target, load)).rate);
      })();
      beside?.push(...(await measured(sql, measure)));
      flooding = false;
      await flood;
    }
    const ratio = percentile(beside ?? [], 0.99) / percentile(alone ?? [], 0.99);
    const kept = report(
      `Fairness: ${rounds} rounds of ${TIMES} single events of one store, alone and beside a flood of another`,
      [
        { what: 'the flood, accepted a second', values: taken ?? [], unit: 'n' },
        { what: 'accepted → handled, alone', values: alone ?? [], unit: 'ms' },
        { what: 'accepted → handled, beside the flood', values: beside ?? [], unit: 'ms' },
        { what: 'p99 beside the flood against alone', values: [ratio], unit: 'ratio', budget: { p50: 2 } },
      ],
    );
    return kept ? 0 : 1;
  } finally {
    hub.child.kill('SIGKILL');
    await hub.ended;
    await sql.end();
    await database.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** Each measurement looks for the records of its own events. */
async function measured(sql: pg.Pool, measure: () => Promise<number[]>): Promise<number[]> {
  await sql.query(`delete from records where external_id like 'latency-%'`);
  return measure();
}

/** Each account in a store of its own. */
async function connectStores(port: number, sql: pg.Pool): Promise<void> {
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
