import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import request from 'supertest';
import { openPage, signIn } from '../bench/support/signed-in.ts';
import { KeptPart } from '../core/web/pages/kept-part.ts';
import { ADMIN, call, type Hub, startHub } from './support/hub.ts';
import { until } from './support/wait.ts';

type Browser = request.Agent;

const PLUGIN = '/integrations/leadconnector';
const NOBODY = '00000000-0000-7000-8000-000000000000';
let hub: Hub;
let owner: Browser;
let keys: { token: string; locationId: string };

beforeAll(async () => {
  hub = await startHub();
  keys = (await call('GET', `${hub.url}/sandbox/leadconnector`)).body.credentials;
  owner = await signedIn();
});
afterAll(() => hub?.close());

async function signedIn(): Promise<Browser> {
  const browser = request.agent(hub.url).set('accept', 'text/html');
  const answer = await post(browser, '/login', '/login', ADMIN);
  expect(answer.status).toBe(303);
  return browser;
}

/** Fills in the form of a page: its token comes along. */
async function post(browser: Browser, page: string, to: string, fields: object = {}): Promise<request.Response> {
  const { text } = await browser.get(page);
  const token = /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
  return browser
    .post(to)
    .type('form')
    .send({ _csrf: token, ...fields });
}

async function shown(browser: Browser, path: string): Promise<string> {
  const answer = await browser.get(path);
  expect({ path, status: answer.status }).toEqual({ path, status: 200 });
  return answer.text;
}

const integrations = () =>
  hub.rows<{ id: string; status: string; config: object }>('select id, status, config from integrations');

/** Goes through the simulator's consent page as a browser would; where it leads back to. */
async function consented(authorizeUrl: string, decision: 'allow' | 'deny' = 'allow'): Promise<string> {
  const body = new URLSearchParams({ location: keys.locationId, decision });
  const answer = await fetch(authorizeUrl, { method: 'POST', body, redirect: 'manual' });
  const back = new URL(answer.headers.get('location') ?? '');
  return back.pathname + back.search;
}

describe('without a login', () => {
  it.each(['/integrations', PLUGIN, `${PLUGIN}/${NOBODY}`, '/sandbox/leadconnector', '/stores'])(
    '%s leads to the login and back',
    async (path) => {
      const answer = await request(hub.url).get(path).set('accept', 'text/html');
      expect([answer.status, answer.headers['location']]).toEqual([303, `/login?next=${encodeURIComponent(path)}`]);
    },
  );

  it('a form that is sent leads to the login, says that it was not saved, and back to its page', async () => {
    const configure = `${PLUGIN}/${NOBODY}/configure`;
    const answer = await request(hub.url).post(configure).set('accept', 'text/html').type('form').send({});
    const login = `/login?next=${encodeURIComponent(configure)}&lost=1`;
    expect([answer.status, answer.headers['location']]).toEqual([303, login]);
    expect((await request(hub.url).get(login)).text).toContain('what you sent was not saved');
  });

  it('styles, scripts and icons are served, to be kept', async () => {
    const { text } = await request(hub.url).get('/login');
    const [, css = ''] = /href="(\/assets\/app\.css\?v=\w+)"/.exec(text) ?? [];
    const answer = await request(hub.url).get(css);
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
    const again = await request(hub.url).get('/assets/app.css').set('if-none-match', String(answer.headers['etag']));
    expect(again.status).toBe(304);
    const sizes = [];
    for (const encoding of ['identity', 'gzip', 'br']) {
      const { headers } = await request(hub.url).head(css).set('accept-encoding', encoding);
      expect([headers['content-encoding'] ?? 'identity', headers['vary']]).toEqual([encoding, 'accept-encoding']);
      sizes.push(Number(headers['content-length']));
    }
    expect(sizes).toEqual(sizes.toSorted((one, other) => other - one));
    expect(Math.min(...sizes)).toBeLessThan(12_000);
    expect((await request(hub.url).get('/assets/nothing.css')).status).toBe(404);
    const icon = await request(hub.url).get('/assets/plugins/leadconnector/icon.svg');
    expect([icon.status, icon.headers['content-type']]).toEqual([200, 'image/svg+xml; charset=utf-8']);
    expect(icon.headers['content-security-policy']).toContain("default-src 'none'");
  });
});

