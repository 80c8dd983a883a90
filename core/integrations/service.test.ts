import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { FakeOAuthProvider } from '../../tests/support/fake-oauth-provider.ts';
import { acmeHandlers, acmePlugin } from '../../tests/support/fake-plugin.ts';
import {
  INTEGRATION_ENTITIES,
  integrationsRoom,
  isWaitedFor,
  newStore,
  PUBLIC_URL,
  type Room,
} from '../../tests/support/integrations-room.ts';
import { refusal } from '../../tests/support/refusal.ts';
import { until } from '../../tests/support/wait.ts';
import type { Principal } from '../access/principal.ts';
import { TryLater } from '../sdk/index.ts';
import type { Integration } from './integration-store.ts';

const KEY = 'key-acc-1-0123456789';

let db: TestDatabase;
let provider: FakeOAuthProvider;
let plugin = acmePlugin();
let room: Room;
let store: { id: string; slug: string };
let owner: Principal;
let integration: Integration;

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
  provider.onApi = undefined;
  await room?.egress.close();
  room = integrationsRoom({ dataSource: db.dataSource, provider, plugin: () => plugin });
  ({ store, owner } = await newStore(db.dataSource));
  const connected = await room.connect.manual({ store, principal: owner, pluginId: 'acme', fields: { key: KEY } });
  integration = connected.integration;
  room.calls.length = 0;
});

const now = () => room.store.get(store.id, integration.id);
const shown = async () => (await room.integrations.maskedSettings([await now()])).get(integration.id);
const flag = (reasonCode: string) =>
  room.store.setStatus(store.id, integration.id, { status: 'error', reasonCode, message: 'broken' });
const act = (action: string, input: unknown) =>
  room.integrations.action(store.id, integration.id, { action, input, principal: owner });

async function audited(): Promise<string[]> {
  const rows = await room.sql.query<{ action: string }>('select action from audit_entries where store_id = $1 order by id', [
    store.id,
  ]);
  return rows.map(({ action }) => action);
}

describe('an integration of another store', () => {
  it('is not there, whatever one wants of it', async () => {
    const other = await newStore(db.dataSource);
    const { integrations } = room;
    const { id } = integration;
    const tries = [
      integrations.test(other.store.id, id, other.owner),
      integrations.configure(other.store.id, id, {}, other.owner),
      integrations.rename(other.store.id, id, { name: 'x' }, other.owner),
      integrations.disconnect(other.store.id, id, { keepRecords: false, principal: other.owner }),
      integrations.options(other.store.id, id, 'lists', {}),
      integrations.action(other.store.id, id, { action: 'addContact', input: { name: 'x' }, principal: other.owner }),
      integrations.health(other.store.id, id),
      integrations.status(other.store.id, id),
    ];
    for (const tried of tries) expect((await refusal(tried)).code).toBe('NOT_FOUND');
    expect(await now()).toEqual(integration);
  });
});

describe('the settings', () => {
  it.each([
    ['no object', 'x', ''],
    ['an unknown field', { colour: 'red' }, '/colour'],
    ['a wrong type', { tags: 'a' }, '/tags'],
    ['a secret that is too short', { signingKey: 'short' }, '/signingKey'],
  ])('refuse %s and stay as they were', async (_, values, pointer) => {
    const error = await refusal(room.integrations.configure(store.id, integration.id, values, owner));
    expect(error.code).toBe('CONFIG_SCHEMA_INVALID');
    expect(error.fields?.map((field) => field.pointer)).toEqual([pointer]);
    expect(await now()).toEqual(integration);
  });

  it('are replaced as a whole; a secret is sealed, masked in views, given to handlers, and kept when left out', async () => {
    const set = (values: unknown) => room.integrations.configure(store.id, integration.id, values, owner);
    await set({ list: 'vip', tags: ['a'], signingKey: 'swordfish-1' });
    const [row] = await room.sql.query('select config, config_secrets from integrations where id = $1', [integration.id]);
    expect(JSON.stringify(row)).not.toContain('swordfish');
    expect(await shown()).toEqual({ list: 'vip', tags: ['a'], signingKey: '••••' });
    for (const values of [{}, { signingKey: '' }, { signingKey: '••••' }]) {
      expect((await set(values)).config).toEqual({ list: 'main' });
      expect((await room.contexts.forIntegration(await now())).ctx.config).toEqual({ list: 'main', signingKey: 'swordfish-1' });
    }
    await set({ signingKey: 'swordfish-2' });
    expect((await room.contexts.forIntegration(await now())).ctx.config).toMatchObject({ signingKey: 'swordfish-2' });
    expect((await room.integrations.settings(await now())).stored).toEqual(['signingKey']);
  });

  it('that were at fault make it work again', async () => {
    await flag('CONFIG_SCHEMA_INVALID');
    expect(await room.integrations.configure(store.id, integration.id, { list: 'x' }, owner)).toMatchObject({ status: 'active' });
    expect(room.calls).toEqual([{ hook: 'ready', id: integration.id }]);
  });
});

