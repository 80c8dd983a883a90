import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { FakeOAuthProvider } from '../../tests/support/fake-oauth-provider.ts';
import { acmeHandlers, acmePlugin } from '../../tests/support/fake-plugin.ts';
import {
  INTEGRATION_ENTITIES,
  integrationsRoom,
  newStore,
  PUBLIC_URL,
  type Room,
} from '../../tests/support/integrations-room.ts';
import { refusal } from '../../tests/support/refusal.ts';
import type { Principal } from '../access/principal.ts';
import { hubError, PluginFault, ReconnectNeeded, type Subscribed, TryLater } from '../sdk/index.ts';

const KEY = 'key-acc-1-0123456789';
const OTHER_KEY = 'key-acc-2-0123456789';

let db: TestDatabase;
let provider: FakeOAuthProvider;
let plugin = acmePlugin();
let template = {};
let room: Room;
let store: { id: string; slug: string };
let owner: Principal;

beforeAll(async () => {
  db = await testDatabase({ entities: INTEGRATION_ENTITIES });
  provider = await new FakeOAuthProvider().start();
});
afterAll(async () => {
  await room?.egress.close();
  await provider?.close();
  await db?.close();
});
beforeEach(async () => {
  plugin = acmePlugin();
  template = {};
  provider.onApi = undefined;
  await room?.egress.close();
  room = integrationsRoom({ dataSource: db.dataSource, provider, plugin: () => plugin, template: () => template });
  ({ store, owner } = await newStore(db.dataSource));
});

function connect(fields: unknown, more: { name?: string; integrationId?: string; pluginId?: string } = {}) {
  return room.connect.manual({ store, principal: owner, pluginId: 'acme', fields, ...more });
}

async function kept(): Promise<number> {
  const counts = await room.sql.query<{ count: number }>(
    `select count(*)::integer as count from integrations where store_id = $1
     union all select count(*)::integer from credentials where store_id = $1`,
    [store.id],
  );
  return counts.reduce((sum, { count }) => sum + count, 0);
}

