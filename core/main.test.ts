import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../tests/support/database.ts';
import { Accounts } from './access/accounts.ts';
import { ApiKeyStore } from './access/api-key-store.ts';
import { ApiKeys } from './access/api-keys.ts';
import { MembershipStore } from './access/membership-store.ts';
import { UserStore } from './access/user-store.ts';
import { readConfig } from './config.ts';
import { main } from './main.ts';

describe('the command line', () => {
  let db: TestDatabase;
  let dir: string;

  beforeAll(async () => {
    db = await testDatabase();
    dir = mkdtempSync(join(tmpdir(), 'hub-cli-'));
    mkdirSync(join(dir, 'plugins', 'broken'), { recursive: true });
    writeFileSync(join(dir, 'plugins', 'broken', 'index.ts'), 'export default {');
  });
  afterAll(async () => {
    await db.close();
    rmSync(dir, { recursive: true, force: true });
  });

  async function hub(line: string, { env = {}, typed = '' }: { env?: Record<string, string>; typed?: string } = {}) {
    const out: string[] = [];
    const err: string[] = [];
    const settings = {
      DATABASE_URL: db.url,
      DATA_DIR: join(dir, 'data'),
      PLUGIN_DIRS: join(dir, 'plugins'),
      HUB_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      ...env,
    };
    const code = await main(line.split(' ').filter(Boolean), {
      out: (text) => void out.push(text),
      err: (text) => void err.push(text),
      readSecret: async () => typed,
      readConfig: () => readConfig(settings),
    });
    return { code, out: out.join('\n'), err: err.join('\n') };
  }

  it.each([
    ['', 2, /Usage: hub/],
    ['brew coffee', 2, /There is no command "brew coffee"/],
    ['user', 2, /There is no command "user"/],
    ['user create', 2, /--email is missing/],
    ['user password', 2, /--email is missing/],
    ['user create --email a@example.com --role boss', 2, /--role is "boss"; it may be owner or staff/],
    ['user create --email a@example.com --role owner', 2, /--role needs --store/],
    ['api-key create --email a@example.com --scope all', 2, /--scope is "all"/],
    ['migrate now', 2, /Unexpected argument 'now'/],
    ['config --colour', 2, /Unknown option '--colour'/],
  ])('"hub %s" is refused with the usage', async (line, code, message) => {
    const said = await hub(line);
    expect(said.code).toBe(code);
    expect(said.out + said.err).toMatch(message);
    expect(said.out + said.err).toContain('Usage: hub');
  });

  it('says in one sentence which setting is wrong, with a code of its own', async () => {
    const said = await hub('config', { env: { PORT: 'http' } });
    expect(said).toEqual({ code: 78, out: '', err: 'PORT is "http"; set it to a whole number from 0 to 65535.' });
  });

  const aFile = 'which is a file, or lies below one; set it';
  const nowhere = 'where (no folder can be made|this user may not write); set it';
  const unusable: [string, string, () => string, string][] = [
    ['a data folder that is a file', 'DATA_DIR', () => import.meta.filename, aFile],
    ['one below a file', 'DATA_DIR', () => join(import.meta.filename, 'a', 'b'), aFile],
    ['a folder of plugins that is not there', 'PLUGIN_DIRS', () => join(dir, 'plugin'), 'which is not there; mend that'],
    ['one that is a file', 'PLUGIN_DIRS', () => `${dir}${delimiter}${import.meta.filename}`, 'which is no folder; mend that'],
  ];
  if (process.platform === 'linux') {
    unusable.push(['a data folder of no disk', 'DATA_DIR', () => '/proc', nowhere]);
    unusable.push(['one that cannot be made', 'DATA_DIR', () => '/proc/a/b', nowhere]);
  }
  it.each(unusable)('does not start with %s, and says so in one sentence', async (_, setting, value, why) => {
    const said = await hub('start', { env: { [setting]: value() } });
    expect(said).toMatchObject({ code: 78, out: '' });
    expect(said.err).toContain(value().split(delimiter).at(-1));
    expect(said.err).toMatch(new RegExp(`^${setting} (is|names) \\S+, ${why}.*\\.$`));
  });

  it('says that the database is away, and from where it was asked', async () => {
    const said = await hub('migrate', { env: { DATABASE_URL: 'postgres://x:sesame@127.0.0.1:1/x' } });
    expect(said.code).toBe(1);
    expect(said.err).toMatch(/^The database cannot be reached .*ECONNREFUSED.*DATABASE_URL/);
    expect(said.err).not.toContain('sesame');
  });

  it('refuses a weak password, an unknown store and a stranger without leaving anything', async () => {
    const weak = await hub('user create --email weak@example.com', { typed: 'short' });
    expect(weak).toMatchObject({ code: 1, out: '' });
    const nowhere = await hub('user create --email nowhere@example.com --store none', { typed: 'a long enough password' });
    expect(nowhere).toMatchObject({ code: 1, err: 'There is no store "none"; check its slug.' });
    const stranger = await hub('api-key create --email nobody@example.com');
    expect(stranger).toMatchObject({ code: 1, err: expect.stringContaining('There is no user nobody@example.com') });
    expect(await db.dataSource.query('select * from users')).toEqual([]);
  });

  it('makes a user and an API key that opens their store', async () => {
    const memberships = new MembershipStore(db.dataSource);
    const store = await memberships.insert({ slug: 'north', name: 'North' });
    const typed = 'a long enough password';
    const made = await hub('user create --email Ann@example.com --store north --role owner', { typed });
    expect(made).toEqual({ code: 0, out: 'Made the user Ann@example.com, owner of North.', err: '' });
    const again = await hub('user create --email ann@example.com', { typed });
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('already') });
    const accounts = new Accounts(new UserStore(db.dataSource), memberships);
    expect(await accounts.verifyPassword('ann@example.com', typed)).toMatchObject({ operator: false });
    const other = 'another long password';
    expect(await hub('user password --email nobody@example.com', { typed: other })).toMatchObject({ code: 1 });
    const set = await hub('user password --email ann@example.com --second-factor-off', { typed: other });
    expect(set.out).toBe('The password of Ann@example.com is set.');
    expect(await accounts.verifyPassword('ann@example.com', other)).toBeDefined();
    const key = await hub('api-key create --email ann@example.com --store north --scope read');
    const principal = await new ApiKeys(new ApiKeyStore(db.dataSource)).verify(key.out);
    expect(principal).toMatchObject({ storeId: store?.id, scopes: ['read'] });
    const audited = await db.dataSource.query('select action from audit_entries where actor = $1 order by at', ['cli']);
    expect(audited).toEqual([{ action: 'user.create' }, { action: 'password.reset' }, { action: 'api-key.create' }]);
  });

  it('migrates once', async () => {
    const fresh = await testDatabase({ empty: true });
    const first = await hub('migrate', { env: { DATABASE_URL: fresh.url } });
    const second = await hub('migrate', { env: { DATABASE_URL: fresh.url } });
    await fresh.close();
    expect(first.out).toMatch(/^applied \d{14}-initial/);
    expect(second).toEqual({ code: 0, out: 'The schema is up to date.', err: '' });
  });

  it('prints the settings without their secrets', async () => {
    const { out } = await hub('config', { env: { DATABASE_URL: 'postgres://hub:sesame@db/hub', METRICS_TOKEN: 'opensesame' } });
    expect(JSON.parse(out)).toMatchObject({ databaseUrl: 'postgres://hub:****@db/hub', keys: ['k1'] });
    expect(out).not.toContain('sesame');
  });

  it('names the runtime, the database and each plugin that failed', async () => {
    const doctor = await hub('doctor');
    expect(doctor.code).toBe(1);
    expect(doctor.out).toMatch(/^ok {5}Node v(2[4-9]|[3-9]\d)\./);
    expect(doctor.out).toMatch(/ok {5}PostgreSQL 1[5-9]/);
    expect(doctor.out).toMatch(/WRONG {2}plugin broken: .*index\.ts/);
    const list = await hub('plugin list');
    expect(list).toMatchObject({ code: 1, out: expect.stringMatching(/broken\s+failed/) });
    expect(JSON.parse((await hub('plugin list --json')).out)).toMatchObject([{ id: 'broken', state: 'failed' }]);
  });
});
