import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { FakeOAuthProvider } from '../../tests/support/fake-oauth-provider.ts';
import { ACME, acmeHandlers, acmePlugin } from '../../tests/support/fake-plugin.ts';
import { INTEGRATION_ENTITIES, integrationsRoom, newStore, type Room } from '../../tests/support/integrations-room.ts';
import type { Principal } from '../access/principal.ts';
import type { RunnablePlugin } from '../plugins/registry.ts';
import { type Handlers, type Manifest, Rejected } from '../sdk/index.ts';
import type { Integration } from './integration-store.ts';

const KEY = 'key-acc-1-0123456789';

let db: TestDatabase;
let provider: FakeOAuthProvider;
let plugin: RunnablePlugin;
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
  await room?.egress.close();
  room = integrationsRoom({ dataSource: db.dataSource, provider, plugin: () => plugin });
  ({ store, owner } = await newStore(db.dataSource));
  const connected = await room.connect.manual({ store, principal: owner, pluginId: 'acme', fields: { key: KEY } });
  const saved = { list: 'vip', tags: ['a'], signingKey: 'swordfish-1' };
  integration = await room.integrations.configure(store.id, connected.integration.id, saved, owner);
});

const now = () => room.store.get(store.id, integration.id);
const shown = async () => (await room.integrations.maskedSettings([await now()])).get(integration.id);
const configOf = async () => (await room.contexts.forIntegration(await now())).ctx.config;

/** The next generation: `list` is called `audience` there, and `signingKey` is called `secret`. */
function second(migrateConfig: Handlers['migrateConfig']): RunnablePlugin {
  const { list, tags, signingKey } = ACME.config.properties;
  const config = { type: 'object', properties: { audience: list, tags, secret: signingKey } } as const;
  const handlers = { ...acmeHandlers(), migrateConfig };
  return { ...plugin, plugin: { manifest: { ...ACME, config, configVersion: 2 } as Manifest, handlers: handlers as Handlers } };
}

const renamed: Handlers['migrateConfig'] = ({ list, signingKey, ...rest }, from) => {
  expect(from).toBe(1);
  return { ...rest, audience: list, secret: signingKey, gone: 'not in the form' };
};

describe('settings of an earlier version', () => {
  it('that the plugin stumbles over give the integration attention, in words, and hurt nobody else', async () => {
    plugin = second(() => {
      throw new TypeError('x is undefined');
    });
    await expect(configOf()).rejects.toThrow(
      'The settings of Blue Fitness are from an earlier version of Acme and could not be taken over: The plugin failed over them. Open them, look at each field, and save.',
    );
    expect(await now()).toMatchObject({ status: 'error', reasonCode: 'CONFIG_SCHEMA_INVALID', config: { list: 'vip' } });
  });

  it('that only their owner can bring up to date say so in the plugin’s words, and are mended by saving', async () => {
    plugin = second(() => {
      throw new Rejected('Lists are audiences now; choose one.');
    });
    await expect(configOf()).rejects.toThrow('Lists are audiences now; choose one. Open them');
    await room.integrations.configure(store.id, integration.id, { audience: 'a-1' }, owner);
    expect(await now()).toMatchObject({ status: 'active', configVersion: 2, config: { audience: 'a-1' } });
    expect(await configOf()).toMatchObject({ audience: 'a-1' });
  });

  it.each([
    ['no object', () => 'x' as never, 'did not return the settings as an object'],
    ['a value the form does not take', () => ({ tags: 'a' }), 'Tags'],
  ])('are not taken over as %s', async (_, migrate, words) => {
    plugin = second(migrate);
    await expect(configOf()).rejects.toThrow(words);
  });

  it('reach handlers in the present one, secrets too, while what is stored stays', async () => {
    plugin = second(renamed);
    expect(await configOf()).toEqual({ audience: 'vip', tags: ['a'], secret: 'swordfish-1' });
    expect(await now()).toMatchObject({ configVersion: 1, config: { list: 'vip', tags: ['a'] } });
  });

  it('are shown in the present one, secrets masked', async () => {
    plugin = second(renamed);
    expect(await shown()).toEqual({ audience: 'vip', tags: ['a'], secret: '••••' });
  });

  it('are stored in the present one once they are saved, with a secret that was left as it is', async () => {
    plugin = second(renamed);
    await room.integrations.configure(store.id, integration.id, { audience: 'b', secret: '••••' }, owner);
    expect(await now()).toMatchObject({ configVersion: 2, config: { audience: 'b' } });
    plugin = second(() => {
      throw new Error('called for present settings');
    });
    expect(await configOf()).toEqual({ audience: 'b', secret: 'swordfish-1' });
  });

  it('are found as they were by an earlier generation that is put back', async () => {
    const first = plugin;
    plugin = second(renamed);
    await configOf();
    plugin = first;
    expect(await configOf()).toMatchObject({ list: 'vip', signingKey: 'swordfish-1' });
  });

  it('are none for an account connected now', async () => {
    plugin = second(() => {
      throw new Error('called for present settings');
    });
    const { store: other, owner: principal } = await newStore(db.dataSource);
    const fresh = await room.connect.manual({ store: other, principal, pluginId: 'acme', fields: { key: KEY } });
    expect(fresh.integration.configVersion).toBe(2);
  });

  it('do not keep an integration from being tested, whatever they are', async () => {
    plugin = second(() => {
      throw new Rejected('Choose an audience.');
    });
    expect(await room.integrations.test(store.id, integration.id, owner)).toMatchObject({ message: expect.any(String) });
  });
});
