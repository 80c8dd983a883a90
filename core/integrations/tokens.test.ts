import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { FakeOAuthProvider } from '../../tests/support/fake-oauth-provider.ts';
import { acmeHandlers, acmePlugin } from '../../tests/support/fake-plugin.ts';
import { INTEGRATION_ENTITIES, integrationsRoom, newStore, type Room } from '../../tests/support/integrations-room.ts';
import { refusal } from '../../tests/support/refusal.ts';
import { until } from '../../tests/support/wait.ts';
import { createDataSource } from '../database/data-source.ts';
import { hubError } from '../sdk/index.ts';
import { KeyRing } from '../vault/key-ring.ts';
import { Vault } from '../vault/secret.ts';
import type { IntegrationChange } from './integration.ts';
import type { Integration } from './integration-store.ts';
import { needOf } from './token-need.ts';

const vault = new Vault(new KeyRing([{ kid: 't', key: randomBytes(32) }]));
let db: TestDatabase;
let provider: FakeOAuthProvider;
let plugin = acmePlugin();
/** Two hosts of one hub. */
let host: Room;
let other: Room;
let integration: Integration;
let first: string;

function newHost(tokens: { leaseMs?: number; lastCallMs?: number; waitMs?: number } = {}, dataSource = db.dataSource): Room {
  return integrationsRoom({ dataSource, provider, plugin: () => plugin, vault, tokens });
}

beforeAll(async () => {
  db = await testDatabase({ entities: INTEGRATION_ENTITIES });
  provider = await new FakeOAuthProvider().start();
  host = newHost();
  other = newHost();
});
afterAll(async () => {
  await host?.egress.close();
  await other?.egress.close();
  await provider?.close();
  await db?.close();
});
beforeEach(async () => {
  plugin = acmePlugin();
  Object.assign(provider, { onToken: undefined, onApi: undefined, expiresIn: 3600 });
  const { store, owner } = await newStore(db.dataSource);
  const wanted = { store, principal: owner, pluginId: 'acme', binding: 'b' };
  const { authorizeUrl } = await host.connect.oauthInitiate(wanted);
  const came = { pluginId: 'acme', query: provider.allow(authorizeUrl), binding: 'b', principal: owner };
  integration = (await host.connect.oauthCallback(came)).integration;
  first = await host.tokens.accessToken(integration);
  provider.refreshes = 0;
});

async function endsIn(seconds: number): Promise<void> {
  await host.sql.query(
    `update credentials set expires_at = now() + $2 * interval '1 second', refreshed_at = now() - interval '1 hour'
     where store_id = $1`,
    [integration.storeId, seconds],
  );
}

const now = () => host.store.get(integration.storeId, integration.id);
const credential = () => host.credentials.get({ storeId: integration.storeId, integrationId: integration.id });

describe('an access token', () => {
  it.each([
    ['has no end', null, 3600, 'none'],
    ['was just made', 3600, 3600, 'none'],
    ['has six minutes left of an hour', 360, 3600, 'none'],
    ['has a tenth of a long life left, which is hours', 8000, 86_400, 'none'],
    ['has four minutes left of a day', 240, 86_400, 'soon'],
    ['has four minutes left of five', 240, 300, 'none'],
    ['has a twentieth of a short life left', 3, 60, 'soon'],
    ['ends this moment', 0, 3600, 'now'],
    ['ended', -1, 3600, 'now'],
  ])('that %s is judged by what is left', (_, left, life, need) => {
    const at = Date.now();
    const expiresAt = left === null ? null : new Date(at + left * 1000);
    const refreshedAt = new Date(at + ((left ?? 0) - life) * 1000);
    expect(needOf({ expiresAt, refreshedAt, leaseOwner: null, leaseMs: null }, at)).toBe(need);
  });
});

