import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { clausesOf } from '../core/plugins/phrasebook.ts';
import { sentencesDe } from '../plugins/leadconnector/sentences-de.ts';
import { de } from '../plugins/leadconnector/texts-de.ts';
import { openBrowser } from './support/browser.ts';
import { ADMIN, type Hub, startHub } from './support/hub.ts';
import { until } from './support/wait.ts';

const TEXTS = join(import.meta.dirname, '../views/texts');
/** Said in English and otherwise in German; what says of something is found by its words before and after. */
const ENGLISH = [...onlyIn('en', 'de'), ...saidBy(de)];
/** What hub and plugin say below the pages, by the words that stand around what it is about. */
const SENTENCES = Object.keys({ ...sentencesOfHub(), ...sentencesDe }).flatMap((sentence) =>
  clausesOf(sentence).filter((clause) => clause.length > 12),
);

let hub: Hub;
let browser: Browser;
let page: Page;
let own: string;

beforeAll(async () => {
  [hub, browser] = await Promise.all([startHub(), openBrowser()]);
  const context = await browser.newContext({ locale: 'de-DE', timezoneId: 'Europe/Vienna' });
  page = await context.newPage();
  page.setDefaultTimeout(60_000);
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

describe('somebody whose browser asks for German', () => {
  it('is met in German before anybody knows them, and after a mistake', async () => {
    await page.goto(`${hub.url}/login?next=/integrations`);
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    expect(await englishLeft()).toEqual([]);
    await logIn('wrong');
    await page.getByText('E-Mail oder Passwort ist nicht richtig.').waitFor();
    expect(await englishLeft()).toEqual([]);
    await logIn(ADMIN.password);
    await page.waitForURL(`${hub.url}/integrations`);
  });

  it('connects by consent and is told in German what was found', async () => {
    await page.goto(`${hub.url}/integrations/leadconnector`);
    expect(await englishLeft()).toEqual([]);
    await page.getByRole('button', { name: 'Verbinden mit LeadConnector' }).click();
    await page.getByRole('radio').first().check();
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.waitForURL(/\/integrations\/leadconnector\/[0-9a-f-]{36}\/configure$/);
    expect(await englishLeft()).toEqual([]);
    own = new URL(page.url()).pathname.replace('/configure', '');
    await page.getByRole('button', { name: 'Speichern und weiter' }).click();
    await page.waitForURL(/\/first-sync$/);
    const atWork = "select 1 from sync_runs where status in ('queued', 'running')";
    await until(async () => (await hub.rows(atWork)).length === 0, { what: 'every sync to end' });
  });

  it('finds no English sentence on the main pages, and numbers and times as German writes them', async () => {
    const [run] = await hub.rows<{ id: string }>("select id from sync_runs where stream = 'contacts'");
    const paths = [
      '',
      '/configure',
      '/first-sync',
      '/disconnect',
      '/reconnect',
      '/runs',
      `/runs/${run?.id}`,
      '/events',
      '/records/contacts',
      '/actions/createContact',
    ];
    const left: Record<string, string[]> = {};
    for (const path of [
      '/integrations',
      '/stores',
      '/admin',
      '/admin/plugins',
      '/admin/plugins/leadconnector',
      ...paths.map((one) => `${own}${one}`),
    ]) {
      const answer = await page.goto(`${hub.url}${path}`);
      expect({ path, status: answer?.status() }).toEqual({ path, status: 200 });
      const found = await englishLeft();
      if (found.length > 0) left[path] = found;
    }
    expect(left).toEqual({});
    await page.goto(`${hub.url}${own}`);
    expect(await page.locator('.tile', { hasText: 'Kontakte' }).textContent()).toMatch(/3\.\d{3}/);
    expect(await page.locator('time[data-relative]').first().getAttribute('title')).toMatch(/\d\d\.\d\d\.\d{4}, \d\d:\d\d/);
  });

  it('is told in German why an action was refused, and what came of one that was not', async () => {
    const [taken] = await hub.rows<{ email: string }>(
      "select data->>'email' as email from records where stream = 'contacts' and data->>'email' <> '' order by external_id limit 1",
    );
    await page.goto(`${hub.url}${own}/actions/createContact`);
    await page.locator('[name=email]').fill(taken?.email ?? '');
    await page.locator('form[data-once] .button.primary').click();
    await page.getByText('hat schon dieses Merkmal (E-Mail).').waitFor();
    expect(await englishLeft()).toEqual([]);
  });

  it('is told in German that a test went well, that one failed, and that the connection is broken', async () => {
    await testOnPage();
    await page.getByText(/^Verbunden mit Blue Fitness, 3\.\d{3} Kontakte\.$/).waitFor();
    await hub.sandbox('leadconnector', 'fail', { how: 'garbage' });
    await testOnPage();
    await page.getByText('LeadConnector hat gerade etwas gesendet, das nicht zu lesen ist').first().waitFor();
    expect(await englishLeft()).toEqual([]);
    await hub.sandbox('leadconnector', 'fail', { how: 'none' });
    await hub.sandbox('leadconnector', 'revokeTokens');
    await testOnPage();
    await page.getByText('LeadConnector nimmt diese Verbindung nicht mehr an.').first().waitFor();
    const left: Record<string, string[]> = {};
    for (const path of ['/', '/integrations', '/activity', '/notifications', own, `${own}/reconnect`, `${own}/runs`]) {
      await page.goto(`${hub.url}${path}`);
      const found = await englishLeft();
      if (found.length > 0) left[path] = found;
    }
    expect(left).toEqual({});
  });

  it('chooses English in the header, for this login wherever it signs in', async () => {
    await page.goto(`${hub.url}/integrations`);
    await page.locator('.menu-user summary').click();
    await page.getByRole('button', { name: 'English' }).click();
    await page.locator('html[lang=en]').waitFor({ state: 'attached' });
    expect(new URL(page.url()).pathname).toBe('/integrations');
    expect(await hub.rows('select locale from users where email = $1', [ADMIN.email])).toEqual([{ locale: 'en' }]);
    const elsewhere = await (await browser.newContext({ locale: 'de-DE' })).newPage();
    await elsewhere.goto(`${hub.url}/login?next=/stores`);
    await logIn(ADMIN.password, elsewhere);
    await elsewhere.waitForURL(`${hub.url}/stores`);
    expect(await elsewhere.locator('html').getAttribute('lang')).toBe('en');
  });
});

async function testOnPage(): Promise<void> {
  await page.goto(`${hub.url}${own}`);
  await page.getByRole('button', { name: 'Testen' }).click();
}

async function logIn(password: string, at = page): Promise<void> {
  await at.locator('#email').fill(ADMIN.email);
  await at.locator('#password').fill(password);
  await at.locator('form[action="/login"] button').click();
}

/** English texts of the hub that stand on the page, whole or with what they say of. What a record holds is the provider's. */
async function englishLeft(): Promise<string[]> {
  const said = await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts: string[] = [];
    while (walker.nextNode())
      if (!walker.currentNode.parentElement?.closest('script, .record, [lang]:not(html)'))
        texts.push(walker.currentNode.nodeValue ?? '');
    const named = [...document.querySelectorAll('[aria-label], [placeholder], [data-busy]')].flatMap((one) =>
      ['aria-label', 'placeholder', 'data-busy'].flatMap((name) => one.getAttribute(name) ?? []),
    );
    return [document.title.split(' · ')[0] ?? '', ...texts, ...named]
      .map((text) => text.replace(/\s+/g, ' ').trim())
      .filter(Boolean);
  });
  return said.filter(
    (text) => ENGLISH.some((english) => english.test(text)) || SENTENCES.some((clause) => text.includes(clause)),
  );
}

function sentencesOfHub(): object {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../views/sentences/de.json'), 'utf8')) as object;
}

/** What a plugin shows, in English; guides stand on the page in pieces, and a provider's own words stay. */
function saidBy(texts: Readonly<Record<string, string>>): RegExp[] {
  return Object.entries(texts)
    .filter(([english, other]) => !other.includes(english) && !/[\n{]/.test(english))
    .map(([english]) => new RegExp(`^${english.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`));
}

function onlyIn(language: string, other: string): RegExp[] {
  const theirs = new Set(textsOf(other));
  return textsOf(language)
    .filter((text) => !theirs.has(text) && !/[<|]|plural|select/.test(text) && /[a-z]{3}/i.test(text.replace(/\{[^}]*\}/g, '')))
    .map((text) => {
      const literals = text.split(/\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
      return new RegExp(`^${literals.join('.*')}$`);
    });
}

function textsOf(language: string): string[] {
  const files = readdirSync(join(TEXTS, language)).filter((file) => basename(file) !== 'category.json');
  return files.flatMap(
    (file) => Object.values(JSON.parse(readFileSync(join(TEXTS, language, file), 'utf8')) as object) as string[],
  );
}
