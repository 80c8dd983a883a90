import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import OAuth2Strategy from 'passport-oauth2';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { CLIENT, FakeOAuthProvider } from '../../tests/support/fake-oauth-provider.ts';
import { ACME, acmeHandlers, acmePlugin } from '../../tests/support/fake-plugin.ts';
import {
  INTEGRATION_ENTITIES,
  integrationsRoom,
  newStore,
  PUBLIC_URL,
  type Room,
} from '../../tests/support/integrations-room.ts';
import { refusal } from '../../tests/support/refusal.ts';
import type { Principal } from '../access/principal.ts';
import { hubError, type Manifest, type OAuth2, type StrategyOptions } from '../sdk/index.ts';

let db: TestDatabase;
let provider: FakeOAuthProvider;
let plugin = acmePlugin();
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
  provider.onApi = undefined;
  provider.onToken = undefined;
  provider.expiresIn = 3600;
  await room?.egress.close();
  room = integrationsRoom({ dataSource: db.dataSource, provider, plugin: () => plugin });
  ({ store, owner } = await newStore(db.dataSource));
});

async function begin(more: { integrationId?: string; name?: string } = {}): Promise<string> {
  const wanted = { store, principal: owner, pluginId: 'acme', binding: 'browser-1', ...more };
  return (await room.connect.oauthInitiate(wanted)).authorizeUrl;
}

function finish(query: Record<string, string>, more: { binding?: string; principal?: Principal; pluginId?: string } = {}) {
  return room.connect.oauthCallback({ pluginId: 'acme', query, binding: 'browser-1', principal: owner, ...more });
}

/** As a plugin would bring it along. */
class AcmeStrategy extends OAuth2Strategy {
  constructor({ clientID, clientSecret, callbackURL }: StrategyOptions, { authorizeUrl, tokenUrl }: OAuth2) {
    const urls = { authorizationURL: authorizeUrl, tokenURL: tokenUrl };
    super({ ...urls, clientID, clientSecret, callbackURL, pkce: true, state: true }, () => undefined);
  }

  override authorizationParams(): object {
    return { audience: 'stores' };
  }

  override tokenParams(): object {
    return { acme_extra: 'yes' };
  }
}

/** Acme with another sign-in. */
function withAuth(auth: Partial<OAuth2>): Manifest {
  const [oauth, manual] = ACME.auth;
  return { ...ACME, auth: [{ ...oauth, ...auth }, manual] };
}

async function nothingKept(): Promise<void> {
  expect(await room.store.list({ storeId: store.id })).toEqual([]);
  expect(room.calls).toEqual([]);
}

