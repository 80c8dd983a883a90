import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose';
import { hubError } from '../sdk/errors.ts';
import { KeyRing } from './key-ring.ts';
import { kidOf, type SecretContext, Vault } from './secret.ts';

const PLAIN = 'pit-9d3cbe0a-swordfish';
const here: SecretContext = { store: 'store-1', owner: 'integration-1', field: 'accessToken' };
const k1 = { kid: 'k1', key: randomBytes(32) };
const k2 = { kid: 'k2', key: randomBytes(32) };
const vault = new Vault(new KeyRing([k1]));

async function failure(promise: Promise<unknown>) {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(inspect(error, { depth: 5 })).not.toContain('swordfish');
  return hubError(error);
}

function changed(jwe: string, part: number): string {
  const parts = jwe.split('.');
  const bytes = Buffer.from(parts[part] as string, 'base64url');
  bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
  parts[part] = bytes.toString('base64url');
  return parts.join('.');
}

describe('Vault', () => {
  it.each([
    ['store', { ...here, store: 'store-2' }],
    ['owner', { ...here, owner: 'integration-2' }],
    ['field', { ...here, field: 'refreshToken' }],
  ])('does not open a secret copied to another %s', async (_name, elsewhere) => {
    const jwe = await vault.seal(here, PLAIN);
    const error = await failure(vault.open(elsewhere, jwe));
    expect(error?.code).toBe('RECONNECT_NEEDED');
    expect(error?.message).toContain('Enter it again');
  });

  it('tells places apart whose names would join to the same text', async () => {
    const jwe = await vault.seal({ store: 'a', owner: 'b/c', field: 'd' }, PLAIN);
    expect((await failure(vault.open({ store: 'a/b', owner: 'c', field: 'd' }, jwe)))?.code).toBe('RECONNECT_NEEDED');
  });

  it.each([
    ['initialization vector', 2],
    ['ciphertext', 3],
    ['tag', 4],
  ])('refuses a changed %s', async (_name, part) => {
    const jwe = changed(await vault.seal(here, PLAIN), part);
    expect((await failure(vault.open(here, jwe)))?.code).toBe('RECONNECT_NEEDED');
  });

  it('refuses a header rewritten to name another place', async () => {
    const jwe = await vault.seal({ ...here, store: 'store-2' }, PLAIN);
    const header = { ...decodeProtectedHeader(jwe), ctx: [here.store, here.owner, here.field] };
    const forged = [Buffer.from(JSON.stringify(header)).toString('base64url'), ...jwe.split('.').slice(1)].join('.');
    expect((await failure(vault.open(here, forged)))?.code).toBe('RECONNECT_NEEDED');
  });

  it('refuses a token of the right key that names no place', async () => {
    const jwe = await new CompactEncrypt(Buffer.from(PLAIN))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: 'k1' })
      .encrypt(k1.key);
    expect((await failure(vault.open(here, jwe)))?.code).toBe('RECONNECT_NEEDED');
  });

  it.each(['', 'swordfish', 'a.b.c.d.e', `${PLAIN}.....`])('refuses text that is no ciphertext: %p', async (text) => {
    expect((await failure(vault.open(here, text)))?.code).toBe('RECONNECT_NEEDED');
  });

  it('names the missing key and the setting to mend, without giving the secret up', async () => {
    const jwe = await new Vault(new KeyRing([k2])).seal(here, PLAIN);
    const error = await failure(vault.open(here, jwe));
    expect(error?.consequence).toBe('try-later');
    expect(error?.code).toBe('INTERNAL');
    expect(error?.message).toContain('"k2"');
    expect(error?.message).toContain('HUB_KEYS');
  });

  it('refuses another key under a known name', async () => {
    const jwe = await new Vault(new KeyRing([{ kid: 'k1', key: k2.key }])).seal(here, PLAIN);
    expect((await failure(vault.open(here, jwe)))?.code).toBe('RECONNECT_NEEDED');
  });

  it('opens what any key of the ring sealed and seals with the first', async () => {
    const old = await vault.seal(here, PLAIN);
    const rotated = new Vault(new KeyRing([k2, k1]));
    expect(await rotated.open(here, old)).toBe(PLAIN);
    expect(kidOf(await rotated.seal(here, PLAIN))).toBe('k2');
  });

  it('makes a standard compact JWE that another reader opens', async () => {
    const jwe = await vault.seal(here, 'grüße ✓');
    expect(jwe).not.toContain('swordfish');
    const { plaintext, protectedHeader } = await compactDecrypt(jwe, k1.key);
    expect(Buffer.from(plaintext).toString()).toBe('grüße ✓');
    expect(protectedHeader).toEqual({ alg: 'dir', enc: 'A256GCM', kid: 'k1', ctx: ['store-1', 'integration-1', 'accessToken'] });
  });

  it('never makes the same ciphertext twice', async () => {
    expect(await vault.seal(here, PLAIN)).not.toBe(await vault.seal(here, PLAIN));
  });

  it('seals and opens all fields of an owner, each bound to its name', async () => {
    const base = { store: here.store, owner: here.owner };
    const sealed = await vault.sealAll(base, { accessToken: 'one', refreshToken: '' });
    expect(await vault.openAll(base, sealed)).toEqual({ accessToken: 'one', refreshToken: '' });
    const swapped = { accessToken: sealed['refreshToken'] as string };
    expect((await failure(vault.openAll(base, swapped)))?.code).toBe('RECONNECT_NEEDED');
  });
});

describe('KeyRing', () => {
  it('refuses to be empty', () => {
    expect(() => new KeyRing([])).toThrow('HUB_KEYS');
  });

  it('does not show its keys when printed', () => {
    expect(inspect(new KeyRing([k1]), { depth: 9, showHidden: true })).not.toContain(k1.key.toString('hex').slice(0, 8));
  });
});
