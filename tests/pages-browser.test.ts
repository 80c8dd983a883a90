import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { pages } from '../core/web/pages/routes.ts';
import { Views } from '../core/web/views.ts';
import { forReader } from '../core/web/words/reader.ts';
import { openBrowser } from './support/browser.ts';
import { Journey } from './support/stage/journey.ts';
import { axeFaults, bringAxe, type Faults, focusFaults, frameFaults } from './support/stage/looks.ts';
import { type Place, placesOf } from './support/stage/places.ts';
import { openStage, type Stage, VIEWERS, type Viewer } from './support/stage/stage.ts';
import { signedIn } from './support/stage/visitor.ts';

const [WIDE, NARROW, MAGNIFIED] = [
  { width: 1440, height: 900 },
  { width: 360, height: 740 },
  { width: 320, height: 256 },
];
/** What is not as it is on a phone by day. */
const OF_SIZE_AND_COLOUR = ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size'];
/** Pages whose colours say how things are. */
const IN_MANY_COLOURS = ['/integrations', '/integrations/:plugin', '/integrations/:plugin/:id'];
const LANGUAGE: Partial<Record<Viewer, string>> = { staff: 'de-DE' };
/** Shown to nobody: each leads on to another page. */
const LEADS_ON = ['/', '/integrations/:plugin/oauth/callback', '/open/:store/:proof'];

// Some two hundred pages, on a busy machine.
jest.setTimeout(600_000);

let stage: Stage;
let browser: Browser;
let places: readonly Place[];
const seen = new Set<string>();

beforeAll(async () => {
  [stage, browser] = await Promise.all([openStage(), openBrowser()]);
  places = await placesOf(stage);
});
afterAll(async () => {
  await browser?.close();
  await stage?.close();
});

/** A window of 1280 px at 400 % (WCAG 1.4.10), read from left to right and from right to left. */
async function reflowFaults(page: Page): Promise<Faults> {
  await page.setViewportSize(MAGNIFIED);
  const faults = [...(await frameFaults(page))];
  await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
  faults.push(...(await frameFaults(page)).map((fault) => `from right to left: ${fault}`));
  await page.evaluate(() => document.documentElement.setAttribute('dir', 'ltr'));
  return faults;
}

/** A page on a phone by day and, unless it shows the same route again, on a desk by night. */
async function look(page: Page, { again, route }: Place): Promise<Faults> {
  // Reckoning colours takes longer than all else; the same template has the same ones.
  const but = again && !IN_MANY_COLOURS.includes(route) ? ['color-contrast'] : [];
  const faults = [...(await frameFaults(page)), ...(await axeFaults(page, { but }))];
  if (!again) {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize(WIDE);
    faults.push(
      ...(await frameFaults(page)),
      ...(await axeFaults(page, { only: OF_SIZE_AND_COLOUR })),
      ...(await focusFaults(page)),
    );
    await page.emulateMedia({ colorScheme: 'light' });
    faults.push(...(await reflowFaults(page)));
    await page.setViewportSize(NARROW);
  }
  return faults;
}

/** @returns whether it is a page; files come down and other addresses lead on */
async function opens(page: Page, { route, path }: Place): Promise<boolean> {
  try {
    const answer = await page.goto(`${stage.hub.url}${path}`);
    const isPage = answer?.status() === 200 && answer.request().redirectedFrom() === null;
    if (isPage) seen.add(route);
    return isPage && (answer?.headers()['content-type'] ?? '').startsWith('text/html');
  } catch (error) {
    if (!/Download is starting/.test(String(error))) throw error;
    seen.add(route);
    return false;
  }
}

