import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { FakeOAuthProvider } from '../../tests/support/fake-oauth-provider.ts';
import { acmeHandlers, acmePlugin } from '../../tests/support/fake-plugin.ts';
import { INTEGRATION_ENTITIES, integrationsRoom, newStore, type Room } from '../../tests/support/integrations-room.ts';
import type { Principal } from '../access/principal.ts';
import { type Ctx, NotFound, type Subscribed, TryLater, type Webhook } from '../sdk/index.ts';
import type { Integration } from './integration-store.ts';

const KEY = 'key-acc-1-0123456789';

let db: TestDatabase;
let provider: FakeOAuthProvider;
let room: Room;
let store: { id: string; slug: string };
let owner: Principal;
/** What the provider has registered, and what it was asked in turn. */
let registered: Set<string>;
let asked: string[];
let subscribe: Webhook['subscribe'];
let unsubscribe: NonNullable<Webhook['unsubscribe']>;

const list = (ctx: Ctx) => (ctx.config as { list?: string }).list ?? '';

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
  registered = new Set();
  asked = [];
  subscribe = async (ctx, url): Promise<Subscribed> => {
    const id = `sub-${list(ctx)}-${asked.length}`;
    if (ctx.webhookUrl !== url) throw new Error(`A context says ${ctx.webhookUrl}, subscribe is told ${url}.`);
    registered.add(id);
    asked.push(`subscribe ${list(ctx)}`);
    return { id, secrets: { signingSecret: `whsec-${id}` }, accounts: [`page-of-${list(ctx)}`] };
  };
  unsubscribe = async (_, id) => {
    asked.push(`unsubscribe ${id}`);
    if (!registered.delete(id)) throw new NotFound(`No subscription ${id}.`);
  };
  const webhook = (): Webhook => ({
    scope: 'integration',
    retryStatus: 500,
    verify: () => false,
    events: () => [],
    follows: ['list', 'signingKey'] as never,
    ...(subscribe && { subscribe }),
    unsubscribe: (ctx, id, shared) => unsubscribe(ctx, id, shared),
  });
  await room?.egress.close();
  room = integrationsRoom({
    dataSource: db.dataSource,
    provider,
    plugin: () => acmePlugin({ ...acmeHandlers(), webhook: webhook() } as never),
  });
  ({ store, owner } = await newStore(db.dataSource));
});

async function connect(more: { integrationId?: string } = {}): Promise<Integration> {
  return (await room.connect.manual({ store, principal: owner, pluginId: 'acme', fields: { key: KEY }, ...more })).integration;
}

const configure = ({ id }: Integration, values: Record<string, unknown>) =>
  room.integrations.configure(store.id, id, values, owner);
const test = ({ id }: Integration) => room.integrations.test(store.id, id, owner);
const now = ({ id }: Integration) => room.store.get(store.id, id);
const routed = async (account: string) => (await room.store.byAccount('acme', account)).map(({ id }) => id);

async function secrets({ id }: Integration) {
  const { current, former } = await room.store.webhookSecrets(store.id, id);
  const place = { store: store.id, owner: id };
  return { current: await room.vault.openAll(place, current), former: await room.vault.openAll(place, former) };
}

