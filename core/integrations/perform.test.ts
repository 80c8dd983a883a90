import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { FakeOAuthProvider } from '../../tests/support/fake-oauth-provider.ts';
import { acmeHandlers, acmePlugin } from '../../tests/support/fake-plugin.ts';
import {
  INTEGRATION_ENTITIES,
  integrationsRoom,
  isWaitedFor,
  newStore,
  type Room,
} from '../../tests/support/integrations-room.ts';
import { refusal } from '../../tests/support/refusal.ts';
import { until } from '../../tests/support/wait.ts';
import type { Principal } from '../access/principal.ts';
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
const act = (action: string, input: unknown) =>
  room.integrations.action(store.id, integration.id, { action, input, principal: owner });

async function audited(): Promise<string[]> {
  const rows = await room.sql.query<{ action: string }>('select action from audit_entries where store_id = $1 order by id', [
    store.id,
  ]);
  return rows.map(({ action }) => action);
}

describe('an action', () => {
  it.each([
    ['is unknown', 'explode', {}, 'NOT_FOUND'],
    ['is a word every object knows', 'constructor', {}, 'NOT_FOUND'],
    ['lacks a field', 'addContact', {}, 'VALIDATION_FAILED'],
    ['has a field too many', 'addContact', { name: 'x', admin: true }, 'VALIDATION_FAILED'],
    ['is refused by the provider', 'addContact', { name: 'bad' }, 'VALIDATION_FAILED'],
    ['is about nothing', 'addContact', { name: 'nobody' }, 'NOT_FOUND'],
    ['comes too early', 'addContact', { name: 'later' }, 'CONNECTION_FAILED'],
  ])('that %s is refused and changes nothing', async (_, action, input, code) => {
    expect((await refusal(act(action, input))).code).toBe(code);
    expect(await room.records.counts(store.id, integration.id)).toEqual({});
  });

  it('answers with its data and keeps what it changed', async () => {
    const done = await act('addContact', { name: 'ann' });
    expect(done).toMatchObject({ data: { id: 'c-ann' }, changed: { written: 1 } });
    expect(await room.records.counts(store.id, integration.id)).toEqual({ contacts: 1 });
    expect(await audited()).toContain('integration.action');
  });

  it.each<[string, unknown]>([
    ['a stream the plugin does not have', [{ kind: 'records', stream: 'invoices', items: [] }]],
    ['an effect of no known kind', [{ kind: 'explode' }]],
    ['no list of effects', { kind: 'resync' }],
  ])('that returns %s is a fault of the plugin, and nothing of it is kept', async (_, effects) => {
    const handlers = acmeHandlers();
    const good = { kind: 'records', stream: 'contacts', items: [{ id: 'x', data: {} }] };
    const all = Array.isArray(effects) ? [good, ...effects] : effects;
    const input = { type: 'object', properties: {} } as const;
    handlers.actions = { odd: { title: 'Odd', input, run: async () => ({ data: {}, effects: all as never }) } };
    plugin = acmePlugin(handlers);
    expect((await refusal(act('odd', {}))).consequence).toBe('plugin-fault');
    expect(await room.records.counts(store.id, integration.id)).toEqual({});
  });

  describe('that changed the provider and two streams', () => {
    const items = [{ id: 'x', data: {} }];
    let asked = 0;
    beforeEach(() => {
      asked = 0;
      const handlers = acmeHandlers();
      handlers.streams = { ...handlers.streams, refunds: { title: 'Refunds', mode: 'full' } };
      const effects = ['refunds', 'contacts'].map((stream) => ({ kind: 'records', stream, items }) as const);
      const run = async () => ({ data: { asked: ++asked }, effects });
      handlers.actions = { refund: { title: 'Refund', input: { type: 'object', properties: {} }, run } };
      plugin = acmePlugin(handlers);
    });

    it('waits for who changes the same ones the other way round, and neither is undone', async () => {
      let late: Promise<unknown> | undefined;
      await room.store.transaction(async (sql) => {
        const scope = { storeId: store.id, integrationId: integration.id };
        const page = { items, began: await room.records.now() };
        await room.records.savePage(sql, { ...scope, stream: 'contacts' }, page);
        late = act('refund', {});
        await until(() => isWaitedFor(room.sql), { what: 'the action to wait' });
        await room.records.savePage(sql, { ...scope, stream: 'refunds' }, page);
      });
      expect(await late).toMatchObject({ data: { asked: 1 }, changed: { written: 0, unchanged: 2 } });
      expect(await room.records.counts(store.id, integration.id)).toEqual({ contacts: 1, refunds: 1 });
    });

    it('keeps them when that was undone so that another could go on, and asks the provider once', async () => {
      await room.sql.query('create sequence undone');
      await room.sql.query(`create function undo() returns trigger language plpgsql as
        $$ begin if nextval('undone') < 3 then raise 'undone' using errcode = '40P01'; end if; return new; end $$`);
      await room.sql.query('create trigger undo before insert on records for each row execute function undo()');
      try {
        expect(await act('refund', {})).toMatchObject({ data: { asked: 1 }, changed: { written: 2 } });
        expect(asked).toBe(1);
      } finally {
        await room.sql.query('drop function undo cascade');
      }
    });
  });

  it('that the way of connecting cannot do is refused in words', async () => {
    const input = { type: 'object', properties: {} } as const;
    const run = async () => ({ data: {} });
    const actions = { look: { title: 'Look', methods: ['oauth' as const], input, run } };
    plugin = acmePlugin({ ...acmeHandlers(), actions });
    expect(await refusal(act('look', {}))).toMatchObject({
      consequence: 'rejected',
      message: expect.stringContaining('with keys'),
    });
  });

  it.each<[string, unknown]>([
    ['fails over it', new Error('odd')],
    ['answers too late', Promise.resolve(undefined)],
    ['says no text', { field: 'list' }],
    ['names no setting', { text: 'No.', field: 'constructor' }],
  ])('is done where the plugin that is asked whether its settings allow it %s', async (_, said) => {
    const input = { type: 'object', properties: {} } as const;
    const barred = (): never => {
      if (said instanceof Error) throw said;
      return said as never;
    };
    const actions = { look: { title: 'Look', input, barred, run: async () => ({ data: { looked: true } }) } };
    plugin = acmePlugin({ ...acmeHandlers(), actions });
    expect(await act('look', {})).toMatchObject({ data: { looked: true } });
  });

  it('that the settings forbid is refused in the words of the plugin before its form is looked at, and is not run', async () => {
    let runs = 0;
    const input = { type: 'object', properties: { name: { type: 'string', title: 'Name' } }, required: ['name'] } as const;
    const run = async () => ({ data: { runs: ++runs } });
    const barred = ({ config }: { config: { list?: string } }) =>
      config.list === 'main' ? { text: 'The main list is closed; choose another.', field: 'list' as const } : undefined;
    plugin = acmePlugin({ ...acmeHandlers(), actions: { look: { title: 'Look', input, run, barred } } });
    const refused = { code: 'FORBIDDEN', consequence: 'rejected', message: 'The main list is closed; choose another.' };
    for (const given of [{}, { name: 'ann' }]) expect(await refusal(act('look', given))).toMatchObject(refused);
    expect([runs, room.calls, await audited()]).toEqual([0, [], expect.not.arrayContaining(['integration.action'])]);
    await room.integrations.configure(store.id, integration.id, { list: 'other' }, owner);
    expect(await act('look', { name: 'ann' })).toMatchObject({ data: { runs: 1 } });
  });

  it('is told one id for one wish: the same for the same key, another for another action, integration or key', async () => {
    const ids: string[] = [];
    const input = { type: 'object', properties: {} } as const;
    const run = async (_: unknown, __: unknown, { id }: { id: string }) => ({ data: { at: ids.push(id) } });
    plugin = acmePlugin({
      ...acmeHandlers(),
      actions: { pay: { title: 'Pay', input, run }, book: { title: 'Book', input, run } },
    });
    const wish = async (action: string, key?: string, { id, storeId } = integration) =>
      room.integrations.action(storeId, id, { action, input: {}, principal: owner, key });
    await wish('pay', 'order-7');
    await wish('pay', 'order-7');
    expect(ids[1]).toBe(ids[0]);
    const fields = { key: 'key-acc-2-0123456789' };
    const other = (await room.connect.manual({ store, principal: owner, pluginId: 'acme', fields })).integration;
    await wish('book', 'order-7');
    await wish('pay', 'order-8');
    await wish('pay', 'order-7', other);
    await wish('pay');
    await wish('pay');
    expect(new Set(ids).size).toBe(6);
    expect(ids.every((id) => /^[0-9a-f-]{36}$/.test(id))).toBe(true);
  });

  it('may ask for a sync, or end the connection as the provider did', async () => {
    const handlers = acmeHandlers();
    const input = { type: 'object', properties: {} } as const;
    const effects = [
      { kind: 'resync', stream: 'contacts' } as const,
      { kind: 'disconnect', reason: 'Removed at Acme.' } as const,
    ];
    handlers.actions = { leave: { title: 'Leave', input, run: async () => ({ data: {}, effects }) } };
    plugin = acmePlugin(handlers);
    expect((await act('leave', {})).changed).toMatchObject({ resyncs: 1, disconnected: true });
    expect(room.calls).toEqual([
      { hook: 'sync', id: integration.id, stream: 'contacts' },
      { hook: 'disconnected', id: integration.id },
    ]);
    expect(await now()).toMatchObject({ status: 'disconnected', message: 'Removed at Acme.' });
    expect(await room.credentials.get({ storeId: store.id, integrationId: integration.id })).toBeUndefined();
  });
});
