import { describe, expect, it } from '@jest/globals';
import { ACME } from '../../tests/support/fake-plugin.ts';
import { hubError, type Manifest } from '../sdk/index.ts';
import { whereTo } from './links.ts';

const regional: Manifest = { ...ACME, baseUrl: 'https://{dc}.api.acme.test/{tenant}', hosts: ['login.acme.test'] };

describe('where a plugin may call', () => {
  it('is the base URL of its manifest and the hosts it declares', () => {
    expect(whereTo(ACME, {})).toEqual({ baseUrl: 'https://api.acme.test/v1', hosts: ['api.acme.test'] });
  });

  it('is filled in from the account', () => {
    expect(whereTo(regional, { dc: 'us1', tenant: 'a.b_c' })).toEqual({
      baseUrl: 'https://us1.api.acme.test/a.b_c',
      hosts: ['us1.api.acme.test', 'login.acme.test'],
    });
  });

  it('is nowhere by a relative path while the account is unknown', () => {
    expect(whereTo(regional, { dc: 'us1' })).toEqual({ baseUrl: 'https://account-unknown.invalid', hosts: ['login.acme.test'] });
    const inPath = { ...regional, baseUrl: 'https://api.acme.test/{tenant}' } as const;
    expect(whereTo(inPath, {}).hosts).toEqual(['api.acme.test', 'login.acme.test']);
  });

  it.each(['evil.test/', 'evil.test#', 'evil.test?', 'a@evil.test', 'evil.test\\', '', 'a b', 'a..%2e', '{dc}', '-'])(
    'is never an address someone else chose: %j',
    (dc) => {
      let thrown: unknown;
      try {
        whereTo(regional, { dc, tenant: 'x' });
      } catch (error) {
        thrown = error;
      }
      expect(hubError(thrown)?.consequence).toBe('plugin-fault');
    },
  );
});
