import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { newStore } from '../../tests/support/integrations-room.ts';
import { wordsIn } from '../../tests/support/letters.ts';
import { type Sql, sqlOf } from '../database/transaction.ts';
import { createLog } from '../log.ts';
import type { NewMail } from '../mail/mail.ts';
import { ChoiceStore } from './choice-store.ts';
import { IncidentStore } from './incident-store.ts';
import { NoticeLinks } from './notice-links.ts';
import { Notices } from './notices.ts';
import { type Occurrence, OccurrenceStore } from './occurrence-store.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let db: TestDatabase;
let sql: Sql;
let notices: Notices;
let choices: ChoiceStore;
let storeId: string;
let userId: string;
let email: string;
const mails: NewMail<'attention'>[] = [];
const published: Occurrence[] = [];
const links = new NoticeLinks({ publicUrl: 'https://hub.example.com', secret: 'a secret' });

beforeAll(async () => {
  db = await testDatabase();
  sql = sqlOf(db.dataSource);
  const jobs = await db.jobs(false);
  choices = new ChoiceStore(db.dataSource);
  notices = new Notices({
    occurrences: new OccurrenceStore(db.dataSource),
    incidents: new IncidentStore(db.dataSource),
    choices,
    links,
    mail: { send: async (mail) => String(mails.push(mail as NewMail<'attention'>)) },
    jobs,
    wordsIn,
    titleOf: () => 'Mailer',
    calling: () => ['mailer'],
    publish: async (occurrence) => void published.push(occurrence),
    log: createLog('silent'),
  });
  await jobs.start();
});
beforeEach(async () => {
  const made = await newStore(db.dataSource);
  storeId = made.store.id;
  ({ userId, email } = made.owner);
});
afterEach(async () => {
  await sql.query('delete from stores');
  mails.length = 0;
  published.length = 0;
});
afterAll(() => db.close());

async function integration(name = 'Main list'): Promise<string> {
  const id = v7();
  await sql.query(
    `insert into integrations (store_id, id, plugin_id, name, status, method, webhook_key, connected_at)
     values ($1, $2, 'mailer', $3, 'active', 'oauth', $4, now())`,
    [storeId, id, name, id],
  );
  return id;
}

async function status(id: string, to: string, reason: string | null = null, message: string | null = null): Promise<void> {
  await sql.query('update integrations set status = $2, reason_code = $3, message = $4 where id = $1', [id, to, reason, message]);
}

async function breaks(id: string): Promise<void> {
  await status(id, 'error', 'RECONNECT_NEEDED', 'The permission was taken back.');
}

async function runs(id: string, how: string): Promise<void> {
  const run = v7();
  await sql.query(
    `insert into sync_runs (store_id, id, integration_id, stream, trigger, mode, status) values ($1, $2, $3, 'contacts', 'manual', 'full', 'running')`,
    [storeId, run, id],
  );
  await sql.query(`update sync_runs set status = $2, message = 'It answered 500.', finished_at = now() where id = $1`, [
    run,
    how,
  ]);
}

/** As the job would at that time from now. */
function later(ms: number): Promise<void> {
  return notices.work(new Date(Date.now() + ms));
}

