import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { exportCommand } from '../core/cli/export.ts';
import { EventStore } from '../core/inbox/event-store.ts';
import { openBrowser } from './support/browser.ts';
import { testDatabase } from './support/database.ts';
import { ADMIN, call, type Hub, startHub } from './support/hub.ts';
import { newStore } from './support/integrations-room.ts';
import { addStoreOwner } from './support/people.ts';
import { manyEvents } from './support/spooled.ts';
import { until } from './support/wait.ts';

const PLUGIN = 'leadconnector';

let hub: Hub;
let browser: Browser;
let page: Page;
let token: string;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-privacy-'));
  hub = await startHub();
  const person = await addStoreOwner(hub, 'ana@example.com');
  await hub.rows(`insert into stores (id, slug, name) values (gen_random_uuid(), 'other', 'Other')`);
  const fields = (await call('GET', `${hub.url}/sandbox/${PLUGIN}`)).body.credentials;
  token = fields.token;
  expect((await hub.api('POST', `/api/stores/default/integrations/${PLUGIN}/connect`, { method: 'manual', fields })).status).toBe(
    201,
  );
  const records = () => hub.rows('select 1 from records limit 1');
  await until(async () => (await records()).length > 0, { what: 'the first records' });
  browser = await openBrowser();
  page = await (await browser.newContext({ viewport: { width: 360, height: 800 } })).newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(`${hub.url}/login`);
  await page.fill('[name=email]', person.email);
  await page.fill('[name=password]', person.password);
  await page.press('[name=password]', 'Enter');
  await page.waitForURL(/integrations/);
});

