import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { ADMIN, type Hub, startHub } from './support/hub.ts';
import { addStoreOwner, type Browser, post, signIn } from './support/people.ts';
import { until } from './support/wait.ts';

const PLUGIN = '/admin/plugins/leadconnector';
const SECRET = 'a-secret-of-the-operator';
const ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z" fill="teal"/></svg>';

let hub: Hub;
let operator: Browser;
let owner: Browser;

beforeAll(async () => {
  hub = await startHub({ LEADCONNECTOR_WEBHOOK_PUBLIC_KEY: 'from-the-environment' });
  operator = await signIn(hub, ADMIN);
  owner = await signIn(hub, await addStoreOwner(hub, 'store@example.com'));
});
afterAll(() => hub?.close());

async function shown(browser: Browser, path: string): Promise<string> {
  const answer = await browser.get(path);
  expect({ path, status: answer.status }).toEqual({ path, status: 200 });
  return answer.text;
}

const audited = (action: string) =>
  hub.rows<{ target: string; detail: object }>('select target, detail from audit_entries where action = $1 order by id', [
    action,
  ]);

describe('the way to the pages', () => {
  it('leads over the login', async () => {
    const answer = await request(hub.url).get('/admin/plugins').set('accept', 'text/html');
    expect([answer.status, answer.headers['location']]).toEqual([303, '/login?next=%2Fadmin%2Fplugins']);
  });

  it('is a link for operators', async () => {
    expect(await shown(operator, '/integrations')).toContain('<a href="/admin">Administration</a>');
    expect(await shown(owner, '/integrations')).not.toContain('href="/admin"');
  });

  it('begins with what the hub is made of', async () => {
    const html = await shown(operator, '/admin');
    expect(html).toContain('All plugins are in order.');
    expect(html).toContain(hub.url);
    expect(html).toContain('href="/admin/plugins"');
  });
});

describe('the table of plugins', () => {
  it('tells of each how it stands', async () => {
    const html = await shown(operator, '/admin/plugins');
    const row = /<tr id="plugin-leadconnector">.*?<\/tr>/s.exec(html)?.[0] ?? '';
    expect(row).toContain('Running');
    expect(row).toMatch(/data-label="Generation"><span>\d+ <code>[0-9a-f]{8}<\/code>/);
    expect(/<tr id="plugin-hubspot">.*?<\/tr>/s.exec(html)?.[0]).toContain('Coming soon');
  });

  it('switches a plugin off and on, which stores see at once', async () => {
    const off = await post(operator, '/admin/plugins', `${PLUGIN}/active`, { active: 'off', _back: '/admin/plugins' });
    expect([off.status, off.headers['location']]).toEqual([303, '/admin/plugins']);
    expect(await shown(operator, '/admin/plugins')).toContain('LeadConnector is switched off');
    expect(await shown(owner, '/integrations')).not.toContain('LeadConnector');
    await post(operator, '/admin/plugins', `${PLUGIN}/active`, { active: 'on' });
    expect(await shown(owner, '/integrations')).toContain('LeadConnector');
    expect((await audited('template.change')).map(({ detail }) => detail)).toEqual([
      { fields: ['active'], active: false },
      { fields: ['active'], active: true },
    ]);
  });

  it('changes nothing without the token of the page', async () => {
    expect((await operator.post(`${PLUGIN}/active`).type('form').send({ active: 'off' })).status).toBe(403);
    expect(await shown(owner, '/integrations')).toContain('LeadConnector');
  });
});