describe('loading again where a form was sent to', () => {
  it.each([
    [`${PLUGIN}/manual/connect`, PLUGIN],
    [`${PLUGIN}/oauth/initiate`, PLUGIN],
    [`${PLUGIN}/${NOBODY}/test`, `${PLUGIN}/${NOBODY}`],
    [`${PLUGIN}/${NOBODY}/runs/${NOBODY}/cancel`, `${PLUGIN}/${NOBODY}/runs/${NOBODY}`],
    ['/sandbox/leadconnector/panel', '/sandbox/leadconnector'],
    ['/logout', '/'],
  ])('%s leads to the page the form is on', async (path, page) => {
    const answer = await owner.get(path);
    expect([answer.status, answer.headers['location']]).toEqual([303, page]);
    expect((await owner.get(path).set('accept', 'application/json')).status).toBe(405);
  });
});

describe('pages of what is not there', () => {
  it.each([
    '/integrations/nothing',
    `${PLUGIN}/${NOBODY}`,
    `${PLUGIN}/nonsense`,
    `${PLUGIN}/${NOBODY}/configure`,
    '/sandbox/hubspot',
    '/sandbox/nothing',
  ])('%s say so in words', async (path) => {
    const answer = await owner.get(path);
    expect(answer.status).toBe(404);
    expect(answer.text).toContain('<h1>Not found</h1>');
  });
});

describe('the cards', () => {
  it('stand in their categories with state and next step', async () => {
    const html = await shown(owner, '/integrations');
    expect(html).toMatch(/<h2 id="category-crm">CRM<\/h2>/);
    expect(html).toContain('aria-label="Connect LeadConnector"');
    expect(html.match(/Coming soon/g)?.length).toBeGreaterThanOrEqual(4);
  });

  it('are searched without JavaScript', async () => {
    const found = await shown(owner, '/integrations?q=zap');
    const cards = [...found.matchAll(/ id="card-(\w+)"( hidden)?>/g)].map(([, id, hidden]) => [id, hidden === undefined]);
    expect(cards).toEqual(
      expect.arrayContaining([
        ['zapier', true],
        ['salesforce', false],
      ]),
    );
    const none = await shown(owner, '/integrations?q=%3Cscript%3E');
    expect(none).toContain('Nothing found');
    expect(none).not.toContain('<script>');
  });

  it('that are coming soon have a page that says so', async () => {
    expect(await shown(owner, '/integrations/hubspot')).toContain('cannot be connected yet');
    const answer = await post(owner, '/integrations/hubspot', '/integrations/hubspot/manual/connect', {});
    expect(answer.status).toBe(503);
  });
});

describe('connecting with keys', () => {
  it('is refused without the token of the page', async () => {
    const answer = await owner.post(`${PLUGIN}/manual/connect`).type('form').send(keys);
    expect(answer.status).toBe(403);
    expect(await integrations()).toEqual([]);
  });

  it.each([
    ['a blank token', () => ({ ...keys, token: '' }), 'Please look at the marked fields.'],
    ['a token that cannot be one', () => ({ ...keys, token: 'nonsense' }), 'Please look at the marked fields.'],
    ['a wrong token', () => ({ ...keys, token: 'pit-00000000-0000-4000-8000-000000000000' }), 'did not accept'],
  ])('with %s keeps nothing but what was typed in the open', async (_, fields, words) => {
    const answer = await post(owner, PLUGIN, `${PLUGIN}/manual/connect`, fields());
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(words);
    expect(answer.text).toContain(`value="${keys.locationId}"`);
    if (fields().token) expect(answer.text).not.toContain(fields().token);
    expect(await integrations()).toEqual([]);
  });

  it('leads to the details and says what was found', async () => {
    const answer = await post(owner, PLUGIN, `${PLUGIN}/manual/connect`, keys);
    const [kept] = await integrations();
    expect([answer.status, answer.headers['location']]).toEqual([303, `${PLUGIN}/${kept?.id}/configure`]);
    const details = await shown(owner, `${PLUGIN}/${kept?.id}`);
    expect(details).toMatch(/Connected to Blue Fitness, 3,4\d\d contacts\./);
    expect(details).toContain('class="ribbon"');
    expect(details).not.toContain(keys.token);
    expect(await shown(owner, `${PLUGIN}/${kept?.id}`)).not.toContain('data-flash');
  });
});

