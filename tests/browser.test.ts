import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openBrowser } from './support/browser.ts';
import { type Hub, startHub } from './support/hub.ts';
import { logIn, untilShown } from './support/visit.ts';
import { until } from './support/wait.ts';

let hub: Hub;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  [hub, browser] = await Promise.all([startHub(), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});
beforeEach(async () => {
  context = await browser.newContext();
  page = await newPage(context);
});
afterEach(() => context.close());

async function newPage(within: BrowserContext): Promise<Page> {
  const opened = await within.newPage();
  opened.setDefaultTimeout(60_000);
  return opened;
}

async function consent(location: string): Promise<void> {
  await page.getByRole('button', { name: /^(Connect|Reconnect) with LeadConnector$/ }).click();
  await page.getByRole('radio', { name: new RegExp(location) }).check();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.waitForURL(/\/integrations\/leadconnector\/[0-9a-f-]{36}(\/configure)?$/);
}

async function press(command: string, input: object = {}): Promise<void> {
  const { status, body } = await hub.sandbox('leadconnector', command, input);
  if (status !== 200) throw new Error(`${command}: ${status} ${JSON.stringify(body)}`);
}

async function syncsEnd(): Promise<void> {
  const atWork = "select 1 from sync_runs where status in ('queued', 'running')";
  await until(async () => (await hub.rows(atWork)).length === 0, { what: 'every sync to end' });
}

async function ownPage(): Promise<string> {
  const [integration] = await hub.rows<{ id: string }>('select id from integrations');
  return `/integrations/leadconnector/${integration?.id}`;
}

/** Without the page being loaded again, and by what the server tells. */
async function seesContactsMove(): Promise<void> {
  const row = page.locator('[data-run]', { hasText: 'Contacts' });
  const records = async () =>
    Number(/^[\d,]+/.exec((await row.locator('[data-progress]').textContent()) ?? '')?.[0].replace(',', ''));
  await page.evaluate(() => document.body.setAttribute('data-same-page', ''));
  const first = await until(records, { what: 'the first contacts to be counted' });
  await until(async () => (await records()) > first, { what: 'more contacts to be counted' });
  await page.locator('body[data-same-page] #live-details[data-told*="running"]').waitFor();
}

async function readsWhyItFailed(details: string): Promise<void> {
  await until(
    async () => {
      await page.goto(`${hub.url}${details}/runs?state=failed`);
      return page.getByText('Connect LeadConnector again; the next sync goes on where this one stopped.').first().isVisible();
    },
    { what: 'the history to say what to do' },
  );
  await page
    .getByRole('link', { name: /^Sync of .+: Failed$/ })
    .first()
    .click();
  await untilShown(page, /Reference/);
  expect(await page.locator('.status-says').textContent()).toMatch(/connect (it )?again/i);
}

