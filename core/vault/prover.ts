import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyRing } from './key-ring.ts';

export interface Signed {
  readonly kid: string;
  /** base64url of an HMAC-SHA-256. */
  readonly mac: string;
}

/**
 * Tells what this hub wrote from what anybody who can write its database put there: an HMAC under a key that is derived
 * from the ring for one purpose.
 */
export class Prover {
  readonly #ring: KeyRing;
  readonly #purpose: string;
  readonly #keys = new Map<string, Buffer | undefined>();

  constructor(ring: KeyRing, purpose: string) {
    this.#ring = ring;
    this.#purpose = purpose;
  }

  sign(text: string): Signed {
    const kid = this.#ring.currentKid;
    return { kid, mac: (this.#mac(kid, text) as Buffer).toString('base64url') };
  }

  /** `unknown`: signed with a key that is not in the ring. */
  check(text: string, { kid, mac }: Signed): 'right' | 'wrong' | 'unknown' {
    const expected = this.#mac(kid, text);
    if (!expected) return 'unknown';
    const given = Buffer.from(mac, 'base64url');
    return given.length === expected.length && timingSafeEqual(given, expected) ? 'right' : 'wrong';
  }

  /** @returns `kid.mac` over the JSON of the parts, so that no choice of parts can look like another */
  prove(parts: readonly (string | null)[]): string {
    const { kid, mac } = this.sign(JSON.stringify(parts));
    return `${kid}.${mac}`;
  }

  isProven(parts: readonly (string | null)[], proof: string | null): boolean {
    return this.check(JSON.stringify(parts), split(proof)) === 'right';
  }

  /** Was it made under the key that seals now? */
  isCurrent(proof: string | null): boolean {
    return split(proof).kid === this.#ring.currentKid;
  }

  #mac(kid: string, text: string): Buffer | undefined {
    if (!this.#keys.has(kid) && this.#ring.get(kid)) this.#keys.set(kid, this.#ring.derive(kid, this.#purpose));
    const key = this.#keys.get(kid);
    return key && createHmac('sha256', key).update(text).digest();
  }
}

/** A `kid` may hold a dot, a mac holds none. */
function split(proof: string | null): Signed {
  const dot = proof?.lastIndexOf('.') ?? -1;
  return proof === null || dot < 0 ? { kid: '', mac: '' } : { kid: proof.slice(0, dot), mac: proof.slice(dot + 1) };
}
