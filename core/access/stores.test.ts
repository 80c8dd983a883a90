import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { until } from '../../tests/support/wait.ts';
import { inTransaction, sqlOf } from '../database/transaction.ts';
import { Accounts } from './accounts.ts';
import { ApiKeyStore } from './api-key-store.ts';
import { ApiKeys } from './api-keys.ts';
import { Audit } from './audit.ts';
import { AuditListStore } from './audit-list-store.ts';
import { LoginThrottle } from './login-throttle.ts';
import { Members } from './members.ts';
import { MembershipStore } from './membership-store.ts';
import { type Principal, SCOPES, type Scope } from './principal.ts';
import { Stores } from './stores.ts';
import { UserStore } from './user-store.ts';

let db: TestDatabase;
let accounts: Accounts;
let stores: Stores;
let keys: ApiKeys;
const people: Record<string, Principal> = {};
const store: Record<string, string> = {};

beforeAll(async () => {
  db = await testDatabase();
  const memberships = new MembershipStore(db.dataSource);
  accounts = new Accounts(new UserStore(db.dataSource), memberships);
  stores = new Stores(memberships);
  keys = new ApiKeys(new ApiKeyStore(db.dataSource));
  for (const slug of ['north', 'south']) store[slug] = (await stores.create({ slug, name: slug })).id;
  for (const name of ['owner', 'staff', 'root']) {
    const { id, email, operator } = await accounts.createUser({
      email: `${name}@example.com`,
      password: 'long enough it is',
      operator: name === 'root',
    });
    people[name] = { kind: 'session', userId: id, email, operator, scopes: SCOPES };
  }
  await memberships.join({ storeId: of(store, 'north'), userId: of(people, 'owner').userId, role: 'owner' });
  await memberships.join({ storeId: of(store, 'north'), userId: of(people, 'staff').userId, role: 'staff' });
});

afterAll(() => db.close());

