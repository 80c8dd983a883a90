import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { type ConfigError, readConfig } from './config.ts';
import { isSecure } from './web/http/session.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const random = (length = 32) => randomBytes(length).toString('base64');
const keyOf = (bytes: readonly number[] | string) => `k1:${Buffer.from(bytes as string).toString('base64')}`;

const GOOD = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://hub.acme.test',
  HUB_KEYS: `k1:${random()}`,
  DATABASE_URL: `postgres://hub_app:${random(12).replace(/\W/g, '')}@db/hub`,
  SESSION_SECRET: random(),
  METRICS_TOKEN: random(),
  ADMIN_EMAIL: 'ana@acme.test',
  ADMIN_PASSWORD: 'seven grey herons wade',
} as const;

type Change = Partial<Record<keyof typeof GOOD | (string & {}), string>>;

function refusal(change: Change): string {
  try {
    readConfig({ ...GOOD, ...change });
  } catch (error) {
    expect((error as ConfigError).name).toBe('ConfigError');
    return (error as ConfigError).message;
  }
  throw new Error('the settings were accepted');
}

/** Environment → what the sentence must hold: the setting at fault, and what to set. */
const REFUSED: readonly [string, Change, RegExp][] = [
  ['no keys', { HUB_KEYS: '' }, /^HUB_KEYS is missing; set it to kid:base64 .*openssl rand/],
  ['a key of zeros', { HUB_KEYS: keyOf(Array(32).fill(0)) }, /^HUB_KEYS: the key "k1" is a sample .*openssl rand/],
  ['a key of one byte repeated', { HUB_KEYS: keyOf(Array(32).fill(7)) }, /^HUB_KEYS: the key "k1" is a sample/],
  ['a key that counts', { HUB_KEYS: keyOf([...Array(32).keys()]) }, /^HUB_KEYS: the key "k1" is a sample/],
  [
    'a key of a few bytes repeated',
    { HUB_KEYS: keyOf([...randomBytes(8), ...randomBytes(8)].flatMap((one) => [one, one])) },
    /sample/,
  ],
  ['a key that was typed', { HUB_KEYS: keyOf('this is my secret key for a hub!') }, /^HUB_KEYS: the key "k1" is a sample/],
  ['a key that is a hash in hex', { HUB_KEYS: keyOf('d41d8cd98f00b204e9800998ecf8427e') }, /^HUB_KEYS: the key "k1" is a sample/],
  ['a sample behind a good key', { HUB_KEYS: `k2:${random()},${keyOf(Array(32).fill(0))}` }, /^HUB_KEYS: the key "k1"/],
  ['no public address', { PUBLIC_URL: '' }, /^PUBLIC_URL is missing; set it to the https address/],
  ['plain http', { PUBLIC_URL: 'http://hub.acme.test' }, /^PUBLIC_URL must begin with https:\/\/ in production/],
  ['a folder of another site', { PUBLIC_URL: 'https://acme.test/hub' }, /^PUBLIC_URL holds more than scheme, host and port/],
  ['a public address with a password', { PUBLIC_URL: 'https://a:b@hub.acme.test' }, /^PUBLIC_URL holds more than/],
  ['a way back without encryption', { CONNECT_RETURN_URLS: 'http://app.acme.test/' }, /^CONNECT_RETURN_URLS .* https:\/\//],
  ['a proxy that is no address', { TRUST_PROXY: 'banana' }, /^TRUST_PROXY is "banana"; set it to how many proxies/],
  ['every proxy there may be', { TRUST_PROXY: 'true' }, /^TRUST_PROXY is "true"/],
  ['every address as a proxy', { TRUST_PROXY: 'loopback, 0.0.0.0/0' }, /^TRUST_PROXY is/],
  ['more proxies than anybody has', { TRUST_PROXY: '99' }, /^TRUST_PROXY is "99"/],
  ["the documents' database password", { DATABASE_URL: 'postgres://hub:…@db.internal/hub' }, /^DATABASE_URL holds a password/],
  ['a short session secret', { SESSION_SECRET: random(12) }, /^SESSION_SECRET is shorter than 32 characters; set it .*openssl/],
  ['a sample session secret', { SESSION_SECRET: 'keyboard-cat-is-my-secret-keyboard-cat' }, /^SESSION_SECRET is a sample/],
  ['a session secret of one letter', { SESSION_SECRET: 'x'.repeat(40) }, /^SESSION_SECRET is a sample or easy to guess/],
  [
    'a short admin password',
    { ADMIN_PASSWORD: 'herons' },
    /^ADMIN_PASSWORD is shorter than 12 .*leave it out and use the setup link/,
  ],
  ["the README's admin password", { ADMIN_PASSWORD: 'a long password' }, /^ADMIN_PASSWORD is a sample or easy to guess/],
  ['an admin password everybody tries', { ADMIN_PASSWORD: 'Change-Me-Please' }, /^ADMIN_PASSWORD is a sample/],
  ['a short metrics token', { METRICS_TOKEN: 'abc' }, /^METRICS_TOKEN is shorter than 16 characters/],
  ['a sample metrics token', { METRICS_TOKEN: 'example-metrics-token' }, /^METRICS_TOKEN is a sample/],
  [
    "the database's own first password",
    { DATABASE_URL: 'postgres://app:postgres@db/hub' },
    /^DATABASE_URL holds a password that is a sample/,
  ],
  ['a database password like its user', { DATABASE_URL: 'postgres://herons:herons@db/hub' }, /^DATABASE_URL holds a password/],
  ['a sample database password as a parameter', { DATABASE_URL: 'postgres://db/hub?password=changeme' }, /^DATABASE_URL holds/],
  ['the sandbox', { SANDBOX: '1' }, /^SANDBOX is refused in production; remove it, or set SANDBOX_IN_PRODUCTION=1/],
  ['an egress map', { EGRESS_MAP: '{}' }, /^EGRESS_MAP is refused in production; remove it, or set EGRESS_MAP_IN_PRODUCTION=1/],
  ['every private network', { EGRESS_ALLOW_PRIVATE: '10.1.2.3, 0.0.0.0/0' }, /^EGRESS_ALLOW_PRIVATE opens every network/],
  ['every private network of IPv6', { EGRESS_ALLOW_PRIVATE: '::/0' }, /^EGRESS_ALLOW_PRIVATE opens every network/],
  ['a mode in other letters', { NODE_ENV: 'PRODUCTION' }, /^NODE_ENV is "PRODUCTION"; set it to production/],
];

describe('in production', () => {
  it.each(REFUSED)('%s is refused with one sentence that says what to set', (_, change, sentence) => {
    const said = refusal(change);
    expect(said).toMatch(sentence);
    expect(said.match(/[.!?](?= |$)/g)).toHaveLength(1);
    for (const secret of Object.values(change)) if (secret && secret.length > 20) expect(said).not.toContain(secret);
  });

  it('what is in order is taken, with cookies for https alone, and neither sandbox nor map', () => {
    const config = readConfig(GOOD);
    expect(config).toMatchObject({ production: true, sandbox: false, keyFile: undefined });
    expect(config.egressMap.size).toBe(0);
    expect(isSecure(config)).toBe(true);
    expect(readConfig({ ...GOOD, SESSION_SECRET: '', METRICS_TOKEN: '', ADMIN_EMAIL: '', ADMIN_PASSWORD: '' }).production).toBe(
      true,
    );
  });

  it.each(['1', '0', '10.0.0.0/8, loopback', '::1', '192.168.0.0/255.255.0.0', 'fd00::/8'])(
    '%s is believed as a proxy',
    (given) => {
      expect(String(readConfig({ ...GOOD, TRUST_PROXY: given }).trustProxy)).toBe(given);
    },
  );

  it('sandbox and map are taken when that is said twice', () => {
    const twice = { SANDBOX_IN_PRODUCTION: '1', EGRESS_MAP_IN_PRODUCTION: '1' };
    const config = readConfig({ ...GOOD, ...twice, SANDBOX: '1', EGRESS_MAP: '{"API.example.com":"http://127.0.0.1:1/"}' });
    expect(config.sandbox).toBe(true);
    expect(config.egressMap.get('api.example.com')).toBe('http://127.0.0.1:1');
  });

  it('random keys are never taken for samples', () => {
    for (let at = 0; at < 2000; at += 1) readConfig({ ...GOOD, HUB_KEYS: `k1:${random()}` });
  });

  it('no key that the documents print would be taken', () => {
    const documents = [join(ROOT, 'README.md'), ...readdirSync(join(ROOT, 'docs')).map((name) => join(ROOT, 'docs', name))];
    const printed = documents
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) => readFileSync(file, 'utf8').match(/[\w.-]+:[A-Za-z0-9+/]{43}=/g) ?? []);
    for (const key of printed) expect(refusal({ HUB_KEYS: key })).toContain('is a sample');
  });

  it.each([
    ['keys', {}, /^HUB_KEYS is missing/],
    ['https', { HUB_KEYS: GOOD.HUB_KEYS, PUBLIC_URL: 'http://hub.acme.test' }, /^PUBLIC_URL must begin with https/],
  ])('a process without %s ends at once, says so in one line, and leaves nothing behind', (_, env, sentence) => {
    const home = mkdtempSync(join(tmpdir(), 'hub-production-'));
    const given = { PATH: '/usr/bin:/bin', NODE_ENV: 'production', DATA_DIR: join(home, 'data'), ...env };
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'bin/hub.js'), 'start'], {
      env: given,
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 78, stdout: '' });
    expect(stderr.trim()).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(readdirSync(home)).toEqual([]);
    rmSync(home, { recursive: true });
  });
});