describe('every page', () => {
  it.each(VIEWERS)(
    'there is for a viewer (%s) shows no fault a machine can see, on a phone by day and on a desk by night',
    async (viewer) => {
      const context = await signedIn(browser, stage, viewer, { locale: LANGUAGE[viewer] ?? 'en' });
      await bringAxe(context);
      const page = await context.newPage();
      const found: Record<string, Faults> = {};
      for (const place of places.filter((one) => one.viewer === viewer)) {
        if (!(await opens(page, place))) continue;
        const faults = await look(page, place);
        if (faults.length > 0) found[place.path] = faults;
      }
      await context.close();
      expect(found).toEqual({});
    },
  );

  it.each(['en', 'de'])('of the first run, which no hub shows once somebody runs it, is as good: %s', async (locale) => {
    const views = new Views({ brand: stage.hub.config.brand });
    const context = await browser.newContext({ viewport: NARROW, reducedMotion: 'reduce' });
    await bringAxe(context);
    const page = await context.newPage();
    const wrong = { email: 'No address.', password: 'Too short.', storeName: 'Missing.' };
    const found = [];
    for (const errors of [{}, wrong, { token: 'This link was used.' }]) {
      const model = { token: 't', email: 'ana@example', storeName: '', errors };
      const shell = { csrf: 't', title: 'Patchbay' };
      const body = forReader({ locale, timeZone: 'UTC' }, () => views.page('setup', model, shell));
      await page.route('**/setup', (route) => route.fulfill({ body, contentType: 'text/html; charset=utf-8' }));
      await page.goto(`${stage.hub.url}/setup`);
      found.push(...(await look(page, { route: '/setup', path: '/setup', viewer: 'stranger', again: false })));
    }
    await context.close();
    seen.add('/setup');
    expect(found).toEqual([]);
  });

  it('was looked at by somebody', () => {
    const all = pages.filter(({ on }) => on.startsWith('GET ')).map(({ on }) => on.slice(4));
    expect(all.filter((route) => !seen.has(route) && !LEADS_ON.includes(route))).toEqual([]);
  });
});

describe('a store owner whose browser runs no script, on a phone', () => {
  let journey: Journey;

  beforeAll(async () => {
    const context = await signedIn(browser, stage, 'newcomer', { javaScriptEnabled: false });
    journey = new Journey(await context.newPage(), stage);
  });

  it('says no to the provider and has changed nothing', () => journey.isRefusedConsent());
  it('connects by consent and sees what came in', () => journey.connectsByConsent());
  it('connects by keys, after a mistake that costs nothing typed but the secret', () => journey.connectsByKeysAfterAMistake());
  it('changes settings', () => journey.configures());
  it('syncs again', () => journey.syncs());
  it('repairs what was broken', () => journey.repairs());
  it('has a message handled again', () => journey.handlesAMessageAgain());
  it('ends the connection', () => journey.disconnects());

  it('is let into the operator’s work, if an operator', async () => {
    const context = await signedIn(browser, stage, 'operator', { javaScriptEnabled: false });
    const page = await context.newPage();
    const active = () => stage.hub.rows(`select active from integration_templates where plugin_id = 'stripe'`);
    for (const wanted of [false, true]) {
      await page.goto(`${stage.hub.url}/admin/plugins/stripe`);
      await page.locator('form[action$="/active"] button').click();
      await page.locator('[data-flash], .notice').first().waitFor();
      expect(await active()).toEqual([{ active: wanted }]);
    }
    await context.close();
  });
});

describe('a store owner without a mouse', () => {
  it('logs in, tests a connection and reads what came of it, by keys alone', async () => {
    const context = await browser.newContext({ viewport: WIDE });
    const page = await context.newPage();
    await page.goto(`${stage.hub.url}/login`);
    const { email, password } = stage.people.owner;
    await tabTo(page, '#email');
    await page.keyboard.type(email);
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname !== '/login');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.matches('.skip'))).toBe(true);
    await page.keyboard.press('Enter');
    await tabTo(page, 'nav a[href="/integrations"]', 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === '/integrations');
    await tabTo(page, `#cards a[href$="${stage.integrations.get('leadconnector')}"]`);
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`${stage.integrations.get('leadconnector')}$`));
    await tabTo(page, 'form[action$="/test"] button');
    await page.keyboard.press('Enter');
    await page.locator('[data-flash]').waitFor();
    expect(await page.evaluate(() => document.activeElement?.matches('[data-flash], [role=alert]'))).toBe(true);
    await tabTo(page, '.menu-user summary', 'Shift+Tab');
    await page.keyboard.press('Enter');
    expect(await page.locator('.menu-user').getAttribute('open')).not.toBeNull();
    await page.keyboard.press('Escape');
    expect(await page.locator('.menu-user').getAttribute('open')).toBeNull();
    expect(await page.evaluate(() => document.activeElement?.matches('.menu-user summary'))).toBe(true);
    await context.close();
  });
});

/** Goes from one to the next until this has the focus; not more than there can be. */
async function tabTo(page: Page, selector: string, key = 'Tab'): Promise<void> {
  for (let at = 0; at < 200; at += 1) {
    await page.keyboard.press(key);
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
  }
  throw new Error(`${selector} is not among what ${key} leads to`);
}
