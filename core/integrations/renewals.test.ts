import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { FakeOAuthProvider } from '../../tests/support/fake-oauth-provider.ts';
import { ACME, acmeHandlers, acmePlugin } from '../../tests/support/fake-plugin.ts';
import { INTEGRATION_ENTITIES, integrationsRoom, newStore, type Room } from '../../tests/support/integrations-room.ts';
import type { Principal } from '../access/principal.ts';
import { hubError, type OAuth2 } from '../sdk/index.ts';
import { needsReconnect } from './attention.ts';
import type { Integration } from './integration-store.ts';

const DAY = 86_400;

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
  Object.assign(provider, { expiresIn: 60 * DAY, refreshes: 0 });
  renewedBy({ renewal: { by: 'owner', warnDays: 14 } });
});

function renewedBy(auth: Pick<OAuth2, 'renewal'>): void {
  const [oauth, manual] = ACME.auth;
  plugin = acmePlugin(acmeHandlers(), { ...ACME, auth: [{ ...oauth, ...auth }, manual] });
}

async function connect(integrationId?: string): Promise<Integration> {
  const begun = { store, principal: owner, pluginId: 'acme', binding: 'b', ...(integrationId && { integrationId }) };
  const { authorizeUrl } = await room.connect.oauthInitiate(begun);
  const came = { pluginId: 'acme', query: provider.allow(authorizeUrl), binding: 'b', principal: owner };
  return (await room.connect.oauthCallback(came)).integration;
}

async function endsIn(seconds: number): Promise<void> {
  const until = `expires_at = now() + $2 * interval '1 second'`;
  await room.sql.query(`update credentials set ${until} where store_id = $1`, [store.id, seconds]);
}
const shown = async ({ id }: Integration) => {
  const { status, reasonCode, message } = await room.store.get(store.id, id);
  return { status, reasonCode, message };
};
const GOOD = { status: 'active', reasonCode: undefined, message: undefined };
const WARNED = {
  status: 'active',
  reasonCode: 'RECONNECT_NEEDED',
  message: expect.stringMatching(/^Connect again before \d+ \w+ \d{4}\.$/),
};

describe('a permission that only its owner renews', () => {
  it('is never renewed by the hub, whatever the provider sent along', async () => {
    const integration = await connect();
    const credential = await room.credentials.get({ storeId: store.id, integrationId: integration.id });
    expect(Object.keys(credential?.secrets ?? {}).sort()).toEqual(['accessToken', 'grant']);
    await endsIn(100);
    await room.tokens.sweep();
    await room.tokens.accessToken(integration);
    expect(provider.refreshes).toBe(0);
  });

  it('says nothing before its days, then when to connect again, and goes on working', async () => {
    const integration = await connect();
    await endsIn(15 * DAY);
    await room.renewals.sweep();
    expect(await shown(integration)).toEqual(GOOD);
    await endsIn(13 * DAY);
    await room.renewals.sweep();
    expect(await shown(integration)).toEqual(WARNED);
    const health = await room.integrations.health(store.id, integration.id);
    expect(health).toMatchObject({
      state: 'attention',
      reason: WARNED.message,
      nextStep: 'Reconnect it; until then everything goes on.',
    });
    const { run, ctx } = await room.contexts.forIntegration(await room.store.get(store.id, integration.id));
    expect((await run(() => ctx.http.get('/me'))).status).toBe(200);
    expect((await room.integrations.test(store.id, integration.id, owner)).message).toContain('Connected');
    expect(await shown(integration)).toEqual(WARNED);
  });

  it('names the day in words', async () => {
    const integration = await connect();
    await room.sql.query(`update credentials set expires_at = '2020-03-05T23:30:00Z' where store_id = $1`, [store.id]);
    await room.renewals.sweep();
    expect((await shown(integration)).message).toBe('The permission of Blue Fitness ended on 5 March 2020; connect it again.');
  });

  it('needs its owner at the end, without a call to the provider, and works again once it is given anew', async () => {
    const integration = await connect();
    await endsIn(-1);
    provider.seen.length = 0;
    await room.renewals.sweep();
    expect(await shown(integration)).toMatchObject({ status: 'error', reasonCode: 'RECONNECT_NEEDED' });
    expect(provider.seen).toEqual([]);
    expect((await room.store.get(store.id, integration.id)).message).toContain('connect it again');
    await connect(integration.id);
    await room.renewals.sweep();
    expect(await shown(integration)).toEqual(GOOD);
  });

  it('is not asked for again once it was given anew before the end', async () => {
    const integration = await connect();
    await endsIn(DAY);
    await room.renewals.sweep();
    await connect(integration.id);
    await room.renewals.sweep();
    expect(await shown(integration)).toEqual(GOOD);
  });

  it('that a call finds ended flags it there and then', async () => {
    const integration = await connect();
    await endsIn(-1);
    provider.seen.length = 0;
    const { run, ctx } = await room.contexts.forIntegration(integration);
    const error = await run(() => ctx.http.get('/me')).then(
      () => undefined,
      (thrown: unknown) => hubError(thrown),
    );
    expect(error?.code).toBe('RECONNECT_NEEDED');
    expect(provider.seen).toEqual([]);
    expect(await shown(integration)).toMatchObject({ status: 'error' });
  });

  it('refused once before its end works again when a test shows that it does', async () => {
    const integration = await connect();
    await needsReconnect(room, integration, 'Refused.', room.sql);
    await room.integrations.test(store.id, integration.id, owner);
    expect(await shown(integration)).toEqual(GOOD);
  });
});

