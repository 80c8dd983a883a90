import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN, type Answer, call, type Hub, startHub } from './support/hub.ts';
import { addStoreOwner, keyOf, post, signIn } from './support/people.ts';

const TEMPLATES = '/api/admin/integration-templates';
const INTEGRATIONS = '/api/admin/integrations';
const NOBODY = '00000000-0000-7000-8000-000000000000';
const ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3" fill="teal"/></svg>';
const CARD = { id: 'acme', name: 'Acme', summary: 'Orders and more.', category: 'Payments' };

let hub: Hub;
let ownerKey: string;
let integration: string;

beforeAll(async () => {
  hub = await startHub();
  ownerKey = await keyOf(hub, await addStoreOwner(hub, 'store@example.com'));
  const { credentials } = (await call('GET', `${hub.url}/sandbox/leadconnector`)).body;
  const connected = await hub.api('POST', '/api/stores/default/integrations/leadconnector/connect', {
    method: 'manual',
    fields: { token: credentials.token, locationId: credentials.locationId },
  });
  integration = connected.body.id;
});
afterAll(() => hub?.close());

const asOwner = (method: string, path: string, body?: unknown): Promise<Answer> =>
  call(method, `${hub.url}${path}`, { body, headers: { authorization: `Bearer ${ownerKey}` } });
const audited = (action: string) =>
  hub.rows<{ target: string; detail: object; actor: string }>(
    'select target, detail, actor from audit_entries where action = $1 order by id',
    [action],
  );
const card = async (id: string) =>
  (await asOwner('GET', '/api/stores/default/integrations')).body.templates.find((one: { id: string }) => one.id === id);

describe('every call of the operator', () => {
  it.each([
    ['GET', TEMPLATES],
    ['POST', TEMPLATES],
    ['GET', `${TEMPLATES}/active`],
    ['GET', `${TEMPLATES}/category/crm`],
    ['GET', `${TEMPLATES}/leadconnector`],
    ['PATCH', `${TEMPLATES}/leadconnector`],
    ['DELETE', `${TEMPLATES}/leadconnector`],
    ['GET', INTEGRATIONS],
    ['GET', `${INTEGRATIONS}/store/default`],
    ['GET', `${INTEGRATIONS}/status/active`],
    ['GET', `${INTEGRATIONS}/${NOBODY}`],
    ['PATCH', `${INTEGRATIONS}/${NOBODY}/status`],
    ['POST', `${INTEGRATIONS}/${NOBODY}/test`],
    ['POST', `${INTEGRATIONS}/${NOBODY}/sync`],
  ])('%s %s is for nobody else', async (method, path) => {
    const body = method === 'GET' ? undefined : {};
    const stranger = await call(method, `${hub.url}${path}`, { body });
    expect([stranger.status, stranger.body.code]).toEqual([401, 'INVALID_CREDENTIALS']);
    const owner = await asOwner(method, path, body);
    expect([owner.status, owner.body.code]).toEqual([403, 'FORBIDDEN']);
  });

  it('needs a key with the scope admin', async () => {
    const key = await keyOf(hub, ADMIN, ['write']);
    const answer = await call('GET', `${hub.url}${TEMPLATES}`, { headers: { authorization: `Bearer ${key}` } });
    expect(answer.status).toBe(403);
  });

  it('needs the token of a page where a session calls', async () => {
    const browser = await signIn(hub, ADMIN);
    expect((await browser.get(TEMPLATES).set('accept', 'application/json')).status).toBe(200);
    const change = { active: true };
    expect((await browser.patch(`${TEMPLATES}/leadconnector`).send(change)).status).toBe(403);
    const { text } = await browser.get('/admin');
    const token = /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
    expect((await browser.patch(`${TEMPLATES}/leadconnector`).set('x-csrf-token', token).send(change)).status).toBe(200);
  });
});

