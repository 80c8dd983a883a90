import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { type FakeAnswer, FakeOAuthProvider } from '../../tests/support/fake-oauth-provider.ts';
import { acmePlugin } from '../../tests/support/fake-plugin.ts';
import { INTEGRATION_ENTITIES, integrationsRoom, newStore, type Room } from '../../tests/support/integrations-room.ts';
import { until } from '../../tests/support/wait.ts';
import { hubError } from '../sdk/index.ts';
import { KeyRing } from '../vault/key-ring.ts';
import { Vault } from '../vault/secret.ts';
import type { Integration } from './integration-store.ts';

const vault = new Vault(new KeyRing([{ kid: 't', key: randomBytes(32) }]));
let db: TestDatabase;
let provider: FakeOAuthProvider;
/** Two hosts of one hub; `other` asks at once where it takes a turn over, `patient` hears the one before out. */
let host: Room;
let other: Room;
let patient: Room;
let integration: Integration;
let first: string;

beforeAll(async () => {
  db = await testDatabase({ entities: INTEGRATION_ENTITIES });
  provider = await new FakeOAuthProvider().start();
  const room = (tokens: { leaseMs?: number; lastCallMs?: number }) =>
    integrationsRoom({ dataSource: db.dataSource, provider, plugin: () => acmePlugin(), vault, tokens });
  // A lease that a slow machine cannot lose, and no sign of life of its own that ends what a test says of it.
  host = room({ leaseMs: 600_000 });
  [other, patient] = [room({ lastCallMs: 0 }), room({ lastCallMs: 30_000 })];
});
afterAll(async () => {
  for (const room of [host, other, patient]) await room?.egress.close();
  await provider?.close();
  await db?.close();
});
beforeEach(async () => {
  provider.onToken = undefined;
  const { store, owner } = await newStore(db.dataSource);
  const wanted = { store, principal: owner, pluginId: 'acme', binding: 'b' };
  const { authorizeUrl } = await host.connect.oauthInitiate(wanted);
  const came = { pluginId: 'acme', query: provider.allow(authorizeUrl), binding: 'b', principal: owner };
  integration = (await host.connect.oauthCallback(came)).integration;
  first = await host.tokens.accessToken(integration);
  provider.refreshes = 0;
});

/** Requests to renew that wait for the test to answer them, in the order in which they came. */
function held(): ((answer: FakeAnswer) => void)[] {
  const waiting: ((answer: FakeAnswer) => void)[] = [];
  provider.onToken = () => new Promise((answer) => waiting.push(answer));
  return waiting;
}

function pair(name: string): FakeAnswer {
  provider.access.set(`at-${name}`, 'acc-1');
  return { status: 200, body: { access_token: `at-${name}`, refresh_token: `rt-${name}`, expires_in: 3600 } };
}

const GONE: FakeAnswer = { status: 400, body: { error: 'invalid_grant', error_description: 'The refresh token was used.' } };

const renewed = (room: Room) => {
  const token = room.tokens.accessToken(integration, { renew: first });
  token.catch(() => undefined);
  return token;
};
const lines = (count: number) => async (list: unknown[]) => until(() => list.length >= count, { what: `${count} requests` });
const silence = () => host.sql.query(`update credentials set lease_until = now() where store_id = $1`, [integration.storeId]);
const health = async () => (await host.integrations.health(integration.storeId, integration.id)).token?.renewal;
const credential = () => host.credentials.get({ storeId: integration.storeId, integrationId: integration.id });
const now = () => host.store.get(integration.storeId, integration.id);
const refusal = async (work: Promise<unknown>) =>
  hubError(
    await work.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );

/** A host took its turn, asked, and was never heard of again. */
async function interrupt(): Promise<void> {
  await host.sql.query(
    `update credentials set lease_owner = 'gone', lease_since = now(), lease_until = now(), fence = fence + 1,
       refresh_attempts = 1 where store_id = $1`,
    [integration.storeId],
  );
}

describe('a host that loses its turn unawares', () => {
  it('is heard out by the one that takes it over, and the provider is asked once', async () => {
    const waiting = held();
    const late = renewed(host);
    await lines(1)(waiting);
    await silence();
    const next = renewed(patient);
    await until(async () => (await credential())?.refreshOutcome === 'interrupted', { what: 'the turn to be taken over' });
    waiting[0]?.(pair('late'));
    expect([await late, await next]).toEqual(['at-late', 'at-late']);
    expect(provider.refreshes).toBe(1);
  });

  it.each([
    ['first', [0, 1]],
    ['last', [1, 0]],
  ])('cannot put its pair over that of the later turn, when it answers %s', async (_, order) => {
    const waiting = held();
    const late = renewed(host);
    await lines(1)(waiting);
    await silence();
    const next = renewed(other);
    await lines(2)(waiting);
    for (const at of order) {
      waiting[at]?.(pair(String(at)));
      await [late, next][at];
    }
    expect(await host.tokens.accessToken(integration)).toBe('at-1');
    const opened = await vault.openAll(
      { store: integration.storeId, owner: integration.id },
      (await credential())?.secrets ?? {},
    );
    expect(opened['refreshToken']).toBe('rt-1');
    expect((await now()).status).toBe('active');
  });

  it('saves the connection where the later turn is refused', async () => {
    const waiting = held();
    const late = renewed(host);
    await lines(1)(waiting);
    await silence();
    const next = renewed(other);
    await lines(2)(waiting);
    waiting[0]?.(pair('late'));
    await late;
    waiting[1]?.(GONE);
    expect(await next).toBe('at-late');
    expect((await now()).status).toBe('active');
  });

  it('does not lose it while it waits for the provider', async () => {
    const waiting = held();
    const slow = renewed(other);
    await lines(1)(waiting);
    const before = (await credential())?.leaseUntil?.getTime() ?? 0;
    await until(async () => ((await credential())?.leaseUntil?.getTime() ?? 0) > before, { what: 'the lease to be held' });
    waiting[0]?.(pair('slow'));
    expect(await slow).toBe('at-slow');
  });
});

