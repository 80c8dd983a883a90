import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './support/browser.ts';
import { type Hub, startHub } from './support/hub.ts';
import { logIn, untilShown } from './support/visit.ts';
import { until } from './support/wait.ts';

// Chromium and whole syncs on a busy machine.
jest.setTimeout(120_000);

const CARD = '/integrations/google-analytics';
let hub: Hub;
let browser: Browser;
let page: Page;
let details: string;

beforeAll(async () => {
  [hub, browser] = await Promise.all([startHub(), openBrowser()]);
  page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  page.setDefaultTimeout(60_000);
  await logIn(page, hub);
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

async function goToConsent(): Promise<void> {
  await page.getByRole('button', { name: /^(Connect|Reconnect) with Google Analytics$/ }).click();
  await page.getByRole('heading', { name: /wants access to your Google Account/ }).waitFor();
}

async function press(command: string, input: object = {}): Promise<void> {
  const { status, body } = await hub.sandbox('google-analytics', command, input);
  if (status !== 200) throw new Error(`${command}: ${status} ${JSON.stringify(body)}`);
}

describe('a store owner with a website', () => {
  it('is told which box is needed when it was left unticked', async () => {
    await page.goto(`${hub.url}${CARD}`);
    await goToConsent();
    await page.getByRole('checkbox', { name: /See and download/ }).uncheck();
    await page.getByRole('button', { name: 'Continue' }).click();
    await untilShown(page, /not given everything it needs.*Read your reports/);
    expect(await hub.rows('select 1 from credentials')).toEqual([]);
  });

  it('signs in, chooses a property from a list, and sees its reports', async () => {
    await page.goto(`${hub.url}${CARD}`);
    await goToConsent();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL(/\/integrations\/google-analytics\/[0-9a-f-]{36}/);
    details = page.url().replace(/(\/configure)?(\?.*)?$/, '');
    await page.goto(`${details}/configure`);
    await page.getByLabel(/^Property/).selectOption({ label: 'Blue Fitness website (Blue Fitness, 310000001)' });
    await page.locator('summary', { hasText: 'Days of history' }).click();
    await page.getByLabel('Days of history').fill('14');
    await page.getByRole('button', { name: /Save/ }).first().click();
    await page.goto(details);
    await page.getByRole('button', { name: /^Sync/ }).first().click();
    await until(async () => (await hub.rows("select 1 from records where stream = 'transactions'")).length > 0, {
      what: 'the reports',
    });
    await page.goto(details);
    await untilShown(page, /[1-9]\d*\s*Transactions/);
    await page.goto(`${details}/records/traffic`);
    await untilShown(page, /Session source/);
  });

  it('survives an expired token, and is asked to connect again once access was removed', async () => {
    await press('expireTokens');
    await page.goto(details);
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await untilShown(page, /Connected to Blue Fitness website as owner@blue-fitness\.example/);
    await press('revokeTokens');
    await page.goto(details);
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await untilShown(page, /no longer accepts this connection/);
    await page.goto(`${details}/reconnect`);
    await goToConsent();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL(new RegExp(details));
    await untilShown(page, /Connected/);
  });

  it('connects a second time with keys that only send', async () => {
    await page.goto(`${hub.url}${CARD}`);
    await untilShown(page, /Google does not say whether an API secret is right/);
    await page.getByLabel('Measurement ID').fill('G-BLUEFIT001');
    await page.getByLabel('API secret').fill('k3Demo_Blue-Fitness001');
    await page.getByRole('button', { name: 'Test and connect' }).last().click();
    await page.waitForURL(/\/integrations\/google-analytics\/[0-9a-f-]{36}/);
    await untilShown(page, /G-BLUEFIT001/);
    expect(page.url()).not.toContain(details);
  });

  it('sees at the simulator what was sent there', async () => {
    const id = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(page.url())?.[0];
    const order = { clientId: 'GA1.1.1234567890.1700000000', transactionId: 'T-9', value: 24, currency: 'USD' };
    const sent = await hub.api('POST', `/api/stores/default/integrations/${id}/actions/sendPurchase`, order);
    expect(sent.body.data).toMatchObject({ sent: 1, to: 'G-BLUEFIT001' });
    await page.goto(`${hub.url}/sandbox/google-analytics`);
    await untilShown(page, /purchase T-9, 24 USD, client 1234567890\.1700000000: counted/);
  });

  it('disconnects', async () => {
    await page.goto(`${details}/disconnect`);
    await page
      .getByRole('button', { name: /^Disconnect/ })
      .last()
      .click();
    await untilShown(page, /Disconnected/);
    expect(await hub.rows("select 1 from credentials where method = 'oauth'")).toEqual([]);
  });

  it('finds nothing wider than a phone', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    for (const path of [CARD, `${new URL(details).pathname}/configure`, new URL(details).pathname, '/sandbox/google-analytics']) {
      await page.goto(`${hub.url}${path}`);
      expect({ path, width: await page.evaluate(() => document.documentElement.scrollWidth) }).toEqual({ path, width: 360 });
    }
  });
});
