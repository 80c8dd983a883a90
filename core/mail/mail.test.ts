import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { testLetters as letters } from '../../tests/support/letters.ts';
import { silentServer, smtpServer, textOf } from '../../tests/support/smtp.ts';
import { testVault } from '../../tests/support/vault.ts';
import { until } from '../../tests/support/wait.ts';
import type { Jobs } from '../database/jobs.ts';
import { createLog } from '../log.ts';
import { Mail } from './mail.ts';
import { type MailRow, MailStore } from './mail-store.ts';
import { insistsOnTls, Post } from './post.ts';

const LINK = 'https://hub.example.com/reset/swordfish-token';
const log = createLog('silent');
const vault = testVault();
const reset = { template: 'password-reset', vars: { url: LINK, minutes: 60 } } as const;

let db: TestDatabase;
let jobs: Jobs;
/** Address → language. */
const languages = new Map<string, string>();
const dataDir = mkdtempSync(join(tmpdir(), 'hub-mail-'));
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  db = await testDatabase();
});
afterEach(async () => {
  await jobs.stop();
  for (const close of closing.splice(0)) await close();
  await db.dataSource.query('delete from mails');
});
afterAll(async () => {
  await db.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function room(smtpUrl: string | undefined, { production = false, timeoutMs = 20_000 } = {}) {
  jobs = await db.jobs();
  const config = { mail: { smtpUrl, from: 'Acme <hub@acme.example>' }, production, dataDir };
  const mails = new MailStore(db.dataSource);
  const post = new Post({ config, log, timeoutMs });
  const languageOf = async (email: string) => languages.get(email);
  const parts = { letters, post, vault, jobs, log };
  const mail = new Mail({ mails, ...parts, languageOf, publicUrl: 'https://hub.example.com' });
  await jobs.start();
  return { mail, mails };
}

async function server(options: Parameters<typeof smtpServer>[0] = {}) {
  const started = await smtpServer(options);
  closing.push(started.close);
  return started;
}

function settled(id: string, state: MailRow['state'] = 'sent'): Promise<MailRow> {
  return until(
    async () => (await new MailStore(db.dataSource).page({ state }, { limit: 50 })).mails.find((mail) => mail.id === id),
    {
      what: `the mail to be ${state}`,
    },
  );
}

/** What is in the database of every mail, as text. */
async function written(): Promise<string> {
  return JSON.stringify([
    await db.dataSource.query('select * from mails'),
    await db.dataSource.query('select data from pgboss.job'),
  ]);
}

describe('a mail', () => {
  it('does not go out when what caused it is rolled back', async () => {
    const smtp = await server();
    const { mail, mails } = await room(smtp.url());
    const failing = mails.transaction(async (sql) => {
      await mail.send({ to: 'ana@example.com', ...reset }, sql);
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    const next = await mail.send({ to: 'ben@example.com', ...reset });
    await settled(next);
    expect(smtp.received.map(({ to }) => to)).toEqual([['ben@example.com']]);
  });

  it('arrives with its link, which is readable nowhere in the database before or after', async () => {
    const smtp = await server();
    const { mail } = await room(smtp.url('hub:right@'));
    const id = await mail.send({ to: 'ana@example.com', ...reset });
    expect(await written()).not.toContain('swordfish');
    await settled(id);
    expect(await db.dataSource.query('select sealed, attempts from mails')).toEqual([{ sealed: null, attempts: 1 }]);
    const [{ from, to, raw } = { from: '', to: [], raw: '' }] = smtp.received;
    expect([from, to]).toEqual(['hub@acme.example', ['ana@example.com']]);
    expect(textOf(raw)).toContain(`Set a new password:\n${LINK}`.replace('\n', '\r\n'));
    expect(raw).toContain('Subject: Set a new password for Acme Connect');
    expect(raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(raw).toContain(`Message-ID: <${id}@hub.example.com>`);
    expect(raw).not.toMatch(/<img|List-Unsubscribe/i);
  });

  it('that a server refuses for good is dead at once, with its reason, and can be sent again', async () => {
    let closed = true;
    const smtp = await server({ refuse: () => (closed ? '550 5.1.1 No such user here' : undefined) });
    const { mail } = await room(smtp.url());
    const id = await mail.send({ to: 'gone@example.com', ...reset });
    expect(await settled(id, 'dead')).toMatchObject({ attempts: 1, reason: expect.stringContaining('No such user'), kept: true });
    closed = false;
    await mail.sendAgain(id);
    await settled(id);
    expect(smtp.received).toHaveLength(1);
    await expect(mail.sendAgain(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each([
    ['is greylisted (451)', '', { refuse: () => '451 4.7.1 Greylisted, come back later' }, 'Greylisted'],
    ['meets a wrong password', 'hub:wrong@', {}, '535'],
  ] as const)('that %s waits a minute for its next attempt', async (_, auth, options, reason) => {
    const smtp = await server(options);
    const { mail, mails } = await room(smtp.url(auth));
    const id = await mail.send({ to: 'ana@example.com', ...reset });
    const tried = await until(
      async () => (await mails.page({ state: 'queued' }, { limit: 5 })).mails.find(({ attempts }) => attempts === 1),
      {
        what: 'the first attempt',
      },
    );
    expect(tried).toMatchObject({ id, reason: expect.stringContaining(reason), kept: true });
    expect(tried.nextTryAt.getTime() - tried.createdAt.getTime()).toBeGreaterThan(55_000);
    const [job] = await db.dataSource.query(
      `select start_after > now() + interval '30 seconds' as later from pgboss.job where name = 'mail' and state = 'created' and data->>'id' = $1`,
      [id],
    );
    expect(job).toEqual({ later: true });
  });

  it('does not wait for ever for a server that says nothing', async () => {
    const silent = await silentServer();
    closing.push(silent.close);
    const { mail, mails } = await room(silent.url, { timeoutMs: 300 });
    await mail.send({ to: 'ana@example.com', ...reset });
    const tried = await until(
      async () => (await mails.page({ state: 'queued' }, { limit: 5 })).mails.find(({ attempts }) => attempts === 1),
      {
        what: 'the attempt to be given up',
      },
    );
    expect(tried.reason).toMatch(/greeting|timeout/i);
  });

  it('becomes a file that only its owner may read where there is no server', async () => {
    const { mail } = await room(undefined);
    expect(mail.mode).toBe('files');
    await settled(await mail.send({ to: 'ana@example.com', ...reset }));
    const [file = ''] = readdirSync(join(dataDir, 'outbox'));
    const path = join(dataDir, 'outbox', file);
    expect(file).toMatch(/\.eml$/);
    expect(readFileSync(path, 'utf8')).toContain('To: ana@example.com');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is written in the language its reader reads in, else in that of whoever causes it', async () => {
    const smtp = await server();
    const { mail } = await room(smtp.url());
    languages.set('ana@example.com', 'de');
    const to = ['ana@example.com', 'ben@example.com', 'eve@example.com'];
    const [ana = '', ben = '', eve = ''] = to;
    await settled(await mail.send({ to: ana, ...reset, locale: 'en' }));
    await settled(await mail.send({ to: ben, ...reset, locale: 'de' }));
    await settled(await mail.send({ to: eve, ...reset }));
    const texts = to.map((one) => textOf(smtp.received.find((mail) => mail.to.includes(one))?.raw ?? ''));
    expect(texts.map((text) => text.includes('Neues Passwort setzen:'))).toEqual([true, true, false]);
  });

  it('is kept as not sent in production without a server, so that the operator sees it', async () => {
    const { mail } = await room(undefined, { production: true });
    expect(mail.mode).toBe('off');
    const id = await mail.send({ to: 'ana@example.com', ...reset });
    expect(await settled(id, 'dead')).toMatchObject({ reason: 'Mail is not set up: SMTP_URL is missing.', kept: true });
  });
});

describe('the words of a mail', () => {
  it('hold what people named as words only: no header, no tag, no further line', () => {
    const inviter = 'Eve\r\nBcc: all@example.com\n\n<script>alert(1)</script>\u202e';
    const vars = { storeName: '<b>Shop</b>', inviter, role: 'owner', url: 'https://hub.example.com/i/"><x', days: 7 };
    const { subject, text, html } = letters.write({ template: 'invitation', vars });
    expect(subject).toBe('Eve Bcc: all@example.com <script>alert(1)</script> invites you to <b>Shop</b>');
    expect(text.split('\n').filter((line) => line.startsWith('Bcc'))).toEqual([]);
    expect(html).not.toMatch(/<script|<b>|"><x/);
    expect(html).toContain('&lt;b&gt;Shop&lt;/b&gt;');
  });

  it('are of one language, to the frame and the figures', () => {
    const vars = { storeName: 'Shop', inviter: 'Ana', role: 'owner', url: 'https://hub.example.com/i', days: 1 };
    const { subject, text, html } = letters.write({ template: 'invitation', vars, locale: 'de' });
    expect(subject).toBe('Ana lädt Sie zu Shop ein');
    expect(text).toContain('einmal, 1 Tag lang');
    expect(html).toContain('<html lang="de" dir="ltr">');
    expect(`${text}${html}`).not.toMatch(/invit|works once|was sent by/i);
  });

  it('say how to stop them where that is possible, in the text and in the HTML', () => {
    const stop = 'https://hub.example.com/stop';
    const { text, html } = letters.write({ ...reset, unsubscribeUrl: stop });
    expect(text).toContain(`Stop these mails: ${stop}`);
    expect(html).toContain(`href="${stop}"`);
  });
});

describe('a server of mails', () => {
  it.each([
    ['smtp://user:secret@mail.example.com:587', true],
    ['smtp://mail.example.com:25', false],
    ['smtp://user:secret@localhost:25', false],
    ['smtp://user:secret@127.0.0.1:25', false],
    ['smtp://user:secret@[::1]:25', false],
    ['smtp://user:secret@localhost.example.com:25', true],
  ])('is given a password encrypted or not at all, unless it is on this machine: %s', (url, insists) => {
    expect(insistsOnTls(url)).toBe(insists);
  });
});