describe('a token that ended', () => {
  it('is renewed once for 50 callers at the same time', async () => {
    await endsIn(-1);
    const tokens = await Promise.all(Array.from({ length: 50 }, () => host.tokens.accessToken(integration)));
    expect(provider.refreshes).toBe(1);
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).not.toBe(first);
    expect(provider.access.get(tokens[0] ?? '')).toBe('acc-1');
  });

  it('is renewed once for callers on two hosts', async () => {
    await endsIn(-1);
    const callers = Array.from({ length: 20 }, (_, at) => (at % 2 ? host : other).tokens.accessToken(integration));
    expect(new Set(await Promise.all(callers)).size).toBe(1);
    expect(provider.refreshes).toBe(1);
  });

  it('is renewed once when all of them were refused with it, and not again by a late one', async () => {
    const renew = { renew: first };
    const callers = Array.from({ length: 20 }, (_, at) => (at % 2 ? host : other).tokens.accessToken(integration, renew));
    const [renewed] = await Promise.all(callers);
    expect(await other.tokens.accessToken(integration, renew)).toBe(renewed);
    expect(provider.refreshes).toBe(1);
  });

  it('is committed with its new refresh token before anyone gets it', async () => {
    await endsIn(-1);
    const token = await host.tokens.accessToken(integration);
    const secrets = (await credential())?.secrets ?? {};
    const opened = await vault.openAll({ store: integration.storeId, owner: integration.id }, secrets);
    expect(opened['accessToken']).toBe(token);
    expect(provider.refresh.has(opened['refreshToken'] ?? '')).toBe(true);
    expect(JSON.parse(opened['grant'] ?? '')).toMatchObject({ account_id: 'acc-1' });
    expect(await credential()).toMatchObject({ version: 2, leaseOwner: null, leaseMs: null, refreshFailures: 0 });
  });

  it('keeps its old refresh token where the provider sends no new one', async () => {
    const before = await credential();
    provider.access.set('at-only', 'acc-1');
    provider.onToken = () => ({ status: 200, body: { access_token: 'at-only', expires_in: '60' } });
    expect(await host.tokens.accessToken(integration, { renew: first })).toBe('at-only');
    const place = { store: integration.storeId, owner: integration.id, field: 'refreshToken' };
    const [old, kept] = [before?.secrets['refreshToken'] ?? '', (await credential())?.secrets['refreshToken'] ?? ''];
    expect(await vault.open(place, kept)).toBe(await vault.open(place, old));
  });

  it('is renewed within a call that the provider refused, and the call goes on', async () => {
    provider.access.delete(first);
    const { ctx, run } = await host.contexts.forIntegration(integration);
    const calls = Array.from({ length: 10 }, () => run(() => ctx.http.get('/count')));
    for (const { data } of await Promise.all(calls)) expect(data).toEqual({ contacts: 3412 });
    expect(provider.refreshes).toBe(1);
  });

  it('is renewed the way the plugin says where it departs from the standard', async () => {
    const handlers = acmeHandlers();
    handlers.refresh = async (_link, { accessToken, refreshToken }) => ({
      accessToken: `${accessToken}+${refreshToken?.slice(0, 3)}`,
      expiresInSeconds: 60,
    });
    plugin = acmePlugin(handlers);
    expect(await host.tokens.accessToken(integration, { renew: first })).toBe(`${first}+rt-`);
    expect(provider.refreshes).toBe(0);
  });
});

describe('a token that ends soon', () => {
  it('is renewed before it does', async () => {
    await endsIn(60);
    expect(await host.tokens.accessToken(integration)).not.toBe(first);
    expect(provider.refreshes).toBe(1);
  });

  it('is used as it is while another host renews it, and while renewing fails', async () => {
    await endsIn(60);
    provider.onToken = () => ({ status: 503, body: {} });
    expect(await host.tokens.accessToken(integration)).toBe(first);
    expect(await other.tokens.accessToken(integration)).toBe(first);
    expect(provider.refreshes).toBe(1);
  });

  it('is found and renewed by the sweep, and nothing else is', async () => {
    // What the tests before left behind, whose time comes on a slow machine.
    await host.sql.query('update credentials set expires_at = null where store_id <> $1', [integration.storeId]);
    await host.tokens.sweep();
    expect(provider.refreshes).toBe(0);
    await endsIn(60);
    await Promise.all([host.tokens.sweep(), other.tokens.sweep()]);
    expect(provider.refreshes).toBe(1);
  });
});

