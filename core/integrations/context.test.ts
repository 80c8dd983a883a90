import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { FakeOAuthProvider } from '../../tests/support/fake-oauth-provider.ts';
import { ACME, acmeHandlers, acmePlugin } from '../../tests/support/fake-plugin.ts';
import { INTEGRATION_ENTITIES, integrationsRoom, newStore, type Room } from '../../tests/support/integrations-room.ts';
import type { Principal } from '../access/principal.ts';
import { hubError, type Keys, ReconnectNeeded } from '../sdk/index.ts';
import type { Integration } from './integration-store.ts';

const FIELDS = { key: 'key-acc-1-0123456789' };

let db: TestDatabase;
let provider: FakeOAuthProvider;
let room: Room;
let store: { id: string; slug: string };
let owner: Principal;
let integration: Integration;
let plugin = acmePlugin();

beforeAll(async () => {
  db = await testDatabase({ entities: INTEGRATION_ENTITIES });
  provider = await new FakeOAuthProvider().start();
  room = integrationsRoom({ dataSource: db.dataSource, provider, plugin: () => plugin });
});
afterAll(async () => {
  await room?.egress.close();
  await provider?.close();
  await db?.close();
});
beforeEach(async () => {
  plugin = acmePlugin();
  ({ store, owner } = await newStore(db.dataSource));
  integration = (await room.connect.manual({ store, principal: owner, pluginId: 'acme', fields: FIELDS })).integration;
});

const now = () => room.store.get(store.id, integration.id);
const ended = () => Promise.reject(new ReconnectNeeded('Acme ended it.'));

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  return hubError(
    await work.then(
      () => undefined,
      (reason: unknown) => reason,
    ),
  )?.code;
}

describe('the door to a plugin', () => {
  it.each([
    ['needs attention', { status: 'error' }, true],
    ['is switched off', { enabled: false }, true],
    ['is disconnected', { status: 'disconnected' }, false],
    ['is not connected yet', { status: 'pending' }, false],
  ] as const)('stays shut for an integration that %s', async (_, change, opensForRepair) => {
    const changed = await room.store.update(store.id, integration.id, change);
    expect(await codeOf(room.contexts.forIntegration(changed))).toBe('INTEGRATION_NOT_ACTIVE');
    const repair = await codeOf(room.contexts.forIntegration(changed, { evenIfInactive: true }));
    expect(repair).toBe(opensForRepair ? undefined : 'INTEGRATION_NOT_ACTIVE');
  });

  it('stays shut for a plugin that is not there', async () => {
    expect(await codeOf(room.contexts.forIntegration({ ...integration, pluginId: 'gone' }))).toBe('NOT_FOUND');
  });

  it('flags the integration when a call says that the sign-in is over', async () => {
    const { run } = await room.contexts.forIntegration(integration);
    expect(await codeOf(run(ended))).toBe('RECONNECT_NEEDED');
    expect(await now()).toMatchObject({ status: 'error', reasonCode: 'RECONNECT_NEEDED', message: 'Acme ended it.' });
  });

  it('does not flag a connection that was made again while the call ran', async () => {
    const { run } = await room.contexts.forIntegration(integration);
    await room.connect.manual({ store, principal: owner, pluginId: 'acme', fields: FIELDS, integrationId: integration.id });
    expect(await codeOf(run(ended))).toBe('RECONNECT_NEEDED');
    expect((await now()).status).toBe('active');
  });

  it('does not turn a disconnected integration into one that needs attention', async () => {
    const { run } = await room.contexts.forIntegration(integration);
    await room.integrations.disconnect(store.id, integration.id, { keepRecords: true, principal: owner });
    await codeOf(run(ended));
    expect((await now()).status).toBe('disconnected');
  });

  it('cannot open a credential that was copied from another integration', async () => {
    const other = await newStore(db.dataSource);
    const wanted = { store: other.store, principal: other.owner, pluginId: 'acme', fields: { key: 'key-acc-2-0123456789' } };
    const victim = (await room.connect.manual(wanted)).integration;
    await room.sql.query(
      `update credentials set secrets = (select secrets from credentials where store_id = $1) where store_id = $2`,
      [store.id, victim.storeId],
    );
    const { run, ctx } = await room.contexts.forIntegration(victim);
    expect(await codeOf(run(() => ctx.http.get('/me')))).toBe('RECONNECT_NEEDED');
  });

  it.each<[string, () => unknown]>([
    [
      'breaks',
      () => {
        throw new Error('no header');
      },
    ],
    ['returns nonsense', () => 'soon'],
  ])('loses no answer over a pace that %s, which counts as a fault', async (_, pace) => {
    const faults: unknown[] = [];
    const life = { fault: (error: unknown) => faults.push(error), during: async (fn: () => unknown) => fn() };
    plugin = { ...acmePlugin({ ...acmeHandlers(), pace: pace as never }), life: life as never };
    const { run, ctx } = await room.contexts.forIntegration(integration);
    expect((await run(() => ctx.http.get('/me'))).data).toMatchObject({ id: 'acc-1' });
    expect(faults).toEqual([expect.any(Error)]);
  });

  it('ends what a handler does when its caller gives up', async () => {
    const controller = new AbortController();
    const { run, ctx } = await room.contexts.forIntegration(integration, { signal: controller.signal });
    provider.onApi = () => new Promise(() => undefined);
    const call = run(() => ctx.http.get('/me'));
    controller.abort();
    expect(await codeOf(call)).toBe('CONNECTION_FAILED');
    expect(ctx.signal.aborted).toBe(true);
    provider.onApi = undefined;
  });
});

describe('the rate budget of an account', () => {
  const [oauth, manual] = ACME.auth;
  beforeEach(() => room.sql.query('delete from rate_budgets'));

  const called = async (more: Partial<Keys>, account: string): Promise<string | undefined> => {
    plugin = acmePlugin(acmeHandlers(), { ...ACME, rate: { requests: 2, seconds: 3600 }, auth: [oauth, { ...manual, ...more }] });
    const at = await newStore(db.dataSource);
    const wanted = { store: at.store, principal: at.owner, pluginId: 'acme', fields: { key: `key-${account}-0123456789` } };
    return codeOf(
      room.connect.manual(wanted).then(async ({ integration: made }) => {
        const { run, ctx } = await room.contexts.forIntegration(made);
        await run(() => ctx.http.get('/count'));
      }),
    );
  };

  it('is one for all stores that have proved it is theirs', async () => {
    expect([await called({}, 'acc-2'), await called({}, 'acc-2')]).toEqual([undefined, 'RATE_LIMIT_EXCEEDED']);
  });

  it('is one for each store where keys prove nothing: who claims an account uses up nobody else’s', async () => {
    const unproven = { unproven: 'Look at Acme.' };
    expect([await called(unproven, 'acc-2'), await called(unproven, 'acc-2')]).toEqual([undefined, undefined]);
  });
});
