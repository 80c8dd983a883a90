import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN, type Hub, startHub } from './support/hub.ts';
import { writePagedPlugin } from './support/paged-plugin.ts';
import { json, PagedProvider, type Trouble } from './support/paged-provider.ts';
import { until } from './support/wait.ts';

const PAGE = 50;
const STORES = 50;
/** How long the plugin `ailing` waits for an answer. */
const HUNG_MS = 12_000;
let pluginDirs: string;
let provider: PagedProvider;
let hub: Hub;

interface Run {
  readonly status: string;
  readonly seen: number;
  readonly failed: number;
  readonly deleted: number;
  readonly message: string | null;
}

beforeAll(async () => {
  pluginDirs = mkdtempSync(join(tmpdir(), 'syncs-'));
  writePagedPlugin(pluginDirs);
  writePagedPlugin(pluginDirs, { id: 'ailing', timeoutMs: HUNG_MS });
  writePagedPlugin(pluginDirs, { id: 'failing' });
  provider = await new PagedProvider(PAGE).start();
  const map = Object.fromEntries(['paged', 'ailing', 'failing'].map((id) => [`api.${id}.example`, provider.url]));
  hub = await startHub({ PLUGIN_DIRS: pluginDirs, EGRESS_MAP: JSON.stringify(map) });
});
afterAll(async () => {
  await hub?.close();
  await provider?.close();
  rmSync(pluginDirs, { recursive: true, force: true });
});

interface Connecting {
  readonly plugin?: string;
  readonly contacts?: number;
  /** Default: the store `default` and its key. */
  readonly store?: string;
  readonly key?: string;
}

/** @returns the integration's id; its first sync is queued */
async function connect(account: string, { store = 'default', key, plugin = 'paged', contacts = 4 * PAGE }: Connecting = {}) {
  provider.totals.set(account, contacts);
  const body = { method: 'manual', name: account, fields: { account } };
  const headers: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {};
  const connected = await hub.api('POST', `/api/stores/${store}/integrations/${plugin}/connect`, body, headers);
  expect(connected.status).toBe(201);
  return connected.body.id;
}

/** A store and a key to it. */
async function newStore(store: string): Promise<{ store: string; key: string }> {
  await hub.rows('insert into stores (id, slug, name) values (gen_random_uuid(), $1, $1)', [store]);
  const authorization = `Basic ${Buffer.from(`${ADMIN.email}:${ADMIN.password}`).toString('base64')}`;
  const { body } = await hub.api('POST', '/api/api-keys', { name: store, store }, { authorization });
  return { store, key: body.key };
}

async function lastRun(id: string): Promise<Run> {
  const [run] = await hub.rows<Run>(
    'select status, seen, failed, deleted, message from sync_runs where integration_id = $1 order by queued_at desc, id desc limit 1',
    [id],
  );
  return run as Run;
}

function ended(id: string, status = 'succeeded'): Promise<Run> {
  const what = `the run to have ${status}`;
  return until(async () => (await lastRun(id)).status === status && lastRun(id), { withinMs: 120_000, what });
}

/** What the hub has of an account, and what its provider has. */
async function compare(id: string, account: string): Promise<void> {
  const rows = await hub.rows<{ id: string }>(
    'select external_id as id from records where integration_id = $1 and deleted_at is null order by 1',
    [id],
  );
  expect(rows.map((row) => row.id)).toEqual(provider.ids(account));
}

/** Most of their time these wait for a time to come: all begin together, each with accounts of its own. */
function meanwhile(name: string, work: () => Promise<void>): void {
  let done: Promise<void>;
  beforeAll(() => {
    done = work();
    done.catch(() => undefined);
  });
  it(name, () => done, 240_000);
}