describe('stores', () => {
  it.each([
    ['owner', 'north', 'manage', 'owner'],
    ['staff', 'north', 'sync', 'staff'],
    ['staff', 'north', 'manage', 'FORBIDDEN'],
    ['owner', 'south', 'view', 'NOT_FOUND'],
    ['owner', 'nowhere', 'view', 'NOT_FOUND'],
    ['root', 'south', 'manage', 'owner'],
    ['root', 'nowhere', 'view', 'NOT_FOUND'],
  ] as const)('let %s at %s (%s): %s', async (who, slug, need, outcome) => {
    const result = await stores.resolve(of(people, who), slug, need).catch((error: { code: string }) => ({ role: error.code }));
    expect(result.role).toBe(outcome);
  });

  it('are found by id as well, but not for strangers', async () => {
    expect(await stores.resolve(of(people, 'owner'), of(store, 'north'), 'view')).toMatchObject({ slug: 'north' });
    await expect(stores.resolve(of(people, 'owner'), of(store, 'south'), 'view')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are listed for members, and all of them for operators', async () => {
    expect((await stores.list(of(people, 'staff'))).map(({ slug, role }) => `${slug} ${role}`)).toEqual(['north staff']);
    expect((await stores.list(of(people, 'root'))).map(({ slug, role }) => `${slug} ${role}`)).toEqual([
      'north owner',
      'south owner',
    ]);
  });

  it.each([
    ['', 'x'],
    ['Big', 'x'],
    ['-a', 'x'],
    ['a/b', 'x'],
    ['fine', ' '],
  ])('are not called "%s" and "%s"', async (slug, name) => {
    await expect(stores.create({ slug, name })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  it('are not named after what leaves nothing of a slug', async () => {
    await expect(stores.createNamed('牙科')).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  it('get a slug of their name, and a number where it is taken', async () => {
    const slugs = [];
    for (const name of ['Zähne & Söhne', 'Zahne, Sohne']) slugs.push((await stores.createNamed(name)).slug);
    expect(slugs).toEqual(['zahne-sohne', 'zahne-sohne-2']);
  });

  it('have one slug each', async () => {
    await expect(stores.create({ slug: 'north', name: 'Again' })).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('API keys', () => {
  it('open one store with the scopes they were given, and nothing of a stranger', async () => {
    const { key } = await make('owner', 'owner', ['sync']);
    const principal = await keys.verify(key);
    expect(principal).toMatchObject({ kind: 'api-key', storeId: of(store, 'north'), scopes: ['sync'] });
    await expect(stores.resolve(principal as Principal, 'north', 'sync')).resolves.toMatchObject({ slug: 'north' });
    await expect(stores.resolve(principal as Principal, 'north', 'manage')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('of an operator still open one store only', async () => {
    const { key, scopes } = await make('root', 'owner');
    expect(scopes).toEqual(['read', 'sync', 'write', 'admin']);
    const principal = (await keys.verify(key)) as Principal;
    expect(await stores.list(principal)).toHaveLength(1);
    await expect(stores.resolve(principal, 'south', 'view')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('never carry more than their maker may', async () => {
    await expect(make('staff', 'staff', ['write'])).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(make('owner', 'owner', ['admin'])).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect((await make('staff', 'staff')).scopes).toEqual(['read', 'sync']);
  });

  it('are kept as a hash, and shown by their beginning', async () => {
    const { id, key } = await make('owner', 'owner');
    const [row] = await sqlOf(db.dataSource).query('select * from api_keys where id = $1', [id]);
    expect(JSON.stringify(row)).not.toContain(key);
    expect((await keys.list(of(store, 'north'))).find((listed) => listed.id === id)?.prefix).toBe(key.slice(0, 11));
  });

  it('end when they are revoked, by their own store only', async () => {
    const { id, key } = await make('owner', 'owner');
    await expect(keys.revoke(of(store, 'south'), id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(keys.revoke(of(store, 'north'), 'no uuid')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await keys.revoke(of(store, 'north'), id);
    expect(await keys.verify(key)).toBeUndefined();
    expect(await keys.verify('pb_nonsense')).toBeUndefined();
  });

  function make(who: string, role: 'owner' | 'staff', scopes?: Scope[]) {
    const { userId, operator } = of(people, who);
    return keys.create({ user: { id: userId, operator }, storeId: of(store, 'north'), role, name: 'k', scopes });
  }
});

describe('the audit log', () => {
  it('tells who did what, latest first', async () => {
    const audit = new Audit(sqlOf(db.dataSource));
    const storeId = of(store, 'south');
    await audit.record({
      storeId,
      principal: of(people, 'root'),
      action: 'integration.connect',
      target: 'x',
      detail: { plugin: 'p' },
    });
    await audit.record({ storeId, actor: 'cli', action: 'api-key.create' });
    const { entries } = await new AuditListStore(db.dataSource).page({ storeId }, { limit: 9 });
    expect(entries).toMatchObject([
      { actor: 'cli', action: 'api-key.create', target: null },
      { actor: 'root@example.com', action: 'integration.connect', target: 'x', detail: { plugin: 'p' } },
    ]);
  });
});

const LIMITS = { perAddress: 100, perIp: 100, seconds: 60, everywhere: 100, everywhereSeconds: 3600 };

describe('the login throttle', () => {
  it('stops guessing, forgives a success and keeps addresses apart', async () => {
    const throttle = new LoginThrottle({ database: db.dataSource, kind: 'a', limits: { ...LIMITS, perAddress: 2 } });
    const guess = (email: string) => throttle.guard({ email, ip: '10.0.0.1' }, async () => undefined);
    await guess('a@example.com');
    expect(await throttle.guard({ email: 'a@example.com', ip: '10.0.0.1' }, async () => 'in')).toBe('in');
    await guess('A@example.com');
    await guess('a@example.com');
    await expect(guess(' a@EXAMPLE.com')).rejects.toMatchObject({ code: 'RATE_LIMIT_EXCEEDED' });
    await expect(guess('b@example.com')).resolves.toBeUndefined();
  });

  it('stops one address that tries many names', async () => {
    const throttle = new LoginThrottle({ database: db.dataSource, kind: 'b', limits: { ...LIMITS, perIp: 2 } });
    const tries = ['a', 'b', 'c'].map((email) => throttle.guard({ email, ip: '10.0.0.1' }, async () => undefined));
    const statuses = (await Promise.allSettled(tries)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  });
});

describe('the last owner of a store', () => {
  it('is not removed by who saw another one a moment ago', async () => {
    const users = new UserStore(db.dataSource);
    const memberships = new MembershipStore(db.dataSource);
    const members = new Members({ memberships, users, audit: new Audit(sqlOf(db.dataSource)) });
    const { id, slug, name } = await stores.create({ slug: 'east', name: 'East' });
    const [first, second] = [of(people, 'owner'), of(people, 'staff')];
    await memberships.join({ storeId: id, userId: first.userId, role: 'owner' });
    await memberships.join({ storeId: id, userId: second.userId, role: 'staff' });
    const [changed, commit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const change = inTransaction(db.dataSource, async (sql) => {
      await memberships.lock(id, sql);
      await memberships.join({ storeId: id, userId: second.userId, role: 'owner' }, sql);
      await memberships.join({ storeId: id, userId: first.userId, role: 'staff' }, sql);
      changed.resolve();
      await commit.promise;
    });
    await changed.promise;
    const seen = { id, slug, name, role: 'owner' } as const;
    const removal = members.remove(seen, second.userId, { principal: first, ip: undefined });
    const outcome = removal.then(
      () => 'removed',
      (error: { code: string }) => error.code,
    );
    const waiting = () =>
      sqlOf(db.dataSource).query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
    await until(async () => (await waiting()).length > 0, { what: 'the removal to wait for the change' });
    commit.resolve();
    await change;
    expect(await outcome).toBe('CONFLICT');
    expect((await members.list(id)).filter(({ role }) => role === 'owner').map(({ userId }) => userId)).toEqual([second.userId]);
  });
});

function of<T>(values: Record<string, T>, name: string): T {
  const value = values[name];
  if (value === undefined) throw new Error(`no ${name}`);
  return value;
}
