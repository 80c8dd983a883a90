import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser } from './support/browser.ts';
import { hotPlugin, writePlugin } from './support/hot-plugin.ts';
import { ADMIN, type Hub, startHub } from './support/hub.ts';
import { until } from './support/wait.ts';

const KEYS = `{
  type: 'object',
  required: ['key', 'place'],
  properties: {
    key: { type: 'string', title: 'Key', 'x-secret': true, pattern: '^k-', 'x-pattern-message': 'A key begins with k-.' },
    place: { type: 'string', title: 'Place', pattern: '^[0-9]{4}$', 'x-pattern-message': 'A place has four digits.' },
  },
}`;
const CONFIG = `{
  type: 'object',
  required: ['list'],
  properties: {
    list: { type: 'string', title: 'List', 'x-options': 'lists' },
    since: { type: 'string', title: 'Since', format: 'date' },
    days: { type: 'integer', title: 'Days', minimum: 1, maximum: 90, default: 30 },
    pause: { type: 'integer', title: 'Pause', minimum: 1, maximum: 60, default: 5, 'x-advanced': true },
  },
}`;
/** What the provider does when it is asked for its lists is the test's to say. */
const HANDLERS = `
  async test(ctx) {
    if (ctx.config.list === 'closed') throw new Rejected('The list Closed takes nobody; choose another.');
    return { message: 'Connected to Account, 1 thing.' };
  },
  options: {
    lists: async () => {
      await globalThis.listsAnswer();
      return [{ value: 'open', label: 'Open list' }, { value: 'closed', label: 'Closed list' }];
    },
  },`;

const provider = globalThis as { listsAnswer?: () => Promise<unknown> };
const plugins = mkdtempSync(join(tmpdir(), 'wizard-'));
let hub: Hub;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  provider.listsAnswer = async () => {};
  writePlugin(plugins, 'hot', { config: CONFIG });
  const { 'manifest.ts': manifest = '', 'index.ts': index = '' } = hotPlugin({ config: CONFIG, handlers: HANDLERS });
  writeFileSync(
    join(plugins, 'hot', 'manifest.ts'),
    manifest.replace(/fields: \{.*\},\n/, () => `fields: ${KEYS},\n`),
  );
  const ownTest = index.replace("  async test() { return { message: 'Works.' }; },\n", '');
  writeFileSync(join(plugins, 'hot', 'index.ts'), ownTest.replace('{ definePlugin }', '{ definePlugin, Rejected }'));
  [hub, browser] = await Promise.all([startHub({ PLUGIN_DIRS: plugins }), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
  rmSync(plugins, { recursive: true });
  delete provider.listsAnswer;
});

async function logIn(options: BrowserContextOptions, to: string): Promise<void> {
  await page?.context().close();
  page = await (await browser.newContext({ viewport: { width: 360, height: 780 }, ...options })).newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(`${hub.url}/login?next=${encodeURIComponent(to)}`);
  await enterPassword();
  await page.waitForURL(`${hub.url}${to}`);
}

