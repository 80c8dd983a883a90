import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePlugin } from '../tests/support/hot-plugin.ts';
import { freePort, launchHub, startDatabase } from './support/bench-hub.ts';
import { cpuMicros } from './support/cpu.ts';
import { report } from './support/figures.ts';
import { fillStores } from './support/filled-stores.ts';
import { HubApi } from './support/hub-api.ts';
import { type PageLoad, pagesPerSecond } from './support/page-load.ts';
import { openPage, signIn } from './support/signed-in.ts';

const CARDS = 24;
const RUNS_EACH = 20;
const ROUNDS = 7;
const SECONDS = 2;
const CONNECTIONS = 16;
const ADMIN = { email: 'bench@example.com', password: 'a long enough password' };

/** The page of cards of somebody signed in, beside `express.static` of the same bytes, in turn. @returns the exit code */
export async function bench([rounds = ROUNDS, seconds = SECONDS]: readonly (string | number)[]): Promise<number> {
  const home = mkdtempSync(join(tmpdir(), 'bench-cards-'));
  const database = await startDatabase(join(home, 'postgres'));
  const pluginDirs = join(home, 'plugins');
  mkdirSync(pluginDirs);
  for (let at = 0; at < CARDS; at += 1) writePlugin(pluginDirs, `plugin-${at}`, { name: `Plugin ${at}` });
  const port = await freePort();
  const env = { ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password, SANDBOX: '0' };
  const hub = launchHub({ databaseUrl: database.url, dataDir: join(home, 'data'), pluginDirs, port, env });
  const stop: (() => unknown)[] = [];
  try {
    const url = `http://127.0.0.1:${port}`;
    await new HubApi(url).open(ADMIN.email, ADMIN.password);
    await fillStores(database.url, { stores: 1, plugins: CARDS, runs: RUNS_EACH });
    const { cookie, html } = await cardsPage(url);
    const files = join(home, 'files');
    mkdirSync(files);
    writeFileSync(join(files, 'cards.html'), html);
    const other = await staticServer(files);
    stop.push(() => other.child.kill());
    const load = { cookie, connections: CONNECTIONS, seconds: Number(seconds) };
    const cards = { ...load, port, path: '/integrations', pid: hub.child.pid ?? 0 };
    const bytes = { ...load, port: other.port, path: '/cards.html', pid: other.child.pid ?? 0 };
    return print(await measure({ cards, bytes }, Number(rounds)), html) ? 0 : 1;
  } finally {
    for (const end of stop) end();
    hub.child.kill('SIGTERM');
    await hub.ended;
    await database.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** Of the store that has them all. */
async function cardsPage(url: string): Promise<{ cookie: string; html: string }> {
  const signedIn = await openPage(`${url}/stores`, await signIn(url, ADMIN));
  const token = /name="_csrf" value="([^"]+)"/.exec(signedIn.html)?.[1] ?? '';
  const body = new URLSearchParams({ _csrf: token, store: 'store-1', next: '/integrations' });
  const headers = { cookie: signedIn.cookie };
  await fetch(`${url}/stores`, { method: 'POST', redirect: 'manual', headers, body });
  const page = await openPage(`${url}/integrations`, signedIn.cookie);
  const shown = page.html.match(/<article class="card /g)?.length;
  if (shown !== CARDS || !page.html.includes('connection-connected')) throw new Error(`the page shows ${shown} cards`);
  return page;
}

async function staticServer(folder: string) {
  const port = await freePort();
  const script = join(import.meta.dirname, 'support/static-pages.ts');
  const env = { ...process.env, NODE_ENV: 'production' };
  const child = spawn(process.execPath, [script, String(port), folder], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return { port, child };
}

type Target = PageLoad & { readonly pid: number };

interface Measured {
  readonly cards: number[];
  readonly bytes: number[];
  readonly ratio: number[];
  /** Of processor time a page, in µs. */
  readonly cost: { readonly cards: number[]; readonly bytes: number[] };
}

async function measure(targets: { cards: Target; bytes: Target }, rounds: number): Promise<Measured> {
  const measured: Measured = { cards: [], bytes: [], ratio: [], cost: { cards: [], bytes: [] } };
  const round = async (name: 'cards' | 'bytes') => {
    const before = cpuMicros(targets[name].pid);
    const rate = await pagesPerSecond(targets[name]);
    return { rate, cost: (cpuMicros(targets[name].pid) - before) / (rate * targets[name].seconds) };
  };
  await round('cards');
  await round('bytes');
  for (let at = 0; at < rounds; at += 1) {
    const [bytes, cards] = [await round('bytes'), await round('cards')];
    measured.bytes.push(bytes.rate);
    measured.cards.push(cards.rate);
    measured.ratio.push(cards.rate / bytes.rate);
    measured.cost.bytes.push(bytes.cost);
    measured.cost.cards.push(cards.cost);
  }
  return measured;
}

function print({ cards, bytes, ratio, cost }: Measured, html: string): boolean {
  const size = Math.round(Buffer.byteLength(html) / 1000);
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}`;
  return report(`The cards page, ${CARDS} cards, ${size} KB, ${CONNECTIONS} connections; pages a second (${machine})`, [
    { what: 'GET /integrations, signed in', values: cards, unit: 'n' },
    { what: 'express.static of the same bytes', values: bytes, unit: 'n' },
    { what: 'the hub’s processor time a page, µs', values: cost.cards, unit: 'n' },
    { what: 'that of express.static, µs', values: cost.bytes, unit: 'n' },
    { what: 'cards / express.static', values: ratio, unit: 'ratio', floor: 0.5 },
  ]);
}