describe('a consent that comes back', () => {
  it.each([
    ['without a state', { code: 'c' }, 'not begun here'],
    ['with a forged state', { code: 'c', state: 'forged' }, 'not begun here'],
  ])('%s is refused', async (_, query, said) => {
    const error = await refusal(finish(query));
    expect(error.message).toContain(said);
    expect(error.code).toBe('VALIDATION_FAILED');
  });

  it('a second time is refused, and changes nothing', async () => {
    const query = provider.allow(await begin());
    const { integration } = await finish(query);
    const error = await refusal(finish(query));
    expect(error.message).toContain('used already');
    expect(await room.store.get(store.id, integration.id)).toEqual(integration);
  });

  it('twice at the same time works once', async () => {
    const query = provider.allow(await begin());
    const outcomes = await Promise.allSettled([finish(query), finish(query), finish(query)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('after ten minutes is refused', async () => {
    const query = provider.allow(await begin());
    await room.sql.query(`update oauth_requests set expires_at = now() - interval '1 second' where store_id = $1`, [store.id]);
    expect((await refusal(finish(query))).message).toContain('longer than ten minutes');
    await nothingKept();
  });

  it('to another browser, or with another person, is refused and used up', async () => {
    const query = provider.allow(await begin());
    expect(await refusal(finish(query, { binding: 'browser-2' }))).toMatchObject({ code: 'FORBIDDEN' });
    expect((await refusal(finish(query))).message).toContain('used already');
    const other = await newStore(db.dataSource);
    const again = provider.allow(await begin());
    expect(await refusal(finish(again, { principal: other.owner }))).toMatchObject({ code: 'FORBIDDEN' });
    await nothingKept();
  });

  it('to another plugin is refused and used up: neither of the two gets the code', async () => {
    const query = provider.allow(await begin());
    const acme = plugin;
    plugin = { ...acme, id: 'other' };
    provider.seen.length = 0;
    expect((await refusal(finish(query, { pluginId: 'other' }))).message).toContain('begun for another provider');
    plugin = acme;
    expect((await refusal(finish(query))).message).toContain('used already');
    expect(provider.seen).toEqual([]);
    await nothingKept();
  });

  it('with the code of somebody else is refused by its verifier', async () => {
    const other = await newStore(db.dataSource);
    const elsewhere = { store: other.store, principal: other.owner, pluginId: 'acme', binding: 'browser-2' };
    const stolen = provider.allow((await room.connect.oauthInitiate(elsewhere)).authorizeUrl);
    const { state = '' } = provider.allow(await begin());
    const error = await refusal(finish({ state, code: stolen['code'] ?? '' }));
    expect(error).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(error.message).toContain('The code is not valid');
    await nothingKept();
  });

  it('comes to the store it was begun for, whichever the person looks at by then', async () => {
    const second = await newStore(db.dataSource);
    const { userId } = owner;
    await room.sql.query(`insert into memberships (store_id, user_id, role) values ($1, $2, 'owner')`, [second.store.id, userId]);
    const query = provider.allow(await begin());
    const { integration, storeSlug } = await finish(query);
    expect({ storeId: integration.storeId, storeSlug }).toEqual({ storeId: store.id, storeSlug: store.slug });
    expect(await room.store.list({ storeId: second.store.id })).toEqual([]);
  });

  it('is used up by a code that was refused, also for the right one', async () => {
    const query = provider.allow(await begin());
    await refusal(finish({ ...query, code: 'made-up' }));
    expect((await refusal(finish(query))).message).toContain('used already');
    await nothingKept();
  });

  it('denied says that nothing was changed, and uses the state up', async () => {
    const { state = '' } = provider.allow(await begin());
    const error = await refusal(finish({ state, error: 'access_denied', error_description: 'No' }));
    expect(error.message).toBe('You did not allow Acme to be connected; nothing was changed.');
    expect((await refusal(finish({ state, code: 'c' }))).message).toContain('used already');
    await nothingKept();
  });

  it.each<[string, Record<string, string>, string]>([
    ['an error of the provider', { error: 'server_error', error_description: 'We are\u0007 down.' }, 'We are down'],
    ['no code', {}, 'sent no code back'],
    ['another issuer', { code: 'c', iss: 'https://evil.test' }, 'another sign-in service'],
    ['an issuer without encryption', { code: 'c', iss: 'http://auth.acme.test' }, 'another sign-in service'],
    ['an issuer that only begins like ours', { code: 'c', iss: 'https://auth.acme.test.evil.test' }, 'another sign-in service'],
    ['an issuer that names ours', { code: 'c', iss: 'https://auth.acme.test@evil.test' }, 'another sign-in service'],
    ['an issuer that is none', { code: 'c', iss: '' }, 'another sign-in service'],
    ['an error of another issuer', { error: 'access_denied', iss: 'https://evil.test' }, 'another sign-in service'],
  ])('with %s says so', async (_, query, said) => {
    const { state = '' } = provider.allow(await begin());
    expect((await refusal(finish({ state, ...query }))).message).toContain(said);
    await nothingKept();
  });

  it('with a code the provider refuses shows its words, without the code', async () => {
    const { state = '' } = provider.allow(await begin());
    const error = await refusal(finish({ state, code: 'made-up' }));
    expect(error).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(error.message).toContain('The code is not valid');
    await nothingKept();
  });

  it.each([
    ['is down', { status: 503, body: {} }, 'CONNECTION_FAILED'],
    ['limits requests', { status: 429, body: {} }, 'RATE_LIMIT_EXCEEDED'],
    ['refuses our own app', { status: 401, body: { error: 'invalid_client' } }, 'PLUGIN_UNAVAILABLE'],
    ['answers 200 with an error', { status: 200, body: { error: 'bad_code', error_description: 'no' } }, 'INVALID_CREDENTIALS'],
    ['answers with nonsense', { status: 200, body: [] }, 'INVALID_CREDENTIALS'],
  ])('to a token endpoint that %s keeps nothing', async (_, answer, code) => {
    const query = provider.allow(await begin());
    provider.onToken = () => answer;
    expect((await refusal(finish(query))).code).toBe(code);
    await nothingKept();
  });

  it('quotes nothing a white label forbids, whether it comes by the browser or from the token endpoint', async () => {
    plugin = acmePlugin(acmeHandlers(), { ...ACME, whiteLabel: { never: ['Big', 'BigCo'] } });
    const first = provider.allow(await begin());
    const asked = finish({ state: first['state'] ?? '', error: 'server_error', error_description: 'Ask BigCo or BIG (bigger)' });
    expect((await refusal(asked)).message).toContain('Ask Acme or Acme (bigger).');
    const second = provider.allow(await begin());
    provider.onToken = () => ({ status: 400, body: { error: 'invalid_grant', error_description: 'bigco says no' } });
    expect((await refusal(finish(second))).message).toContain('did not accept the sign-in: Acme says no.');
  });

  it('with less than was asked for says what the missing part is needed for', async () => {
    const query = provider.allow(await begin(), { scope: 'tags.read' });
    const error = await refusal(finish(query));
    expect(error.message).toContain('needs: To copy your contacts.');
    await nothingKept();
  });

  it.each([
    ['a list', ['tags.read']],
    ['a text with commas', 'tags.read,other'],
  ])('with less than was asked for, said as %s, is refused as well', async (_, scope) => {
    const query = provider.allow(await begin());
    provider.onToken = () => ({ status: 200, body: { access_token: 'key-acc-1-0123456789', scope } });
    const error = await refusal(finish(query));
    expect(error.code).toBe('INVALID_CREDENTIALS');
    expect(error.message).toContain('Acme was not given everything it needs: To copy your contacts.');
    await nothingKept();
  });

  it('after the person lost the store is refused', async () => {
    const query = provider.allow(await begin());
    await room.sql.query('delete from memberships where store_id = $1', [store.id]);
    expect((await refusal(finish(query))).code).toBe('NOT_FOUND');
  });
});

describe('a consent', () => {
  it('cannot be asked for while the operator has not set up the app, and names the settings', async () => {
    const bare = integrationsRoom({ dataSource: db.dataSource, provider, plugin: () => plugin, app: {} });
    const tried = bare.connect.oauthInitiate({ store, principal: owner, pluginId: 'acme', binding: 'b' });
    const error = await refusal(tried);
    expect(error.code).toBe('PLUGIN_UNAVAILABLE');
    expect(error.message).toContain('ACME_CLIENT_ID and ACME_CLIENT_SECRET');
    await bare.egress.close();
  });

  it('that cannot be kept fails as what it is, not as something the provider did', async () => {
    const tried = begin({ name: 'a\0b' });
    await expect(tried).rejects.toThrow('invalid byte sequence');
    expect(hubError(await tried.catch((error: unknown) => error))).toBeUndefined();
  });

  it('is asked for with everything the manifest says, where the operator sends this host', async () => {
    const url = new URL(await begin());
    expect(url.href).toContain(`${provider.map.get('auth.acme.test')}/authorize?`);
    const { state, code_challenge: challenge, ...rest } = Object.fromEntries(url.searchParams);
    expect(rest).toEqual({
      prompt: 'consent',
      response_type: 'code',
      client_id: 'acme-client',
      redirect_uri: `${PUBLIC_URL}/integrations/acme/oauth/callback`,
      scope: 'contacts.read tags.read',
      code_challenge_method: 'S256',
    });
    expect(challenge).toMatch(/^[\w-]{43}$/);
    expect(state).toMatch(/^[\w-]{43}$/);
  });

  it('leaves neither state, session nor verifier readable in the database', async () => {
    const state = new URL(await begin()).searchParams.get('state') ?? '?';
    const [row] = await room.sql.query('select * from oauth_requests where store_id = $1', [store.id]);
    expect(JSON.stringify(row)).not.toContain(state);
    expect(JSON.stringify(row)).not.toContain('browser-1');
    expect(row?.['verifier']).toMatch(/^eyJ/);
  });

  it('that is given makes an integration with a sealed pair that is known to end', async () => {
    const { integration, created, storeSlug } = await finish(provider.allow(await begin({ name: 'Gym' })));
    expect({ created, storeSlug }).toEqual({ created: true, storeSlug: store.slug });
    expect(integration).toMatchObject({ name: 'Gym', method: 'oauth', status: 'active', account: { externalId: 'acc-1' } });
    const credential = await room.credentials.get({ storeId: store.id, integrationId: integration.id });
    expect(Object.keys(credential?.secrets ?? {}).sort()).toEqual(['accessToken', 'grant', 'refreshToken']);
    expect(credential?.grantedScopes).toEqual(['contacts.read', 'tags.read']);
    expect((credential?.expiresAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(3_500_000);
    expect(room.calls).toEqual([{ hook: 'connected', id: integration.id }]);
    const [, exchange] = provider.seen.filter(({ path }) => path === '/auth/token').slice(-2);
    expect(exchange?.params).toMatchObject({ user_type: 'Location', client_id: 'acme-client', grant_type: 'authorization_code' });
  });

  it.each<[string, Record<string, unknown>, readonly string[]]>([
    ['more than was asked for', { scope: 'contacts.read tags.read extra' }, ['contacts.read', 'tags.read', 'extra']],
    ['not what may be missing', { scope: ['contacts.read'] }, ['contacts.read']],
    ['not what may be missing, by the name of scopes', { scopes: ['contacts.read'] }, ['contacts.read']],
    ['whatever was asked for, where the provider does not say', { scope: '' }, ['contacts.read', 'tags.read']],
  ])('that gives %s is kept with what it gave', async (_, said, scopes) => {
    const query = provider.allow(await begin());
    provider.onToken = () => ({ status: 200, body: { access_token: 'key-acc-1-0123456789', ...said } });
    const { integration } = await finish(query);
    const credential = await room.credentials.get({ storeId: store.id, integrationId: integration.id });
    expect(credential?.grantedScopes).toEqual(scopes);
  });

  it('of the right issuer is taken', async () => {
    const query = provider.allow(await begin());
    expect((await finish({ ...query, iss: 'https://auth.acme.test' })).integration.status).toBe('active');
  });

  it.each<[string, Record<string, unknown>, string | undefined]>([
    ['says once what was left out', { scope: 'contacts.read' }, 'Not allowed: To show tags. Connect again to allow it.'],
    ['says nothing where all was given', { scope: 'contacts.read tags.read' }, undefined],
    ['says nothing where the provider does not say', {}, undefined],
  ])('%s', async (_, said, more) => {
    const query = provider.allow(await begin());
    provider.onToken = () => ({ status: 200, body: { access_token: 'key-acc-1-0123456789', ...said } });
    const { test, integration } = await finish(query);
    expect(test.message).toBe(['Connected to Blue Fitness, 3412 contacts.', ...(more ? [more] : [])].join(' '));
    expect((await room.integrations.test(store.id, integration.id, owner)).message).toBe(
      'Connected to Blue Fitness, 3412 contacts.',
    );
  });

  it.each([0, '0', -1, null, 'never', 1e20, '9223372036854775807'])(
    'whose token lives for %j seconds does not end',
    async (lifetime) => {
      const query = provider.allow(await begin());
      provider.onToken = () => ({ status: 200, body: { access_token: 'key-acc-1-0123456789', expires_in: lifetime } });
      const { integration } = await finish(query);
      const credential = await room.credentials.get({ storeId: store.id, integrationId: integration.id });
      expect(credential?.expiresAt).toBeNull();
      expect(await room.tokens.accessToken(integration)).toBe('key-acc-1-0123456789');
    },
  );

  it('gives identify the token answer without its tokens', async () => {
    let told: unknown;
    const handlers = acmeHandlers();
    plugin = acmePlugin({
      ...handlers,
      identify: async (link, grant) => {
        told = grant;
        return handlers.identify(link, grant);
      },
    });
    await finish(provider.allow(await begin()));
    expect(told).toEqual({ account_id: 'acc-1', token_type: 'Bearer', scope: 'contacts.read tags.read', expires_in: 3600 });
  });

  it.each<[string, Partial<OAuth2>]>([
    ['Basic client authentication', { clientAuth: 'basic' }],
    ['no PKCE', { pkce: false }],
    ['scopes joined by commas', { scopeSeparator: ',' }],
  ])('works with %s', async (_, auth) => {
    plugin = acmePlugin(acmeHandlers(), withAuth(auth));
    const url = await begin();
    const { integration } = await finish(provider.allow(url));
    expect(integration.status).toBe('active');
    const exchange = provider.seen.filter(({ path }) => path === '/auth/token').at(-1);
    expect(exchange?.params['client_secret'] === undefined).toBe(auth.clientAuth === 'basic');
    expect(new URL(url).searchParams.has('code_challenge')).toBe(auth.pkce !== false);
    expect(new URL(url).searchParams.get('scope')).toBe(`contacts.read${auth.scopeSeparator ?? ' '}tags.read`);
  });

  it('is asked for by the operator’s configuration at the provider, once there is one', async () => {
    plugin = acmePlugin(acmeHandlers(), withAuth({ scopesFrom: { field: 'configId', param: 'config_id' } }));
    const asked = async (app: Record<string, string>) => {
      await room.egress.close();
      room = integrationsRoom({ dataSource: db.dataSource, provider, plugin: () => plugin, app: { ...CLIENT, ...app } });
      const { searchParams } = new URL(await begin());
      return [searchParams.get('config_id'), searchParams.get('scope')];
    };
    expect(await asked({})).toEqual([null, 'contacts.read tags.read']);
    expect(await asked({ configId: '1234567' })).toEqual(['1234567', null]);
  });

  it('is asked for by the strategy a plugin brings, whose requests are guarded as well', async () => {
    plugin = acmePlugin({ ...acmeHandlers(), strategy: (options, auth) => new AcmeStrategy(options, auth) });
    const url = await begin();
    expect(new URL(url).searchParams.get('audience')).toBe('stores');
    expect((await finish(provider.allow(url))).integration.status).toBe('active');
    const exchange = provider.seen.filter(({ path }) => path === '/auth/token').at(-1);
    expect(exchange?.params).toMatchObject({ acme_extra: 'yes' });
    expect(exchange?.params['code_verifier']).toMatch(/^[\w-]{43}$/);
  });

  it.each<[string, () => unknown]>([
    ['nothing', () => undefined],
    ['something else', () => ({ authenticate() {} })],
  ])('cannot be asked for by a plugin whose strategy() returns %s', async (_, strategy) => {
    plugin = acmePlugin({ ...acmeHandlers(), strategy: strategy as never });
    expect(await refusal(begin())).toMatchObject({ consequence: 'plugin-fault' });
  });

  it('for a reconnect keeps the integration and refuses another account', async () => {
    const { integration } = await finish(provider.allow(await begin()));
    const wrong = provider.allow(await begin({ integrationId: integration.id }), { account: 'acc-2' });
    expect(await refusal(finish(wrong))).toMatchObject({ code: 'CONFLICT' });
    const right = await finish(provider.allow(await begin({ integrationId: integration.id })));
    expect(right).toMatchObject({ created: false, integration: { id: integration.id } });
  });
});