describe('an integration', () => {
  const own = async () => `${PLUGIN}/${(await integrations())[0]?.id}`;
  const syncsToEnd = async () => (await hub.rows("select 1 from sync_runs where status in ('queued', 'running')")).length === 0;

  it('is listed on its card with account, counts and buttons', async () => {
    await until(syncsToEnd, { what: 'syncs to end' });
    const html = await shown(owner, '/integrations');
    expect(html).toContain('3,412 contacts');
    expect(html).toContain('aria-label="Sync now: Blue Fitness on LeadConnector"');
    expect(html).toContain('aria-label="Manage Blue Fitness on LeadConnector"');
    expect(html).toContain(`href="${await own()}/configure" aria-label="Go on setting up Blue Fitness on LeadConnector"`);
    expect(await shown(owner, '/dashboard')).toContain('>Go on setting up Blue Fitness on LeadConnector</a>');
  });

  it('says whom a live change is about, and leads there', async () => {
    await hub.sandbox('leadconnector', 'addContact', { firstName: 'Sandra', lastName: 'Box', email: 'sandra@example.com' });
    const told = /href="([^"]+)">Contact created<\/a><\/strong> Sandra Box </;
    const event = await until(async () => told.exec(await shown(owner, `${await own()}/events`))?.[1], { what: 'the change' });
    expect(await shown(owner, await own())).toMatch(told);
    expect(await shown(owner, '/activity')).toContain('<p class="row-message">Sandra Box</p>');
    const record = /<a href="([^"]+)">Sandra Box<\/a>/.exec(await shown(owner, event))?.[1]?.replaceAll('&#x3D;', '=');
    expect(await shown(owner, record ?? '')).toContain('sandra@example.com');
  });

  it('tells how each button ended', async () => {
    const page = await own();
    for (const [action, words] of [
      ['test', /Connected to Blue Fitness/],
      ['sync', /Started to sync contacts/],
      ['schedule', /Saved how often to sync/],
    ] as const) {
      const answer = await post(owner, page, `${page}/${action}`, { 'every.contacts': '15' });
      expect([action, answer.status, answer.headers['location']]).toEqual([action, 303, page]);
      expect(await shown(owner, page)).toMatch(words);
    }
    expect(await hub.rows("select every_minutes from schedules where stream = 'contacts'")).toEqual([{ every_minutes: 15 }]);
  });

  it('tells the history of its syncs: how each kind fares, a month drawn, and what could not be read', async () => {
    const page = await own();
    const failures = JSON.stringify([{ id: 'c7', reason: '<b>no</b> e-mail address' }]);
    const [run] = await hub.rows<{ id: string }>(
      `insert into sync_runs (store_id, id, integration_id, stream, trigger, mode, status, seen, written, failed, failures, message, finished_at)
       select store_id, gen_random_uuid(), id, 'contacts', 'manual', 'full', 'partial', 250, 98, 150, $1, 'Synced 100 of 250 contacts from Blue Fitness.', now()
       from integrations returning id`,
      [failures],
    );
    const history = await shown(owner, `${page}/runs?state=partial&stream=contacts&time=day`);
    expect(history).toMatch(/<svg class="chart-bars"[^>]* role="img" aria-labelledby="runs-chart-title runs-chart-desc"><title/);
    expect(history).toMatch(/<option value="partial" selected>Done in part</);
    expect(history).toContain('1 sync<');
    expect(history).toContain('Synced 100 of 250 contacts from Blue Fitness.');
    expect(history).not.toContain('>Appointments</a></strong>');
    const one = await shown(owner, `${page}/runs/${run?.id}`);
    expect(one).toMatch(/<code>c7<\/code><\/th><td>&lt;b&gt;no&lt;\/b&gt; e-mail address</);
    expect(one).toContain('And 149 more. Only the first are kept.');
    expect(one).toContain('Mend them at LeadConnector and sync again');
    expect(await shown(owner, `${page}/runs?page=999`)).toContain('No sync fits what you chose.');
    expect((await owner.get(`${page}/runs/${NOBODY}`)).status).toBe(404);
    expect((await owner.get(`${PLUGIN}/${NOBODY}/runs`)).status).toBe(404);
  });

  it('is paused and resumed', async () => {
    const page = await own();
    await post(owner, page, `${page}/pause`);
    const paused = await shown(owner, page);
    expect(paused).toContain('is paused. Nothing is synced');
    expect([paused.includes('>Resume<'), paused.includes('Sync again')]).toEqual([true, false]);
    await post(owner, page, `${page}/resume`);
    expect(await shown(owner, page)).toContain('works again.');
  });

  it('offers the provider’s own choices when it is configured, and saves them', async () => {
    const page = await own();
    const html = await shown(owner, `${page}/configure`);
    expect(html).toContain('Personal training');
    const saved = await post(owner, `${page}/configure`, `${page}/configure`, {
      _name: 'Studio',
      streams: ['contacts', 'calendars'],
      direction: 'both',
    });
    expect([saved.status, saved.headers['location']]).toEqual([303, `${page}/first-sync`]);
    expect((await integrations())[0]?.config).toMatchObject({ streams: ['contacts', 'calendars'] });
    expect(await shown(owner, page)).toContain('Saved the settings of Studio.');
  });

  it('keeps what was typed when the settings are wrong, and changes nothing', async () => {
    const page = await own();
    const [before] = await integrations();
    for (const wrong of [
      { _name: '', streams: ['contacts'] },
      { _name: 'Other', streams: ['nonsense'] },
    ]) {
      const answer = await post(owner, `${page}/configure`, `${page}/configure`, wrong);
      expect(answer.status).toBe(422);
      expect(answer.text).toContain('Nothing was changed.');
      expect(answer.text).toContain('class="error"');
    }
    expect((await integrations())[0]).toEqual(before);
    expect(await shown(owner, page)).toContain('Studio');
  });

  it('shows its records, page by page', async () => {
    const first = await shown(owner, `${await own()}/records/contacts`);
    expect(first.match(/class="record"/g)).toHaveLength(50);
    const [, next = ''] = /href="([^"]+\?after&#x3D;\d+|[^"]+\?after=\d+)"/.exec(first) ?? [];
    expect(await shown(owner, next.replaceAll('&#x3D;', '='))).toContain('First page');
    const found = await shown(owner, `${await own()}/records/contacts?q=nobody%20is%20called%20so`);
    expect(found).toContain('No record holds “nobody is called so”.');
    expect((await owner.get(`${await own()}/records/nonsense`)).status).toBe(404);
    expect((await owner.get(`${await own()}/records/contacts?after=x`)).status).toBe(400);
  });

  it('shows on its card how far a sync is, and stops it there', async () => {
    await until(syncsToEnd, { what: 'syncs to end' });
    expect(await shown(owner, '/integrations')).toMatch(/Last synced <time datetime="/);
    const [run] = await hub.rows<{ id: string }>(
      `insert into sync_runs (store_id, id, integration_id, stream, trigger, mode, status, queued_at, seen, total)
       select store_id, gen_random_uuid(), id, 'contacts', 'manual', 'full', 'queued', now(), 120, 400 from integrations returning id`,
    );
    const html = await shown(owner, '/integrations');
    expect(html).toContain('<progress value="30" max="100" aria-label="Sync of Contacts">');
    expect(html).toContain('aria-label="Cancel the sync of Contacts: Studio (Blue Fitness) on LeadConnector"');
    expect(html).not.toContain('Go on setting up');
    const answer = await post(owner, '/integrations', `${await own()}/runs/${run?.id}/cancel`, { _back: 'cards' });
    expect([answer.status, answer.headers['location']]).toEqual([303, '/integrations']);
    expect(await shown(owner, '/integrations')).not.toContain('<progress');
  });

  it('is disconnected after a page that says what will be lost', async () => {
    const page = await own();
    const asked = await shown(owner, `${page}/disconnect`);
    expect(asked).toMatch(/3,4\d\d contacts/);
    const answer = await post(owner, `${page}/disconnect`, `${page}/disconnect`, { records: 'keep' });
    expect(answer.status).toBe(303);
    const details = await shown(owner, page);
    expect(details).toContain('Disconnected from Blue Fitness');
    expect(details).toContain('Reconnect');
    expect(await hub.rows('select 1 from records limit 1')).toHaveLength(1);
    expect(await hub.rows('select 1 from credentials')).toEqual([]);
  });
});