describe('connecting with keys', () => {
  it.each([
    ['no fields at all', undefined, 'CONFIG_SCHEMA_INVALID', ['/fields']],
    ['a list', [KEY], 'CONFIG_SCHEMA_INVALID', ['/fields']],
    ['the required key missing', {}, 'CONFIG_SCHEMA_INVALID', ['/fields/key']],
    ['a blank key', { key: ' ' }, 'CONFIG_SCHEMA_INVALID', ['/fields/key']],
    ['a number for a key', { key: 5 }, 'CONFIG_SCHEMA_INVALID', ['/fields/key']],
    ['an unknown field', { key: KEY, host: 'http://10.0.0.1' }, 'CONFIG_SCHEMA_INVALID', ['/fields/host']],
    ['a key that cannot be one', { key: 'wrong' }, 'INVALID_CREDENTIALS', ['/fields/key']],
    ['a key with a line break', { key: 'key-12345\nX: y' }, 'INVALID_CREDENTIALS', ['/fields/key']],
  ])('refuses %s, names the field and asks nobody', async (_, fields, code, pointers) => {
    const before = provider.seen.length;
    const error = await refusal(connect(fields));
    expect(error.code).toBe(code);
    expect(error.fields?.map(({ pointer }) => pointer)).toEqual(pointers);
    expect(provider.seen.length).toBe(before);
    expect(await kept()).toBe(0);
  });

  it('says in plain words that a wrong key was not accepted, and keeps nothing', async () => {
    const error = await refusal(connect({ key: 'key-wrong-0123456789' }));
    expect(error.code).toBe('INVALID_CREDENTIALS');
    expect(error.message).toContain('Acme did not accept these credentials.');
    expect(error.message).toContain('The key is not known');
    expect(error.message).not.toContain('key-wrong-0123456789');
    expect(await kept()).toBe(0);
    expect(room.calls).toEqual([]);
  });

  it('keeps nothing when the key identifies an account but the test fails', async () => {
    provider.onApi = (path) =>
      path.endsWith('/count') ? { status: 403, body: { message: 'No access to contacts' } } : undefined;
    const error = await refusal(connect({ key: KEY }));
    expect(error.code).toBe('INVALID_CREDENTIALS');
    expect(error.message).toContain('No access to contacts');
    expect(await kept()).toBe(0);
  });

  it.each([
    ['answers 500', 500, {}, 'CONNECTION_FAILED'],
    ['limits requests for longer than a person waits', 429, { 'retry-after': '60' }, 'RATE_LIMIT_EXCEEDED'],
  ])('says to try later when the provider %s, and keeps nothing', async (_, status, headers, code) => {
    provider.onApi = () => ({ status, body: { message: 'no' }, headers });
    const error = await refusal(connect({ key: KEY }));
    expect(error).toMatchObject({ code, consequence: 'try-later' });
    expect(await kept()).toBe(0);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['an account without id', { label: 'x' }],
    ['an id that is a number', { externalId: 7, label: 'x' }],
    ['vars that are no texts', { externalId: 'a', label: 'x', vars: { dc: 1 } }],
    ['a mode there is not', { externalId: 'a', label: 'x', mode: 'demo' }],
  ])('blames the plugin by name when identify returns %s', async (_, account) => {
    plugin = acmePlugin({ ...acmeHandlers(), identify: async () => account as never });
    const error = await refusal(connect({ key: KEY }));
    expect(error).toMatchObject({ consequence: 'plugin-fault', code: 'INTERNAL' });
    expect(error.message).toMatch(/^Acme: identify\(\) /);
    expect(await kept()).toBe(0);
  });

  it('keeps whether the account is for trying out', async () => {
    plugin = acmePlugin({ ...acmeHandlers(), identify: async () => ({ externalId: 'acc-1', label: 'x', mode: 'test' }) });
    expect((await connect({ key: KEY })).integration.account?.mode).toBe('test');
  });

  it('turns whatever else a plugin throws into a fault with its name', async () => {
    plugin = acmePlugin({
      ...acmeHandlers(),
      test: () => {
        throw new TypeError('x is undefined');
      },
    });
    expect(await refusal(connect({ key: KEY }))).toMatchObject({ consequence: 'plugin-fault', message: 'Acme: x is undefined' });
    expect(await kept()).toBe(0);
  });

  it('refuses an unknown plugin, one that is coming soon and one that is switched off', async () => {
    expect(await refusal(connect({ key: KEY }, { pluginId: 'nobody' }))).toMatchObject({ code: 'NOT_FOUND' });
    template = { state: 'coming-soon' };
    expect(await refusal(connect({ key: KEY }))).toMatchObject({
      code: 'PLUGIN_UNAVAILABLE',
      message: 'Acme is coming soon; it cannot be connected yet.',
    });
    template = { active: false };
    expect(await refusal(connect({ key: KEY }))).toMatchObject({ code: 'PLUGIN_UNAVAILABLE' });
  });

  it('refuses a name that is too long before it asks the provider', async () => {
    const before = provider.seen.length;
    expect((await refusal(connect({ key: KEY }, { name: 'n'.repeat(101) }))).fields?.[0]?.pointer).toBe('/name');
    expect(provider.seen.length).toBe(before);
  });

  it('keeps what works: account, counts, a sealed key, and the first syncs asked for', async () => {
    const { integration, created, test } = await connect({ key: KEY });
    expect(created).toBe(true);
    expect(test.message).toBe('Connected to Blue Fitness, 3412 contacts.');
    expect(integration).toMatchObject({
      storeId: store.id,
      status: 'active',
      enabled: true,
      name: 'Blue Fitness',
      method: 'manual',
      account: { externalId: 'acc-1', label: 'Blue Fitness' },
      counts: { contacts: 3412 },
      config: { list: 'main' },
      sandbox: false,
    });
    expect(room.calls).toEqual([{ hook: 'connected', id: integration.id }]);
    const [row] = await room.sql.query<{ secrets: Record<string, string> }>(
      'select secrets from credentials where store_id = $1',
      [store.id],
    );
    expect(JSON.stringify(row)).not.toContain(KEY);
    expect(await room.vault.openAll({ store: store.id, owner: integration.id }, row?.secrets ?? {})).toEqual({
      key: KEY,
      region: 'eu',
    });
    const actions = await room.sql.query('select action, actor from audit_entries where store_id = $1', [store.id]);
    expect(actions).toEqual(
      ['integration.connect-begin', 'integration.connect'].map((action) => ({ action, actor: owner.email })),
    );
  });

  it('keeps nothing when the first syncs cannot be queued', async () => {
    const broken = integrationsRoom({ dataSource: db.dataSource, provider, plugin: () => plugin });
    Object.defineProperty(broken.calls, 'push', {
      value: () => {
        throw new Error('queue is away');
      },
    });
    const tried = broken.connect.manual({ store, principal: owner, pluginId: 'acme', fields: { key: KEY } });
    await expect(tried).rejects.toThrow('queue is away');
    expect(await kept()).toBe(0);
    await broken.egress.close();
  });

  it('refuses an account that is connected already and names the integration that has it', async () => {
    await connect({ key: KEY }, { name: 'Main gym' });
    const error = await refusal(connect({ key: KEY }));
    expect(error.code).toBe('CONFLICT');
    expect(error.message).toContain('"Main gym"');
  });

  it('lets one of two people who connect the same account at once be second', async () => {
    const outcomes = await Promise.allSettled([connect({ key: KEY }), connect({ key: KEY })]);
    const [refused] = outcomes.filter(({ status }) => status === 'rejected');
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(hubError((refused as PromiseRejectedResult).reason)?.code).toBe('CONFLICT');
    expect(await kept()).toBe(2);
  });

  it('gives a second account of the same name a name of its own, and other stores their own integration', async () => {
    provider.accounts.set('acc-3', { name: 'Blue Fitness', contacts: 1 });
    provider.access.set('key-acc-3-0123456789', 'acc-3');
    const here = await connect({ key: KEY });
    expect((await connect({ key: 'key-acc-3-0123456789' })).integration.name).toBe('Blue Fitness (2)');
    ({ store, owner } = await newStore(db.dataSource));
    const there = await connect({ key: KEY });
    const ids = (await room.store.byAccount('acme', 'acc-1')).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([here.integration.id, there.integration.id]));
  });
});