describe('the name', () => {
  it.each([
    ['a blank name', { name: '  ' }, '/name'],
    ['a name of 101 characters', { name: 'n'.repeat(101) }, '/name'],
    ['an endless description', { description: 'd'.repeat(1001) }, '/description'],
  ])('refuses %s', async (_, change, pointer) => {
    const error = await refusal(room.integrations.rename(store.id, integration.id, change, owner));
    expect(error.fields?.[0]?.pointer).toBe(pointer);
  });

  it('changes alone, as do description and switch; switching on says that it is ready', async () => {
    const change = (what: object) => room.integrations.rename(store.id, integration.id, what, owner);
    expect(await change({ name: ' Gym ' })).toMatchObject({ name: 'Gym', enabled: true });
    expect(await change({ description: 'Main', enabled: false })).toMatchObject({
      name: 'Gym',
      description: 'Main',
      enabled: false,
    });
    expect(await refusal(act('addContact', { name: 'x' }))).toMatchObject({ code: 'INTEGRATION_NOT_ACTIVE' });
    expect(room.calls).toEqual([]);
    expect((await change({ description: '', enabled: true })).description).toBeUndefined();
    expect(room.calls).toEqual([{ hook: 'ready', id: integration.id }]);
  });
});

describe('a test', () => {
  it('that the provider refuses flags the integration with what happened', async () => {
    provider.onApi = () => ({ status: 401, body: { message: 'The key was revoked' } });
    expect(await refusal(room.integrations.test(store.id, integration.id, owner))).toMatchObject({ code: 'RECONNECT_NEEDED' });
    expect(await now()).toMatchObject({ status: 'error', reasonCode: 'RECONNECT_NEEDED' });
    expect((await now()).message).toContain('The key was revoked');
    expect(await refusal(act('addContact', { name: 'x' }))).toMatchObject({ code: 'INTEGRATION_NOT_ACTIVE' });
    expect(await audited()).toContain('integration.needs-reconnect');
  });

  it('that cannot be made changes nothing', async () => {
    provider.onApi = () => ({ status: 500, body: {} });
    expect(await refusal(room.integrations.test(store.id, integration.id, owner))).toMatchObject({ code: 'CONNECTION_FAILED' });
    expect(await now()).toEqual(integration);
  });

  it.each<[string, unknown]>([
    ['no message', {}],
    ['a count that is no number', { message: 'ok', counts: { contacts: '7' } }],
  ])('with %s is a fault of the plugin', async (_, result) => {
    plugin = acmePlugin({ ...acmeHandlers(), test: async () => result as never });
    expect((await refusal(room.integrations.test(store.id, integration.id, owner))).message).toMatch(/^Acme: test\(\) returned/);
  });

  it('that opens another account than before asks for a reconnect', async () => {
    const { test: _, ...handlers } = acmeHandlers();
    plugin = acmePlugin({ ...handlers, identify: async () => ({ externalId: 'acc-9', label: 'Stranger' }) });
    expect((await refusal(room.integrations.test(store.id, integration.id, owner))).message).toContain('opens Stranger instead');
  });

  it('that passes is remembered with counts, is audited as a read of the credential, and mends a flagged one', async () => {
    await flag('CONNECTION_FAILED');
    provider.accounts.set('acc-1', { name: 'Blue Fitness', contacts: 4000 });
    const result = await room.integrations.test(store.id, integration.id, owner);
    provider.accounts.set('acc-1', { name: 'Blue Fitness', contacts: 3412 });
    expect(result).toEqual({ message: 'Connected to Blue Fitness, 4000 contacts.', counts: { contacts: 4000 } });
    const after = await now();
    expect(after).toMatchObject({ status: 'active', counts: { contacts: 4000 } });
    expect(after.message).toBeUndefined();
    expect(after.lastTestedAt?.getTime()).toBeGreaterThan(integration.lastTestedAt?.getTime() ?? 0);
    expect(room.calls).toEqual([{ hook: 'ready', id: integration.id }]);
    expect(await audited()).toEqual(expect.arrayContaining(['credential.read', 'integration.mended']));
  });

  it('without a handler identifies the account again and takes its new name', async () => {
    const { test: _, ...handlers } = acmeHandlers();
    let grant: unknown;
    plugin = acmePlugin({
      ...handlers,
      identify: async (_link, given) => {
        grant = given;
        return { externalId: 'acc-1', label: 'Blue Fitness & Spa' };
      },
    });
    await room.integrations.test(store.id, integration.id, owner);
    expect(grant).toEqual({ region: 'eu' });
    expect((await now()).account?.label).toBe('Blue Fitness & Spa');
  });

  it.each([
    ['a changed configuration must mend', 'CONFIG_SCHEMA_INVALID'],
    ['an administrator stopped', 'INTEGRATION_NOT_ACTIVE'],
  ])('does not call good what %s', async (_, reasonCode) => {
    await flag(reasonCode);
    await room.integrations.test(store.id, integration.id, owner);
    expect((await now()).status).toBe('error');
  });
});