describe('a store owner in a browser', () => {
  it('is told that nothing changed when consent is denied', async () => {
    await logIn(page, hub, { to: '/integrations/leadconnector' });
    await page.getByRole('button', { name: 'Connect with LeadConnector' }).click();
    await page.getByRole('button', { name: 'Deny' }).click();
    await untilShown(page, /nothing (was|has been) changed|not connected|did not allow/);
    expect(await hub.rows('select 1 from integrations')).toHaveLength(0);
  });

  it('connects by consent, sees the first sync move and cancels it', async () => {
    await logIn(page, hub, { to: '/integrations/leadconnector' });
    await press('slow', { milliseconds: 500 });
    await consent('Blue Fitness');
    await untilShown(page, /Connected to Blue Fitness, 3,41\d contacts/);
    await page.getByRole('button', { name: 'Save and go on' }).click();
    await page.waitForURL(/\/first-sync$/);
    await page.goto(`${hub.url}${await ownPage()}`);
    await seesContactsMove();
    await page.getByRole('button', { name: 'Cancel the sync of Contacts' }).click();
    await untilShown(page, /Cancelled after [\d,]+ contacts; they are kept/);
    await press('slow', { milliseconds: 0 });
    const [run] = await hub.rows<{ seen: number }>("select seen from sync_runs where status = 'cancelled'");
    const kept = await hub.rows("select 1 from records where stream = 'contacts'");
    expect([kept.length, kept.length < 3412]).toEqual([run?.seen, true]);
  });

  it('survives an expired token', async () => {
    await syncsEnd();
    const details = await ownPage();
    await logIn(page, hub, { to: details });
    await page.getByRole('button', { name: 'Sync again' }).first().click();
    await untilShown(page, /Connected/);
    await press('expireTokens');
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await untilShown(page, /Connected to Blue Fitness/);
    const [credential] = await hub.rows<{ refreshed_at: Date | null }>('select refreshed_at from credentials');
    expect(credential?.refreshed_at).toBeInstanceOf(Date);
  });

  it('reads in the history why a sync failed and what to do, and does it', async () => {
    await syncsEnd();
    await press('revokeTokens');
    const details = await ownPage();
    await logIn(page, hub, { to: details });
    await page.getByRole('button', { name: 'Sync again' }).first().click();
    await readsWhyItFailed(details);
    await page.getByRole('link', { name: 'Reconnect' }).first().click();
    await consent('Blue Fitness');
    await untilShown(page, /Connected/);
  });

  it('sees an uninstall and reconnects', async () => {
    const details = await ownPage();
    await logIn(page, hub, { to: details });
    await press('uninstall', { location: 'BlueFitnessDemo00001' });
    await until(
      async () => {
        await page.goto(`${hub.url}${details}`);
        return /Disconnected/.test((await page.locator('main').textContent()) ?? '');
      },
      { what: 'the page to say that it is disconnected' },
    );
    expect(await hub.rows('select 1 from credentials')).toHaveLength(0);

    await page.goto(`${hub.url}${details}/reconnect`);
    await consent('Blue Fitness');
    expect(page.url()).toBe(`${hub.url}${details}`);
    await untilShown(page, /Connected/);
    expect(await hub.rows('select id from integrations')).toHaveLength(1);
  });

  it('is refused when reconnecting to another account', async () => {
    await logIn(page, hub, { to: `${await ownPage()}/reconnect` });
    await page.getByRole('button', { name: /^(Connect|Reconnect) with LeadConnector$/ }).click();
    await page.getByRole('radio', { name: /Riverside Dental/ }).check();
    await page.getByRole('button', { name: 'Allow' }).click();
    await untilShown(page, /Riverside Dental/);
    expect(await hub.rows("select 1 from integrations where account_external_id = 'RiversideDentalDem02'")).toHaveLength(0);
  });

  it('finds every page usable without JavaScript and free of the brand behind the white label', async () => {
    await context.close();
    context = await browser.newContext({ javaScriptEnabled: false });
    page = await newPage(context);
    await logIn(page, hub);
    const own = await ownPage();
    for (const path of [
      '/integrations',
      '/integrations/leadconnector',
      own,
      `${own}/configure`,
      `${own}/disconnect`,
      `${own}/runs`,
      '/sandbox/leadconnector',
    ]) {
      const answer = await page.goto(`${hub.url}${path}`);
      expect({ path, status: answer?.status() }).toEqual({ path, status: 200 });
      expect(await page.content()).not.toMatch(/high\s?level|\bghl\b/i);
    }
    await page.goto(`${hub.url}${own}`);
    await page.getByRole('button', { name: 'Sync again' }).first().click();
    expect(await page.locator('main').textContent()).toMatch(/Blue Fitness/);
  });

  it('finds nothing wider than a phone', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await logIn(page, hub);
    const own = await ownPage();
    for (const path of [
      '/integrations',
      '/integrations/leadconnector',
      own,
      `${own}/configure`,
      `${own}/runs`,
      '/sandbox/leadconnector',
    ]) {
      await page.goto(`${hub.url}${path}`);
      expect({ path, width: await page.evaluate(() => document.documentElement.scrollWidth) }).toEqual({ path, width: 360 });
    }
  });
});