describe('a renewal that fails', () => {
  it.each([
    ['the provider is down', { status: 502, body: {} }, 'CONNECTION_FAILED'],
    ['the location is suspended', { status: 400, body: { message: 'Location is not active' } }, 'CONNECTION_FAILED'],
    ['the request is called wrong', { status: 400, body: { error: 'invalid_request' } }, 'CONNECTION_FAILED'],
    ['our own app is refused', { status: 401, body: { error: 'invalid_client' } }, 'CONNECTION_FAILED'],
    ['it is limiting requests', { status: 429, body: {}, headers: { 'retry-after': '7' } }, 'RATE_LIMIT_EXCEEDED'],
  ])('because %s keeps the pair and the connection', async (_, answer, code) => {
    const before = (await credential())?.secrets;
    provider.onToken = () => answer;
    expect(await refusal(host.tokens.accessToken(integration, { renew: first }))).toMatchObject({
      code,
      consequence: 'try-later',
    });
    expect((await credential())?.secrets).toEqual(before);
    expect((await now()).status).toBe('active');
  });

  const minute = new Date(Date.UTC(2026, 0, 5, 10, 1)).toUTCString();
  it.each([
    ['as a moment of its own clock', 429, { 'retry-after': minute, date: minute.replace('10:01', '10:00') }, 60],
    ['while it is down', 503, { 'retry-after': '600' }, 600],
    ['for years, though for a day only', 429, { 'retry-after': '99999999' }, 86_400],
    ['without saying how long it is', 429, {}, 30],
  ])('keeps to the rest a provider asks for %s', async (_, status, headers, afterSeconds) => {
    provider.onToken = () => ({ status, body: {}, headers });
    const error = await refusal(host.tokens.accessToken(integration, { renew: first }));
    expect(error).toMatchObject({ consequence: 'try-later', afterSeconds });
  });

  it('is not repeated by anyone before its pause is over, then works', async () => {
    provider.onToken = () => ({ status: 503, body: {} });
    await refusal(host.tokens.accessToken(integration, { renew: first }));
    const again = await refusal(other.tokens.accessToken(integration, { renew: first }));
    expect(again).toMatchObject({ consequence: 'try-later', name: 'HeldBack' });
    expect(again.afterSeconds).toBeGreaterThan(0);
    expect(provider.refreshes).toBe(1);
    provider.onToken = undefined;
    await until(() => other.tokens.accessToken(integration, { renew: first }), { what: 'the pause to end' });
    expect(provider.refreshes).toBe(2);
    expect((await credential())?.refreshFailures).toBe(0);
  });

  it.each([
    ['invalid_grant', { status: 400, body: { error: 'invalid_grant', error_description: 'Revoked by the owner.' } }],
    ['a bare 401', { status: 401, body: { message: 'Revoked by the owner' } }],
  ])('with %s asks for a reconnect in the words of the provider', async (_, answer) => {
    provider.onToken = () => answer;
    const error = await refusal(host.tokens.accessToken(integration, { renew: first }));
    expect(error).toMatchObject({ code: 'RECONNECT_NEEDED' });
    const { status, reasonCode, message } = await now();
    expect({ status, reasonCode }).toEqual({ status: 'error', reasonCode: 'RECONNECT_NEEDED' });
    expect(message).toContain('Acme no longer accepts this connection: Revoked by the owner');
    expect((await credential())?.secrets['refreshToken']).toBeUndefined();
    await refusal(other.tokens.accessToken(integration, { renew: first }));
    expect(provider.refreshes).toBe(1);
  });

  it('never flags a connection that was made again meanwhile', async () => {
    let answer: (() => void) | undefined;
    provider.onToken = () =>
      new Promise((resolve) => {
        answer = () => resolve({ status: 400, body: { error: 'invalid_grant' } });
      });
    const late = host.tokens.accessToken(integration, { renew: first });
    await until(() => answer, { what: 'the renewal to begin' });
    await reconnect();
    answer?.();
    expect(provider.access.get(await late)).toBe('acc-1');
    expect((await now()).status).toBe('active');
  });

  it('says that it is not connected when the credential is gone', async () => {
    await host.sql.query('delete from credentials where store_id = $1', [integration.storeId]);
    expect(await refusal(host.tokens.accessToken(integration))).toMatchObject({ code: 'INTEGRATION_NOT_ACTIVE' });
  });

  it('by a fault of the plugin keeps the pair', async () => {
    const handlers = acmeHandlers();
    handlers.refresh = async () => ({ accessToken: 7 }) as never;
    plugin = acmePlugin(handlers);
    const error = await refusal(host.tokens.accessToken(integration, { renew: first }));
    expect(error).toMatchObject({ consequence: 'plugin-fault', message: 'Acme: refresh() returned no access token' });
    expect((await now()).status).toBe('active');
  });
});

