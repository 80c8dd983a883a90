import { TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import type { Act } from './gallery-scenes.ts';
import type { Stage } from './stage/stage.ts';

async function press(page: Page, selector: string): Promise<undefined> {
  await page.locator(selector).first().click();
}

async function pressed(page: Page, button: string | RegExp, then: string): Promise<undefined> {
  await page.locator('main').getByRole('button', { name: button }).first().click();
  await page.locator(then).first().waitFor();
}

async function logInWrongly(page: Page): Promise<undefined> {
  await page.locator('#email').fill('ana@example.com');
  await page.locator('#password').fill('wrong');
  await page.locator('#password').press('Enter');
  await page.locator('[role=alert]').first().waitFor();
}

async function connectWrongly(page: Page): Promise<undefined> {
  await page.getByLabel('API key', { exact: true }).fill('0c5f3e9a7b1d42688e6f4a2c9d7b5e31-us19');
  await page.getByLabel('Server prefix').fill('us6');
  await pressed(page, 'Test and connect', '.wrong, [role=alert]');
}

const askConsent: Act = (page) => pressed(page, /^Connect with LeadConnector$/, 'input[type=radio]');

async function refuseConsent(page: Page, stage: Stage): Promise<undefined> {
  await askConsent(page, stage);
  await page.getByRole('button', { name: 'Deny' }).click();
  await page.locator('[role=alert], .notice').first().waitFor();
}

async function consent(page: Page, stage: Stage): Promise<undefined> {
  await askConsent(page, stage);
  await page.getByRole('radio', { name: /Riverside/ }).check();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.locator('form[action$="/configure"]').waitFor();
}

async function finishSetUp(page: Page, { hub }: Stage): Promise<undefined> {
  const [row] = await hub.rows<{ id: string }>(
    `select i.id from integrations i join stores s on s.id = i.store_id where s.slug = 'harbour'`,
  );
  await page.goto(`${hub.url}/integrations/leadconnector/${row?.id}/configure`);
  await page.locator('form[action$="/configure"] .button.primary').click();
  await page.locator('.finish-done').waitFor();
}

async function search(page: Page): Promise<undefined> {
  await page.locator('input[type=search]').first().fill('fax machine');
}

/** As it was, but not ended: nobody works at it, so it stays as it is. */
async function runSync(page: Page, { hub, integrations }: Stage) {
  const [run] = await hub.rows<{ id: string; message: string }>(
    `select id, message from sync_runs where integration_id = $1 and stream = 'contacts'`,
    [integrations.get('leadconnector')],
  );
  await hub.rows(
    `update sync_runs set status = 'running', finished_at = null, queued_at = now(), message = null, seen = 1800, written = 1800, total = 3412,
     heartbeat_at = now() where id = $1`,
    [run?.id],
  );
  await page.reload();
  const ended = `update sync_runs set status = 'succeeded', finished_at = now(), message = $2, seen = 3412, written = 3412 where id = $1`;
  return () => hub.rows(ended, [run?.id, run?.message]);
}

async function ask(page: Page): Promise<undefined> {
  await page.locator('a[data-dialog]').click();
  await page.locator('dialog[open]').waitFor();
}

async function configureWrongly(page: Page): Promise<undefined> {
  await page.locator('#integration-name').evaluate((field) => field.removeAttribute('required'));
  await page.locator('#integration-name').fill('');
  await pressed(page, 'Save', '.wrong');
}

const openRecord: Act = (page) => press(page, '.record summary');
const preview: Act = async (page) => {
  await page.locator('input[name=which][value=all]').check();
  await pressed(page, 'Show what would happen', 'main form');
};

async function invite(page: Page): Promise<undefined> {
  await page.locator('#email').fill('frida@example.com');
  await pressed(page, 'Invite', '.people-secret');
}

async function makeKey(page: Page): Promise<undefined> {
  await page.locator('#name').fill('Our website');
  await pressed(page, 'Make the key', '.people-secret');
}

async function fail(page: Page, { hub }: Stage) {
  await hub.rows('alter table audit_entries rename to audit_entries_away');
  await page.reload();
  return () => hub.rows('alter table audit_entries_away rename to audit_entries');
}

async function confirmFactor(page: Page): Promise<undefined> {
  const secret = (await page.locator('.people-steps code').first().textContent()) ?? '';
  await page.locator('#code').fill(new TOTP({ secret: secret.replaceAll(' ', '') }).generate());
  await pressed(page, 'Turn on', '.recovery');
}

async function tick(page: Page): Promise<undefined> {
  for (const at of [0, 1]) await page.locator('input[name=pick]').nth(at).check();
}

/** A test of one, with others that wait. */
async function runBulk(page: Page, { hub }: Stage) {
  const [job] = await hub.rows<{ batch: string; id: string }>('select batch, id from bulk_jobs where batch is not null');
  await hub.rows('update bulk_jobs set ended_at = null where id = $1', [job?.id]);
  await hub.rows(
    `insert into bulk_items (store_id, job_id, integration_id)
     select store_id, $1, id from integrations where store_id in (select store_id from bulk_jobs where id = $1) on conflict do nothing`,
    [job?.id],
  );
  await page.goto(`${hub.url}/admin/bulk/${job?.batch}`);
  return async () => {
    await hub.rows(`delete from bulk_items where job_id = $1 and status = 'waiting'`, [job?.id]);
    await hub.rows('update bulk_jobs set ended_at = now() where id = $1', [job?.id]);
  };
}

async function emulate(page: Page, media: NonNullable<Parameters<Page['emulateMedia']>[0]>) {
  await page.emulateMedia(media);
  return () => page.emulateMedia({ contrast: null, forcedColors: null });
}

async function mirror(page: Page): Promise<undefined> {
  await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
}

async function speakGerman(page: Page) {
  const choose = (tag: string) => page.locator(`.menu-user [lang=${tag}]`).evaluate((one) => (one as HTMLElement).click());
  await choose('de');
  await page.locator('html[lang=de]').waitFor();
  return async () => {
    await page.reload();
    await choose('en');
    await page.locator('html[lang=en]').waitFor();
  };
}

const openMenu: Act = (page) => press(page, '.menu-user summary');
const openStores: Act = (page) => press(page, '.menu:not(.menu-user) summary');
const contrast: Act = (page) => emulate(page, { contrast: 'more' });
const forcedColors: Act = (page) => emulate(page, { forcedColors: 'active' });

/** What is done on a page before its picture is taken. */
export const ACTS = {
  ...{ logInWrongly, connectWrongly, askConsent, refuseConsent, consent, finishSetUp },
  ...{ search, runSync, ask, configureWrongly, openRecord, preview },
  ...{ openMenu, openStores, invite, makeKey, fail, confirmFactor },
  ...{ tick, runBulk, contrast, forcedColors, mirror, speakGerman },
} satisfies Record<string, Act>;