describe('keys that the provider says end', () => {
  const connectWith = async (expiresAt: string | undefined, integrationId?: string) => {
    const identify = async () => ({ externalId: 'acc-1', label: 'Blue Fitness', ...(expiresAt && { expiresAt }) });
    plugin = acmePlugin({ ...acmeHandlers(), identify });
    const fields = { key: 'key-acc-1-0123456789' };
    const asked = { store, principal: owner, pluginId: 'acme', fields, ...(integrationId && { integrationId }) };
    return (await room.connect.manual(asked)).integration;
  };
  const inDays = (days: number) => new Date(Date.now() + days * DAY * 1000).toISOString();

  it('are a fault of the plugin where the end is no moment', async () => {
    await expect(connectWith('soon')).rejects.toThrow(/expiresAt is no moment/);
  });

  it('are asked for two weeks before, shown as ending, and needed at the end', async () => {
    const integration = await connectWith(inDays(20));
    expect(integration.account).toEqual({ externalId: 'acc-1', label: 'Blue Fitness' });
    await room.renewals.sweep();
    expect(await shown(integration)).toEqual(GOOD);
    await endsIn(13 * DAY);
    // The page does not wait for the sweep to say so.
    expect(await room.integrations.health(store.id, integration.id)).toMatchObject({
      state: 'attention',
      reason: expect.stringMatching(/^Connect again with new keys before/),
    });
    await room.renewals.sweep();
    const message = expect.stringMatching(/^Connect again with new keys before \d+ \w+ \d{4}\.$/);
    expect(await shown(integration)).toEqual({ ...WARNED, message });
    expect(await room.integrations.health(store.id, integration.id)).toMatchObject({
      state: 'attention',
      fix: { by: 'reconnect' },
      token: { state: 'ending', renewable: false },
    });
    await endsIn(-1);
    await room.renewals.sweep();
    expect(await shown(integration)).toMatchObject({
      status: 'error',
      message: expect.stringMatching(/^The keys of Blue Fitness/),
    });
  });

  it('are forgotten with new ones, which may have no end', async () => {
    const integration = await connectWith(inDays(3));
    await room.renewals.sweep();
    await connectWith(undefined, integration.id);
    await room.renewals.sweep();
    expect(await shown(integration)).toEqual(GOOD);
    expect((await room.integrations.health(store.id, integration.id)).token).toBeNull();
  });
});

describe('a permission the hub renews', () => {
  it('is nothing its owner has to know of', async () => {
    renewedBy({});
    const integration = await connect();
    await endsIn(DAY);
    await room.renewals.sweep();
    expect(await shown(integration)).toEqual(GOOD);
  });
});
