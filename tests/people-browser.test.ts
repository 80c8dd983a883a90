import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './support/browser.ts';
import { ADMIN, type Hub, startHub } from './support/hub.ts';
import { until } from './support/wait.ts';

const PASSWORD = 'four words nobody guesses';

let hub: Hub;
let browser: Browser;

beforeAll(async () => {
  [hub, browser] = await Promise.all([startHub(), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

it('leads somebody from an invitation by mail to a login of their own with a second factor, and back in without the phone', async () => {
  const owner = await visitor(1200);
  await logIn(owner, ADMIN.email, ADMIN.password);
  await owner.goto(`${hub.url}/people`);
  await fits(owner);
  await owner.getByLabel('Email').fill('ana@example.com');
  await owner.getByLabel('As').selectOption('owner');
  await owner.getByRole('button', { name: 'Invite' }).click();
  await owner.getByRole('heading', { name: 'The invitation for ana@example.com' }).waitFor();
  await fits(owner);

  const ana = await visitor(360);
  await ana.goto(await mailedLink('ana@example.com', 'invitations'));
  await fits(ana);
  await ana.getByLabel('A new password').fill(PASSWORD);
  await ana.getByRole('button', { name: 'Join Default' }).click();
  await ana.getByText('You belong to Default now.').waitFor();

  await ana.goto(`${hub.url}/account`);
  await fits(ana);
  await ana.getByRole('link', { name: 'Turn on' }).click();
  await ana.getByRole('button', { name: 'Begin', exact: true }).click();
  const picture = ana.getByAltText('A QR code for your authenticator app');
  await until(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth > 0), { what: 'the QR code' });
  await fits(ana);
  const secret = (await ana.locator('.people-steps code').textContent()) ?? '';
  await ana.getByLabel('Code').fill(new TOTP({ secret: secret.replaceAll(' ', '') }).generate());
  await ana.getByRole('button', { name: 'Turn on' }).click();
  const codes = await ana.locator('.recovery code').allTextContents();
  await fits(ana);

  const elsewhere = await visitor(360, 'dark');
  await logIn(elsewhere, 'ana@example.com', PASSWORD);
  await elsewhere.getByRole('heading', { name: 'Second factor' }).waitFor();
  await fits(elsewhere);
  await elsewhere.getByLabel('Code').fill(codes[0] ?? '');
  await elsewhere.getByRole('button', { name: 'Log in' }).click();
  await elsewhere.getByText('You have 9 recovery codes left.').waitFor();
  await fits(elsewhere);
  await until(() => mailedTo('ana@example.com', 'account'), { what: 'the mail about a login from elsewhere' });
});

it('lets an operator see to users, stores and keys, and somebody who forgot their password back in', async () => {
  const operator = await visitor(1200);
  await logIn(operator, ADMIN.email, ADMIN.password);
  await operator.goto(`${hub.url}/admin/stores`);
  await operator.getByLabel('Name', { exact: true }).fill('Harbour Dental');
  await operator.getByRole('button', { name: 'Make the store' }).click();
  await operator.getByText('Harbour Dental is made.').waitFor();
  await fits(operator);
  await operator.getByRole('button', { name: 'People of Harbour Dental' }).click();
  await operator.getByLabel('Email').fill('ben@example.com');
  // The first person of a store is its owner, unless said otherwise.
  expect(await operator.getByLabel('As').inputValue()).toBe('owner');
  await operator.getByRole('button', { name: 'Invite' }).click();
  const ben = await visitor(360, 'dark');
  await ben.goto(await mailedLink('ben@example.com', 'invitations'));
  await ben.getByLabel('A new password').fill(PASSWORD);
  await ben.getByRole('button', { name: 'Join Harbour Dental' }).click();
  await ben.goto(`${hub.url}/people`);
  await fits(ben);

  await ben.context().clearCookies();
  await ben.goto(`${hub.url}/login`);
  await ben.getByRole('link', { name: 'Forgot your password?' }).click();
  await ben.getByLabel('Email').fill('ben@example.com');
  await ben.getByRole('button', { name: 'Send me a link' }).click();
  await ben.getByText('a link is on its way').waitFor();
  await ben.goto(await mailedLink('ben@example.com', 'reset'));
  await ben.getByLabel('A new password').fill(`${PASSWORD} again`);
  await ben.getByRole('button', { name: 'Set the password' }).click();
  await logIn(ben, 'ben@example.com', `${PASSWORD} again`);
  await ben.getByRole('heading', { name: 'Integrations' }).waitFor();

  await operator.goto(`${hub.url}/keys`);
  await operator.getByLabel('Name').fill('till');
  await operator.getByRole('button', { name: 'Make the key' }).click();
  await operator.getByRole('heading', { name: 'The key till' }).waitFor();
  await fits(operator);
  await operator.goto(`${hub.url}/admin/keys`);
  await fits(operator);
  await operator.getByRole('button', { name: 'Revoke till' }).click();
  await operator.getByText('The key opens nothing any more.').waitFor();
  await operator.goto(`${hub.url}/admin/users?search=BEN`);
  await fits(operator);
  await operator.getByRole('link', { name: 'ben@example.com' }).click();
  await fits(operator);
  await operator.getByRole('button', { name: 'Disable' }).click();
  await operator.getByText('is disabled and logged out everywhere').waitFor();
  await ben.reload();
  await ben.getByRole('heading', { name: 'Log in' }).waitFor();
});

async function visitor(width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
  return context.newPage();
}

async function logIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto(`${hub.url}/login`);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL((url) => url.pathname !== '/login');
}

/** Nothing of the page is wider than the window. */
async function fits(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
}

/** The link of this kind in the newest mail to somebody. */
function mailedLink(to: string, kind: string): Promise<string> {
  return until(() => mailedTo(to, kind), { what: `a mail to ${to} with a link to ${kind}` });
}

function mailedTo(to: string, kind: string): string | undefined {
  const outbox = join(hub.dataDir, 'outbox');
  const link = new RegExp(`${hub.url}/${kind}(?:/[\\w-]{43})?`);
  const texts = readdirSync(outbox).map((file) => readFileSync(join(outbox, file), 'utf8').replace(/=\r?\n/g, ''));
  return texts
    .filter((text) => new RegExp(`^To: .*${to}`, 'm').test(text))
    .map((text) => link.exec(text)?.[0])
    .findLast(Boolean);
}