describe('connecting again', () => {
  it('refuses another account and leaves everything as it was', async () => {
    const { integration } = await connect({ key: KEY });
    const error = await refusal(connect({ key: OTHER_KEY }, { integrationId: integration.id }));
    expect(error.code).toBe('CONFLICT');
    expect(error.message).toContain('connected to Blue Fitness, but this key is of Red Bakery. Use a key of Blue Fitness');
    expect(await room.store.get(store.id, integration.id)).toEqual(integration);
  });

  it('refuses an integration of another store or another plugin as if it were not there', async () => {
    const { integration } = await connect({ key: KEY });
    const other = await newStore(db.dataSource);
    const tried = room.connect.manual({
      store: other.store,
      principal: other.owner,
      pluginId: 'acme',
      fields: { key: KEY },
      integrationId: integration.id,
    });
    expect((await refusal(tried)).code).toBe('NOT_FOUND');
    expect((await refusal(connect({ key: KEY }, { integrationId: 'not-an-id' }))).code).toBe('NOT_FOUND');
  });

  it.each([
    ['at once', false],
    ['after disconnecting it', true],
  ])("does not undo an administrator's stop, %s", async (_, disconnected) => {
    const { integration } = await connect({ key: KEY });
    const stop = { status: 'error', reasonCode: 'INTEGRATION_NOT_ACTIVE', message: 'Stopped by an administrator.' } as const;
    await room.store.setStatus(store.id, integration.id, stop);
    const end = { keepRecords: true, principal: owner };
    if (disconnected) await room.integrations.disconnect(store.id, integration.id, end);
    room.calls.length = 0;
    const again = await connect({ key: KEY }, disconnected ? {} : { integrationId: integration.id });
    expect(again.integration).toMatchObject({ id: integration.id, ...stop });
    expect(room.calls).toEqual([]);
    const health = await room.integrations.health(store.id, integration.id);
    expect(health).toMatchObject({ state: 'attention', nextStep: 'Ask the operator of this hub.' });
  });

  it('keeps id, config and records, replaces the credential, and works again', async () => {
    const { integration } = await connect({ key: KEY });
    await room.integrations.configure(store.id, integration.id, { list: 'vip' }, owner);
    await room.store.setStatus(store.id, integration.id, { status: 'error', reasonCode: 'RECONNECT_NEEDED', message: 'ended' });
    provider.access.set('key-acc-1-new-456789', 'acc-1');
    const again = await connect({ key: 'key-acc-1-new-456789' }, { integrationId: integration.id });
    expect(again.created).toBe(false);
    expect(again.integration).toMatchObject({ id: integration.id, status: 'active', config: { list: 'vip' } });
    expect(again.integration.message).toBeUndefined();
    expect(room.calls.map(({ hook }) => hook)).toEqual(['connected', 'ready', 'connected']);
  });

  it('takes up a disconnected integration when its account is connected anew', async () => {
    const { integration } = await connect({ key: KEY });
    await room.integrations.disconnect(store.id, integration.id, { keepRecords: true, principal: owner });
    const again = await connect({ key: KEY });
    expect(again).toMatchObject({ created: false, integration: { id: integration.id, status: 'active' } });
  });
});

describe('webhooks by subscription', () => {
  const webhook = (subscribe: () => Promise<Subscribed>) => ({
    scope: 'integration' as const,
    retryStatus: 500,
    verify: () => false,
    events: () => [],
    subscribe,
  });

  it('are set up after connecting, at the address of the integration', async () => {
    const urls: string[] = [];
    const subscribe = async (_: unknown, url: string) => ({ id: `sub-${urls.push(url)}` });
    plugin = acmePlugin({ ...acmeHandlers(), webhook: { ...webhook(async () => ({ id: '' })), subscribe } });
    const { integration } = await connect({ key: KEY });
    expect(urls).toEqual([`${PUBLIC_URL}/webhooks/acme/c/${integration.webhookKey}`]);
    expect(integration.webhookSubscription).toBe('sub-1');
  });

  it.each([
    ['refuses', new TryLater('Acme is busy.'), 'Acme is busy.'],
    ['is at fault', new PluginFault('Acme: broken'), 'Acme: broken'],
  ])('that the provider %s leave the connection working and say so', async (_, error, said) => {
    plugin = acmePlugin({ ...acmeHandlers(), webhook: webhook(() => Promise.reject(error)) });
    const { integration } = await connect({ key: KEY });
    expect(integration.status).toBe('active');
    expect(integration.webhookProblem).toContain(said);
  });

  it('that end the sign-in flag the new integration', async () => {
    plugin = acmePlugin({ ...acmeHandlers(), webhook: webhook(() => Promise.reject(new ReconnectNeeded('ended'))) });
    const { integration } = await connect({ key: KEY });
    expect(await room.store.get(store.id, integration.id)).toMatchObject({ status: 'error', reasonCode: 'RECONNECT_NEEDED' });
  });
});