describe('what a provider gives back for a subscription', () => {
  it('is kept: its name, its secrets sealed, its accounts for routing', async () => {
    const integration = await connect();
    expect(integration).toMatchObject({ webhookSubscription: 'sub-main-0', webhookProblem: undefined });
    expect(await secrets(integration)).toEqual({ current: { signingSecret: 'whsec-sub-main-0' }, former: {} });
    const [row] = await room.sql.query<{ sealed: string }>(
      'select webhook_secrets::text as sealed from integrations where id = $1',
      [integration.id],
    );
    expect(row?.sealed).not.toContain('whsec');
    expect(await routed('page-of-main')).toEqual([integration.id]);
    expect(await routed('acc-1')).toContain(integration.id);
  });

  it('routes an account of several stores to each of them', async () => {
    const first = await connect();
    ({ store, owner } = await newStore(db.dataSource));
    const second = await connect();
    expect(await routed('page-of-main')).toEqual(expect.arrayContaining([first.id, second.id]));
  });

  it('names what other connections still hear of when it ends', async () => {
    const told: (readonly string[])[] = [];
    const first = await configure(await connect(), { list: 'twice' });
    const place = { store, owner };
    ({ store, owner } = await newStore(db.dataSource));
    const second = await configure(await connect(), { list: 'twice' });
    unsubscribe = async (_, __, shared) => void told.push(shared);
    await room.integrations.disconnect(store.id, second.id, { keepRecords: true, principal: owner });
    await room.integrations.disconnect(place.store.id, first.id, { keepRecords: true, principal: place.owner });
    expect(told[0]).toContain('page-of-twice');
    expect(told[1]).not.toContain('page-of-twice');
  });

  it('does not open for another integration', async () => {
    const integration = await connect();
    const { current } = await room.store.webhookSecrets(store.id, integration.id);
    await expect(room.vault.openAll({ store: store.id, owner: 'another' }, current)).rejects.toThrow('belongs elsewhere');
  });

  it.each([
    ['a bare text', 'sub-1'],
    ['no id', { secrets: {} }],
    ['secrets that are no texts', { id: 's', secrets: { key: 1 } }],
    ['accounts that are no list', { id: 's', accounts: 'page' }],
  ])('is refused where it is %s', async (_, answer) => {
    subscribe = async () => answer as never;
    expect((await connect()).webhookProblem).toContain('Acme');
  });

  it('may be nothing yet: asked again once a setting it follows is chosen', async () => {
    const later = subscribe;
    subscribe = async (ctx, url) => (list(ctx) === 'main' ? undefined : later?.(ctx, url));
    const integration = await connect();
    expect(integration).toMatchObject({ webhookSubscription: undefined, webhookProblem: undefined });
    expect((await configure(integration, { list: 'news' })).webhookSubscription).toBe('sub-news-0');
  });
});

