import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ed25519, rsaSha256 } from '../sdk/index.ts';
import { verified } from './verify.ts';

const data = Buffer.from('{"a":1}');
const edwards = generateKeyPairSync('ed25519');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = { edwards: pemOf(edwards.publicKey), rsa: pemOf(rsa.publicKey) };
const signed = {
  edwards: sign(null, data, edwards.privateKey).toString('base64'),
  rsa: sign('RSA-SHA256', data, rsa.privateKey).toString('base64'),
};

function pemOf(key: typeof edwards.publicKey): string {
  return key.export({ format: 'pem', type: 'spki' }).toString();
}

describe('a slow signature', () => {
  it('is wrong off the loop where it is wrong on it', async () => {
    const other = Buffer.from('{"a":2}');
    expect(await verified(() => ed25519(pem.edwards, other, signed.edwards))).toBe(false);
    expect(await verified(() => rsaSha256(pem.rsa, other, signed.rsa))).toBe(false);
    expect(await verified(() => ed25519(pem.rsa, data, signed.edwards))).toBe(false);
    expect(await verified(() => ed25519(undefined, data, signed.edwards))).toBe(false);
  });

  it('is asked for anew with what is known by then', async () => {
    let asked = 0;
    const either = () => {
      asked += 1;
      return ed25519(pem.edwards, Buffer.from('no'), signed.edwards) || rsaSha256(pem.rsa, data, signed.rsa);
    };
    expect(await verified(either)).toBe(true);
    expect(asked).toBe(3);
    expect(await verified(() => ed25519(pem.edwards, data, signed.edwards))).toBe(true);
  });

  it('is checked at once for a plugin that catches whatever it meets, or asks without end', async () => {
    const careful = () => {
      try {
        return ed25519(pem.edwards, data, signed.edwards);
      } catch {
        return false;
      }
    };
    expect(await verified(careful)).toBe(true);
    let times = 0;
    const endless = () => {
      for (let at = 0; at <= times; at += 1) if (ed25519(pem.edwards, Buffer.from(String(at)), signed.edwards)) return true;
      times += 1;
      return false;
    };
    expect(await verified(endless)).toBe(false);
  });

  it('leaves what verify throws, and anything but true, as they are', async () => {
    expect(() =>
      verified(() => {
        throw new TypeError('no');
      }),
    ).toThrow(TypeError);
    expect(await verified(() => 'yes' as unknown as boolean)).toBe(false);
  });
});