describe('connecting by consent', () => {
  const initiate = async (browser: Browser) =>
    String((await post(browser, PLUGIN, `${PLUGIN}/oauth/initiate`)).headers['location']);

  it('changes nothing when it is denied, and says so beside the way back', async () => {
    const back = await consented(await initiate(owner), 'deny');
    const answer = await owner.get(back);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('nothing was changed');
    expect(answer.text).toContain('Connect with LeadConnector');
  });

  it('again, and denied, leads back to the integration, with the words there', async () => {
    const [held] = await hub.rows<{ id: string }>('select id from integrations');
    const page = `${PLUGIN}/${held?.id}`;
    const begun = await post(owner, `${page}/reconnect`, `${page}/reconnect`, { _method: 'oauth' });
    const answer = await owner.get(await consented(String(begun.headers['location']), 'deny'));
    expect([answer.status, answer.headers['location']]).toEqual([303, page]);
    expect(await shown(owner, page)).toContain('nothing was changed');
    // One that is begun anew has nothing to do with it.
    expect((await owner.get(await consented(await initiate(owner), 'deny'))).status).toBe(400);
  });

  it('that has ended leaves the list when its owner says so, keeps its records, and comes back when it is given again', async () => {
    const [held] = await hub.rows<{ id: string }>('select id from integrations');
    const page = `${PLUGIN}/${held?.id}`;
    expect(await shown(owner, page)).toContain('Remove from the list');
    expect(await shown(owner, `${page}/remove`)).toMatch(/The [\d,]+ records kept here stay kept/);
    const answer = await post(owner, `${page}/remove`, `${page}/remove`);
    expect([answer.status, answer.headers['location']]).toEqual([303, '/integrations']);
    const html = await shown(owner, '/integrations');
    expect(html).toContain('from your list.');
    expect(html).not.toContain(page);
    expect((await hub.rows<{ count: number }>('select count(*)::int as count from records'))[0]?.count).toBeGreaterThan(0);
  });

  it('goes on after a login where the session ended on the way', async () => {
    const browser = await signedIn();
    const back = await consented(await initiate(browser));
    await post(browser, '/integrations', '/logout');
    const turned = await browser.get(back);
    expect([turned.status, turned.headers['location']]).toEqual([303, `/login?next=${encodeURIComponent(back)}`]);
    const login = await post(browser, '/login', '/login', { ...ADMIN, next: back });
    expect(login.headers['location']).toBe(back);
    const answer = await browser.get(back);
    expect([answer.status, answer.headers['location']]).toEqual([303, `${PLUGIN}/${(await integrations())[0]?.id}`]);
    expect((await integrations()).map(({ status }) => status)).toEqual(['active']);
  });

  it('cannot be finished in another browser, nor twice', async () => {
    const browser = await signedIn();
    const back = await consented(await initiate(browser));
    expect((await owner.get(back)).status).toBe(403);
    expect((await browser.get(back)).status).toBe(400);
  });
});