describe('a renewal that was interrupted', () => {
  it('is tried once more, and where that is refused a person is asked, once and for all', async () => {
    await interrupt();
    provider.onToken = () => GONE;
    expect(await refusal(other.tokens.accessToken(integration))).toMatchObject({ code: 'RECONNECT_NEEDED' });
    const { status, message } = await now();
    expect(status).toBe('error');
    expect(message).toMatch(/connect it again\..*The hub was interrupted while it renewed access/);
    for (const room of [host, other]) {
      await room.tokens.sweep();
      await room.tokens.sweep({ ending: false });
      await refusal(renewed(room));
    }
    expect(provider.refreshes).toBe(1);
    expect(await health()).toMatchObject({ state: 'refused', lastOutcome: 'refused', message });
  });

  it('is ended by the sweep before anybody calls, also for a token that would be good for long', async () => {
    await host.tokens.sweep({ ending: false });
    expect(provider.refreshes).toBe(0);
    await interrupt();
    expect(await health()).toMatchObject({ state: 'interrupted', by: 'gone', attempts: 1 });
    await Promise.all([host.tokens.sweep({ ending: false }), other.tokens.sweep({ ending: false })]);
    expect(provider.refreshes).toBe(1);
    expect(await other.tokens.accessToken(integration)).not.toBe(first);
    expect(await health()).toMatchObject({ state: 'idle', lastOutcome: 'renewed' });
  });

  it('leaves callers the token they have while the provider cannot say', async () => {
    await interrupt();
    provider.onToken = () => ({ status: 503, body: {} });
    expect(await other.tokens.accessToken(integration)).toBe(first);
    expect(await health()).toMatchObject({ state: 'waiting', attempts: 2, lastOutcome: 'failed' });
  });
});

describe('a new pair', () => {
  it('outlives a database that is away when it comes', async () => {
    const { renew } = host.credentials;
    let away = 2;
    host.credentials.renew = (...given) => {
      away -= 1;
      if (away >= 0) return Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
      return renew.apply(host.credentials, given);
    };
    try {
      const token = await renewed(host);
      expect(provider.access.get(token)).toBe('acc-1');
      expect(provider.refreshes).toBe(1);
    } finally {
      host.credentials.renew = renew;
    }
  });

  it('is kept though the provider says it lives longer than any date', async () => {
    const answer = pair('eternal');
    provider.onToken = () => ({ ...answer, body: { ...(answer.body as object), expires_in: 1e20 } });
    expect(await renewed(host)).toBe('at-eternal');
    expect(await credential()).toMatchObject({ version: 2, expiresAt: null });
  });

  it('is given to those who wait for it even where it cannot be written to the audit log', async () => {
    const { record } = host.audit;
    host.audit.record = () => Promise.reject(new Error('The log is full.'));
    try {
      expect(provider.access.get(await renewed(host))).toBe('acc-1');
    } finally {
      host.audit.record = record;
    }
    expect((await credential())?.version).toBe(2);
  });

  it('is waited for by a host that is told to stop', async () => {
    const waiting = held();
    const token = renewed(host);
    await lines(1)(waiting);
    let stopped = false;
    const stopping = host.tokens.stop().then(() => {
      stopped = true;
    });
    await other.tokens.stop();
    expect(stopped).toBe(false);
    waiting[0]?.(pair('last'));
    await stopping;
    expect((await credential())?.refreshOutcome).toBe('renewed');
    expect(await token).toBe('at-last');
  });
});

describe('health', () => {
  it('says where the renewal stands, and nothing of what is renewed', async () => {
    expect(await health()).toEqual({
      ...{ state: 'idle', by: null, since: null, attempts: 0, nextTryAt: null },
      ...{ lastOutcome: null, lastOutcomeAt: null, message: null },
    });
    const waiting = held();
    const token = renewed(host);
    await lines(1)(waiting);
    const moment = expect.any(Date);
    expect(await health()).toMatchObject({ state: 'renewing', by: expect.any(String), since: moment, attempts: 1 });
    const used = `Not ${first}.`;
    waiting[0]?.({ status: 500, body: { error_description: used } });
    await refusal(token);
    const failed = await health();
    expect(failed).toMatchObject({ state: 'waiting', by: null, attempts: 1, lastOutcome: 'failed', nextTryAt: moment });
    expect(failed?.message).toMatch(/^Acme could not renew access just now/);
    expect(JSON.stringify(failed)).not.toContain(first);
    provider.onToken = undefined;
    await until(() => host.tokens.accessToken(integration, { renew: first }), { what: 'the pause to end' });
    expect(await health()).toMatchObject({
      state: 'idle',
      attempts: 0,
      lastOutcome: 'renewed',
      lastOutcomeAt: moment,
      message: null,
    });
  });
});
