import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Stage } from './stage/stage.ts';
import { until } from './wait.ts';

type State = readonly [name: string, says: string, path: string, act: (page: Page) => Promise<undefined>];

/** One mail of each kind, as a mail program shows it. */
export function mailsOf({ hub }: Stage): readonly State[] {
  const outbox = join(hub.dataDir, 'outbox');
  const found = (subject: RegExp) =>
    readdirSync(outbox)
      .map((file) => readFileSync(join(outbox, file), 'latin1'))
      .find((mail) => subject.test(mail));
  const show = (subject: RegExp) => async (page: Page) => {
    const mail = await until(async () => found(subject), { what: `a mail of the subject ${subject.source}` });
    await page.goto('about:blank');
    await page.setContent(htmlOf(mail));
    return undefined;
  };
  const forget = async (page: Page) => {
    await page.locator('#email').fill('ana@example.com');
    await page.locator('main form .button').click();
    return show(/^Subject: .*password/im)(page);
  };
  return [
    ['mail-invitation', 'Somebody is invited', '/login', show(/^Subject: .*invites you/im)],
    ['mail-attention', 'A connection stopped working', '/login', show(/^Subject: .*stopped working/im)],
    ['mail-sign-in', 'Somebody signed in from a new browser', '/login', show(/^Subject: New sign-in/im)],
    ['mail-password', 'A new password', '/forgot', forget],
  ];
}

/** The HTML of a mail, from its quoted-printable part. */
function htmlOf(mail: string): string {
  const part = mail.slice(mail.search(/^content-type: text\/html/im));
  const body = part.slice(part.search(/\r?\n\r?\n/)).split(/\r?\n--/)[0] ?? '';
  const bytes = body
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8').trim();
}
