import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './support/browser.ts';
import { type Hub, startHub } from './support/hub.ts';
import { logIn } from './support/visit.ts';
import { until } from './support/wait.ts';

let hub: Hub;
let browser: Browser;
let page: Page;

const shown = () => page.locator('.card:visible h3').allTextContents();

async function visit(options: Parameters<Browser['newContext']>[0]): Promise<void> {
  page = await (await browser.newContext(options)).newPage();
  page.setDefaultTimeout(60_000);
  await logIn(page, hub);
}

beforeAll(async () => {
  [hub, browser] = await Promise.all([startHub(), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

describe('the cards, without scripts, on a phone', () => {
  beforeAll(() => visit({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } }));
  afterAll(() => page.context().close());

  it('say what to do where nothing is found, and lead back to all', async () => {
    await page.getByLabel('Search integrations').fill('no such thing');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('heading', { name: 'Nothing found' }).waitFor();
    expect(await shown()).toEqual([]);
    await page.getByRole('link', { name: /^Show all/ }).click();
    expect((await shown()).length).toBeGreaterThan(3);
  });

  it('are narrowed down by words, category and state, which the form keeps', async () => {
    await page.getByLabel('Search integrations').fill('mailchimp');
    await page.getByLabel('Category').selectOption({ label: 'Email marketing' });
    await page.getByRole('radio', { name: /^Not connected/ }).check();
    await page.getByRole('button', { name: 'Search' }).click();
    await page.locator('.card:visible h3').first().waitFor();
    expect(await shown()).toEqual(['Mailchimp']);
    expect(await page.getByLabel('Search integrations').inputValue()).toBe('mailchimp');
    expect(await page.getByRole('radio', { name: /^Not connected/ }).isChecked()).toBe(true);
  });

  it('tell of what is to come, where a store asks for it, until it no longer does', async () => {
    await page.goto(`${hub.url}/integrations?state=coming-soon`);
    await page.getByRole('button', { name: 'Tell me when it is here: Salesforce' }).click();
    await page.getByText('Noted: you wait for Salesforce. This hub sends no mail yet').waitFor();
    const card = page.locator('#card-salesforce');
    expect(await card.textContent()).toMatch(/1 store waits for it\.\s+This hub sends no mail yet\. You will see it here when/);
    await page.getByRole('button', { name: 'Do not tell me: Salesforce' }).click();
    await page.getByText('Nobody will be told of Salesforce.').waitFor();
    expect(await card.textContent()).not.toMatch(/waits for it|You will/);
  });

  it('need no scrolling sideways', async () => {
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });
});

describe('the cards', () => {
  beforeAll(() => visit({ viewport: { width: 1280, height: 900 } }));
  afterAll(() => page.context().close());

  it('are painted with two requests, and all that follows is kept for good', async () => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(`${request.resourceType()} ${new URL(request.url()).pathname}`));
    await page.goto(`${hub.url}/integrations`);
    const blocking = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter(
          (entry) => (entry as PerformanceResourceTiming & { renderBlockingStatus: string }).renderBlockingStatus === 'blocking',
        )
        .map(({ name }) => new URL(name).pathname),
    );
    expect(blocking).toEqual(['/assets/app.css']);
    expect(asked.filter((one) => one.startsWith('document'))).toEqual(['document /integrations']);
  });

  it('are narrowed down while one types and chooses, and are the same after loading again', async () => {
    const all = await shown();
    await page.keyboard.press('/');
    await page.keyboard.type('LEADC');
    expect(await shown()).toEqual(['LeadConnector']);
    await page.getByLabel('Category').selectOption({ label: 'Payments' });
    await page.getByRole('heading', { name: 'Nothing found' }).waitFor();
    await page.getByLabel('Category').selectOption({ label: 'CRM' });
    await page.waitForURL(/\?q=LEADC&category=crm$/);
    await page.reload();
    expect(await shown()).toEqual(['LeadConnector']);
    await page.getByLabel('Search integrations').fill('');
    await page.getByLabel('Category').selectOption({ label: 'All categories' });
    expect(await shown()).toEqual(all);
  });

  it('left open, say how many work and how many need attention as that changes', async () => {
    const { secretKey } = (await hub.api('GET', '/sandbox/stripe')).body.credentials;
    const connect = '/api/stores/default/integrations/stripe/connect';
    expect((await hub.api('POST', connect, { method: 'manual', fields: { secretKey } })).status).toBe(201);
    await page.clock.install();
    await page.goto(`${hub.url}/integrations`);
    await page.locator('#summary', { hasText: '1 connection working' }).waitFor();
    await hub.rows(`update integrations set status = 'error', reason_code = 'RECONNECT_NEEDED', message = 'It was withdrawn.'`);
    const told = async () => {
      await page.clock.fastForward(10_000);
      return /^\s*1 needs attention\.\s*$/.test((await page.locator('#summary').textContent()) ?? '');
    };
    await until(told, { what: 'the summary to follow' });
  });
});
