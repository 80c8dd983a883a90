import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jwtVerify } from 'jose';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './support/browser.ts';
import { ADMIN, call, freePort, type Hub, startHub } from './support/hub.ts';
import { axeFaults, frameFaults } from './support/stage/looks.ts';
import { until } from './support/wait.ts';

const LINKS = '/api/stores/default/connect-links';
let hub: Hub;
let browser: Browser;
/** The store's own app, where links lead back to. */
let app: Server;
let returnUrl: string;

beforeAll(async () => {
  const port = await freePort();
  app = createServer((_req, res) => res.setHeader('content-type', 'text/html').end('<h1>The app of the store</h1>'));
  await new Promise<void>((listening) => app.listen(port, '127.0.0.1', listening));
  returnUrl = `http://127.0.0.1:${port}/done?from=hub`;
  const allowed = `http://127.0.0.1:${port}/done`;
  [hub, browser] = await Promise.all([startHub({ CONNECT_RETURN_URLS: allowed, BRAND_NAME: 'Acme Hub' }), openBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await hub?.close();
  app?.close();
});

async function newPage(): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(60_000);
  return page;
}

async function newLink(more: object = {}) {
  const made = await hub.api('POST', LINKS, { plugin: 'leadconnector', returnUrl, ...more });
  expect(made.status).toBe(201);
  return made.body;
}

/** What the app learns of the browser that comes back. */
async function resultOf(page: Page, resultKey: string) {
  await page.waitForURL(/\/done\?/);
  await page.getByRole('heading', { name: 'The app of the store' }).waitFor();
  const token = new URL(page.url()).searchParams.get('result') ?? '';
  return (await jwtVerify(token, Buffer.from(resultKey, 'base64url'), { issuer: hub.url })).payload;
}

describe('a connect link', () => {
  it('leads a person without a login through consent and back, in the brand, and works in that browser only', async () => {
    const link = await newLink({ name: 'Gym' });
    const page = await newPage();
    // A program that looks through mail was there before, and uses nothing up.
    expect((await fetch(link.url)).status).toBe(200);
    await page.goto(link.url);
    expect(await page.locator('header').textContent()).toContain('Acme Hub');
    expect((await hub.api('GET', `${LINKS}/${link.id}`)).body).toMatchObject({ status: 'new', openedAt: null });
    await page.getByRole('button', { name: 'Connect with LeadConnector' }).click();
    const stranger = await newPage();
    expect((await stranger.goto(link.url))?.status()).toBe(403);
    expect(await stranger.locator('main').textContent()).toMatch(/opened in another browser/);

    await page.getByRole('radio', { name: /Blue Fitness/ }).check();
    await page.getByRole('button', { name: 'Allow' }).click();
    const result = await resultOf(page, link.resultKey);
    expect(result).toMatchObject({ sub: link.id, plugin: 'leadconnector', status: 'connected', account: 'Blue Fitness' });
    expect((await hub.api('GET', `${LINKS}/${link.id}`)).body).toMatchObject({
      status: 'connected',
      integration: result['integration'],
    });
    expect((await hub.api('GET', `/api/stores/default/integrations/${result['integration']}`)).body).toMatchObject({
      name: 'Gym',
    });
    expect(
      (await hub.rows('select action from audit_entries where target = $1 order by id', [link.id])).map(({ action }) => action),
    ).toEqual(['connect-link.create', 'connect-link.open', 'connect-link.connected']);

    expect((await page.goto(link.url))?.status()).toBe(409);
    expect(await page.locator('main').textContent()).toMatch(/used already/);
    await page.goto(`${hub.url}/integrations`);
    expect(page.url()).toContain('/login');
  });

  it('takes keys, shows what is wrong with them, and lets a person leave', async () => {
    const link = await newLink();
    const page = await newPage();
    await page.goto(link.url);
    await page.getByLabel(/token/i).first().fill('pit-00000000-0000-0000-0000-000000000000');
    await page
      .getByLabel(/location id/i)
      .first()
      .fill('NobodyAtAll000000001');
    await page.getByRole('button', { name: 'Test and connect' }).click();
    await page.getByRole('alert').first().waitFor();
    await page.getByRole('button', { name: /Not now/ }).click();
    expect(await resultOf(page, link.resultKey)).toMatchObject({ status: 'cancelled', integration: null });
  });

  it('makes one connection, however many of its forms are sent at once', async () => {
    const link = await newLink();
    const page = await newPage();
    await page.goto(link.url);
    const form = page.locator('form[action$="/manual"]');
    const inputs = await form.locator('input[type=hidden]').all();
    const hidden = await Promise.all(inputs.map(async (input) => [await input.getAttribute('name'), await input.inputValue()]));
    const action = new URL((await form.getAttribute('action')) ?? '', hub.url).href;
    const keys = [
      { token: 'pit-5fff21b5-d4b9-4889-bcca-3a2bb9f0e098', locationId: 'BlueFitnessDemo00001' },
      { token: 'pit-d6a5d067-2251-42c6-b4fe-6886bf5da595', locationId: 'RiversideDentalDem02' },
    ];
    const sent = keys.map((fields) =>
      page.request.post(action, { form: { ...Object.fromEntries(hidden), ...fields }, maxRedirects: 0 }),
    );
    const answers = (await Promise.all(sent)).map((answer) => answer.status());
    expect(answers.sort()).toEqual([303, 409]);
    const made = await hub.rows(`select 1 from audit_entries where target = $1 and action = 'connect-link.connected'`, [link.id]);
    expect(made).toHaveLength(1);
  });

  it.each([
    ['elsewhere', 'https://evil.example/done'],
    ['that only begins alike', () => `${returnUrl.replace('/done?', '/donevil?')}`],
    ['that is no address', 'javascript:alert(1)'],
  ])('does not lead to an address %s', async (_, to) => {
    const answer = await hub.api('POST', LINKS, { plugin: 'leadconnector', returnUrl: typeof to === 'string' ? to : to() });
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, '/returnUrl']);
  });

  it('ends with the API key that made it', async () => {
    const person = { authorization: `Basic ${Buffer.from(`${ADMIN.email}:${ADMIN.password}`).toString('base64')}` };
    const made = await call('POST', `${hub.url}/api/api-keys`, { body: { name: 'short-lived' }, headers: person });
    const headers = { authorization: `Bearer ${made.body.key}` };
    const { body: link } = await call('POST', `${hub.url}${LINKS}`, { body: { plugin: 'leadconnector', returnUrl }, headers });
    expect((await fetch(link.url)).status).toBe(200);
    await hub.rows('update api_keys set revoked_at = now() where id = $1', [made.body.id]);
    const answer = await fetch(link.url);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('The key this link was made with is no longer in force');
  });

  it('that is 30 minutes old opens nothing', async () => {
    const link = await newLink();
    await hub.rows(`update connect_links set expires_at = now() where id = $1`, [link.id]);
    const page = await newPage();
    expect((await page.goto(link.url))?.status()).toBe(409);
    expect((await hub.api('GET', `${LINKS}/${link.id}`)).body.status).toBe('expired');
  });
});

describe('the page of the API', () => {
  it('shows every kind of call, with nothing asked of another host and nothing its policy refuses', async () => {
    const page = await newPage();
    const [asked, refused]: [string[], string[]] = [[], []];
    page.on('request', (request) => asked.push(new URL(request.url()).origin));
    page.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
    await page.goto(`${hub.url}/api/docs`);
    const { tags } = (await hub.api('GET', '/api/openapi.json')).body;
    await until(async () => (await page.locator('.opblock-tag').count()) === tags.length, {
      what: 'the calls',
    });
    expect(await page.locator('.info').textContent()).toContain('Acme Hub API');
    expect(new Set(asked)).toEqual(new Set([hub.url]));
    expect(refused).toEqual([]);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 320, height: 740 });
    await page.locator('#servers[aria-label]').waitFor();
    expect([...(await frameFaults(page)), ...(await axeFaults(page))]).toEqual([]);
  });
});