describe('a setting that a subscription follows', () => {
  it('makes it anew when it changes: the old one ends first, its secret stays good for a while', async () => {
    const integration = await connect();
    const changed = await configure(integration, { list: 'news' });
    expect(asked).toEqual(['subscribe main', 'unsubscribe sub-main-0', 'subscribe news']);
    expect(changed.webhookSubscription).toBe('sub-news-2');
    expect(await secrets(integration)).toEqual({
      current: { signingSecret: 'whsec-sub-news-2' },
      former: { signingSecret: 'whsec-sub-main-0' },
    });
    expect(await routed('page-of-main')).not.toContain(integration.id);
    expect(await routed('page-of-news')).toContain(integration.id);
  });

  it('brings back no secret whose day is over', async () => {
    const integration = await connect();
    await configure(integration, { list: 'news' });
    await room.sql.query(
      `update integrations set webhook_former = jsonb_build_object('oldSecret', webhook_secrets->'signingSecret'),
         webhook_former_until = now() - interval '1 hour' where id = $1`,
      [integration.id],
    );
    await configure(integration, { list: 'third' });
    await configure(integration, { list: 'third', signingKey: 'first-secret' });
    await configure(integration, { list: 'third', signingKey: 'second-secret' });
    const { former } = await room.store.webhookSecrets(store.id, integration.id);
    expect(Object.keys(former).sort()).toEqual(['signingKey', 'signingSecret']);
  });

  it('may be secret: then the value before it stays good for a while too', async () => {
    const integration = await connect();
    await configure(integration, { list: 'main', signingKey: 'first-secret' });
    await configure(integration, { list: 'main', signingKey: 'second-secret' });
    expect(asked.filter((one) => one.startsWith('subscribe'))).toHaveLength(3);
    expect(await secrets(integration)).toMatchObject({
      current: { signingKey: 'second-secret' },
      former: { signingKey: 'first-secret' },
    });
  });

  it('leaves the subscription alone when another setting changes, or none', async () => {
    const integration = await connect();
    await configure(integration, { list: 'main', tags: ['vip'] });
    await test(integration);
    expect(asked).toEqual(['subscribe main']);
  });

  it('is kept though the provider does not unsubscribe; the card says so and a test tries again', async () => {
    const integration = await connect();
    const ends = unsubscribe;
    unsubscribe = () => Promise.reject(new TryLater('Acme is busy.'));
    const changed = await configure(integration, { list: 'news' });
    expect(changed).toMatchObject({ config: { list: 'news' }, status: 'active', webhookSubscription: 'sub-main-0' });
    expect(changed.webhookProblem).toContain('Acme is busy.');
    expect((await secrets(integration)).current).toEqual({ signingSecret: 'whsec-sub-main-0' });
    unsubscribe = ends;
    await test(integration);
    expect(await now(integration)).toMatchObject({ webhookSubscription: 'sub-news-2', webhookProblem: undefined });
  });

  it('is no trouble any more once it is as it was', async () => {
    const integration = await connect();
    unsubscribe = () => Promise.reject(new TryLater('Acme is busy.'));
    await configure(integration, { list: 'news' });
    const changed = await configure(integration, { list: 'main' });
    expect(changed).toMatchObject({ webhookSubscription: 'sub-main-0', webhookProblem: undefined });
  });

  it('that cannot be subscribed keeps the old secret good until it can', async () => {
    const integration = await connect();
    const works = subscribe;
    subscribe = () => Promise.reject(new TryLater('Acme is busy.'));
    const changed = await configure(integration, { list: 'news' });
    expect(changed).toMatchObject({ webhookSubscription: undefined, webhookProblem: expect.stringContaining('Acme is busy.') });
    expect((await secrets(integration)).current).toEqual({ signingSecret: 'whsec-sub-main-0' });
    subscribe = works;
    await test(integration);
    expect(await now(integration)).toMatchObject({ webhookSubscription: 'sub-news-2', webhookProblem: undefined });
  });

  it('is followed by the last of two that change it at once, and nothing is left behind', async () => {
    const integration = await connect();
    await Promise.all([configure(integration, { list: 'news' }), configure(integration, { list: 'other' })]);
    await test(integration);
    const { webhookSubscription, config } = await now(integration);
    expect(webhookSubscription).toContain(`sub-${config['list']}-`);
    expect([...registered]).toEqual([webhookSubscription]);
  });
});

describe('a subscription', () => {
  it.each(['test', 'configure', 'reconnect'] as const)('that failed at first is made by %s', async (step) => {
    const works = subscribe;
    subscribe = () => Promise.reject(new TryLater('Acme is busy.'));
    const integration = await connect();
    expect((await room.integrations.health(store.id, integration.id)).reason).toContain('Acme is busy.');
    subscribe = works;
    if (step === 'test') await test(integration);
    if (step === 'configure') await configure(integration, { list: 'main' });
    if (step === 'reconnect') await connect({ integrationId: integration.id });
    expect(await now(integration)).toMatchObject({ webhookSubscription: 'sub-main-0', webhookProblem: undefined });
  });

  it('is made anew by a reconnection, though the provider has forgotten the old one', async () => {
    const integration = await connect();
    registered.clear();
    await room.store.setStatus(store.id, integration.id, { status: 'error', reasonCode: 'RECONNECT_NEEDED', message: 'ended' });
    const again = await connect({ integrationId: integration.id });
    expect(again.webhookSubscription).toBe('sub-main-2');
    expect([...registered]).toEqual(['sub-main-2']);
  });

  it('ends with the connection: nothing of it is kept', async () => {
    const integration = await connect();
    await configure(integration, { list: 'news' });
    await room.integrations.disconnect(store.id, integration.id, { keepRecords: true, principal: owner });
    expect([...registered]).toEqual([]);
    expect((await now(integration)).webhookSubscription).toBeUndefined();
    expect(await secrets(integration)).toEqual({ current: {}, former: {} });
    expect(await routed('page-of-news')).not.toContain(integration.id);
  });
});
