import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pool } from 'pg';
import { ADMIN, call, freePort } from './hub.ts';
import { writeInboundPlugin } from './inbound-plugin.ts';
import { ACCOUNTS } from './outside-checker.ts';
import { TcpPostgres } from './tcp-postgres.ts';
import { until } from './wait.ts';
import { waitingEvents } from './waiting-events.ts';

const HUB = fileURLToPath(new URL('../../bin/hub.js', import.meta.url));
const SHIPPED = fileURLToPath(new URL('../../plugins', import.meta.url));

export interface HubChild {
  readonly url: string;
  readonly port: number;
  /** From its start to its first answer. */
  readonly readyMs: number;
  /** @returns ms until it had ended, and its exit code */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<{ ms: number; code: number | null }>;
  /** Has it ended by itself? */
  ended(): boolean;
}

type Role = 'web' | 'worker';

/** Hubs in processes of their own on one database, with the plugin `inbound`, whose accounts {@link ACCOUNTS} are connected. */
export interface FaultRoom {
  readonly postgres: TcpPostgres;
  readonly sql: Pool;
  /** Object → what its provider says of it when asked. */
  readonly things: Map<string, object>;
  /** Port of a hub → how often it asked the provider. */
  readonly asked: Map<number, number>;
  /** @param role without it the hub is both */
  hub(port?: number, role?: Role): Promise<HubChild>;
  /** Tokens of the claims under which events are in somebody's hands. */
  leases(): Promise<Set<string>>;
  /** Events that are accepted and not sorted in. */
  spooled(): Promise<number>;
  /** Rows that ever were in the spool, at most. */
  everSpooled(): Promise<number>;
  /** Whether some hub sorts just now. */
  sorts(): Promise<boolean>;
  /** Events that are accepted and not handled. */
  waiting(): Promise<number>;
  close(): Promise<void>;
}

/** @param shipped the hubs have all shipped plugins besides */
export async function faultRoom({ shipped }: { readonly shipped: boolean }): Promise<FaultRoom> {
  const home = mkdtempSync(join(tmpdir(), 'hub-faults-'));
  chmodSync(home, 0o755);
  const postgres = await TcpPostgres.make(home);
  const pluginDirs = join(home, 'plugins');
  writeInboundPlugin(pluginDirs);
  const things = new Map<string, object>();
  const asked = new Map<number, number>();
  const provider = await provide(things, asked);
  const env = {
    DATABASE_URL: postgres.url,
    PLUGIN_DIRS: [pluginDirs, ...(shipped ? [SHIPPED] : [])].join(':'),
    DATA_DIR: join(home, 'data'),
    HUB_KEYS: `faults:${randomBytes(32).toString('base64')}`,
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
    LOG_LEVEL: 'fatal',
  };
  const ofPort = (port: number) => ({
    ...env,
    PORT: String(port),
    EGRESS_MAP: JSON.stringify({ 'api.inbound.example': `${provider.url}/${port}` }),
  });
  const sql = new Pool({ connectionString: postgres.url, max: 4 });
  sql.on('error', () => undefined);
  const children = new Set<ChildProcess>();
  const room: FaultRoom = {
    postgres,
    sql,
    things,
    asked,
    hub: async (port, role) => launch({ ...ofPort(port ?? (await freePort())), ...(role && { ROLES: role }) }, children),
    ...looks(sql),
    async close() {
      for (const child of children) child.kill('SIGKILL');
      await sql.end();
      await postgres.stopHard();
      provider.server.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
  await connect(await room.hub());
  return room;
}

/** A sorter is who has touched the spool under the lock of sorters, the only one that is taken for a transaction there. */
const SORTS = `select exists (select 1 from pg_locks s join pg_locks a using (pid)
  where s.relation = 'webhook_spool'::regclass and s.mode = 'RowExclusiveLock' and a.locktype = 'advisory') as answer`;

function looks(sql: Pool): Pick<FaultRoom, 'leases' | 'spooled' | 'everSpooled' | 'sorts' | 'waiting'> {
  const answerTo = async <T>(query: string) => (await sql.query<{ answer: T }>(query)).rows[0]?.answer;
  const count = async (query: string) => Number(await answerTo(query));
  return {
    async leases() {
      const tokens = 'select array_agg(distinct lease_owner) as answer from webhook_queue where lease_owner is not null';
      return new Set((await answerTo<string[] | null>(tokens)) ?? []);
    },
    spooled: () => count('select coalesce(sum(count), 0) as answer from webhook_spool'),
    everSpooled: () => count('select last_value as answer from webhook_spool_id_seq'),
    sorts: async () => (await answerTo<boolean>(SORTS)) === true,
    waiting: () => waitingEvents(sql),
  };
}

async function launch(env: Record<string, string>, children: Set<ChildProcess>): Promise<HubChild> {
  const began = Date.now();
  const child = spawn(process.execPath, [HUB, 'start'], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  const exited = new Promise<number | null>((done) => child.once('exit', done));
  const url = `http://127.0.0.1:${env['PORT']}`;
  const listens = new Promise<void>((done) => child.stdout.on('data', (text) => String(text).includes('listens on') && done()));
  const answers = async () => (await fetch(`${url}/readyz`)).ok || child.exitCode !== null;
  // Nobody can ask a worker.
  if (env['ROLES'] !== 'worker') await until(answers, { withinMs: 60_000, what: 'the hub to answer' });
  const readyMs = Date.now() - began;
  // Only then does it work as well; a database that goes away before that ends the start.
  await Promise.race([listens, exited]);
  return {
    url,
    port: Number(env['PORT']),
    readyMs,
    ended: () => child.exitCode !== null || child.signalCode !== null,
    async end(signal) {
      const since = Date.now();
      child.kill(signal);
      const code = await exited;
      children.delete(child);
      return { ms: Date.now() - since, code };
    },
  };
}

async function connect(hub: HubChild): Promise<void> {
  const basic = Buffer.from(`${ADMIN.email}:${ADMIN.password}`).toString('base64');
  const { body: key } = await call('POST', `${hub.url}/api/api-keys`, {
    body: { name: 'faults' },
    headers: { authorization: `Basic ${basic}` },
  });
  for (const account of ACCOUNTS) {
    const connected = await call('POST', `${hub.url}/api/stores/default/integrations/inbound/connect`, {
      body: { method: 'manual', name: account, fields: { account } },
      headers: { authorization: `Bearer ${key.key}` },
    });
    if (connected.status !== 201) throw new Error(`not connected: ${connected.status} ${JSON.stringify(connected.body)}`);
  }
  await hub.end('SIGTERM');
}

function provide(things: ReadonlyMap<string, object>, asked: Map<number, number>): Promise<{ url: string; server: Server }> {
  const server = createServer((req, res) => {
    const [, port, , name = ''] = req.url?.split('/') ?? [];
    asked.set(Number(port), (asked.get(Number(port)) ?? 0) + 1);
    const found = things.get(decodeURIComponent(name));
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(found ?? { deleted: true }));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve({ url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`, server });
    });
  });
}