describe('the page of a plugin', () => {
  it('is not there for a plugin nobody has', async () => {
    expect((await operator.get('/admin/plugins/nothing')).status).toBe(404);
  });

  it('writes over what stores read, and takes it back where it is blank', async () => {
    const saved = await post(operator, PLUGIN, `${PLUGIN}/card`, {
      name: 'Leads & more',
      summary: '',
      category: 'Messaging',
      icon: ICON,
      'guide-oauth': 'Press **the button**.\r\nOn {{brand}}.',
      'guide-manual': '',
    });
    expect([saved.status, saved.headers['location']]).toEqual([303, PLUGIN]);
    const page = await shown(owner, '/integrations/leadconnector');
    expect(page).toContain('<h1>Leads &amp; more</h1>');
    expect(page).toContain('Press <strong>the button</strong>.\nOn Patchbay.');
    expect(await shown(owner, '/integrations')).toMatch(/id="category-messaging".*?Leads &amp; more/s);
    const address =
      /\/assets\/plugins\/leadconnector\/icon\.svg\?v&#x3D;\w+|\/assets\/plugins\/leadconnector\/icon\.svg\?v=\w+/.exec(
        page,
      )?.[0];
    const icon = await owner.get(String(address).replace('&#x3D;', '='));
    expect([icon.headers['cache-control'], icon.body.toString()]).toEqual(['public, max-age=31536000, immutable', ICON]);
    const html = await shown(operator, PLUGIN);
    expect(html).toContain('value="Leads &amp; more"');
    await post(operator, PLUGIN, `${PLUGIN}/card`, { name: '', summary: '', category: '', icon: '' });
    expect(await shown(owner, '/integrations/leadconnector')).toContain('<h1>LeadConnector</h1>');
    expect(await hub.rows("select overrides from integration_templates where plugin_id = 'leadconnector'")).toEqual([
      { overrides: {} },
    ]);
  });

  it('gives back what was typed when it cannot stand', async () => {
    const answer = await post(operator, PLUGIN, `${PLUGIN}/card`, { name: 'Mine', icon: '<svg onload="alert(1)"></svg>' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Nothing was changed.');
    expect(answer.text).toContain('value="Mine"');
    expect(answer.text).toMatch(/The icon, line 1, .*onload/);
    expect(answer.text).not.toContain('<svg onload');
    expect(await shown(owner, '/integrations/leadconnector')).toContain('<h1>LeadConnector</h1>');
  });
});

describe('the operator’s app', () => {
  const authorizeUrl = async () =>
    new URL(
      String(
        (await post(owner, '/integrations/leadconnector', '/integrations/leadconnector/oauth/initiate')).headers['location'],
      ),
    );
  const stored = () => hub.rows<{ field: string; sealed: string }>('select field, sealed from plugin_apps order by field');

  it('says what comes from the environment and does not let it be changed', async () => {
    const html = await shown(operator, PLUGIN);
    expect(html).toMatch(/Webhook public key: <code>LEADCONNECTOR_WEBHOOK_PUBLIC_KEY<\/code>/);
    expect(html).not.toContain('name="webhookPublicKey"');
    expect(html).not.toContain('from-the-environment');
    await post(operator, PLUGIN, `${PLUGIN}/app`, { webhookPublicKey: 'from-the-page' });
    expect(await stored()).toEqual([]);
  });

  it('is used by the next connect, sealed, and its secret is never shown again', async () => {
    expect((await authorizeUrl()).searchParams.get('client_id')).not.toBe('operators-client');
    const saved = await post(operator, PLUGIN, `${PLUGIN}/app`, { clientId: 'operators-client', clientSecret: SECRET });
    expect([saved.status, saved.headers['location']]).toEqual([303, PLUGIN]);
    expect((await authorizeUrl()).searchParams.get('client_id')).toBe('operators-client');
    const html = await shown(operator, PLUGIN);
    expect(html).toContain('value="operators-client"');
    expect(html).toContain('One is saved. Leave this blank to keep it.');
    expect(html).not.toContain(SECRET);
    const rows = await stored();
    expect(rows.map(({ field }) => field)).toEqual(['clientId', 'clientSecret']);
    expect(JSON.stringify(rows)).not.toMatch(new RegExp(`${SECRET}|operators-client`));
    expect(JSON.stringify(await audited('plugin.app'))).not.toContain(SECRET);
    expect(await audited('plugin.app')).toEqual([{ target: 'leadconnector', detail: { fields: ['clientId', 'clientSecret'] } }]);
  });

  it('keeps a secret that is left blank, and forgets it when told to', async () => {
    await post(operator, PLUGIN, `${PLUGIN}/app`, { clientId: 'another-client', clientSecret: '' });
    expect((await stored()).map(({ field }) => field)).toEqual(['clientId', 'clientSecret']);
    expect((await authorizeUrl()).searchParams.get('client_id')).toBe('another-client');
    await post(operator, PLUGIN, `${PLUGIN}/app`, { clientId: '', _forget: 'clientSecret' });
    expect(await stored()).toEqual([]);
    expect((await authorizeUrl()).searchParams.get('client_id')).not.toBe('another-client');
  });

  it('set on another host is in force here within seconds', async () => {
    await post(operator, PLUGIN, `${PLUGIN}/app`, { clientId: 'first-client' });
    const [row] = await stored();
    await post(operator, PLUGIN, `${PLUGIN}/app`, { clientId: 'second-client' });
    await hub.rows('update plugin_apps set sealed = $1', [row?.sealed]);
    await hub.rows("select pg_notify('patchbay_plugins', '')");
    await until(async () => (await authorizeUrl()).searchParams.get('client_id') === 'first-client', {
      what: 'the value of the other host',
    });
    await hub.rows('update integration_templates set overrides = \'{"name":"Elsewhere"}\' where plugin_id = \'leadconnector\'');
    await hub.rows("select pg_notify('patchbay_plugins', '')");
    await until(async () => (await shown(owner, '/integrations')).includes('Elsewhere'), { what: 'the name of the other host' });
    await post(operator, PLUGIN, `${PLUGIN}/card`, {});
  });
});

describe('a card without code', () => {
  it('is given back when it cannot stand', async () => {
    const answer = await post(operator, '/admin/templates/new', '/admin/templates', {
      id: 'Acme',
      name: 'Acme Pay',
      summary: 'x',
      category: 'CRM',
    });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('value="Acme Pay"');
    expect(answer.text).toContain('lower-case letters');
    const held = await post(operator, '/admin/templates/new', '/admin/templates', {
      id: 'leadconnector',
      name: 'x',
      summary: 'x',
      category: 'CRM',
    });
    expect(held.status).toBe(409);
  });

  it('is announced to stores, changed and removed', async () => {
    const made = await post(operator, '/admin/templates/new', '/admin/templates', {
      id: 'acme',
      name: 'Acme Pay',
      summary: 'Orders and payments.',
      category: 'Payments',
      docs: '',
      icon: '',
    });
    expect([made.status, made.headers['location']]).toEqual([303, '/admin/plugins/acme']);
    expect(await shown(owner, '/integrations')).toContain('Acme Pay');
    await post(operator, '/admin/plugins/acme', '/admin/plugins/acme/card', {
      name: 'Acme Pay 2',
      summary: 'Orders and payments.',
      category: 'Payments',
    });
    expect(await shown(owner, '/integrations/acme')).toContain('<h1>Acme Pay 2</h1>');
    const kept = await post(operator, PLUGIN, `${PLUGIN}/remove`);
    expect(kept.headers['location']).toBe(PLUGIN);
    expect(await shown(operator, PLUGIN)).toContain('switch the template off');
    const gone = await post(operator, '/admin/plugins/acme', '/admin/plugins/acme/remove');
    expect(gone.headers['location']).toBe('/admin/plugins');
    expect(await shown(owner, '/integrations')).not.toContain('Acme Pay');
  });
});
