import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './support/browser.ts';
import { consent } from './support/consent.ts';
import { ADMIN, call, type Hub, startHub } from './support/hub.ts';
import { type Received, smtpServer, textOf } from './support/smtp.ts';
import { until } from './support/wait.ts';

const PLUGIN = 'leadconnector';
const INTEGRATION = `/api/stores/default/integrations/${PLUGIN}`;

let hub: Hub;
let smtp: Awaited<ReturnType<typeof smtpServer>>;
let receiver: Server;
let browser: Browser;
let page: Page;
const heard: { type: string; data: { integration: { status: string } } }[] = [];

beforeAll(async () => {
  smtp = await smtpServer();
  receiver = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    heard.push(JSON.parse(Buffer.concat(chunks).toString()));
    res.writeHead(204).end();
  });
  await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', () => listening()));
  const { port } = receiver.address() as AddressInfo;
  const env = {
    SMTP_URL: smtp.url(),
    MAIL_FROM: 'Acme <hub@acme.example>',
    BRAND_NAME: 'Acme',
    EGRESS_MAP: JSON.stringify({ 'hooks.example.com': `http://127.0.0.1:${port}` }),
  };
  hub = await startHub(env, undefined, { gatherMs: 500 });
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 360, height: 800 } });
  await page.goto(`${hub.url}/login`);
  await page.getByLabel('Email').fill(ADMIN.email);
  await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL(/integrations/);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await hub?.close();
  await smtp?.close();
  receiver?.close();
});

async function connect(method: 'connect' | 'reconnect'): Promise<void> {
  const { body } = await hub.api('POST', `${INTEGRATION}/${method}`, { method: 'oauth' });
  const back = await consent(body.authorizeUrl, 'Blue Fitness');
  expect(await hub.api('GET', `/api/integrations/${PLUGIN}/oauth/callback?${back}`)).toMatchObject({
    body: { status: 'active' },
  });
}

function arrived(about: RegExp): Promise<Received> {
  return until(() => smtp.received.find(({ raw }) => about.test(raw)), { what: `a mail about ${about}` });
}

describe('what happens to the connections of a store', () => {
  it('is not told to an address that no call may go to', async () => {
    await page.goto(`${hub.url}/notifications/webhooks`);
    await page.getByLabel('Address').fill('https://name:word@hooks.example.com/');
    await page.getByRole('button', { name: 'Make the webhook' }).click();
    await page.getByText('Leave name and password out of the address').waitFor();
    expect(await page.getByLabel('Address').inputValue()).toBe('https://name:word@hooks.example.com/');
  });

  it('is told to the store’s own systems, which see a test arrive first', async () => {
    await page.getByLabel('Address').fill('https://hooks.example.com/in');
    await page.getByRole('button', { name: 'Make the webhook' }).click();
    expect(await page.locator('#secret').textContent()).toMatch(/^whsec_[\w+/]{32}$/);
    await page.getByRole('button', { name: 'Send a test' }).click();
    await until(() => heard.some(({ type }) => type === 'webhook.test'), { what: 'the test' });
    await until(async () => (await page.reload()) && (await page.getByText('Delivered').isVisible()), {
      what: 'the page to say so',
    });
    expect(await page.locator('#secret').count()).toBe(0);
    await hub.rows(`insert into webhook_deliveries (store_id, id, endpoint_id, kind, body, state, reason, created_at)
      select store_id, gen_random_uuid(), id, 'webhook.test', '{}', 'failed', 'It answered 500.', now() - n * interval '1 hour'
      from webhook_endpoints, generate_series(1, 200) n`);
    await page.reload();
    await page.getByText('200 times, first').waitFor();
    await hub.rows("delete from webhook_deliveries where state = 'failed'");
  });

  it('is told to the owner by mail with one link that mends it, to the systems by the webhook, and on the page', async () => {
    await connect('connect');
    await hub.sandbox(PLUGIN, 'revokeTokens');
    await hub.api('POST', `${INTEGRATION}/test`, {});
    const mail = await arrived(/stopped working/);
    expect(mail.to).toEqual([ADMIN.email]);
    expect(mail.raw).not.toMatch(/highlevel/i);
    const link = /Connect again:\r?\n(\S+)/.exec(textOf(mail.raw))?.[1] ?? '';
    await until(() => heard.some(({ type }) => type === 'integration.needs_attention'), { what: 'the webhook' });
    await page.goto(link);
    expect(new URL(page.url()).pathname).toMatch(/^\/integrations\/leadconnector\/[\w-]+\/reconnect$/);
    await page.goto(`${hub.url}/notifications`);
    await page.getByText('stopped working').waitFor();
    await connect('reconnect');
    await until(() => heard.some(({ type }) => type === 'integration.recovered'), { what: 'the webhook that it works again' });
    await page.reload();
    await page.getByText('Nothing is broken.').waitFor();
  });

  it('is not mailed any more to who follows the way out in the mail, without a login', async () => {
    const { raw } = await arrived(/stopped working/);
    const stop = /^List-Unsubscribe: ?<([^>]+)>/m.exec(raw.replace(/\r\n\s+/g, ''))?.[1] ?? '';
    expect(raw).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
    const chosen = () => hub.rows<{ mode: string | null }>('select mode from notice_choices');
    expect((await call('GET', stop)).status).toBe(200);
    expect(await chosen()).toEqual([{ mode: null }]);
    expect((await call('POST', `${stop}x`)).status).toBe(404);
    const form = { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) };
    expect((await fetch(stop, form)).status).toBe(200);
    expect(await chosen()).toEqual([{ mode: 'off' }]);
    await page.goto(`${hub.url}/notifications`);
    expect(await page.getByLabel('Not at all').isChecked()).toBe(true);
    await page.getByLabel('Once a day').check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved: you get a summary once a day.').waitFor();
  });

  it('is mailed to who is reminded of it, and the operator sees what became of each mail but not what it says', async () => {
    await hub.sandbox(PLUGIN, 'revokeTokens');
    await hub.api('POST', `${INTEGRATION}/test`, {});
    const { body } = await hub.api('POST', '/api/stores/default/integrations/bulk', { action: 'reconnect-reminder' });
    const job = async () => (await hub.api('GET', `/api/stores/default/bulk/${body.id}`)).body;
    const { items } = await until(async () => ((await job()).endedAt ? job() : undefined), { what: 'the job' });
    expect(items).toMatchObject([{ status: 'done', message: expect.stringMatching(/Mailed to one person\.$/) }]);
    await arrived(/A reminder: /);
    await page.goto(`${hub.url}/admin/mail`);
    await page.getByRole('button', { name: 'Send me a test' }).click();
    await arrived(/Mails of Acme arrive/);
    await until(async () => (await page.reload()) && (await page.getByText('Sent', { exact: true }).count()) >= 3, {
      what: 'three sent mails',
    });
    expect(await page.content()).not.toContain('/open/');
    const narrow = await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth');
    expect(narrow).toBe(true);
  });
});