afterAll(async () => {
  await browser?.close();
  await hub?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('an owner', () => {
  it('reads in words who did what, finds it again, and learns that nothing was changed', async () => {
    await page.goto(`${hub.url}/audit`);
    await shot('audit');
    expect(await page.textContent('main')).toContain(`${ADMIN.email} connected`);
    await page.fill('[name=text]', 'no such thing');
    await page.click('.filters button');
    expect(await page.textContent('main')).toContain('No entry fits what you chose');
    await page.goto(`${hub.url}/audit?check=1`);
    await shot('audit-check');
    expect(await page.textContent('main')).toContain('Nothing was changed');
    await fits();
  });

  it('chooses how long what is kept, within bounds', async () => {
    await page.goto(`${hub.url}/privacy`);
    await shot('privacy');
    await fits();
    await page.fill('[name=runs]', '30');
    await page.click('form[action="/privacy/retention"] button');
    expect(await page.inputValue('[name=runs]')).toBe('30');
    const refused = await hub.api('PATCH', '/api/stores/default/retention', { runs: 3 });
    expect([refused.status, refused.body.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect((await hub.api('GET', '/api/stores/default/retention')).body).toMatchObject({ runs: 30, messages: 30 });
  });

  it('takes everything away in an archive without a secret, for a day', async () => {
    await hub.rows(UNREADABLE, [(await hub.rows<{ id: string }>(`select id from stores where slug = 'default'`))[0]?.id]);
    await page.goto(`${hub.url}/privacy`);
    await page.click('form[action="/privacy/exports"] button');
    await shown('Download');
    expect(await page.textContent('main')).toContain('the rest stands as it came in messages-unsorted.jsonl');
    await shot('privacy-export');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Download')]);
    const archive = readFileSync(await download.path());
    const [kept] = await hub.rows<{ id: string; sha256: string; rows: number }>(
      'select id, sha256, rows::int from store_exports',
    );
    expect(createHash('sha256').update(archive).digest('hex')).toBe(kept?.sha256);
    const text = gunzipSync(archive).toString('latin1');
    expect([text.includes(token), text.includes('manifest.json'), text.includes('integrations.jsonl')]).toEqual([
      false,
      true,
      true,
    ]);
    await hub.rows(`update store_exports set expires_at = now() - interval '1 second'`);
    expect((await hub.api('GET', `/api/stores/default/exports/${kept?.id}/archive`)).status).toBe(404);
  });

  it('finds exports of weeks ago behind those of today', async () => {
    await hub.rows(
      `insert into store_exports (store_id, id, requested_by, status, created_at, finished_at)
       select id, gen_random_uuid(), 'no-' || n || '@example.com', 'cancelled', now() - n * interval '1 day', now()
       from stores, generate_series(1, 11) n where slug = 'default'`,
    );
    await page.goto(`${hub.url}/privacy`);
    expect(await page.textContent('main')).not.toContain('no-11@example.com');
    await page.click('.pager >> text=Older');
    expect(await page.textContent('main')).toContain('no-11@example.com');
    await shot('privacy-older');
    await fits();
    await page.click('.pager >> text=Newest');
    expect(await page.textContent('main')).toContain('no-1@example.com');
  });

  it('cannot delete the store by a wrong name; by its own it is gone, with a proof', async () => {
    await page.goto(`${hub.url}/privacy`);
    await page.fill('[name=slug]', 'other');
    await page.click('form[action="/privacy/delete"] button');
    expect(await page.textContent('main')).toContain('Nothing was deleted');
    await page.fill('[name=slug]', (await page.textContent('label[for=slug] code')) ?? '');
    await page.click('form[action="/privacy/delete"] button');
    await page.waitForURL(/deletions/);
    await shown('Download the proof');
    await shot('deleted');
    await fits();
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Download the proof')]);
    const { proof, sha256 } = JSON.parse(readFileSync(await download.path(), 'utf8'));
    expect(createHash('sha256').update(proof).digest('hex')).toBe(sha256);
    expect(JSON.parse(proof)).toMatchObject({
      store: { slug: 'default' },
      requestedBy: 'ana@example.com',
      removed: { stores: 1, integrations: 1 },
    });
    const { subject } = (await hub.rows<{ subject: string }>('select subject from store_deletions'))[0] ?? { subject: '' };
    const tables = await hub.rows<{ name: string }>(
      `select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'store_id'`,
    );
    for (const { name } of tables) {
      expect([name, await hub.rows(`select 1 from "${name}" where store_id = $1`, [subject])]).toEqual([name, []]);
    }
    expect((await hub.rows(`select 1 from stores where slug = 'other'`)).length).toBe(1);
    await page.goto(`${hub.url}/stores`);
    expect(await page.textContent('main')).toContain('You do not belong to a store yet');
  });
});

const UNREADABLE = `insert into webhook_spool (store_id, integration_id, count, events, problem)
  values ($1, gen_random_uuid(), 3, '', 'It is damaged.')`;

describe('hub export', () => {
  it('writes the archive of a store beside a running hub, and over nobody’s file', async () => {
    const out = join(folder, 'other.tar.gz');
    const said: string[] = [];
    const io = {
      out: (line: string) => void said.push(line),
      err: () => undefined,
      readSecret: async () => '',
      readConfig: () => hub.config,
    };
    expect(await exportCommand.run(['--store', 'other', '--out', out], io)).toBe(0);
    expect(said.join()).toContain('Other');
    const archive = gunzipSync(readFileSync(out)).toString('latin1');
    expect(archive).toContain('manifest.json');
    await expect(exportCommand.run(['--store', 'other', '--out', out], io)).rejects.toThrow('is there already');
    await expect(exportCommand.run(['--store', 'nowhere', '--out', join(folder, 'x')], io)).rejects.toThrow('no store "nowhere"');
  });

  it('has among the messages what was accepted and not sorted in, though no worker runs', async () => {
    const db = await testDatabase();
    try {
      const { store } = await newStore(db.dataSource);
      const sent = manyEvents({ storeId: store.id, integrationId: randomUUID(), pluginId: PLUGIN }, 40);
      await new EventStore(db.dataSource).add(sent);
      expect(await db.dataSource.query('select 1 from webhook_events')).toEqual([]);
      const out = join(folder, 'spooled.tar.gz');
      const readConfig = () => ({ ...hub.config, databaseUrl: db.url });
      await db.dataSource.query(UNREADABLE, [store.id]);
      const told: string[] = [];
      const io = { out: () => undefined, err: (line: string) => void told.push(line), readSecret: async () => '', readConfig };
      expect(await exportCommand.run(['--store', store.slug, '--out', out], io)).toBe(0);
      expect(told.at(-1)).toContain('Not all accepted messages were sorted in yet');
      const archive = gunzipSync(readFileSync(out)).toString('latin1');
      expect(sent.filter(({ eventId }) => !archive.includes(`"event_id":"${eventId}"`))).toEqual([]);
    } finally {
      await db.close();
    }
  });
});

/** What a page says once the work behind it is done; without JavaScript it is loaded again. */
async function shown(text: string): Promise<void> {
  const there = async () => {
    await page.reload();
    return (await page.locator(`text=${text}`).count()) > 0;
  };
  await until(there, { what: `"${text}"` });
}

/** Nothing wider than a phone. */
async function fits(): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
}

async function shot(name: string): Promise<void> {
  const { shots } = globalThis as { shots?: string };
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}