describe('choices', () => {
  it('of an unknown loader are not there', async () => {
    for (const name of ['colours', 'toString']) {
      expect((await refusal(room.integrations.options(store.id, integration.id, name))).code).toBe('NOT_FOUND');
    }
  });

  it('in the wrong shape are a fault of the plugin', async () => {
    plugin = acmePlugin({ ...acmeHandlers(), options: { lists: async () => [{ value: 1 }] as never } });
    expect((await refusal(room.integrations.options(store.id, integration.id, 'lists'))).consequence).toBe('plugin-fault');
  });

  it('are loaded with the form as filled in so far', async () => {
    expect(await room.integrations.options(store.id, integration.id, 'lists', { list: 'draft' })).toEqual([
      { value: 'main', label: 'Main (main)' },
      { value: 'draft', label: 'Draft' },
    ]);
  });
});

describe('disconnecting', () => {
  const leave = (keepRecords: boolean) =>
    room.integrations.disconnect(store.id, integration.id, { keepRecords, principal: owner });

  it('with the records lets nothing come back that was on its way to be stored', async () => {
    let late: Promise<unknown> | undefined;
    await room.store.transaction(async (sql) => {
      await room.records.deleteAll(sql, store.id, integration.id);
      late = refusal(act('addContact', { name: 'ann' }));
      await until(() => isWaitedFor(room.sql), { what: 'the action to wait' });
      await room.store.setStatus(store.id, integration.id, { status: 'disconnected' }, sql);
    });
    expect(await late).toMatchObject({ code: 'INTEGRATION_NOT_ACTIVE' });
    expect(await room.records.counts(store.id, integration.id)).toEqual({});
  });

  it('works although the provider would not hear of it, and says so', async () => {
    plugin = acmePlugin({ ...acmeHandlers(), disconnect: () => Promise.reject(new TryLater('Acme is busy.')) });
    const ended = await leave(true);
    expect(ended.status).toBe('disconnected');
    expect(ended.message).toContain(
      `Disconnected by ${owner.email}. Access could not be withdrawn at the provider (Acme is busy.)`,
    );
    expect(await room.credentials.get({ storeId: store.id, integrationId: integration.id })).toBeUndefined();
  });

  it('revokes and unsubscribes with the credential, then forgets it, stops its work, keeps config and records', async () => {
    const said: string[] = [];
    const webhook = {
      scope: 'app' as const,
      retryStatus: 500,
      verify: () => false,
      events: () => [],
      subscribe: async () => ({ id: 'sub-7' }),
      unsubscribe: async (_: unknown, subscription: string) => void said.push(subscription),
    };
    const revoke = async (ctx: { http: { get(url: string): Promise<unknown> } }) => {
      await ctx.http.get('/me');
      said.push('revoked');
    };
    plugin = acmePlugin({ ...acmeHandlers(), webhook, disconnect: revoke });
    await room.integrations.test(store.id, integration.id, owner);
    await act('addContact', { name: 'ann' });
    const ended = await leave(true);
    expect(said).toEqual(['sub-7', 'revoked']);
    expect(ended).toMatchObject({ status: 'disconnected', config: { list: 'main' } });
    expect(ended.webhookSubscription).toBeUndefined();
    expect(await room.records.counts(store.id, integration.id)).toEqual({ contacts: 1 });
    expect(room.calls).toEqual([{ hook: 'disconnected', id: integration.id }]);
    expect(await refusal(room.integrations.test(store.id, integration.id, owner))).toMatchObject({
      code: 'INTEGRATION_NOT_ACTIVE',
    });
  });

  it('deletes records and checkpoints where that is wanted, also afterwards, and asking again changes nothing', async () => {
    await act('addContact', { name: 'ann' });
    await room.sql.query(
      `insert into checkpoints (store_id, integration_id, stream, value) values ($1, $2, 'contacts', '{"page":3}')`,
      [store.id, integration.id],
    );
    const ended = await leave(true);
    expect(await leave(true)).toEqual(ended);
    await leave(false);
    expect(await room.records.counts(store.id, integration.id)).toEqual({});
    expect(await room.sql.query('select 1 from checkpoints where store_id = $1', [store.id])).toEqual([]);
    expect((await audited()).filter((action) => action === 'integration.disconnect')).toHaveLength(1);
  });
});