describe('what happens to an integration', () => {
  it('is not heard of when it was rolled back', async () => {
    const id = await integration();
    await notices.read();
    published.length = 0;
    const undone = db.dataSource.transaction(async (manager) => {
      await manager.query(`update integrations set status = 'error' where id = $1`, [id]);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await notices.read();
    expect(published).toEqual([]);
  });

  it('is heard of once, in its order, whatever way it came', async () => {
    const id = await integration();
    await breaks(id);
    await sql.query(`update integrations set counts = '{"contacts": 2}' where id = $1`, [id]);
    await status(id, 'active');
    await status(id, 'active', 'RECONNECT_NEEDED', 'Connect again before Friday.');
    await runs(id, 'partial');
    await status(id, 'disconnected');
    await notices.read();
    await notices.read();
    expect(published.map(({ kind }) => kind)).toEqual([
      'integration.connected',
      'integration.needs_attention',
      'integration.recovered',
      'integration.ends_soon',
      'sync.finished',
      'integration.disconnected',
    ]);
    expect(published[1]?.detail).toMatchObject({
      plugin: 'mailer',
      name: 'Main list',
      message: 'The permission was taken back.',
    });
    expect(published[4]?.detail.run).toMatchObject({ stream: 'contacts', status: 'partial' });
  });
});

describe('an owner', () => {
  it('is told once of what broke, since when, what it means, and where to mend it', async () => {
    const id = await integration();
    await breaks(id);
    await later(MINUTE);
    await later(DAY);
    expect(mails).toHaveLength(1);
    const [mail] = mails;
    expect(mail).toMatchObject({ to: email, storeId, template: 'attention' });
    expect(mail?.vars).toMatchObject({ subject: 'Mailer (Main list) stopped working', label: 'Connect again', several: false });
    expect(mail?.vars.items[0]).toMatchObject({
      what: 'The permission was taken back.',
      meanwhile: expect.stringContaining('Nothing is lost'),
    });
    expect(mail?.vars.url).toBe(links.open(storeId, `/integrations/mailer/${id}/reconnect`));
    expect(mail?.unsubscribeUrl).toBe(links.unsubscribe(storeId, userId));
  });

  it('is told in the language they chose, or else read the pages in', async () => {
    await sql.query(`update users set seen_locale = 'de' where id = $1`, [userId]);
    await breaks(await integration());
    await later(MINUTE);
    const [mail] = mails;
    expect(mail).toMatchObject({ locale: 'de', vars: { label: 'Neu verbinden' } });
    expect(mail?.vars.subject).toBe('Mailer (Main list) funktioniert nicht mehr');
    expect(mail?.vars.items[0]?.meanwhile).toContain('Nichts geht verloren');
    expect(mail?.vars.intro).toMatch(/^Etwas in .+ braucht Sie\.$/);
  });

  it('is told again only when it was mended and broke again', async () => {
    const id = await integration();
    await breaks(id);
    await later(MINUTE);
    await sql.query(`update integrations set message = 'Still so.' where id = $1`, [id]);
    await later(20 * MINUTE);
    expect(mails).toHaveLength(1);
    await status(id, 'active');
    await breaks(id);
    await later(20 * MINUTE);
    expect(mails).toHaveLength(2);
  });

  it('hears nothing of what was mended before anybody could be told', async () => {
    const id = await integration();
    await breaks(id);
    await status(id, 'active');
    await later(MINUTE);
    expect(mails).toEqual([]);
  });

  it('gets one mail when many break at once, and none within 15 minutes of it', async () => {
    for (let count = 0; count < 30; count += 1) await breaks(await integration(`List ${count}`));
    await later(MINUTE);
    await breaks(await integration('One more'));
    await later(10 * MINUTE);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.vars).toMatchObject({ subject: expect.stringMatching(/^30 things in /), more: 10, several: true });
    await later(17 * MINUTE);
    expect(mails.map(({ vars }) => vars.items.length + vars.more)).toEqual([30, 1]);
  });

  it('is told however many others wait, to whom it is too early to write again', async () => {
    await sql.query(
      `with many as (insert into stores (id, slug, name)
           select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'many-' || n, 'Many' from generate_series(1, 1000) n
           returning id),
         theirs as (insert into memberships (store_id, user_id, role) select id, $1, 'owner' from many),
         told as (insert into notice_choices (store_id, user_id, mode, told_until, mailed_at)
           select id, $1, 'at-once', now() - interval '1 day', now() from many)
       insert into incidents (store_id, id, kind, about, plugin_id, name, since, noted_at)
         select id, gen_random_uuid(), 'needs-attention', id, 'mailer', 'List', now(), now() from many`,
      [userId],
    );
    await breaks(await integration());
    await later(MINUTE);
    expect(mails).toMatchObject([{ to: email, storeId }]);
  });

  it('is reminded once, three days later', async () => {
    await breaks(await integration());
    await later(MINUTE);
    await later(2 * DAY);
    expect(mails).toHaveLength(1);
    await later(3 * DAY + MINUTE);
    await later(9 * DAY);
    expect(mails.map(({ vars }) => vars.subject)).toEqual([
      'Mailer (Main list) stopped working',
      'Still waiting: Mailer (Main list) stopped working',
    ]);
  });

  it('who wants a summary gets one a day at most, in the morning, with what works again by now', async () => {
    await choices.choose(storeId, userId, 'daily');
    const morning = new Date(Date.now() + DAY);
    morning.setUTCHours(7, 0, 0, 0);
    const broken = await integration();
    await breaks(broken);
    await status(broken, 'active');
    await breaks(await integration('Other list'));
    const night = new Date(morning);
    night.setUTCHours(3);
    await notices.work(night);
    expect(mails).toEqual([]);
    await notices.work(morning);
    await breaks(await integration('Third list'));
    await notices.work(new Date(morning.getTime() + 60 * MINUTE));
    expect(mails).toHaveLength(1);
    expect(mails[0]?.vars.items.map(({ meanwhile }) => meanwhile)).toEqual([
      'It works again by now.',
      expect.stringContaining('Nothing is lost'),
    ]);
    await notices.work(new Date(morning.getTime() + DAY));
    expect(mails).toHaveLength(2);
  });

  it('who wants no mails gets none, nor later of what broke meanwhile', async () => {
    await choices.choose(storeId, userId, 'off');
    await breaks(await integration());
    await later(MINUTE);
    await choices.choose(storeId, userId, 'at-once');
    await later(2 * MINUTE);
    expect(mails).toEqual([]);
  });

  it('of another store hears nothing, and staff only who asked for it', async () => {
    const other = await newStore(db.dataSource);
    await sql.query(`insert into memberships (store_id, user_id, role) values ($1, $2, 'staff')`, [storeId, other.owner.userId]);
    await breaks(await integration());
    await later(MINUTE);
    expect(mails.map(({ to }) => to)).toEqual([email]);
    expect(await choices.choose(other.store.id, userId, 'daily')).toBe(false);
    await choices.choose(storeId, other.owner.userId, 'at-once');
    await breaks(await integration('Other list'));
    await later(20 * MINUTE);
    expect(
      mails
        .slice(1)
        .map(({ to }) => to)
        .toSorted(),
    ).toEqual([email, other.owner.email].toSorted());
  });
});

describe('a stream', () => {
  it('is told of when three syncs in a row failed, and is well again after one that did not', async () => {
    const id = await integration();
    await runs(id, 'failed');
    await runs(id, 'succeeded');
    await runs(id, 'failed');
    await runs(id, 'failed');
    await later(MINUTE);
    expect(mails).toEqual([]);
    await runs(id, 'failed');
    await runs(id, 'failed');
    await later(MINUTE);
    expect(mails.map(({ vars }) => vars.subject)).toEqual(['Mailer (Main list) cannot be synced']);
    await runs(id, 'succeeded');
    await later(2 * MINUTE);
    expect(await new IncidentStore(db.dataSource).openOf(storeId)).toEqual([]);
  });
});

describe('a provider that used to call', () => {
  it('is told of once as silent, until it calls again', async () => {
    const id = await integration();
    await sql.query(`update integrations set last_event_at = now() - interval '8 days' where id = $1`, [id]);
    const other = await integration('Other list');
    await sql.query(`update integrations set last_event_at = now() - interval '3 days' where id = $1`, [other]);
    await notices.read();
    await notices.listen();
    await notices.listen();
    await later(MINUTE);
    expect(mails.map(({ vars }) => vars.subject)).toEqual(['Mailer (Main list) has fallen silent']);
    await sql.query('update integrations set last_event_at = clock_timestamp() where id = $1', [id]);
    await notices.listen();
    expect(await new IncidentStore(db.dataSource).openOf(storeId)).toEqual([]);
  });
});

describe('a link in a mail', () => {
  it('is worth nothing for another person, store or page', () => {
    const proof = links.unsubscribe(storeId, userId).split('/').at(-1) ?? '';
    expect(links.isUnsubscribe({ storeId, userId, proof })).toBe(true);
    expect(links.isUnsubscribe({ storeId, userId: storeId, proof })).toBe(false);
    expect(links.isUnsubscribe({ storeId: userId, userId, proof })).toBe(false);
    expect(links.isUnsubscribe({ storeId, userId, proof: '' })).toBe(false);
    expect(links.isOpen({ storeId, path: userId, proof })).toBe(false);
  });
});
