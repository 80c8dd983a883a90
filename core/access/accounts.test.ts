import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { sqlOf } from '../database/transaction.ts';
import { hubError } from '../sdk/errors.ts';
import { Accounts } from './accounts.ts';
import { MembershipStore } from './membership-store.ts';
import { PasswordCheck } from './password-check.ts';
import { SetupLink } from './setup-link.ts';
import { UserStore } from './user-store.ts';

let db: TestDatabase;
let accounts: Accounts;

beforeAll(async () => {
  db = await testDatabase();
  accounts = accountsOn(db);
});

afterAll(() => db.close());

describe('a password', () => {
  let asked: string[] = [];
  let now = 0;
  const check = () => {
    [asked, now] = [[], 0];
    const matches = async (stored: string | undefined, password: string) => {
      asked.push(password);
      return stored === `hash of ${password}`;
    };
    return new PasswordCheck({ matches, now: () => now });
  };

  it('that is wrong, or of nobody, is worked out every time', async () => {
    const passwords = check();
    for (const stored of ['hash of b', 'hash of b', undefined, undefined])
      expect(await passwords.matches(stored, 'a')).toBe(false);
    expect(asked).toHaveLength(4);
  });

  it('that was right is not worked out again for a minute', async () => {
    const passwords = check();
    for (let time = 0; time < 3; time += 1) expect(await passwords.matches('hash of a', 'a')).toBe(true);
    expect(asked).toEqual(['a']);
    now = 60_000;
    expect(await passwords.matches('hash of a', 'a')).toBe(true);
    expect(asked).toEqual(['a', 'a']);
  });

  it('that was right opens nothing once it is another', async () => {
    const passwords = check();
    await passwords.matches('hash of a', 'a');
    expect(await passwords.matches('hash of b', 'a')).toBe(false);
  });
});

