import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './support/browser.ts';
import { call, type Hub, startHub } from './support/hub.ts';
import { logIn, untilShown } from './support/visit.ts';
import { until } from './support/wait.ts';

let hub: Hub;
let browser: Browser;
let page: Page;
let secretKey: string;
let details: string;

beforeAll(async () => {
  [hub, browser] = await Promise.all([startHub(), openBrowser()]);
  secretKey = (await call('GET', `${hub.url}/sandbox/stripe`)).body.credentials.secretKey;
  page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(60_000);
  await logIn(page, hub);
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

async function untilReloaded(words: RegExp): Promise<void> {
  const shown = async () => {
    await page.goto(details);
    return words.test((await page.locator('main').textContent()) ?? '');
  };
  await until(shown, { what: `the page to say ${words.source}` });
}

async function connect(key: string): Promise<void> {
  await page.getByLabel('Restricted or secret key').fill(key);
  await page.getByRole('button', { name: /^Test and (re)?connect$/ }).click();
}

describe('a store owner with a Stripe account', () => {
  it('is told why a publishable key will not do', async () => {
    await page
      .getByRole('link', { name: /Stripe/ })
      .first()
      .click();
    await untilShown(page, /Create restricted key/);
    await connect('pk_test_51BlueFitnessDemoPublic');
    await untilShown(page, /publishable key, which can read nothing/);
    expect(await hub.rows('select 1 from integrations')).toEqual([]);
  });

  it('connects with a key, sees that it is play money, and the payments come in', async () => {
    await connect(secretKey);
    await page.waitForURL(/\/integrations\/stripe\/[0-9a-f-]{36}/);
    details = page
      .url()
      .replace(/[?#].*$/, '')
      .replace(/\/configure$/, '');
    await page.getByRole('button', { name: 'Save and go on' }).click();
    await page.waitForURL(/\/first-sync$/);
    await page.goto(details);
    await untilReloaded(/1,5\d\d.*payments|payments.*1,5\d\d/i);
    expect(await page.locator('main').textContent()).toMatch(/\btest\b/i);
    await page.goto(`${hub.url}/integrations`);
    await untilShown(page, /Blue Fitness/);
  });

  it('chooses currencies that are in use there, and keeps them', async () => {
    await page.goto(`${details}/configure`);
    await page.getByLabel('USD, US Dollar').check();
    await page.getByRole('button', { name: /Save/ }).click();
    await untilShown(page, /saved|USD/);
    const [row] = await hub.rows<{ config: Record<string, unknown> }>('select config from integrations');
    expect(row?.config['currencies']).toEqual(['usd']);
  });

  it('tests the connection and reads the balance in words', async () => {
    await page.goto(details);
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await untilShown(page, /Connected to Blue Fitness \(test mode\), USD [\d,.]+ available/);
  });

  it('sees an expired key, mends it, and sees the end of access', async () => {
    const { secretKey: fresh } = (await hub.sandbox('stripe', 'rollKey')).body.result;
    await page.goto(details);
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await untilShown(page, /This key has expired/);
    await page.goto(`${details}/reconnect`);
    await connect(fresh);
    await page.waitForURL(new RegExp(`${new URL(details).pathname}$`));
    await untilReloaded(/Connected/);
    await hub.sandbox('stripe', 'deauthorize');
    await untilReloaded(/Access was taken away in Stripe/);
  });
});