async function enterPassword(): Promise<void> {
  await page.getByLabel('Email').fill(ADMIN.email);
  await page.getByLabel('Password').fill(ADMIN.password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

const CONNECT = '/integrations/hot';
const connect = () => page.getByRole('button', { name: 'Test and connect' });
const summary = () => page.locator('[data-summary]');
const current = () => page.locator('[aria-current=step]').textContent();
const setUps = () => hub.rows<Record<string, Date | null>>('select connected_at, configured_at, finished_at from set_ups');
const focused = () => page.evaluate(() => document.activeElement?.id);

async function wrongIn(label: string, words: string): Promise<void> {
  await page
    .locator('.wrong', { has: page.getByLabel(label) })
    .getByText(words)
    .waitFor();
}

describe('setting up without JavaScript', () => {
  it('tells all that is wrong on top and beside the field, keeps what was typed in the open, and nothing else', async () => {
    await logIn({ javaScriptEnabled: false }, CONNECT);
    expect(await current()).toMatch(/Connect/);
    await page.getByLabel('Key').fill('no key');
    await page.getByLabel('Place').fill('12');
    await connect().click();
    await wrongIn('Place', 'A place has four digits.');
    expect(await summary().getByRole('link').allTextContents()).toEqual(['Key', 'Place']);
    expect([await page.getByLabel('Key').inputValue(), await page.getByLabel('Place').inputValue()]).toEqual(['', '12']);
    expect(await hub.rows('select 1 from integrations')).toEqual([]);
    expect(await setUps()).toEqual([{ connected_at: null, configured_at: null, finished_at: null }]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });
});

describe('setting up', () => {
  it('hears of a mistake on leaving the field, and that it is mended, before anything is sent', async () => {
    await logIn({}, CONNECT);
    await page.getByLabel('Place').fill('12');
    await page.getByLabel('Key').focus();
    await wrongIn('Place', 'A place has four digits.');
    expect(await page.getByLabel('Place').getAttribute('aria-invalid')).toBe('true');
    expect(await page.locator('.wrong').count()).toBe(1);
    await page.getByLabel('Place').fill('1234');
    await page.getByLabel('Key').focus();
    await page.locator('.wrong').waitFor({ state: 'detached' });
    expect(await hub.rows('select 1 from integrations')).toEqual([]);
  });

  it('finds what was typed again after being signed out meanwhile, but for the secret', async () => {
    await page.getByLabel('Key').fill('k-1');
    await hub.rows('delete from sessions');
    await connect().click();
    await page.getByLabel('Password').waitFor();
    await enterPassword();
    await page.getByText('Secrets are never kept').waitFor();
    expect([await page.getByLabel('Key').inputValue(), await page.getByLabel('Place').inputValue()]).toEqual(['', '1234']);
  });

  it('has the focus on the list of what is wrong', async () => {
    await page.getByLabel('Key').fill('wrong');
    await connect().click();
    await wrongIn('Key', 'A key begins with k-.');
    expect(await focused()).toBe('method-manual-error');
  });

  it('is told whom it is connected to, and chooses from lists that could not be had at first', async () => {
    provider.listsAnswer = () => Promise.reject(new Error('no lists today'));
    await page.getByLabel('Key').fill('k-1');
    await connect().click();
    await page.waitForURL(/\/configure$/);
    await page.getByText('Connected to Account, 1 thing.').waitFor();
    expect(await current()).toMatch(/Configure/);
    expect(await page.getByRole('combobox', { name: 'List' }).count()).toBe(0);
    await page.getByLabel('Days').fill('7');
    provider.listsAnswer = async () => {};
    await page.getByRole('button', { name: 'Load the choices again' }).click();
    await page.getByRole('combobox', { name: 'List' }).waitFor();
    expect(await page.getByLabel('Days').inputValue()).toBe('7');
  });

  it('may be left and taken up again with what was typed, and shows choices that come late', async () => {
    await page.goto(`${hub.url}/dashboard`);
    await page.getByRole('link', { name: 'Go on setting up Account on ' }).waitFor();
    expect(await hub.rows('select 1 from sync_runs')).toEqual([]);
    await page.goto(`${hub.url}${CONNECT}`);
    let answer = () => {};
    const late = new Promise<void>((resolve) => {
      answer = resolve;
    });
    provider.listsAnswer = () => late;
    await page.getByRole('link', { name: 'Go on setting up Account' }).click();
    await page.getByText('is still listing the choices').waitFor();
    answer();
    await page.getByRole('combobox', { name: 'List' }).waitFor();
    expect(await page.getByLabel('Days').inputValue()).toBe('7');
  });

  it('asks the provider before settings are saved', async () => {
    await page.getByLabel('List').selectOption('closed');
    await page.getByLabel('Since').fill('2026-11-01');
    await page.getByRole('button', { name: 'Save and go on' }).click();
    await summary().getByText('The list Closed takes nobody; choose another.').waitFor();
    expect(await page.getByLabel('Since').inputValue()).toBe('2026-11-01');
    expect(await hub.rows("select 1 from integrations where config ? 'list'")).toEqual([]);
    await page.getByRole('button', { name: 'Save without the test' }).waitFor();
  });

  it('comes to a finish line that says what happens next', async () => {
    await page.getByLabel('List').selectOption('open');
    await page.getByRole('button', { name: 'Save and go on' }).click();
    await page.waitForURL(/\/first-sync$/);
    await page.getByRole('heading', { name: 'Account is set up' }).waitFor();
    const told = (await page.locator('main').textContent()) ?? '';
    expect(told).toMatch(/It is synced by itself/);
    expect(told).toMatch(/Changes that Hot reports by itself arrive here as they happen/);
    await page.locator('.tile-link', { hasText: 'Things' }).waitFor();
    await until(async () => (await setUps()).every((one) => one['finished_at'] !== null), { what: 'the set-up to end' });
    expect(await setUps()).toHaveLength(1);
    expect(await hub.rows('select trigger from sync_runs')).toEqual([{ trigger: 'initial' }]);
    const { body } = await hub.api('GET', '/api/stores/default/analytics?days=1');
    expect(body.setUp).toEqual({ begun: 1, connected: 1, finished: 1, share: 1 });
  });

  it('tries settings later on without saving them', async () => {
    await page.goto(page.url().replace('/first-sync', '/configure'));
    await page.getByLabel('Days').fill('9');
    await page.getByRole('button', { name: 'Test without saving' }).click();
    await page.getByText('These settings work; they are not saved yet.').waitFor();
    expect(await page.getByLabel('Days').inputValue()).toBe('9');
    expect(await hub.rows("select 1 from integrations where config ->> 'days' = '9'")).toEqual([]);
  });

  it('says that a folded setting is not saved, and opens it where a link leads or something is wrong', async () => {
    const address = page.url().replace(/\/configure.*/, '/configure');
    const fold = page.locator('details.setting');
    await page.goto('about:blank');
    await page.goto(`${address}#config-pause`);
    await page.getByLabel('Pause').waitFor();
    await page.getByLabel('Pause').fill('61');
    await page.getByLabel('Pause').press('Tab');
    await wrongIn('Pause', 'Pause must be 60 or less.');
    expect(await fold.locator('summary').textContent()).toContain('Changed, not saved yet');
    await page.getByLabel('Pause').clear();
    await page.getByLabel('Pause').pressSequentially('1e');
    await fold.locator('summary').click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.waitForFunction(() => document.activeElement?.id === 'config-pause');
    expect([await fold.getAttribute('open'), page.url()]).toEqual(['', `${address}#config-pause`]);
    await page.getByLabel('Pause').fill('7');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved the settings of').waitFor();
    expect(await hub.rows("select config ->> 'pause' as pause from integrations")).toEqual([{ pause: '7' }]);
  });
});
