import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { CLIENT, FakeOAuthProvider } from '../../tests/support/fake-oauth-provider.ts';
import { ACME, acmeHandlers, acmePlugin } from '../../tests/support/fake-plugin.ts';
import { INTEGRATION_ENTITIES, integrationsRoom, newStore, type Room } from '../../tests/support/integrations-room.ts';
import type { Principal } from '../access/principal.ts';
import { hubError, type Manifest, type OAuth2 } from '../sdk/index.ts';

const LONG = 'long-lived-token-1';
const EXCHANGE = { grantType: 'acme_exchange', tokenParam: 'acme_token' } as const;

let db: TestDatabase;
let provider: FakeOAuthProvider;
let plugin = acmePlugin();
let room: Room;
let store: { id: string; slug: string };
let owner: Principal;
let told: unknown;

beforeAll(async () => {
  db = await testDatabase({ entities: INTEGRATION_ENTITIES });
  provider = await new FakeOAuthProvider().start();
  room = integrationsRoom({ dataSource: db.dataSource, provider, plugin: () => plugin });
  provider.access.set(LONG, 'acc-1');
});
afterAll(async () => {
  await room?.egress.close();
  await provider?.close();
  await db?.close();
});
beforeEach(async () => {
  ({ store, owner } = await newStore(db.dataSource));
  provider.seen.length = 0;
});

function exchanging(auth: Partial<OAuth2>): void {
  const [oauth, manual] = ACME.auth;
  const manifest: Manifest = { ...ACME, auth: [{ ...oauth, ...auth }, manual] };
  const handlers = acmeHandlers();
  const identify: typeof handlers.identify = (link, grant) => {
    told = grant;
    return handlers.identify(link, grant);
  };
  plugin = acmePlugin({ ...handlers, identify }, manifest);
}

/** Answers the second request; the first one is the provider's own. */
function answer(status: number, body: unknown): void {
  provider.onToken = (params) => (params['grant_type'] === EXCHANGE.grantType ? { status, body } : undefined);
}

async function connect() {
  const begun = { store, principal: owner, pluginId: 'acme', binding: 'b' };
  const { authorizeUrl } = await room.connect.oauthInitiate(begun);
  return room.connect.oauthCallback({ pluginId: 'acme', query: provider.allow(authorizeUrl), binding: 'b', principal: owner });
}

async function refusal(work: Promise<unknown>) {
  return hubError(
    await work.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
}

const second = () => provider.seen.filter(({ path }) => path === '/auth/token')[1];

describe('a first token that is exchanged', () => {
  it.each([
    ['GET', 'body'],
    ['POST', 'body'],
    ['POST', 'basic'],
  ] as const)('by %s with the client in the %s brings the one that is kept', async (method, clientAuth) => {
    exchanging({ exchange: { ...EXCHANGE, method }, clientAuth });
    answer(200, { access_token: LONG, token_type: 'bearer', expires_in: 5_184_000 });
    const { integration } = await connect();
    expect(second()).toMatchObject({
      method,
      params: { grant_type: 'acme_exchange', acme_token: expect.stringMatching(/^at-/) },
    });
    const { client_id: id, client_secret: secret } = second()?.params ?? {};
    expect({ id, secret }).toEqual(
      clientAuth === 'body' ? { id: CLIENT.clientId, secret: CLIENT.clientSecret } : { id: undefined, secret: undefined },
    );
    expect(provider.seen.find(({ path }) => path === '/api/v1/me')?.authorization).toBe(`Bearer ${LONG}`);
    const credential = await room.credentials.get({ storeId: store.id, integrationId: integration.id });
    expect((credential?.expiresAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(5_183_000_000);
  });

  it('keeps what the first answer said of the account, and no token or lifetime of it', async () => {
    exchanging({ exchange: EXCHANGE });
    answer(200, { access_token: LONG });
    const { integration } = await connect();
    expect(told).toEqual({ account_id: 'acc-1', token_type: 'Bearer', scope: 'contacts.read tags.read' });
    const credential = await room.credentials.get({ storeId: store.id, integrationId: integration.id });
    expect(credential?.expiresAt).toBeNull();
  });

  it.each([
    ['refuses it', 400, { error: { message: 'Session expired' } }, 'INVALID_CREDENTIALS'],
    ['does not know the app', 401, { error: 'invalid_client' }, 'PLUGIN_UNAVAILABLE'],
    ['is away', 503, {}, 'CONNECTION_FAILED'],
    ['brings no token', 200, {}, 'INVALID_CREDENTIALS'],
  ])('keeps nothing when the provider %s', async (_, status, body, code) => {
    exchanging({ exchange: { ...EXCHANGE, method: 'GET' } });
    answer(status, body);
    expect((await refusal(connect()))?.code).toBe(code);
    expect(await room.store.list({ storeId: store.id })).toEqual([]);
  });

  it('that fails is the fault of the plugin where it cannot explain why', async () => {
    exchanging({ exchange: EXCHANGE });
    answer(400, {});
    const explain = (): undefined => {
      throw new Error('no code');
    };
    plugin = acmePlugin({ ...acmeHandlers(), explain }, plugin.plugin.manifest);
    expect(await refusal(connect())).toMatchObject({ consequence: 'plugin-fault' });
  });

  it('is not quoted when the provider repeats it', async () => {
    exchanging({ exchange: EXCHANGE });
    provider.onToken = (params) =>
      params['acme_token']
        ? { status: 400, body: { error: { message: `No: ${params['acme_token']} ${CLIENT.clientSecret}` } } }
        : undefined;
    const message = (await refusal(connect()))?.message ?? '';
    expect(message).toContain('did not accept the sign-in: No: ');
    expect(message).not.toMatch(/at-[0-9a-f]{24}|client & secret/);
  });
});