describe('a host that dies while it renews', () => {
  it('leaves a lease that others wait out, and the next refresh decides', async () => {
    const dying = await createDataSource({ url: db.url, entities: INTEGRATION_ENTITIES, poolSize: 2 }).initialize();
    const victim = newHost({ leaseMs: 1500 }, dying);
    let asked: string | undefined;
    provider.onToken = ({ refresh_token: token }) => {
      asked = token;
      // The provider has answered and rotated; the host will never keep what it said.
      return dying.isInitialized
        ? dying.destroy().then(() => ({ status: 200, body: { access_token: 'lost', refresh_token: 'lost' } }))
        : undefined;
    };
    const lost = victim.tokens.accessToken(integration, { renew: first });
    lost.catch(() => undefined);
    await until(() => asked, { what: 'the first host to ask' });
    provider.onToken = undefined;
    const token = await other.tokens.accessToken(integration, { renew: first });
    expect(provider.access.get(token)).toBe('acc-1');
    expect(provider.refreshes).toBe(2);
    await expect(lost).rejects.toThrow();
    expect(await other.tokens.accessToken(integration)).toBe(token);
    await victim.egress.close();
  });

  it('costs a caller no more than its patience', async () => {
    await host.sql.query(
      `update credentials set lease_owner = 'gone', lease_until = now() + interval '1 hour', expires_at = now() where store_id = $1`,
      [integration.storeId],
    );
    const impatient = newHost({ waitMs: 100 });
    expect(await refusal(impatient.tokens.accessToken(integration))).toMatchObject({ consequence: 'try-later' });
    await impatient.egress.close();
  });
});

describe('whoever changes an integration and its credential together', () => {
  /** Does a session of this database wait for a lock? */
  const waiting = async () => {
    const [row] = await host.sql.query<{ count: number }>(
      `select count(*)::integer as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return (row?.count ?? 0) > 0;
  };

  it.each<[string, () => Promise<unknown>, IntegrationChange?]>([
    [
      'a renewal that mends it',
      () => host.tokens.accessToken(integration, { renew: first }),
      { status: 'error', reasonCode: 'RECONNECT_NEEDED' },
    ],
    [
      'a renewal that is refused for good',
      () => {
        provider.onToken = () => ({ status: 400, body: { error: 'invalid_grant' } });
        return refusal(host.tokens.accessToken(integration, { renew: first }));
      },
    ],
    [
      'a disconnection',
      async () => {
        const { owner } = await principalOf();
        return host.integrations.disconnect(integration.storeId, integration.id, { keepRecords: true, principal: owner });
      },
    ],
  ])(
    'takes the integration first: %s waits for a connection being made again, and neither for ever',
    async (_, work, change = {}) => {
      await host.store.update(integration.storeId, integration.id, change);
      const key = { storeId: integration.storeId, integrationId: integration.id };
      const { running } = await host.store.transaction(async (sql) => {
        await host.store.update(integration.storeId, integration.id, { name: 'Being made again' }, sql);
        const running = work();
        running.catch(() => undefined);
        await until(waiting, { what: 'the other to wait for the lock' });
        await host.credentials.put(sql, { ...key, method: 'oauth', secrets: {}, grantedScopes: [], expiresAt: undefined });
        return {
          running: running.then(
            () => undefined,
            (error: unknown) => hubError(error) ?? Promise.reject(error),
          ),
        };
      });
      await running;
    },
  );
});

async function reconnect(): Promise<void> {
  const { store, owner } = await principalOf();
  const begun = await host.connect.oauthInitiate({
    store,
    principal: owner,
    pluginId: 'acme',
    binding: 'b',
    integrationId: integration.id,
  });
  const rest = provider.onToken;
  provider.onToken = undefined;
  await host.connect.oauthCallback({
    pluginId: 'acme',
    query: provider.allow(begun.authorizeUrl),
    binding: 'b',
    principal: owner,
  });
  provider.onToken = rest;
}

async function principalOf() {
  const [member] = await host.sql.query<{ id: string; email: string }>(
    'select u.id, u.email from users u join memberships m on m.user_id = u.id where m.store_id = $1',
    [integration.storeId],
  );
  const scopes = ['read', 'sync', 'write'] as const;
  const owner = { kind: 'session', userId: member?.id ?? '', email: member?.email ?? '', operator: false, scopes } as const;
  return { store: { id: integration.storeId }, owner };
}
