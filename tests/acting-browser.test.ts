import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './support/browser.ts';
import { call, type Hub, startHub } from './support/hub.ts';
import { logIn } from './support/visit.ts';
import { until } from './support/wait.ts';

let hub: Hub;
let browser: Browser;
let page: Page;

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

/** Connects by the keys of the simulator's panel. @returns the address of its page */
async function connect(plugin: string, fields: readonly string[], config?: object): Promise<string> {
  const { credentials } = (await call('GET', `${hub.url}/sandbox/${plugin}`)).body;
  const known = Object.fromEntries(fields.map((name) => [name, credentials[name]]));
  const address = `/api/stores/default/integrations/${plugin}`;
  const { status, body } = await hub.api('POST', `${address}/connect`, { method: 'manual', fields: known });
  if (status !== 201) throw new Error(`${plugin}: ${status} ${JSON.stringify(body)}`);
  if (config) await hub.api('PUT', `/api/stores/default/integrations/${body.id}/configure`, config);
  return `${hub.url}/integrations/${plugin}/${body.id}`;
}

/** Opens an action from the integration's page, fills in its fields by name, and presses its button. */
async function act(details: string, action: string, fields: Readonly<Record<string, string>>): Promise<string> {
  await page.goto(details);
  await page.getByRole('link', { name: action, exact: true }).click();
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`[name="${name}"]`);
    const kind = await field.first().evaluate((input) => (input.tagName === 'SELECT' ? 'select' : input.getAttribute('type')));
    if (kind === 'select') await field.selectOption(value);
    else if (kind === 'radio') await page.locator(`[name="${name}"][value="${value}"]`).check();
    else await field.fill(value);
  }
  await page.getByRole('button', { name: action, exact: true }).click();
  await page.getByRole('link', { name: 'Do another' }).waitFor();
  return (await page.locator('main').textContent()) ?? '';
}

describe('an owner in a browser', () => {
  it('pauses a campaign', async () => {
    const details = await connect('facebook-ads', ['adAccountId', 'accessToken', 'appId', 'appSecret']);
    const { body } = await hub.api('GET', '/sandbox/facebook-ads');
    expect(body.facts).toBeDefined();
    const [campaign] = await until(
      async () => {
        const rows = await hub.rows<{ id: string }>(
          "select external_id as id from records where stream = 'campaigns' and data->>'status' = 'ACTIVE' limit 1",
        );
        return rows.length > 0 && rows;
      },
      { what: 'campaigns' },
    );
    await act(details, 'Pause a campaign', { id: campaign?.id ?? '' });
    const kept = "select data->>'status' as status from records where stream = 'campaigns' and external_id = $1";
    expect(await hub.rows(kept, [campaign?.id])).toEqual([{ status: 'PAUSED' }]);

    // What the settings forbid is said before it is filled in, beside the setting that allows it.
    const own = `/api/stores/default/integrations/${details.split('/').at(-1)}`;
    const { config } = (await hub.api('GET', own)).body;
    await hub.api('PUT', `${own}/configure`, { ...config, permissions: [] });
    await page.goto(details);
    expect(await page.getByRole('link', { name: 'Pause a campaign', exact: true }).count()).toBe(0);
    await page.getByRole('link', { name: 'Change "What it may change"' }).click();
    await page.getByRole('checkbox', { name: 'Pause and resume campaigns, ad sets and ads' }).check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(details);
    await page.getByRole('link', { name: 'Pause a campaign', exact: true }).waitFor();
  });

  it('sends an event', async () => {
    const details = await connect('google-analytics', ['measurementId', 'apiSecret']);
    const said = await act(details, 'Send an event', { clientId: '1234567890.1712345678', name: 'generate_lead' });
    expect(said).toMatch(/Done\..*Sent\s*1/s);
  });

  it('adds a contact to an audience', async () => {
    const details = await connect('mailchimp', ['apiKey', 'serverPrefix']);
    const [audience] = await until(
      async () => {
        const rows = await hub.rows<{ id: string }>(
          "select external_id as id from records where stream = 'audiences' and data->>'name' = 'Members and friends'",
        );
        return rows.length > 0 && rows;
      },
      { what: 'audiences' },
    );
    await hub.api('PUT', `/api/stores/default/integrations/${details.split('/').at(-1)}/configure`, { audienceId: audience?.id });
    const said = await act(details, 'Add or update a contact', { email: 'ada.acting@example.com', consent: 'opted-in' });
    expect(said).toContain('ada.acting@example.com');
  });

  it('refunds a part of a payment that was found among the synced ones', async () => {
    const details = await connect('stripe', ['secretKey']);
    const [charge] = await until(
      async () => {
        const rows = await hub.rows<{ id: string }>(
          `select external_id as id from records where stream = 'charges' and data->>'status' = 'succeeded'
             and data->>'refunded' = 'false' and data->>'currency' = 'usd' and (data->>'amount')::int > 1000 limit 1`,
        );
        return rows.length > 0 && rows;
      },
      { what: 'charges' },
    );
    await page.goto(details);
    await page.getByRole('link', { name: 'Refund a payment', exact: true }).click();
    await page.locator('form').getByRole('link', { name: 'Payments' }).click();
    await page.getByRole('searchbox').fill(charge?.id ?? '');
    await page.keyboard.press('Enter');
    await page.locator('.record summary').first().click();
    await page.getByRole('link', { name: 'Refund a payment' }).click();
    expect(await page.locator('[name=payment]').inputValue()).toBe(charge?.id);
    expect(await page.getByLabel('Payment').evaluate((input) => input.closest('.field')?.textContent)).toMatch(/This is \$/);
    await page.getByLabel('Amount').fill('1.00');
    await page.getByRole('button', { name: 'Refund a payment', exact: true }).click();
    await page.getByText('1.00 refunded').first().waitFor();
  });
});
