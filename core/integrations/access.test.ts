import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { CLIENT, FakeOAuthProvider } from '../../tests/support/fake-oauth-provider.ts';
import { ACME, acmeHandlers, acmePlugin } from '../../tests/support/fake-plugin.ts';
import { INTEGRATION_ENTITIES, integrationsRoom, newStore, type Room } from '../../tests/support/integrations-room.ts';
import type { Principal } from '../access/principal.ts';
import { type Handlers, hubError, Rejected } from '../sdk/index.ts';
import type { Integration } from './integration-store.ts';

const FIELDS = { key: 'key-acc-1-0123456789' };

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
  provider.refreshes = 0;
});

function showing(authorize: NonNullable<Handlers['authorize']>): void {
  plugin = acmePlugin({ ...acmeHandlers(), authorize }, ACME);
}
/** A proof of the app's own secret beside the token, as one provider wants it. */
const proof = (token: string) => createHmac('sha256', CLIENT.clientSecret).update(token).digest('hex');
const proven: NonNullable<Handlers['authorize']> = ({ method, secrets, app }) => {
  const token = (method === 'oauth' ? secrets['accessToken'] : secrets['key']) ?? '';
  const signed = createHmac('sha256', app['clientSecret'] ?? '').update(token);
  return { headers: { Authorization: `Bearer ${token}` }, query: { proof: signed.digest('hex') } };
};

const byKey = async () => (await room.connect.manual({ store, principal: owner, pluginId: 'acme', fields: FIELDS })).integration;
async function byConsent(): Promise<Integration> {
  const { authorizeUrl } = await room.connect.oauthInitiate({ store, principal: owner, pluginId: 'acme', binding: 'b' });
  const came = { pluginId: 'acme', query: provider.allow(authorizeUrl), binding: 'b', principal: owner };
  return (await room.connect.oauthCallback(came)).integration;
}
const apiCalls = () => provider.seen.filter(({ path }) => path.startsWith('/api/'));
async function get(integration: Integration, token?: string) {
  const { run, ctx } = await room.contexts.forIntegration(integration);
  return run(() => ctx.http.get('/me', token === undefined ? {} : { token }));
}
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => hubError(error),
  );

describe('a plugin that says itself how its calls show who they are from', () => {
  it.each([
    ['keys', byKey],
    ['consent', byConsent],
  ])('is asked for the first calls of a connection by %s, and for those of a kept one', async (_, connect) => {
    showing(proven);
    const integration = await connect();
    await get(integration);
    const calls = apiCalls();
    expect(calls.map(({ path }) => path)).toEqual(['/api/v1/me', '/api/v1/count', '/api/v1/me']);
    for (const { authorization = '', params } of calls) expect(params['proof']).toBe(proof(authorization.replace('Bearer ', '')));
  });

  it('is asked again for the token that a renewal brings, whatever the refused one looked like', async () => {
    showing(({ secrets }) => ({ headers: { Authorization: secrets['accessToken'] ?? '' }, query: { at: '1' } }));
    const integration = await byConsent();
    const [old = ''] = [...provider.access.keys()].slice(-1);
    provider.access.delete(old);
    expect((await get(integration)).data).toMatchObject({ id: 'acc-1' });
    const [refused, repeated] = apiCalls().slice(-2);
    expect(refused?.authorization).toBe(old);
    expect(repeated?.authorization).not.toBe(old);
    expect(provider.refreshes).toBe(1);
  });

  it('can refuse keys that cannot be right, by field, before anything is asked', async () => {
    showing(() => {
      throw new Rejected('The key ends in -us1.', { fields: [{ pointer: '/fields/key', message: 'Copy it whole.' }] });
    });
    expect(await failure(byKey())).toMatchObject({
      code: 'INVALID_CREDENTIALS',
      message: expect.stringContaining('The key ends in -us1.'),
      fields: [{ pointer: '/fields/key' }],
    });
    expect(apiCalls()).toEqual([]);
  });

  it('is not blamed for a key that holds what no header may', async () => {
    showing(({ secrets }) => ({ headers: { 'X-Key': secrets['key'] ?? '' } }));
    const fields = { key: 'key-wíth-accent' };
    const error = await failure(room.connect.manual({ store, principal: owner, pluginId: 'acme', fields }));
    expect(error).toMatchObject({ consequence: 'rejected', fields: [{ pointer: '/fields/key' }] });
    expect(error?.message).toContain('holds characters that no key has');
  });

  it.each<[string, (secrets: Readonly<Record<string, string>>) => unknown]>([
    [
      'breaks',
      ({ key }) => {
        throw new TypeError(`no ${key} here`);
      },
    ],
    ['returns nothing', () => undefined],
    ['returns a promise', async () => ({ headers: {} })],
    ['returns what is no text', () => ({ headers: { Authorization: 5 } })],
  ])('is named when it %s, without what it was shown', async (_, authorize) => {
    showing(({ secrets }) => authorize(secrets) as never);
    const error = await failure(byKey());
    expect(error).toMatchObject({ consequence: 'plugin-fault' });
    expect(error?.message).toMatch(/^Acme cannot authorize a call to api.acme.test: /);
    expect(`${error?.message} ${error?.stack} ${error?.cause}`).not.toContain(FIELDS.key);
    expect(apiCalls()).toEqual([]);
  });

  it('is given the token of a call in place of the one of the connection, beside the fields of keys', async () => {
    const shown: Readonly<Record<string, string>>[] = [];
    showing((call) => {
      shown.push(call.secrets);
      return proven(call);
    });
    await get(await byConsent(), 'page-token').catch(() => undefined);
    expect(shown.at(-1)).toEqual({ accessToken: 'page-token' });
    ({ store, owner } = await newStore(db.dataSource));
    await get(await byKey(), 'page-token').catch(() => undefined);
    expect(shown.at(-1)).toEqual({ ...FIELDS, region: 'eu', accessToken: 'page-token' });
  });
});

describe('a token of a call itself', () => {
  it("that is refused leaves the connection, and the connection's own token, alone", async () => {
    plugin = acmePlugin();
    const integration = await byConsent();
    const before = provider.refreshes;
    expect(await failure(get(integration, 'page-token'))).toMatchObject({ consequence: 'rejected', code: 'INVALID_CREDENTIALS' });
    expect(apiCalls().at(-1)?.authorization).toBe('Bearer page-token');
    expect(provider.refreshes).toBe(before);
    expect((await room.store.get(store.id, integration.id)).status).toBe('active');
  });
});
