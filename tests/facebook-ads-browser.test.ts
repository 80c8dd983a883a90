import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openBrowser } from './support/browser.ts';
import { type Hub, startHub } from './support/hub.ts';
import { logIn, untilShown } from './support/visit.ts';
import { until } from './support/wait.ts';

const PLUGIN = '/integrations/facebook-ads';
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
beforeEach(() => open());
afterEach(() => context.close());

async function open(options: { javaScriptEnabled?: boolean } = {}): Promise<void> {
  context = await browser.newContext(options);
  page = await context.newPage();
  page.setDefaultTimeout(60_000);
}

/** The login dialog of the simulated provider. */
async function consent(person: string, without: readonly string[] = []): Promise<void> {
  await page.getByRole('button', { name: /^(Connect|Reconnect) with Facebook Ads$/ }).click();
  await page.getByRole('radio', { name: new RegExp(person) }).check();
  if (without.length > 0) await page.getByText('Choose what it may do').click();
  for (const scope of without) await page.getByRole('checkbox', { name: scope }).uncheck();
  await page.getByRole('button', { name: 'Allow' }).click();
}

async function press(command: string, input: object = {}) {
  const { status, body } = await hub.sandbox('facebook-ads', command, input);
  if (status !== 200) throw new Error(`${command}: ${status} ${JSON.stringify(body)}`);
  return body.result;
}

async function own(): Promise<string> {
  const [integration] = await hub.rows<{ id: string }>("select id from integrations where method = 'oauth'");
  return `${PLUGIN}/${integration?.id}`;
}

/** Reloads until the page says so: what it shows is of the moment it was asked for. */
function untilReloaded(address: string, words: RegExp): Promise<unknown> {
  const look = async () => {
    await page.goto(address);
    return words.test((await page.locator('main').textContent()) ?? '');
  };
  return until(look, { what: `the page to say ${words.source}` });
}

describe('a store owner in a browser', () => {
  it('is told which field is wrong, and that nothing was kept', async () => {
    await logIn(page, hub, { to: PLUGIN });
    await page.getByLabel('Ad account ID').fill('40404040404');
    await page.getByLabel('Access token').fill('EAASandboxSystem3Zc8Yt6RvQe1LkMw5NbXp0HsDg7JfUa2');
    await page.getByRole('button', { name: 'Test and connect' }).click();
    await untilShown(page, /does not reach this ad account/);
    expect(await page.getByLabel('Ad account ID').inputValue()).toBe('40404040404');
    expect(await hub.rows('select 1 from integrations')).toEqual([]);
  });

  it('is told what nothing works without, and connects once it is allowed', async () => {
    await logIn(page, hub, { to: PLUGIN });
    await consent('Nora Lindqvist', ['ads_read']);
    await untilShown(page, /Reading ads was not allowed/);
    expect(await hub.rows('select 1 from integrations')).toEqual([]);
    await page.goto(`${hub.url}${PLUGIN}`);
    await consent('Nora Lindqvist');
    await page.waitForURL(/\/integrations\/facebook-ads\/[0-9a-f-]{36}/);
    await untilShown(page, /Connected to Nora Lindqvist, 3 ad accounts and 2 pages/);
  });

  it('chooses ad accounts, pages and what a lead is made of', async () => {
    const details = `${hub.url}${await own()}`;
    await logIn(page, hub, { to: `${await own()}/configure` });
    await page.getByRole('checkbox', { name: 'Blue Fitness (act_10101010101, USD)' }).check();
    await page.getByRole('group', { name: 'Pages' }).getByRole('checkbox', { name: 'Blue Fitness' }).check();
    await page.locator('summary', { hasText: 'Attribution window' }).click();
    await page.getByRole('radio', { name: '7 days after a click', exact: true }).check();
    await page.locator('summary', { hasText: 'Fields of a lead' }).click();
    await page.getByLabel('Company', { exact: true }).selectOption({ label: 'What is your goal?' });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(`${details}/first-sync`);
    const [{ config } = { config: {} }] = await hub.rows<{ config: object }>('select config from integrations');
    expect(config).toMatchObject({
      adAccountIds: ['act_10101010101'],
      pageIds: ['110000000000001'],
      attributionWindow: '7d_click',
      leadFields: { company: 'what_is_your_goal?', email: 'email' },
    });
  });

  it('hears of a lead and sees which ad brought it', async () => {
    await logIn(page, hub, { to: await own() });
    await page.getByRole('button', { name: 'Sync again' }).first().click();
    const { leadId, campaignId } = await press('addLead', { name: 'Zoë Sandbox' });
    await until(async () => (await hub.rows('select 1 from records where external_id = $1', [leadId])).length > 0, {
      what: 'the lead',
    });
    await page.goto(`${hub.url}${await own()}/records/leads`);
    expect((await page.locator('main').textContent()) ?? '').toMatch(/Facebook Ads: \w+/);
    const [lead] = await hub.rows<{ data: { campaign_id: string } }>('select data from records where external_id = $1', [leadId]);
    expect(lead?.data.campaign_id).toBe(campaignId);
  });

  it('sees that the login has ended, cannot repair it with another one, and then with its own', async () => {
    await press('expireTokens');
    await logIn(page, hub, { to: await own() });
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await untilShown(page, /reached its end/);
    await untilReloaded(`${hub.url}${await own()}`, /Needs attention/);
    await page.goto(`${hub.url}${await own()}/reconnect`);
    await consent('Sam Okafor');
    await untilShown(page, /Sam Okafor/);
    await page.goto(`${hub.url}${await own()}/reconnect`);
    await consent('Nora Lindqvist');
    await page.waitForURL(`${hub.url}${await own()}`);
    await untilShown(page, /Connected/);
  });

  it('finds every page usable without JavaScript, and nothing wider than a phone', async () => {
    const paths = ['/integrations', PLUGIN, await own(), `${await own()}/configure`, '/sandbox/facebook-ads'];
    await context.close();
    await open({ javaScriptEnabled: false });
    await logIn(page, hub);
    for (const path of paths) {
      const answer = await page.goto(`${hub.url}${path}`);
      expect({ path, status: answer?.status() }).toEqual({ path, status: 200 });
    }
    await context.close();
    await open();
    await page.setViewportSize({ width: 360, height: 740 });
    await logIn(page, hub);
    for (const path of paths) {
      await page.goto(`${hub.url}${path}`);
      expect({ path, width: await page.evaluate(() => document.documentElement.scrollWidth) }).toEqual({ path, width: 360 });
    }
  });

  it('ends it, and keeps what was synced', async () => {
    await logIn(page, hub, { to: `${await own()}/disconnect` });
    await page.getByRole('button', { name: /^Disconnect/ }).click();
    await untilReloaded(`${hub.url}${await own()}`, /Disconnected/);
    expect(await hub.rows('select 1 from credentials')).toEqual([]);
    expect((await hub.rows("select 1 from records where stream = 'leads'")).length).toBeGreaterThan(0);
  });
});