describe('templates', () => {
  it('are told with how they run', async () => {
    const { status, body } = await hub.api('GET', TEMPLATES);
    expect(status).toBe(200);
    const found = body.templates.find(({ id }: { id: string }) => id === 'leadconnector');
    expect(found).toMatchObject({
      name: 'LeadConnector',
      category: 'CRM',
      state: 'ready',
      active: true,
      withoutCode: false,
      methods: ['oauth', 'manual'],
      generation: 1,
      error: null,
      failures: 0,
      overrides: {},
      integrations: { total: 1, active: 1 },
    });
    expect([found.hash.length, typeof found.loadedAt]).toEqual([64, 'string']);
  });

  it('are narrowed down by category and by being switched on', async () => {
    for (const category of ['CRM', 'crm']) {
      const { body } = await hub.api('GET', `${TEMPLATES}/category/${category}`);
      expect(new Set(body.templates.map((one: { category: string }) => one.category))).toEqual(new Set(['CRM']));
    }
    expect((await hub.api('GET', `${TEMPLATES}/category/nonsense`)).status).toBe(404);
    await hub.api('PATCH', `${TEMPLATES}/hubspot`, { active: false });
    const { body } = await hub.api('GET', `${TEMPLATES}/active`);
    const ids = body.templates.map(({ id }: { id: string }) => id);
    expect([ids.includes('hubspot'), ids.includes('leadconnector')]).toEqual([false, true]);
    expect(await card('hubspot')).toBeUndefined();
    await hub.api('PATCH', `${TEMPLATES}/hubspot`, { active: true });
    expect(await card('hubspot')).toMatchObject({ state: 'coming-soon' });
  });

  it('are told one by one with the app fields, but no value of them', async () => {
    const { body } = await hub.api('GET', `${TEMPLATES}/leadconnector`);
    expect(body.own).toMatchObject({ name: 'LeadConnector', category: 'CRM' });
    expect(body.app).toContainEqual({
      name: 'clientSecret',
      title: 'Client secret',
      secret: true,
      required: expect.any(Boolean),
      variable: 'LEADCONNECTOR_CLIENT_SECRET',
      source: 'sandbox',
    });
    expect((await hub.api('GET', `${TEMPLATES}/nothing`)).status).toBe(404);
  });
});

describe('a card without code', () => {
  it.each([
    ['an id that no folder can have', { id: 'Acme Co' }, '/id'],
    ['an id that means a list', { id: 'active' }, '/id'],
    ['no name', { name: '  ' }, '/name'],
    ['a name that is too long', { name: 'x'.repeat(61) }, '/name'],
    ['a name of two lines', { name: 'one\ntwo' }, '/name'],
    ['a category nobody knows', { category: 'Fun' }, '/category'],
    ['a script in its icon', { icon: '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>' }, '/icon'],
    ['an icon that is no SVG', { icon: 'hello' }, '/icon'],
    ['an address that is not safe', { docs: 'javascript:alert(1)' }, '/docs'],
    ['a field nobody knows', { colour: 'red' }, '/colour'],
    ['a number for a name', { name: 7 }, '/name'],
  ])('is not made with %s', async (_, change, pointer) => {
    const { status, body } = await hub.api('POST', TEMPLATES, { ...CARD, ...change });
    expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(body.errors.map((fault: { pointer: string }) => fault.pointer)).toContain(pointer);
    expect(await card('acme')).toBeUndefined();
  });

  it('is not made in the place of another', async () => {
    const { status, body } = await hub.api('POST', TEMPLATES, { ...CARD, id: 'leadconnector' });
    expect([status, body.code]).toEqual([409, 'CONFLICT']);
  });

  it('is made, shown to stores at once, changed and removed', async () => {
    const made = await hub.api('POST', TEMPLATES, { ...CARD, icon: ICON });
    expect([made.status, made.body.withoutCode, made.body.state]).toEqual([201, true, 'coming-soon']);
    expect(await card('acme')).toMatchObject({ name: 'Acme', category: 'Payments', state: 'coming-soon' });
    const icon = await fetch(`${hub.url}${made.body.icon}`);
    expect([icon.status, await icon.text()]).toEqual([200, ICON]);
    const changed = await hub.api('PATCH', `${TEMPLATES}/acme`, { name: 'Acme Pay', icon: null });
    expect(changed.body).toMatchObject({ name: 'Acme Pay', summary: 'Orders and more.', icon: null, overrides: {} });
    expect((await hub.api('PATCH', `${TEMPLATES}/acme`, { name: null })).status).toBe(400);
    expect((await hub.api('PATCH', `${TEMPLATES}/acme`, { guides: { oauth: 'Go.' } })).status).toBe(400);
    expect((await hub.api('DELETE', `${TEMPLATES}/acme`)).status).toBe(204);
    expect(await card('acme')).toBeUndefined();
    expect((await hub.api('DELETE', `${TEMPLATES}/acme`)).status).toBe(404);
    expect(await audited('template.create')).toEqual([expect.objectContaining({ target: 'acme', detail: { name: 'Acme' } })]);
    expect(await audited('template.remove')).toHaveLength(1);
  });
});

