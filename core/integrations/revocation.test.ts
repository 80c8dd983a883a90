import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { CLIENT, type FakeAnswer, FakeOAuthProvider } from '../../tests/support/fake-oauth-provider.ts';
import { ACME, acmeHandlers, acmePlugin } from '../../tests/support/fake-plugin.ts';
import { INTEGRATION_ENTITIES, integrationsRoom, newStore, type Room } from '../../tests/support/integrations-room.ts';
import type { Principal } from '../access/principal.ts';
import { type OAuth2, TryLater } from '../sdk/index.ts';
import type { Integration } from './integration-store.ts';

const REVOKE = { revokeUrl: 'https://auth.acme.test/revoke' } as const;

let db: TestDatabase;
let provider: FakeOAuthProvider;
let plugin = acmePlugin();
let room: Room;
let store: { id: string; slug: string };
let owner: Principal;

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
  ({ store, owner } = await newStore(db.dataSource));
  provider.seen.length = 0;
  answer({ status: 200, body: {} });
});

function revoking(auth: Partial<OAuth2>, more = {}): void {
  const [oauth, manual] = ACME.auth;
  plugin = acmePlugin({ ...acmeHandlers(), ...more }, { ...ACME, auth: [{ ...oauth, ...auth }, manual] });
}
function answer(given: FakeAnswer | ((token: string) => FakeAnswer)): void {
  provider.onToken = ({ token }) => (token === undefined ? undefined : typeof given === 'function' ? given(token) : given);
}
async function connected(at = { store, owner }): Promise<Integration> {
  const principal = at.owner;
  const { authorizeUrl } = await room.connect.oauthInitiate({ store: at.store, principal, pluginId: 'acme', binding: 'b' });
  const came = { pluginId: 'acme', query: provider.allow(authorizeUrl), binding: 'b', principal };
  return (await room.connect.oauthCallback(came)).integration;
}
const end = ({ storeId, id }: Integration) => room.integrations.disconnect(storeId, id, { keepRecords: true, principal: owner });
const revoked = () => provider.seen.filter(({ path }) => path === '/auth/revoke');

describe('a disconnected account', () => {
  it.each([
    ['body', { client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret }],
    ['basic', {}],
  ] as const)('hands its refresh token back, with the client in the %s', async (clientAuth, client) => {
    revoking({ ...REVOKE, clientAuth });
    const integration = await connected();
    const ended = await end(integration);
    expect(revoked()).toEqual([
      expect.objectContaining({ method: 'POST', params: { token: expect.stringMatching(/^rt-/), ...client } }),
    ]);
    expect(revoked()[0]?.authorization !== undefined).toBe(clientAuth === 'basic');
    expect(ended).toMatchObject({ status: 'disconnected', message: `Disconnected by ${owner.email}.` });
  });

  it('hands its access token back where there is no other, after the plugin had its say', async () => {
    const order: string[] = [];
    const disconnect = async () => void order.push('plugin');
    revoking({ ...REVOKE, renewal: { by: 'owner', warnDays: 7 } }, { disconnect });
    const integration = await connected();
    answer((token) => {
      order.push(token.slice(0, 3));
      return { status: 200, body: {} };
    });
    await end(integration);
    expect(order).toEqual(['plugin', 'at-']);
  });

  it('is disconnected all the same when that fails, and says what to do', async () => {
    revoking(REVOKE, { disconnect: () => Promise.reject(new TryLater('Acme is busy.')) });
    const integration = await connected();
    answer((token) => ({ status: 503, body: { error_description: `Not now, ${token} of ${CLIENT.clientSecret}` } }));
    const { status, message } = await end(integration);
    expect(status).toBe('disconnected');
    expect(message).toContain('could not be withdrawn at the provider (Acme is busy.; Acme answered 503: Not now,');
    expect(message).toContain('remove it there.');
    expect(message).not.toMatch(/rt-[0-9a-f]|client & secret/);
  });

  it('leaves the access that a connection of another store still uses, and says so; the last one takes it back', async () => {
    const asked: string[] = [];
    revoking(REVOKE, {
      disconnect: async ({ account }: { account: { externalId: string } }) => void asked.push(account.externalId),
    });
    const [first, second] = [await connected(), await connected(await newStore(db.dataSource))];
    expect((await end(first)).message).toBe(
      `Disconnected by ${owner.email}. Access at Acme stays, as another connection of the same account uses it.`,
    );
    expect([...asked, ...revoked()]).toEqual([]);
    expect((await end(second)).message).toBe(`Disconnected by ${owner.email}.`);
    expect(asked).toEqual(['acc-1']);
    expect(revoked()).toHaveLength(1);
  });

  it('takes its access back though others know the same account by keys, or another account', async () => {
    revoking(REVOKE);
    const integration = await connected();
    const other = await newStore(db.dataSource);
    for (const account of [integration.account?.externalId, 'acc-2']) {
      const wanted = {
        store: other.store,
        principal: other.owner,
        pluginId: 'acme',
        fields: { key: `key-${account}-0123456789` },
      };
      await room.connect.manual(wanted);
    }
    await end(integration);
    expect(revoked()).toHaveLength(1);
  });

  it('has nothing more to do where the provider knows the token no longer', async () => {
    revoking(REVOKE);
    const integration = await connected();
    answer({ status: 400, body: { error: 'invalid_token' } });
    expect((await end(integration)).message).toBe(`Disconnected by ${owner.email}.`);
  });

  it('hands nothing back by keys, or to a provider that has no such address', async () => {
    revoking({});
    await end(await connected());
    revoking(REVOKE);
    const wanted = { store, principal: owner, pluginId: 'acme', fields: { key: 'key-acc-2-0123456789' } };
    await end((await room.connect.manual(wanted)).integration);
    expect(revoked()).toEqual([]);
  });
});
