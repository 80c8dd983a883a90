import { describe, expect, it } from '@jest/globals';
import { AuthorizationCodes, demoGrant, hashOf, type TokenGrant, TokenStore } from './tokens.ts';

const NOW = 1_800_000_000_000;
const REDIRECT = 'https://hub.example/callback';
const at = { redirectUri: REDIRECT, now: NOW };

describe('authorization codes', () => {
  it.each([
    ['nobody was given', 'made-up', at, 'unknown'],
    ['has grown old', undefined, { ...at, now: NOW + 600_001 }, 'expired'],
    ['comes with another redirect URI', undefined, { ...at, redirectUri: `${REDIRECT}/` }, 'redirect_uri'],
    ['comes with another verifier', undefined, { ...at, verifier: 'another' }, 'code_verifier'],
    ['comes without its verifier', undefined, at, 'code_verifier'],
  ])('refuse one that %s', (_, given, when, fault) => {
    const codes = new AuthorizationCodes<string>();
    const code = codes.issue('acc_1', { ...at, challenge: hashOf('the verifier') });
    expect(codes.redeem(given ?? code, when)).toMatchObject({ fault });
  });

  it('are good once, also where the first try was wrong', () => {
    const codes = new AuthorizationCodes<string>();
    const [tried, wrong] = [codes.issue('acc_1', at), codes.issue('acc_1', at)];
    expect(codes.redeem(tried, at)).toEqual({ given: 'acc_1' });
    expect(codes.redeem(tried, at)).toEqual({ given: 'acc_1', fault: 'used' });
    codes.redeem(wrong, { ...at, redirectUri: 'https://else.example' });
    expect(codes.redeem(wrong, at)).toMatchObject({ fault: 'used' });
  });

  it('outlive a wrong redirect URI where the provider is patient', () => {
    const codes = new AuthorizationCodes<string>({ sparesMismatch: true });
    const code = codes.issue('acc_1', at);
    expect(codes.redeem(code, { ...at, redirectUri: 'https://else.example' })).toMatchObject({ fault: 'redirect_uri' });
    expect(codes.redeem(code, at)).toEqual({ given: 'acc_1' });
  });
});

function store(
  rules: { accessSeconds?: number; rotates?: boolean; graceSeconds?: number } = {},
  grants: readonly TokenGrant[] = [],
) {
  let saves = 0;
  const changed = () => {
    saves += 1;
  };
  return { tokens: new TokenStore(grants, { accessSeconds: 3600, ...rules, changed }), saves: () => saves };
}

const given = { subject: 'acc_1', scopes: ['read'], refreshable: true };

describe('tokens', () => {
  it('end with their time, and never where they have none', () => {
    const { tokens } = store();
    const { accessToken } = tokens.open(given, NOW);
    expect(tokens.grantOf(accessToken, NOW + 3_599_000)?.subject).toBe('acc_1');
    expect(tokens.grantOf(accessToken, NOW + 3_600_000)).toBeUndefined();
    const lasting = store({ accessSeconds: 0 }).tokens;
    expect(lasting.grantOf(lasting.open(given, NOW).accessToken, NOW * 2)?.subject).toBe('acc_1');
  });

  it('rotate, and a refresh token shown twice ends all of its consent and nothing else', () => {
    const { tokens } = store({ rotates: true });
    const [first, other] = [tokens.open(given, NOW), tokens.open(given, NOW)];
    const second = tokens.renew(first.refreshToken ?? '', NOW);
    if (typeof second === 'string') throw new Error(second);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(tokens.renew(first.refreshToken ?? '', NOW)).toBe('used');
    expect(tokens.grantOf(second.accessToken, NOW)).toBeUndefined();
    expect(tokens.renew(second.refreshToken ?? '', NOW)).toBe('unknown');
    expect(tokens.grantOf(other.accessToken, NOW)).toBeDefined();
  });

  it('are given again for a time where an answer may be lost, in place of those that were lost', () => {
    const { tokens } = store({ rotates: true, graceSeconds: 30 });
    const { refreshToken: first = '' } = tokens.open(given, NOW);
    const pairs = [0, 10_000, 29_999].map((later) => tokens.renew(first, NOW + later));
    const [lost, , last] = pairs.map((pair) => (typeof pair === 'string' ? '' : (pair.refreshToken ?? '')));
    expect(new Set(pairs.map((pair) => typeof pair === 'object' && pair.refreshToken)).size).toBe(3);
    const next = tokens.renew(last ?? '', NOW + 29_999);
    expect(next).toMatchObject({ grant: { revoked: false } });
    expect(tokens.renew(lost ?? '', NOW + 30_000)).toBe('used');
    expect(tokens.living).toEqual([]);
  });

  it.each([
    ['after that time', 30_000],
    ['long after', 30 * 86_400_000],
  ])('are not given again %s: whoever asks has stolen the token', (_, later) => {
    const { tokens } = store({ rotates: true, graceSeconds: 30 });
    const { refreshToken: first = '' } = tokens.open(given, NOW);
    tokens.renew(first, NOW);
    expect(tokens.renew(first, NOW + later)).toBe('used');
    expect(tokens.living).toEqual([]);
  });

  it('are renewed by the same refresh token again and again where they do not rotate', () => {
    const { tokens } = store();
    const { refreshToken = '' } = tokens.open(given, NOW);
    for (const _ of [1, 2]) expect(tokens.renew(refreshToken, NOW)).not.toHaveProperty('refreshToken');
    expect(tokens.open({ ...given, refreshable: false }, NOW)).not.toHaveProperty('refreshToken');
  });

  it('are expired and revoked by a person', () => {
    const { tokens } = store();
    const { accessToken, refreshToken = '' } = tokens.open(given, NOW);
    expect(tokens.expire()).toBe(1);
    expect(tokens.grantOf(accessToken, NOW)).toBeUndefined();
    expect(typeof tokens.renew(refreshToken, NOW)).toBe('object');
    expect(tokens.revoke(({ subject }) => subject === 'acc_2')).toBe(0);
    expect(tokens.find(refreshToken)?.subject).toBe('acc_1');
    expect(tokens.revoke()).toBe(1);
    expect(tokens.renew(refreshToken, NOW)).toBe('unknown');
    expect(tokens.living).toEqual([]);
  });

  it('outlive a restart as hashes only, and say when it is time to save', () => {
    const { tokens, saves } = store({}, [demoGrant(given, { accessToken: 'demo', expires: 0 })]);
    const { accessToken, refreshToken = '' } = tokens.open(given, NOW);
    expect(saves()).toBe(1);
    const saved = JSON.stringify(tokens.grants);
    expect([accessToken, refreshToken].filter((token) => saved.includes(token))).toEqual([]);
    const after = store({}, JSON.parse(saved)).tokens;
    for (const token of ['demo', accessToken]) expect(after.grantOf(token, NOW)?.subject).toBe('acc_1');
  });
});
