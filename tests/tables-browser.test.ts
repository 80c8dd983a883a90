import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './support/browser.ts';
import { writePlugin } from './support/hot-plugin.ts';
import { type Hub, startHub } from './support/hub.ts';
import { logIn } from './support/visit.ts';

const CONFIG = `{
  type: 'object',
  properties: {
    days: { type: 'integer', title: 'Days', minimum: 1, maximum: 90, default: 28, 'x-advanced': true },
    fields: { type: 'object', title: 'Fields', 'x-keys': { email: 'E-mail', phone: 'Phone' }, 'x-options': 'targets' },
    lines: {
      type: 'array',
      title: 'Price list',
      items: {
        type: 'object',
        required: ['article', 'price'],
        properties: {
          article: { type: 'string', title: 'Article' },
          price: { type: 'integer', title: 'Price', minimum: 1 },
          taxed: { type: 'boolean', title: 'Taxed', default: true },
        },
      },
    },
  },
}`;
const HANDLERS = `options: { targets: async () => [{ value: 'EMAIL', label: 'Address' }, { value: 'PHONE', label: 'Number' }] },`;

const plugins = mkdtempSync(join(tmpdir(), 'tables-'));
let hub: Hub;
let browser: Browser;
let page: Page;
let configure: string;

beforeAll(async () => {
  writePlugin(plugins, 'hot', { config: CONFIG, handlers: HANDLERS });
  [hub, browser] = await Promise.all([startHub({ PLUGIN_DIRS: plugins }), openBrowser()]);
  const fields = { key: 'k' };
  const { body } = await hub.api('POST', '/api/stores/default/integrations/hot/connect', { method: 'manual', fields });
  configure = `${hub.url}/integrations/hot/${body.id}/configure`;
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 800 } });
  page = await context.newPage();
  await logIn(page, hub);
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
  rmSync(plugins, { recursive: true });
});

const settings = async () => (await hub.api('GET', '/api/stores/default/integrations/hot')).body.config;

describe('a map and a table, without JavaScript and on a small screen', () => {
  it('keep what was typed beside the sentence on what is wrong, and save what is right', async () => {
    await page.goto(configure);
    await page.getByLabel('E-mail').selectOption('EMAIL');
    await page.getByLabel('Article, line 2').fill('Towel');
    await page.getByLabel('Taxed, line 2').uncheck();
    await page.getByRole('button', { name: 'Save' }).click();
    const price = page.getByLabel('Price, line 1');
    expect(await page.getByLabel('Article, line 1').inputValue()).toBe('Towel');
    expect(await price.getAttribute('aria-invalid')).toBe('true');
    const said = await page.locator(`[id="${await price.getAttribute('aria-describedby')}"]`).textContent();
    expect(said?.trim()).toBe('Price list, line 1: Price is required.');
    expect(await page.getByLabel('E-mail').inputValue()).toBe('EMAIL');
    expect(await page.getByLabel('Taxed, line 1').isChecked()).toBe(false);
    await price.fill('12');
    await page.getByRole('button', { name: 'Save' }).click();
    expect(await settings()).toEqual({
      days: 28,
      fields: { email: 'EMAIL' },
      lines: [{ article: 'Towel', price: 12, taxed: false }],
    });
    expect(await page.getByText('E-mail: EMAIL').count()).toBe(1);
    expect(await page.getByText('Article Towel, Price 12, Taxed No').count()).toBe(1);
  });

  it('fit the screen, and give a line up when it is emptied', async () => {
    await page.goto(configure);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await page.getByLabel('Article, line 1').fill('');
    await page.getByLabel('Price, line 1').fill('');
    await page.getByLabel('E-mail').selectOption('');
    await page.getByRole('button', { name: 'Save' }).click();
    expect(await settings()).toEqual({ days: 28, fields: {}, lines: [] });
  });

  it('leave what is rarely changed behind a line that says what is set, and open it where something is wrong', async () => {
    await page.goto(configure);
    const fold = page.locator('details', { hasText: 'Days' });
    expect((await fold.locator('summary').textContent())?.trim()).toBe('Days 28');
    expect(await page.getByLabel('Days').isVisible()).toBe(false);
    await fold.locator('summary').click();
    await page.getByLabel('Days').fill('91');
    await fold.locator('summary').click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('link', { name: 'Days' }).waitFor();
    expect([await page.getByLabel('Days').isVisible(), await page.getByLabel('Days').inputValue()]).toEqual([true, '91']);
    expect(await fold.textContent()).toContain('Days must be 90 or less.');
  });

  it('show what a browser refuses to send, though it was folded away', async () => {
    await page.goto(configure);
    const fold = page.locator('details', { hasText: 'Days' });
    await fold.locator('summary').click();
    await page.getByLabel('Days').clear();
    await page.getByLabel('Days').pressSequentially('1e');
    await fold.locator('summary').click();
    expect([await fold.getAttribute('open'), await page.getByLabel('Days').isVisible()]).toEqual([null, true]);
  });

  it('open what a link leads to', async () => {
    await page.goto(`${configure}#config-days`);
    await page.getByLabel('Days').waitFor();
  });

  it('are checked by the API as well, with a pointer to the cell', async () => {
    const lines = [
      { article: 'Towel', price: 1 },
      { article: 'Soap', price: '2' },
    ];
    const { status, body } = await hub.api('PUT', '/api/stores/default/integrations/hot/configure', { lines });
    expect([status, body.code]).toEqual([422, 'CONFIG_SCHEMA_INVALID']);
    expect(body.errors).toEqual([{ pointer: '/lines/1/price', message: 'Price list, line 2: Price must be a whole number.' }]);
  });
});
