import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Signer } from '../access/audit-seal-store.ts';
import type { KeyRing } from '../vault/key-ring.ts';

/** Signs by a key derived from the ring for this purpose alone: who can write the database cannot sign. */
export function signerOf(ring: KeyRing, purpose: string): Signer {
  const mac = (kid: string, text: string) => {
    const key = ring.get(kid);
    if (!key) return undefined;
    const derived = Buffer.from(hkdfSync('sha256', key.export(), '', `patchbay ${purpose}`, 32));
    return createHmac('sha256', derived).update(text).digest();
  };
  return {
    sign: (text) => ({ kid: ring.currentKid, mac: (mac(ring.currentKid, text) as Buffer).toString('base64url') }),
    check(text, signed) {
      const expected = mac(signed.kid, text);
      if (!expected) return 'unknown';
      const given = Buffer.from(signed.mac, 'base64url');
      return given.length === expected.length && timingSafeEqual(given, expected) ? 'right' : 'wrong';
    },
  };
}