describe('a provider in trouble', () => {
  meanwhile('that never answers keeps no other integration from its pace, however many of them it has', async () => {
    const hung = Array.from({ length: 12 }, (_, n) => `hung-${n}`);
    let [met, hanging] = [0, 0];
    for (const account of hung) {
      provider.troubles.set(account, ({ number }, res) => {
        if (number > 1) return false;
        met += 1;
        hanging += 1;
        res.on('close', () => {
          hanging -= 1;
        });
        return true;
      });
    }
    const ids = [];
    for (const account of hung) ids.push(await connect(account, { plugin: 'ailing', contacts: PAGE }));
    await until(() => met === hung.length, { what: 'all to have hung' });
    const began = Date.now();
    const healthy = await connect('healthy');
    await ended(healthy);
    await compare(healthy, 'healthy');
    // As far as the machine was quick enough to tell.
    if (Date.now() - began < HUNG_MS / 2) expect(hanging).toBeGreaterThan(0);
    for (const [at, id] of ids.entries()) {
      await ended(id);
      await compare(id, hung[at] ?? '');
    }
  });

  const nonsense: [string, (res: Parameters<Trouble>[1]) => unknown][] = [
    ['cut JSON', (res) => res.writeHead(200, { 'content-type': 'application/json' }).end('{"contacts": [{"id"')],
    ['HTML with 200', (res) => res.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Maintenance</h1>')],
    ['JSON of another kind', (res) => json(res, 200, { contacts: null })],
    ['an error of its own', (res) => json(res, 500, { message: 'Oops' })],
  ];
  for (const [name, answer] of nonsense)
    meanwhile(`with ${name} on its third page loses nothing: the run goes on there`, async () => {
      const account = name.replaceAll(/\W+/g, '-');
      provider.troubles.set(account, ({ cursor, times }, res) => {
        if (cursor !== String(2 * PAGE) || times > 1) return false;
        answer(res);
        return true;
      });
      const id = await connect(account);
      await until(async () => (await lastRun(id)).message !== null, { what: 'the run to meet it' });
      expect(await ended(id)).toMatchObject({ seen: 4 * PAGE, failed: 0, deleted: 0 });
      await compare(id, account);
      expect([...provider.fetched(account)]).toEqual([
        ['0', 1],
        [String(PAGE), 1],
        [String(2 * PAGE), 2],
        [String(3 * PAGE), 1],
      ]);
    });

  const times: [string, () => string][] = [
    ['seconds', () => '7'],
    ['a date', () => new Date(Date.now() + 7000).toUTCString()],
  ];
  for (const [name, header] of times)
    meanwhile(`that names ${name} in Retry-After is not called before then, by nobody`, async () => {
      const account = `later-${name.replaceAll(/\W+/g, '-')}`;
      let notBefore = 0;
      provider.troubles.set(account, ({ cursor, times: asked }, res) => {
        if (cursor !== String(PAGE) || asked > 1) return false;
        notBefore = Math.floor(Date.now() / 1000) * 1000 + 6000;
        return json(res, 429, {}, { 'retry-after': header(), date: new Date().toUTCString() });
      });
      const id = await connect(account);
      await until(async () => (await lastRun(id)).message?.includes('429'), { what: 'the run to be turned away' });
      const ping = await hub.api('POST', `/api/stores/default/integrations/${id}/actions/ping`, {});
      // Unless the machine was so slow that the time has come.
      if (Date.now() < notBefore) expect(ping).toMatchObject({ status: 429, body: { code: 'RATE_LIMIT_EXCEEDED' } });
      await ended(id);
      await compare(id, account);
      const calls = provider.calls.filter((call) => call.account === account && call.cursor !== 'ping');
      expect(calls.map(({ cursor }) => cursor)).toEqual(['0', String(PAGE), String(PAGE), String(2 * PAGE), String(3 * PAGE)]);
      expect(calls[2]?.at).toBeGreaterThanOrEqual(notBefore);
    });

  meanwhile('that asks for an absurd wait is left alone for a day, and what was kept stays', async () => {
    provider.troubles.set(
      'absurd',
      ({ cursor }, res) => cursor === String(PAGE) && json(res, 429, {}, { 'retry-after': '99999999999' }),
    );
    const id = await connect('absurd');
    await until(async () => (await lastRun(id)).message?.includes('429'), { what: 'the run to be turned away' });
    const [waits] = await hub.rows<{ hours: number }>(
      'select extract(epoch from run_after - now())::float / 3600 as hours from sync_runs where integration_id = $1',
      [id],
    );
    expect(waits?.hours).toBeGreaterThan(23);
    // With up to a minute more, so that not all who were told so come back at once.
    expect(waits?.hours).toBeLessThanOrEqual(24 + 1 / 60);
    expect(await lastRun(id)).toMatchObject({ status: 'queued', seen: PAGE });
  });

  const circles: [string, (call: { number: number }) => { next: string; at: number }][] = [
    ['an endless cursor', ({ number }) => ({ next: `again-${number}`, at: 3 * PAGE })],
    ['a repeating cursor', () => ({ next: String(PAGE), at: PAGE })],
  ];
  for (const [name, next] of circles)
    meanwhile(`with ${name} ends as a failure that deletes nothing, and the next sync goes well`, async () => {
      const account = name.replaceAll(/\W+/g, '-');
      const id = await connect(account);
      await ended(id);
      provider.troubles.set(account, (call, res) => {
        if (call.cursor === '0') return false;
        const at = next(call);
        return json(res, 200, { ...provider.page(account, at.at), next: at.next });
      });
      await hub.api('POST', `/api/stores/default/integrations/${id}/sync`, {});
      expect((await ended(id, 'failed')).message).toMatch(/repeated a page|sent the same records/);
      await compare(id, account);
      provider.troubles.delete(account);
      await hub.api('POST', `/api/stores/default/integrations/${id}/sync`, {});
      expect(await ended(id)).toMatchObject({ seen: 4 * PAGE, deleted: 0 });
    });

  meanwhile('for everybody is one outage, after which the backlog is worked off', async () => {
    const accounts = Array.from({ length: 6 }, (_, n) => `out-${n}`);
    for (const account of accounts) provider.troubles.set(account, (_call, res) => json(res, 500, {}));
    const ids = [];
    for (const account of accounts) ids.push(await connect(account, { plugin: 'failing', contacts: PAGE }));
    const lasting = () => hub.rows(`select 1 from provider_outages where plugin_id = 'failing' and ended_at is null`);
    await until(async () => (await lasting()).length === 1, { withinMs: 120_000, what: 'the outage to be noted' });
    for (const account of accounts) provider.troubles.delete(account);
    for (const [at, id] of ids.entries()) {
      await ended(id);
      await compare(id, accounts[at] ?? '');
    }
    expect(await lasting()).toEqual([]);
  });
});

describe('a sync that meets no change', () => {
  it('writes no row', async () => {
    const id = await connect('same');
    await ended(id);
    const rows = () =>
      hub.rows('select ctid::text, xmin::text from records where integration_id = $1 order by external_id', [id]);
    const before = await rows();
    await hub.api('POST', `/api/stores/default/integrations/${id}/sync`, {});
    await until(async () => (await ended(id)).message?.includes('none changed'), { what: 'the second sync' });
    expect(await rows()).toEqual(before);
    expect(before).toHaveLength(4 * PAGE);
  });
});

describe('many stores that sync at once', () => {
  it('keep the same pace', async () => {
    const pages = 15;
    const made = [];
    for (let n = 0; n < STORES; n += 1) made.push(await newStore(`store-${n}`));
    const stores = await Promise.all(
      made.map(async ({ store, key }) => ({ store, key, id: await connect(store, { store, key, contacts: PAGE }) })),
    );
    for (const { id } of stores) await ended(id);
    const start = startingLine(stores.map(({ store }) => store));
    for (const { store } of stores) provider.totals.set(store, pages * PAGE);
    await Promise.all(
      stores.map(({ store, key }) =>
        hub.api('POST', `/api/stores/${store}/integrations/paged/sync`, {}, { authorization: `Bearer ${key}` }),
      ),
    );
    await until(() => start.waiting() === STORES, { withinMs: 60_000, what: 'every store to be at its first page' });
    start.go();
    const seen = async () => Promise.all(stores.map(async ({ id }) => (await lastRun(id)).seen));
    await until(async () => (await seen()).includes(pages * PAGE), { withinMs: 120_000, what: 'the first to end' });
    const all = await seen();
    expect(Math.min(...all)).toBeGreaterThanOrEqual(0.8 * Math.max(...all));
    for (const { id } of stores) await ended(id);
  }, 300_000);
});

/** Answers nobody's first page until told to. */
function startingLine(accounts: readonly string[]): { waiting(): number; go(): void } {
  let go: () => void = () => undefined;
  let waiting = 0;
  const gone = new Promise<void>((resolve) => {
    go = resolve;
  });
  for (const account of accounts) {
    provider.troubles.set(account, async ({ cursor }) => {
      waiting += cursor === '0' ? 1 : 0;
      if (cursor === '0') await gone;
      return false;
    });
  }
  return { waiting: () => waiting, go: () => go() };
}