describe('what is written over a template', () => {
  it.each([
    ['nothing', {}, ''],
    ['a blank name', { name: ' ' }, '/name'],
    ['a wrong type', { active: 'yes' }, '/active'],
    ['a method nobody knows', { guides: { telepathy: 'Think.' } }, '/guides/telepathy'],
    ['a guide that is no text', { guides: { oauth: 5 } }, '/guides/oauth'],
    ['a guide that is too long', { guides: { oauth: 'x'.repeat(10_001) } }, '/guides/oauth'],
    ['the plugin’s documentation', { docs: 'https://example.com/docs' }, '/docs'],
    ['what is not to be changed', { state: 'ready' }, '/state'],
  ])('is refused when it is %s', async (_, change, pointer) => {
    const { status, body } = await hub.api('PATCH', `${TEMPLATES}/leadconnector`, change);
    expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED']);
    if (pointer) expect(body.errors.map((fault: { pointer: string }) => fault.pointer)).toContain(pointer);
  });

  it('shows to stores at once and goes again', async () => {
    const written = {
      name: 'Leads',
      summary: 'Ours.',
      category: 'Messaging',
      icon: ICON,
      guides: { oauth: 'Call **us** at {{brand}}.' },
    };
    const { status, body } = await hub.api('PATCH', `${TEMPLATES}/leadconnector`, written);
    expect([status, body.overrides]).toEqual([200, written]);
    expect(await card('leadconnector')).toMatchObject({ name: 'Leads', summary: 'Ours.', category: 'Messaging' });
    const owner = await signIn(hub, { email: 'store@example.com', password: ADMIN.password });
    const page = (await owner.get('/integrations/leadconnector')).text;
    expect(page).toContain('<h1>Leads</h1>');
    expect(page).toContain('Call <strong>us</strong> at Patchbay.');
    const back = await hub.api('PATCH', `${TEMPLATES}/leadconnector`, {
      name: null,
      summary: null,
      category: null,
      icon: null,
      guides: { oauth: null },
    });
    expect(back.body).toMatchObject({ name: 'LeadConnector', overrides: {} });
    expect((await audited('template.change')).at(-1)).toMatchObject({
      target: 'leadconnector',
      detail: { fields: ['name', 'summary', 'category', 'icon', 'guides'] },
    });
  });

  it('cannot take a plugin away whose folder is there', async () => {
    const { status, body } = await hub.api('DELETE', `${TEMPLATES}/leadconnector`);
    expect([status, body.code]).toEqual([409, 'CONFLICT']);
    expect(body.detail).toContain('switch the template off');
  });

  it('closes a plugin that is switched off to new connections', async () => {
    await hub.api('PATCH', `${TEMPLATES}/leadconnector`, { active: false });
    const answer = await asOwner('POST', '/api/stores/default/integrations/leadconnector/connect', { method: 'oauth' });
    expect([answer.status, answer.body.code]).toEqual([503, 'PLUGIN_UNAVAILABLE']);
    await hub.api('PATCH', `${TEMPLATES}/leadconnector`, { active: true });
  });
});

