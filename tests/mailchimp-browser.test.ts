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
beforeEach(() => open());
afterEach(() => context.close());

async function open(options: { javaScriptEnabled?: boolean } = {}): Promise<void> {
  context = await browser.newContext(options);
  page = await context.newPage();
  page.setDefaultTimeout(60_000);
}

async function consent(account: string): Promise<void> {
  await page.getByRole('button', { name: /^(Connect|Reconnect) with Mailchimp$/ }).click();
  await page.getByRole('radio', { name: new RegExp(account) }).check();
  await page.getByRole('button', { name: 'Allow' }).click();
}

async function press(command: string, input: object = {}): Promise<void> {
  const { status, body } = await hub.sandbox('mailchimp', command, input);
  if (status !== 200) throw new Error(`${command}: ${status} ${JSON.stringify(body)}`);
}

async function own(): Promise<string> {
  const [integration] = await hub.rows<{ id: string }>("select id from integrations where plugin_id = 'mailchimp'");
  return `/integrations/mailchimp/${integration?.id}`;
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
  it('is told before any call that key and server prefix do not fit, and connects once they do', async () => {
    await logIn(page, hub, { to: '/integrations/mailchimp' });
    await page.getByLabel('API key').fill('0c5f3e9a7b1d42688e6f4a2c9d7b5e31-us19');
    await page.getByLabel('Server prefix').fill('us6');
    await page.getByRole('button', { name: 'Test and connect' }).click();
    await untilShown(page, /belongs to the server us19/);
    expect(await hub.rows('select 1 from integrations')).toEqual([]);
    await page.getByLabel('API key').fill('0c5f3e9a7b1d42688e6f4a2c9d7b5e31-us19');
    await page.getByLabel('Server prefix').fill('');
    await page.getByRole('button', { name: 'Test and connect' }).click();
    await page.waitForURL(/\/integrations\/mailchimp\/[0-9a-f-]{36}/);
    await untilShown(page, /Blue Fitness/);
    expect((await hub.api('DELETE', '/api/stores/default/integrations/mailchimp?keepRecords=false')).status).toBeLessThan(300);
  });

  it('connects by consent, chooses an audience and its fields, hears of a contact, and sees who it is', async () => {
    await logIn(page, hub, { to: '/integrations/mailchimp' });
    await consent('Blue Fitness');
    await page.waitForURL(/\/integrations\/mailchimp\/[0-9a-f-]{36}/);
    const details = `${hub.url}${await own()}`;

    await page.goto(`${details}/configure`);
    await page.getByLabel('Audience', { exact: false }).first().selectOption({ label: 'Members and friends' });
    await page.getByLabel('Company').selectOption({ label: 'Company (COMPANY, text)' });
    await page.locator('summary', { hasText: 'Tags under another name' }).click();
    await page.getByRole('textbox', { name: 'Tag in this store' }).first().fill('Best customer');
    await page.getByRole('textbox', { name: 'Tag in Mailchimp' }).first().fill('vip');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(`${details}/first-sync`);
    const [{ config } = { config: {} }] = await hub.rows<{ config: Record<string, unknown> }>('select config from integrations');
    expect(config).toMatchObject({
      audienceId: '3f8c1b2a4d',
      fieldMap: { firstName: 'FNAME', company: 'COMPANY' },
      tagMap: [{ store: 'Best customer', mailchimp: 'vip' }],
    });

    await page.goto(details);
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await untilShown(page, /2,412 contacts in the audience Members and friends/);
    await press('addMember', { email: 'seen@mail.example', firstName: 'Selma' });
    await untilReloaded(details, /subscribe/);
    const seen = "select external_id from records where stream = 'members' and data->>'email' = 'seen@mail.example'";
    const [contact] = await until(
      async () => {
        const found = await hub.rows<{ external_id: string }>(seen);
        return found.length > 0 && found;
      },
      { what: 'the contact' },
    );
    expect(contact?.external_id).toMatch(/^3f8c1b2a4d:[0-9a-f]{32}$/);
    await page.goto(`${details}/records/members`);
    expect(await page.locator('main').textContent()).toMatch(/@mail\.example/);
  });

  it('sees that the app was removed, and reconnects to the same account only', async () => {
    await press('revokeTokens');
    await logIn(page, hub, { to: await own() });
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await untilShown(page, /the app was removed there/);
    await untilReloaded(`${hub.url}${await own()}`, /Needs attention/);
    await page.goto(`${hub.url}${await own()}/reconnect`);
    await consent('Riverside Dental');
    await untilShown(page, /Riverside Dental/);
    await page.goto(`${hub.url}${await own()}/reconnect`);
    await consent('Blue Fitness');
    await page.waitForURL(`${hub.url}${await own()}`);
    await untilShown(page, /Connected/);
  });

  it('finds every page usable without JavaScript, and nothing wider than a phone', async () => {
    await context.close();
    await open({ javaScriptEnabled: false });
    await page.setViewportSize({ width: 360, height: 740 });
    await logIn(page, hub);
    const paths = ['/integrations/mailchimp', await own(), `${await own()}/configure`, '/sandbox/mailchimp'];
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

  it('disconnects, and the provider forgets the address of this hub', async () => {
    await logIn(page, hub, { to: `${await own()}/disconnect` });
    await page.getByRole('button', { name: /^Disconnect/ }).click();
    await untilShown(page, /Connect/);
    expect(await hub.rows('select 1 from credentials')).toEqual([]);
    const { body } = await hub.api('GET', '/sandbox/mailchimp');
    expect(body.facts['Webhooks']).toMatch(/none yet/);
  });
});
