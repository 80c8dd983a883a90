import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import { openBrowser } from './support/browser.ts';
import { ADMIN, type Hub } from './support/hub.ts';
import { type InboundHub, inboundHub, ONE } from './support/inbound-hub.ts';
import { addStoreOwner, type Browser, post, signIn } from './support/people.ts';

const STORE = '/api/stores/default/activity';
const OWNER = 'shop@example.com';
const STAFF = 'colleague@example.com';

interface Told {
  readonly id: string;
  readonly kind: string;
  readonly outcome: string;
  readonly who: string | null;
  readonly says: string;
  readonly integration: string | null;
  readonly at: string;
}

describe('the activity of a store', () => {
  let room: InboundHub;
  let hub: Hub;
  let owner: Browser;
  let staff: Browser;
  let person: { email: string; password: string };
  const told = async (query = '', path = STORE): Promise<Told[]> => {
    const { status, body } = await hub.api('GET', `${path}?limit=200&${query}`);
    expect(status).toBe(200);
    return body.activity;
  };
  const text = async (browser: Browser, path: string) => (await browser.get(path).expect(200)).text;

  beforeAll(async () => {
    room = await inboundHub();
    ({ hub } = room);
    person = await addStoreOwner(hub, OWNER);
    owner = await signIn(hub, person);
    const colleague = await addStoreOwner(hub, STAFF);
    await hub.rows(`update memberships set role = 'staff' where user_id = (select id from users where email = $1)`, [STAFF]);
    staff = await signIn(hub, colleague);
    await room.ended(await room.deliver({ refuse: '=2+3 "stuck"' }), 'dead');
    await post(owner, room.page, `${room.page}/test`);
    await hub.rows(
      `insert into incidents (store_id, id, kind, about, plugin_id, name, message, since, ended_at)
       select store_id, $1, 'needs-attention', id, plugin_id, name, 'Its key was taken back.', now(), now() + interval '1 minute' from integrations`,
      [v7()],
    );
  });
  afterAll(() => room?.close());

  it('says what is wrong with what was asked, and shows nothing of other stores', async () => {
    expect(await hub.api('GET', `${STORE}?kind=nonsense`)).toMatchObject({ status: 400 });
    expect(await hub.api('GET', `${STORE}?cursor=bm9uc2Vuc2U`)).toMatchObject({ status: 400 });
    expect((await owner.get('/activity?from=yesterday')).text).toContain('Write a time as 2026-11-21 09:30.');
    const other = v7();
    await hub.rows(`insert into stores (id, slug, name) values ($1, 'other', 'Other')`, [other]);
    await hub.rows(
      `insert into audit_entries (id, store_id, actor, action, at) values ($1, $2, 'eve@example.com', 'integration.change', now())`,
      [v7(), other],
    );
    expect((await told()).some(({ who }) => who === 'eve@example.com')).toBe(false);
    const operator = await signIn(hub, ADMIN);
    const theirs = await operator.get('/api/stores/other/activity').set('accept', 'application/json').expect(200);
    expect(theirs.body.activity).toMatchObject([{ who: 'eve@example.com', kind: 'change' }]);
  });

  it('tells of every kind in one order, by whom and with what outcome', async () => {
    const all = await told();
    expect([...new Set(all.map(({ kind }) => kind))].toSorted()).toEqual(['change', 'connection', 'event', 'notice', 'test']);
    expect(all.map(({ at }) => at)).toEqual(
      all
        .map(({ at }) => at)
        .toSorted()
        .reverse(),
    );
    expect(await told('kind=test')).toMatchObject([{ who: OWNER, outcome: 'done', says: `${OWNER} tested acc: it works.` }]);
    expect(await told('kind=event&outcome=failed')).toMatchObject([{ who: 'inbound', outcome: 'failed' }]);
    expect((await told('kind=notice')).map(({ outcome }) => outcome)).toEqual(['done', 'failed']);
    expect(await told(`who=${OWNER}`)).toMatchObject([{ kind: 'test' }]);
    expect((await told('who=keys')).every(({ who }) => who?.includes('api key'))).toBe(true);
    expect(await told('', `${ONE}/activity`)).toHaveLength((await told()).filter(({ integration }) => integration).length);
  });

  it('is read page by page without leaving any out, also of those of the same moment', async () => {
    await hub.rows(
      `insert into audit_entries (id, store_id, actor, action, target, at)
       select gen_random_uuid(), store_id, 'bulk@example.com', 'integration.change', id::text, '2026-01-01 10:00:00.123456+00'
       from integrations, generate_series(1, 7)`,
    );
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await hub.api('GET', `${STORE}?limit=3&who=bulk@example.com${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.activity.map(({ id }: Told) => id));
      if (body.next === null) break;
      cursor = body.next;
    }
    expect([seen.length, new Set(seen).size]).toEqual([7, 7]);
  });

  it('tells equal failures once with how often, also over the end of a page, and each in lists and files', async () => {
    await hub.rows(
      `insert into audit_entries (id, store_id, actor, action, target, detail, at)
       select gen_random_uuid(), store_id, 'again@example.com', 'integration.test', id::text,
         jsonb_build_object('passed', false, 'message', case when n % 12 = 0 then 'No answer.' else 'Its key has ended.' end),
         '2026-01-02 10:00:00+00'::timestamptz + n * interval '1 minute'
       from integrations, generate_series(1, 60) n`,
    );
    const shown = (await text(owner, '/activity?who=again@example.com')).replace(/<time[^>]*>|<\/time>/g, '');
    expect([...shown.matchAll(/(\d+) times, first/g)].map(([, times]) => times)).toEqual(['5', '55']);
    expect(shown.match(/<ol class="repeats">/g)).toHaveLength(2);
    expect(shown).not.toContain('Older');
    expect(await told('who=again@example.com')).toHaveLength(60);
    const { text: lines } = await owner.get('/activity/file?format=jsonl&who=again@example.com').expect(200);
    expect(lines.trim().split('\n')).toHaveLength(60);
  });

  it('keeps from staff what only owners see, and lets nobody but owners replay', async () => {
    expect((await post(owner, '/keys', '/keys', { name: 'till', scope: 'read' })).status).toBeLessThan(400);
    expect(await text(owner, '/activity')).toContain('made the API key “till”');
    const shown = await text(staff, '/activity');
    expect(shown).toContain('tested acc: it works.');
    expect(shown).not.toContain('made the API key');
    expect(shown).not.toContain('/replay"');
    expect(await text(owner, '/activity')).toContain('/replay"');
  });

  it('is downloaded as a file in which no cell is a formula', async () => {
    const { text: csv, headers } = await owner.get('/activity/file?format=csv&kind=event').expect(200);
    expect(headers['content-disposition']).toMatch(/^attachment; filename="activity-default-.*\.csv"$/);
    expect(csv.split('\r\n')[0]).toMatch(/^at,kind,outcome,says/);
    expect(csv).toContain(`"'=2+3 ""stuck"""`);
    const { text: lines } = await owner.get(`${room.page}/activity/file?format=jsonl`).expect(200);
    expect(
      lines
        .trim()
        .split('\n')
        .every((line) => JSON.parse(line).integrationId),
    ).toBe(true);
  });

  it('grows by itself while it is read, and leads to what became of a message', async () => {
    const browser = await openBrowser();
    try {
      const page = await (await browser.newContext({ viewport: { width: 360, height: 740 }, reducedMotion: 'reduce' })).newPage();
      page.setDefaultTimeout(60_000);
      await page.goto(`${hub.url}/login?next=/activity`);
      await page.getByLabel('Email').fill(person.email);
      await page.getByLabel('Password').fill(person.password);
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByRole('link', { name: 'Live changes', exact: true }).click();
      await page.getByText('Filter', { exact: true }).click();
      await page.getByLabel('Outcome').selectOption('Went wrong');
      await page.getByRole('button', { name: 'Show', exact: true }).click();
      expect(page.url()).toContain('kind=event&integration=&who=&outcome=failed');
      const rows = page.locator('.happenings > li');
      expect(await rows.count()).toBe(1);
      // The same name at two services is two connections.
      expect(await rows.first().textContent()).toMatch(/· acc on \w+/);
      await room.deliver({ refuse: 'Came meanwhile.' });
      await rows.nth(1).waitFor();
      await page.getByText('Came meanwhile.').waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      await rows
        .first()
        .getByRole('link', { name: /told us/ })
        .click();
      await page.getByRole('heading', { name: 'What became of it' }).waitFor();

      await page.goto(hub.url + room.page);
      await page.setViewportSize({ width: 360, height: 480 });
      await page.getByRole('link', { name: 'Disconnect…' }).dblclick();
      const dialog = page.getByRole('dialog', { name: 'Disconnect acc?' });
      await dialog.getByText('Delete them here for good').waitFor();
      const seen = await dialog.evaluate((one) => {
        const place = (selector: string) => one.querySelector(selector)?.getBoundingClientRect() ?? { top: -1, bottom: -1 };
        return [one.scrollHeight > one.clientHeight, place('h2').top >= 0, place('button').bottom <= innerHeight];
      });
      expect(seen).toEqual([true, true, true]);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Disconnect…');
      await page.keyboard.press('Enter');
      await dialog.getByRole('link', { name: 'Cancel' }).click();
      await dialog.waitFor({ state: 'detached' });
      await page.getByRole('link', { name: 'Disconnect…' }).click();
      await dialog.getByRole('button', { name: 'Disconnect' }).click();
      await page.getByText('What was synced is kept.').waitFor();
      await page.getByRole('link', { name: 'Activity', exact: true }).last().click();
      await page.getByText(`${person.email} disconnected acc.`).waitFor();
    } finally {
      await browser.close();
    }
  });
});