describe('the simulator’s panel', () => {
  it('names keys, and does what its buttons say', async () => {
    const html = await shown(owner, '/sandbox/leadconnector');
    expect(html).toContain(keys.token);
    expect(html).toContain('class="ribbon"');
    const answer = await post(owner, '/sandbox/leadconnector', '/sandbox/leadconnector/panel', {
      command: 'addContact',
      firstName: 'Zoe',
      lastName: 'Quill',
    });
    expect([answer.status, answer.headers['location']]).toEqual([303, '/sandbox/leadconnector#addContact']);
    expect(await shown(owner, '/sandbox/leadconnector')).toContain('Zoe Quill');
    const unknown = await post(owner, '/sandbox/leadconnector', '/sandbox/leadconnector/panel', { command: 'nonsense' });
    expect(unknown.status).toBe(404);
  });
});

describe('the cards, asked for again at once', () => {
  const framed = jest.spyOn(KeptPart.prototype, 'framed');
  const get = (cookie: string) =>
    fetch(`${hub.url}/integrations`, { headers: { accept: 'text/html', cookie }, redirect: 'manual' });
  /** The last two answers, of which the second was not made. */
  const repeated = (cookie: string) =>
    until(
      async () => {
        const first = await get(cookie);
        framed.mockClear();
        const second = await get(cookie);
        return framed.mock.calls.length === 0 && [first, second];
      },
      { what: 'a page that is sent again' },
    );
  const visitor = async () => (await openPage(`${hub.url}/integrations`, await signIn(hub.url, ADMIN))).cookie;
  afterAll(() => framed.mockRestore());

  it('are sent with the same headers and words, and with an id and a nonce of their own', async () => {
    const answers = await repeated(await visitor());
    const [first, second] = await Promise.all(
      answers.map(async (answer) => {
        const { date: _, 'x-request-id': id, ...headers } = Object.fromEntries(answer.headers);
        const nonce = /'nonce-([^']+)'/.exec(headers['content-security-policy'] ?? '')?.[1] ?? '';
        const html = await answer.text();
        expect(html).toContain(`nonce="${nonce}"`);
        const policy = headers['content-security-policy']?.replace(nonce, '');
        return { id, nonce, same: [{ ...headers, 'content-security-policy': policy }, html.replaceAll(nonce, '')] };
      }),
    );
    expect(second?.same).toEqual(first?.same);
    expect(second?.id).not.toBe(first?.id);
    expect(second?.nonce).not.toBe(first?.nonce);
  });

  it('are not sent to another browser, nor in another language', async () => {
    const cookie = await visitor();
    await repeated(cookie);
    expect((await get(cookie.replace('sid=s%3A', 'sid=s%3Ax'))).status).toBe(303);
    expect((await get(cookie.replace(/(sid=s%3A[^;]*).(?=;|$)/, '$1'))).status).toBe(303);
    const german = await fetch(`${hub.url}/integrations`, { headers: { accept: 'text/html', cookie, 'accept-language': 'de' } });
    expect(await german.text()).toContain('lang="de"');
  });

  it.each([
    ['a store has another name', "update stores set name = 'Corner shop'", 'Corner shop'],
    ['an account has another name', `update integrations set account = account || '{"label":"Red Fitness"}'`, 'Red Fitness'],
    [
      'a message waits for the next page',
      `update sessions set sess = (sess::jsonb || '{"flash":{"kind":"good","text":"Well done."}}')::json`,
      'Well done.',
    ],
  ])('are made anew once %s', async (_, sql, text) => {
    const cookie = await visitor();
    await repeated(cookie);
    await hub.rows(sql);
    expect(await (await get(cookie)).text()).toContain(text);
  });

  it('are made anew once a card is switched off', async () => {
    const cookie = await visitor();
    await repeated(cookie);
    await hub.api('PATCH', '/api/admin/integration-templates/mailchimp', { active: false });
    expect(await (await get(cookie)).text()).toContain('Switched off');
    await hub.api('PATCH', '/api/admin/integration-templates/mailchimp', { active: true });
  });

  it('are not shown any more to who has left, here or in another browser, nor to who has a new password', async () => {
    const cookie = await visitor();
    await repeated(cookie);
    const token = /name="_csrf" value="([^"]+)"/.exec(await (await get(cookie)).text())?.[1] ?? '';
    const body = new URLSearchParams({ _csrf: token });
    await fetch(`${hub.url}/logout`, { method: 'POST', redirect: 'manual', headers: { cookie }, body });
    expect((await get(cookie)).status).toBe(303);
    for (const ended of ['delete from sessions', "update users set stamp = 'another'", 'update users set disabled_at = now()']) {
      const other = await visitor();
      await repeated(other);
      await hub.rows(ended);
      expect((await get(other)).status).toBe(303);
      await hub.rows('update users set disabled_at = null');
    }
    owner = await signedIn();
  });
});

describe('staff', () => {
  it('may look, test and sync, and is told who may do the rest', async () => {
    const [{ id: storeId } = { id: '' }] = await hub.rows<{ id: string }>('select id from stores');
    const staff = await signedIn();
    await hub.rows('update users set operator = false');
    await hub.rows("update memberships set role = 'staff' where store_id = $1", [storeId]);
    const page = `${PLUGIN}/${(await integrations())[0]?.id}`;
    const html = await shown(staff, page);
    expect([html.includes('Sync again'), html.includes('/configure'), html.includes('/disconnect')]).toEqual([
      true,
      false,
      false,
    ]);
    expect((await staff.get(`${page}/configure`)).status).toBe(403);
    expect((await post(staff, PLUGIN, `${page}/disconnect`, { records: 'delete' })).status).toBe(403);
    expect((await post(staff, page, `${page}/test`)).status).toBe(303);
    expect(await shown(staff, PLUGIN)).toContain('Only an owner of this store can connect it');
  });
});
