import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './support/browser.ts';
import { call, type Hub, startHub } from './support/hub.ts';
import { logIn } from './support/visit.ts';

let hub: Hub;
let browser: Browser;
let page: Page;
let details: string;

beforeAll(async () => {
  [hub, browser] = await Promise.all([startHub(), openBrowser()]);
  const { credentials: fields } = (await call('GET', `${hub.url}/sandbox/leadconnector`)).body;
  const connected = await hub.api('POST', '/api/stores/default/integrations/leadconnector/connect', { method: 'manual', fields });
  details = `${hub.url}/integrations/leadconnector/${connected.body.id}`;
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 800 } });
  page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await logIn(page, hub);
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

const overflow = async () =>
  Number(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'));

describe('an owner on a small screen without JavaScript', () => {
  it('finds what can be done, is told what is wrong with the form, and sees what was done', async () => {
    await page.goto(details);
    expect(await overflow()).toBe(0);
    await page.getByRole('link', { name: 'Create a contact', exact: true }).click();
    await page.getByLabel('First name').fill('Ottoline');
    await page.getByLabel('Country').fill('usa');
    await page.getByRole('button', { name: 'Create a contact' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('Please look at the marked fields.');
    expect(await overflow()).toBe(0);
    expect(await page.getByLabel('First name').inputValue()).toBe('Ottoline');
    await page.getByLabel('Country').fill('US');
    await page.getByRole('button', { name: 'Create a contact' }).click();
    expect(await page.locator('main').textContent()).toMatch(/First name\s*Ottoline/);
    expect(await overflow()).toBe(0);
    await page.reload();
    const found = await hub.rows("select 1 from records where stream = 'contacts' and data->>'firstName' = 'Ottoline'");
    expect(found).toHaveLength(1);
  });
});