describe('accounts', () => {
  it.each([
    ['a short password', { email: 'a@example.com', password: 'nine char' }, '/password'],
    ['an endless password', { email: 'a@example.com', password: 'x'.repeat(1001) }, '/password'],
    ['no email at all', { email: 'nobody', password: 'long enough it is' }, '/email'],
    ['an email with a line end', { email: 'a@example.com\nb@example.com', password: 'long enough it is' }, '/email'],
  ])('refuses %s and names the field', async (_, input, pointer) => {
    const error = await accounts.createUser({ ...input, operator: false }).catch((caught: unknown) => caught);
    expect(hubError(error)).toMatchObject({ code: 'VALIDATION_FAILED', fields: [{ pointer }] });
  });

  it('refuses an email that is taken, however it is written', async () => {
    await accounts.createUser({ email: 'Twice@example.com', password: 'long enough it is', operator: false });
    const again = accounts.createUser({ email: 'twice@EXAMPLE.com', password: 'long enough it is', operator: false });
    await expect(again).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('knows a user by email and password only', async () => {
    await accounts.createUser({ email: 'anna@example.com', password: 'long enough it is', operator: false });
    expect(await accounts.verifyPassword('anna@example.com', 'long enough it was')).toBeUndefined();
    expect(await accounts.verifyPassword('nobody@example.com', 'long enough it is')).toBeUndefined();
    expect(await accounts.verifyPassword('anna@example.com', 'long enough it is'.padEnd(2000, ' '))).toBeUndefined();
    expect(await accounts.verifyPassword(' Anna@Example.com', 'long enough it is')).toMatchObject({ email: 'anna@example.com' });
  });

  it('keeps passwords as argon2id and gives none away', async () => {
    const user = await accounts.createUser({ email: 'hash@example.com', password: 'long enough it is', operator: false });
    const [row] = await sqlOf(db.dataSource).query<{ hash: string }>('select password_hash as hash from users where id = $1', [
      user.id,
    ]);
    expect(row?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(JSON.stringify(user)).not.toContain('argon2');
  });

  it('changes the stamp with the password', async () => {
    const before = await accounts.createUser({ email: 'new@example.com', password: 'long enough it is', operator: false });
    await accounts.verifyPassword('new@example.com', 'long enough it is');
    await accounts.setPassword('new@example.com', 'another long one');
    expect(await accounts.verifyPassword('new@example.com', 'long enough it is')).toBeUndefined();
    const after = await accounts.verifyPassword('new@example.com', 'another long one');
    expect(after?.stamp).not.toBe(before.stamp);
    await expect(accounts.setPassword('who@example.com', 'another long one')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(accounts.setPassword('new@example.com', 'short')).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });
});

describe('the first admin', () => {
  it('is made once, however many set-ups race', async () => {
    const own = await testDatabase();
    try {
      const racing = Array.from({ length: 5 }, (_, at) =>
        accountsOn(own).firstAdmin({
          email: `a${at}@example.com`,
          password: 'long enough it is',
          storeName: 'Mine',
          storeSlug: 'mine',
        }),
      );
      const results = await Promise.allSettled(racing);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const codes = results.flatMap((result) => (result.status === 'rejected' ? [hubError(result.reason)?.code] : []));
      expect(codes).toEqual(['CONFLICT', 'CONFLICT', 'CONFLICT', 'CONFLICT']);
      const [count] = await sqlOf(own.dataSource).query(
        'select (select count(*)::int from users) as users, (select count(*)::int from stores) as stores, (select count(*)::int from memberships) as members',
      );
      expect(count).toEqual({ users: 1, stores: 1, members: 1 });
    } finally {
      await own.close();
    }
  });

  it('comes from the settings without touching a password that was changed', async () => {
    const own = await testDatabase();
    try {
      const admin = { email: 'root@example.com', password: 'from the settings' };
      const weak = accountsOn(own).ensureAdmin({ ...admin, password: 'short' });
      await expect(weak).rejects.toThrow('ADMIN_PASSWORD cannot be used. Choose a password of at least 10 characters.');
      const made = await Promise.all([accountsOn(own).ensureAdmin(admin), accountsOn(own).ensureAdmin(admin)]);
      expect(made.sort()).toEqual(['created', 'exists']);
      await accountsOn(own).setPassword(admin.email, 'changed by hand');
      expect(await accountsOn(own).ensureAdmin(admin)).toBe('exists');
      expect(await accountsOn(own).verifyPassword(admin.email, 'changed by hand')).toMatchObject({ operator: true });
      const stores = await new MembershipStore(own.dataSource).all();
      expect(stores.map(({ slug }) => slug)).toEqual(['default']);
    } finally {
      await own.close();
    }
  });

  it('comes by a link that works once and only while there is nobody', async () => {
    const own = await testDatabase();
    try {
      const link = new SetupLink(accountsOn(own));
      const first = tokenOf(await link.issue());
      const token = tokenOf(await link.issue());
      const admin = { email: 'me@example.com', password: 'long enough it is', storeName: 'Mine', storeSlug: 'default' };
      await expect(link.claim(first, admin)).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(link.claim('', admin)).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(link.claim(token, { ...admin, password: 'short' })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
      await expect(link.claim(token, { ...admin, storeName: ' ' })).rejects.toMatchObject({
        fields: [{ pointer: '/storeName' }],
      });
      expect((await link.claim(token, admin)).user).toMatchObject({ email: 'me@example.com', operator: true });
      await expect(link.claim(token, admin)).rejects.toMatchObject({ code: 'FORBIDDEN' });
      expect(await link.issue()).toBeUndefined();
    } finally {
      await own.close();
    }
  });
});

function accountsOn({ dataSource }: TestDatabase): Accounts {
  return new Accounts(new UserStore(dataSource), new MembershipStore(dataSource));
}

function tokenOf(path: string | undefined): string {
  return new URL(path ?? '', 'http://hub').searchParams.get('token') ?? '';
}