describe('health', () => {
  it('of a fresh connection is good', async () => {
    expect(await room.integrations.health(store.id, integration.id)).toMatchObject({
      state: 'good',
      reason: null,
      nextStep: null,
      token: null,
      webhooks: null,
      budget: { requests: 100, seconds: 60 },
      syncs: { running: 0, successShare: null, lastFailure: null },
    });
    expect(await room.integrations.status(store.id, integration.id)).toMatchObject({ state: 'good', account: 'Blue Fitness' });
  });

  it('names what is wrong and what to do', async () => {
    await flag('RECONNECT_NEEDED');
    expect(await room.integrations.health(store.id, integration.id)).toMatchObject({
      state: 'attention',
      reason: 'broken',
      nextStep: 'Reconnect it.',
    });
    expect(await room.integrations.status(store.id, integration.id)).toMatchObject({ reasonCode: 'RECONNECT_NEEDED' });
  });

  it('counts runs of the week, and a failure is history once its stream succeeds', async () => {
    const add = (stream: string, status: string, ago: number) =>
      room.sql.query(
        `insert into sync_runs (store_id, id, integration_id, stream, trigger, mode, status, queued_at, finished_at, message)
         values ($1, $2, $3, $4, 'manual', 'full', $5, now() - $6 * interval '1 day', now(), 'It broke.')`,
        [store.id, v7(), integration.id, stream, status, ago],
      );
    await add('contacts', 'failed', 2);
    expect(await room.integrations.health(store.id, integration.id)).toMatchObject({
      state: 'attention',
      reason: 'Nothing is synced: It broke.',
    });
    await add('tags', 'partial', 2);
    expect(await room.integrations.health(store.id, integration.id)).toMatchObject({
      state: 'degraded',
      reason: 'The last sync of contacts failed: It broke.',
    });
    await add('deals', 'failed', 2);
    expect(await room.integrations.health(store.id, integration.id)).toMatchObject({
      reason: expect.stringMatching(/^The last syncs of \w+ and 1 more failed: It broke\.$/),
    });
    await add('deals', 'succeeded', 1);
    await add('contacts', 'succeeded', 1);
    await add('old', 'succeeded', 8);
    expect((await room.integrations.health(store.id, integration.id)).syncs).toMatchObject({
      successShare: 0.4,
      lastFailure: null,
    });
  });

  it('knows where webhooks come in and how many could not be handled', async () => {
    plugin = acmePlugin({
      ...acmeHandlers(),
      webhook: { scope: 'integration', retryStatus: 500, verify: () => false, events: () => [] },
    });
    await room.sql.query(
      `insert into webhook_events (id, plugin_id, store_id, integration_id, event_id, type, data, raw, headers, state)
       values ($1, 'acme', $2, $3, 'e-1', 't', '{}', '', '{}', 'dead')`,
      [v7(), store.id, integration.id],
    );
    // A flood of which nothing was handled yet.
    await room.sql.query(
      `insert into webhook_spool (store_id, integration_id, count, events) values ($1, $2, 40, ''), ($1, $2, 2, '')`,
      [store.id, integration.id],
    );
    const { state, webhooks } = await room.integrations.health(store.id, integration.id);
    expect(state).toBe('degraded');
    expect(webhooks).toMatchObject({
      dead: 1,
      pending: 42,
      lastEventAt: expect.any(Date),
      parked: 0,
      silent: false,
      url: `${PUBLIC_URL}/webhooks/acme/c/${integration.webhookKey}`,
    });
  });
});