describe('integrations of all stores', () => {
  it('are listed by store and status, page by page', async () => {
    for (const path of [
      '',
      '/store/default',
      '/status/active',
      '?status=active&type=leadconnector',
      '?storeId=default&limit=1',
    ]) {
      const { status, body } = await hub.api('GET', `${INTEGRATIONS}${path}`);
      expect([path, status, body.total]).toEqual([path, 200, 1]);
      expect(body.integrations[0]).toMatchObject({ id: integration, plugin: 'leadconnector', store: { slug: 'default' } });
    }
    expect((await hub.api('GET', `${INTEGRATIONS}/status/error`)).body).toMatchObject({ integrations: [], total: 0 });
    expect((await hub.api('GET', `${INTEGRATIONS}?offset=1`)).body).toMatchObject({ integrations: [], total: 1 });
  });

  it.each([
    ['/status/nonsense', 404],
    ['/store/nonsense', 404],
    ['?status=nonsense', 400],
    ['?limit=0', 400],
    [`/${NOBODY}`, 404],
    ['/nonsense', 404],
  ])('%s is answered with %i', async (path, expected) => {
    expect((await hub.api('GET', `${INTEGRATIONS}${path}`)).status).toBe(expected);
  });

  it('are tested and synced', async () => {
    const one = await hub.api('GET', `${INTEGRATIONS}/${integration}`);
    expect(one.body).toMatchObject({ id: integration, status: 'active' });
    const tested = await hub.api('POST', `${INTEGRATIONS}/${integration}/test`, {});
    expect([tested.status, tested.body.success]).toEqual([200, true]);
    const synced = await hub.api('POST', `${INTEGRATIONS}/${integration}/sync`, { stream: 'contacts' });
    expect([synced.status, synced.body.runs[0].stream]).toEqual([202, 'contacts']);
    expect((await hub.api('POST', `${INTEGRATIONS}/${integration}/sync`, { streams: [] })).status).toBe(400);
  });

  it('are stopped, started again and disconnected', async () => {
    const path = `${INTEGRATIONS}/${integration}/status`;
    expect((await hub.api('PATCH', path, { status: 'pending' })).status).toBe(400);
    expect((await hub.api('PATCH', path, {})).status).toBe(400);
    const stopped = await hub.api('PATCH', path, { status: 'error', message: 'Under review.' });
    expect(stopped.body).toMatchObject({ status: 'error', reason: { message: 'Under review.' } });
    const started = await hub.api('PATCH', path, { status: 'active' });
    expect(started.body).toMatchObject({ status: 'active', reason: null });
    const ended = await hub.api('PATCH', path, { status: 'disconnected', message: 'The contract ended.' });
    expect(ended.body).toMatchObject({ status: 'disconnected', reason: { message: 'The contract ended.' } });
    expect((await hub.api('PATCH', path, { status: 'active' })).status).toBe(409);
    expect((await audited('integration.status')).map(({ detail }) => detail)).toEqual([
      { from: 'active', to: 'error' },
      { from: 'error', to: 'active' },
    ]);
  });
});

it('the pages tell others that they are not for them', async () => {
  const owner = await signIn(hub, { email: 'store@example.com', password: ADMIN.password });
  for (const path of ['/admin', '/admin/plugins', '/admin/plugins/leadconnector', '/admin/templates/new']) {
    const answer = await owner.get(path);
    expect([path, answer.status]).toEqual([path, 403]);
    expect(answer.text).toContain('<h1>Not allowed</h1>');
  }
  expect((await owner.get('/integrations')).text).not.toContain('href="/admin"');
  expect((await post(owner, '/integrations', '/admin/plugins/leadconnector/active', { active: 'off' })).status).toBe(403);
});
