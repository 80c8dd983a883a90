import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { v7 } from 'uuid';
import { openBrowser } from './support/browser.ts';
import { consent } from './support/consent.ts';
import { ADMIN, type Hub, startHub } from './support/hub.ts';
import { addStoreOwner } from './support/people.ts';
import { until } from './support/wait.ts';

const PLUGIN = 'leadconnector';

let hub: Hub;
let browser: Browser;
let owner: Page;
let integration: string;

beforeAll(async () => {
  [hub, browser] = await Promise.all([startHub(), openBrowser()]);
  owner = await visitor(360);
  await logIn(owner, await addStoreOwner(hub, 'ana@example.com'));
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

describe('the dashboard of a store', () => {
  it('says how to begin while nothing is connected', async () => {
    await owner.goto(`${hub.url}/dashboard`);
    await owner.getByText('Nothing is connected yet.').waitFor();
    await fits(owner);
    await owner.getByRole('link', { name: 'Connect an account' }).click();
    await owner.waitForURL(/\/integrations$/);
  });

  it('is not where somebody begins while all is well', async () => {
    await connect('connect', 'Blue Fitness');
    await owner.goto(hub.url);
    await owner.waitForURL(/\/integrations$/);
    await owner.goto(`${hub.url}/dashboard`);
    await owner.getByText('Everything that is connected works.').waitFor();
  });

  it('begins with what broke, once something has, and the button that mends it', async () => {
    await breakIt();
    await owner.context().clearCookies();
    await logIn(owner, { email: 'ana@example.com', password: ADMIN.password });
    await owner.waitForURL(/\/dashboard$/);
    await owner.getByText('Its access was withdrawn.').waitFor();
    await fits(owner);
    await owner.getByRole('link', { name: /^Reconnect / }).click();
    await owner.waitForURL(new RegExp(`${integration}/reconnect$`));
  });

  it('shows staff what is wrong, and whom to ask', async () => {
    await hub.rows(`update memberships set role = 'staff'`);
    await owner.goto(`${hub.url}/dashboard`);
    await owner.getByText('An owner of this store can mend it.').waitFor();
    expect(await owner.getByRole('link', { name: /^Reconnect / }).count()).toBe(0);
    await hub.rows(`update memberships set role = 'owner'`);
  });

  it('counts what was mended, and how long that took', async () => {
    await hub.rows(
      `insert into audit_entries (id, store_id, actor, action, target, at)
       select gen_random_uuid(), store_id, 'x', action, id::text, now() - back from integrations, (values
         ('integration.needs-reconnect', interval '5 hours'), ('integration.mended', interval '3 hours'),
         ('integration.reconnect', interval '1 hour')) as steps (action, back) where id = $1`,
      [integration],
    );
    await hub.rows(`update integrations set status = 'active', reason_code = null, message = null where id = $1`, [integration]);
    await owner.goto(`${hub.url}/dashboard`);
    expect(await owner.getByRole('listitem').filter({ hasText: 'Time to repair' }).innerText()).toContain('2 hours');
    const { body } = await hub.api('GET', '/api/stores/default/analytics?days=2');
    expect(body.perDay).toHaveLength(2);
    expect(body.repair).toEqual({ repaired: 1, medianSeconds: 7200 });
  });
});

describe('the operator', () => {
  let operator: Page;
  beforeAll(async () => {
    operator = await visitor(1200, false);
    await logIn(operator, ADMIN);
  });

  it('reads of a connection what its store does, also that it works in part', async () => {
    await hub.rows("update sync_runs set status = 'succeeded' where status in ('failed', 'partial')");
    await hub.rows("update integrations set webhook_problem = 'It cannot report changes.' where id = $1", [integration]);
    for (const [page, path] of [
      [operator, '/admin/integrations'],
      [owner, '/integrations'],
    ] as const) {
      await page.goto(hub.url + path);
      const shown = page.getByRole('listitem').filter({ hasText: 'Blue Fitness' }).first();
      const words = await shown.innerText();
      expect([words.includes('Works in part'), words.includes('It cannot report changes.')]).toEqual([true, true]);
    }
    await hub.rows('update integrations set webhook_problem = null');
  });

  it('sees how the hub is, and which stores and plugins need somebody, without JavaScript', async () => {
    await breakIt();
    await operator.goto(`${hub.url}/admin`);
    await operator.getByText(/^Answers in \d+ ms/).waitFor();
    await operator.getByRole('table').first().getByRole('link', { name: 'Default' }).click();
    await operator.getByRole('checkbox', { name: /Blue Fitness/ }).waitFor();
    await fits(operator);
  });

  it('is told when nothing was ticked, and nothing is done', async () => {
    await operator.getByRole('button', { name: 'Pause' }).click();
    await operator.getByText('Nothing was done: tick the integrations first.').waitFor();
    expect(await hub.rows('select from bulk_jobs')).toEqual([]);
  });

  it('reminds those whose connection broke, and reads what became of it', async () => {
    await operator.getByRole('checkbox', { name: /Blue Fitness/ }).check();
    await operator.getByRole('button', { name: 'Remind to reconnect' }).click();
    await operator.waitForURL(/\/admin\/bulk\//);
    const done = operator.getByRole('heading', { name: '1 of 1 done' });
    await until(() => reloaded(operator, done), { what: 'the reminder' });
    await operator.getByText('Its access was withdrawn.').waitFor();
    await fits(operator);
  });

  it('cancels what waits, and no more than that', async () => {
    const batch = await waitingBatch();
    await operator.goto(`${hub.url}/admin/bulk/${batch}`);
    await operator.getByRole('button', { name: 'Cancel what waits' }).click();
    await operator.getByText('What waited is not done any more.').waitFor();
    expect(await itemsOf(batch)).toEqual([{ status: 'cancelled' }]);
  });

  it('is the only one to have these pages', async () => {
    const answer = await owner.goto(`${hub.url}/admin/integrations`);
    expect(answer?.status()).toBe(403);
  });
});

describe('a job for many', () => {
  it('is not done in the name of somebody who may not do it any more', async () => {
    const batch = await waitingBatch('ana@example.com', 'pause');
    await hub.rows(`update memberships set role = 'staff'`);
    await hub.rows(
      `insert into pgboss.job (name, data) select 'bulk', jsonb_build_object('storeId', store_id, 'id', id) from bulk_jobs where batch = $1`,
      [batch],
    );
    const status = await until(async () => (await itemsOf(batch)).find((item) => item.status !== 'waiting')?.status, {
      what: 'the refusal',
    });
    expect(status).toBe('failed');
    expect(await hub.rows('select enabled from integrations')).toEqual([{ enabled: true }]);
  });

  it('waits for its turn, where a store has too many under way', async () => {
    for (let at = 0; at < 5; at += 1) await waitingBatch();
    const answer = await hub.api('POST', '/api/stores/default/integrations/bulk', { action: 'test' });
    expect([answer.status, answer.body.code]).toEqual([409, 'CONFLICT']);
  });
});

async function connect(how: 'connect' | 'reconnect', account: string): Promise<void> {
  const { body } = await hub.api('POST', `/api/stores/default/integrations/${PLUGIN}/${how}`, { method: 'oauth' });
  const back = await consent(body.authorizeUrl, account);
  const answer = await hub.api('GET', `/api/integrations/${PLUGIN}/oauth/callback?${back}`);
  expect(answer).toMatchObject({ body: { status: 'active' } });
  integration = answer.body.id;
}

async function breakIt(): Promise<void> {
  await hub.rows(
    `update integrations set status = 'error', reason_code = 'RECONNECT_NEEDED', message = 'Its access was withdrawn.' where id = $1`,
    [integration],
  );
}

/** A job of an operator that no worker was told of. @returns its batch */
async function waitingBatch(email: string = ADMIN.email, action = 'test'): Promise<string> {
  const [job, batch] = [v7(), v7()];
  await hub.rows(
    `insert into bulk_jobs (store_id, id, user_id, action, batch) select s.id, $1, u.id, $3, $2 from stores s, users u where u.email = $4`,
    [job, batch, action, email],
  );
  await hub.rows('insert into bulk_items (store_id, job_id, integration_id) select store_id, $1, id from integrations', [job]);
  return batch;
}

function itemsOf(batch: string): Promise<{ status: string }[]> {
  return hub.rows('select b.status from bulk_items b join bulk_jobs j on j.id = b.job_id where j.batch = $1', [batch]);
}

async function visitor(width: number, javaScriptEnabled = true): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, javaScriptEnabled });
  return context.newPage();
}

async function logIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.goto(`${hub.url}/login`);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL((url) => url.pathname !== '/login');
}

async function reloaded(page: Page, sought: Locator): Promise<boolean> {
  await page.reload();
  return (await sought.count()) > 0;
}

/** Nothing of the page is wider than the window. */
async function fits(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
}
