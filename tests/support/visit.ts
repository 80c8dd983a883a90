import type { Page } from 'playwright-core';
import { ADMIN, type Hub } from './hub.ts';

interface Visit {
  readonly to?: string;
  /** Default: the first admin. */
  readonly as?: { readonly email: string; readonly password: string };
}

/** Logs in on the page, and is then where it was bound for. */
export async function logIn(
  page: Page,
  { url }: Pick<Hub, 'url'>,
  { to = '/integrations', as = ADMIN }: Visit = {},
): Promise<void> {
  await page.goto(`${url}/login?next=${encodeURIComponent(to)}`);
  await page.getByLabel('Email').fill(as.email);
  await page.getByLabel('Password', { exact: true }).fill(as.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL((address) => address.pathname !== '/login');
}

/** Waits until the page says so by itself. */
export async function untilShown(page: Page, words: RegExp): Promise<void> {
  await page.waitForFunction(
    (source) => new RegExp(source, 'i').test(document.querySelector('main')?.textContent ?? ''),
    words.source,
  );
}
