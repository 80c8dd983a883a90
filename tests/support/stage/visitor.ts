import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import type { Stage, Viewer } from './stage.ts';

/** A browser in which this person has signed in, as far as they have come; nothing in it moves. */
export async function signedIn(
  browser: Browser,
  { hub, people }: Stage,
  viewer: Viewer,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(60_000);
  if (viewer === 'stranger') return context;
  const page = await context.newPage();
  await page.goto(`${hub.url}/login`);
  await page.locator('#email').fill(people[viewer].email);
  await page.locator('#password').fill(people[viewer].password);
  await page.locator('#password').press('Enter');
  await page.waitForURL((url) => url.pathname !== '/login');
  await page.close();
  return context;
}
