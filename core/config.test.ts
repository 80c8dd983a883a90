import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type ConfigError, readConfig } from './config.ts';
import { maskConfig } from './config-mask.ts';

const KEY = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
const OTHER = `k2:${Buffer.alloc(32, 8).toString('base64')}`;

function refusal(env: Record<string, string>): string {
  try {
    readConfig({ HUB_KEYS: KEY, ...env });
  } catch (error) {
    expect((error as ConfigError).name).toBe('ConfigError');
    return (error as ConfigError).message;
  }
  throw new Error('the settings were accepted');
}

describe('settings', () => {
  it.each([
    ['a port that is not a number', { PORT: 'http' }, 'PORT is "http"'],
    ['a port out of range', { PORT: '70000' }, 'PORT is "70000"'],
    ['a public URL without a scheme', { PUBLIC_URL: 'hub.example.com' }, 'PUBLIC_URL is not a URL'],
    ['a database of another kind', { DATABASE_URL: 'mysql://db/x' }, 'DATABASE_URL is not a URL that begins with postgres://'],
    ['a key of the wrong length', { HUB_KEYS: 'k1:c2hvcnQ=' }, 'HUB_KEYS must be kid:base64 with 32 bytes'],
    ['a key with letters that base64 does not have', { HUB_KEYS: KEY.replace('Bw', '_$') }, 'HUB_KEYS must be kid:base64'],
    ['two keys of one name', { HUB_KEYS: `${KEY},${KEY}` }, 'same kid twice'],
    ['one key of two names', { HUB_KEYS: `${KEY},${KEY.replace('k1', 'k2')}` }, 'the same key under two names'],
    ['a mode nobody knows', { NODE_ENV: 'Production' }, 'NODE_ENV is "Production"; set it to production'],
    ['an admin without a password', { ADMIN_EMAIL: 'a@b.c' }, 'ADMIN_EMAIL and ADMIN_PASSWORD go together'],
    ['an egress map that is not JSON', { EGRESS_MAP: 'api=1' }, 'EGRESS_MAP is not a JSON object'],
    ['an egress map to something that is not a URL', { EGRESS_MAP: '{"api.example.com":"x"}' }, 'EGRESS_MAP (api.example.com)'],
    ['an unknown role', { ROLES: 'web,cron' }, 'ROLES names "cron"'],
    ['a switch that is neither on nor off', { SANDBOX: 'maybe' }, 'SANDBOX is "maybe"'],
    ['an unknown log level', { LOG_LEVEL: 'loud' }, 'LOG_LEVEL is "loud"'],
    ['a brand colour in words', { BRAND_COLOR: 'red' }, 'BRAND_COLOR must be'],
  ])('refuse %s with a sentence that names the setting', (_, env, message) => {
    expect(refusal(env as Record<string, string>)).toContain(message);
  });

  it('need nothing for a first try and keep the generated key readable by its owner only', () => {
    const home = mkdtempSync(join(tmpdir(), 'hub-'));
    const dir = join(home, 'data');
    const first = readConfig({ DATA_DIR: dir });
    const second = readConfig({ DATA_DIR: dir });
    expect(first.keys[0].key).toHaveLength(32);
    expect(second.keys[0]).toEqual(first.keys[0]);
    expect(second.sessionSecret).toBe(first.sessionSecret);
    expect(statSync(join(dir, 'keys')).mode & 0o777).toBe(0o600);
    expect(first.keyFile).toBe(join(dir, 'keys'));
    expect(readFileSync(join(dir, 'keys'), 'utf8')).not.toContain('undefined');
    rmSync(home, { recursive: true, force: true });
    expect(first).toMatchObject({ host: '127.0.0.1', port: 3000, publicUrl: 'http://127.0.0.1:3000', sandbox: true });
  });

  it('keep what another key of the ring signed, unless a secret of its own signs', () => {
    const [one, two] = [readConfig({ HUB_KEYS: KEY }), readConfig({ HUB_KEYS: `${OTHER},${KEY}` })];
    expect(two.sessionSecret).not.toBe(one.sessionSecret);
    expect(two.formerSessionSecrets).toEqual([one.sessionSecret]);
    expect(readConfig({ HUB_KEYS: `${OTHER},${KEY}`, SESSION_SECRET: 'own' })).toMatchObject({
      sessionSecret: 'own',
      formerSessionSecrets: [],
    });
  });

  it('are printed without a secret', () => {
    const config = readConfig({
      HUB_KEYS: `${KEY},${OTHER}`,
      DATABASE_URL: 'postgres://hub:db@dbpassword@db/hub?password=dbpassword&ssl=true',
      EGRESS_MAP: '{"api.example.com":"https://me:proxypassword@proxy.example"}',
      ADMIN_EMAIL: 'a@b.c',
      ADMIN_PASSWORD: 'adminpassword',
      SESSION_SECRET: 'sessionsecret',
      METRICS_TOKEN: 'metricstoken',
      ACME_CLIENT_SECRET: 'acmesecret',
    });
    const printed = JSON.stringify(maskConfig(config));
    for (const secret of [
      'dbpassword',
      'proxypassword',
      'adminpassword',
      'sessionsecret',
      'metricstoken',
      'acmesecret',
      KEY.slice(3),
    ]) {
      expect(printed).not.toContain(secret);
    }
    expect(maskConfig(config)).toMatchObject({
      keys: ['k1', 'k2'],
      databaseUrl: 'postgres://hub:****@db/hub?password=****&ssl=true',
    });
  });
});
