import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyRing } from './key-ring.ts';

/**
 * Tells what this hub wrote from what anybody who can write its database put there: an HMAC under a key that is derived
 * from the ring for one purpose. A proof is `kid.mac`.
 */
export class Prover {
  readonly #ring: KeyRing;
  readonly #purpose: string;
  readonly #keys = new Map<string, Buffer | undefined>();

  constructor(ring: KeyRing, purpose: string) {
    this.#ring = ring;
    this.#purpose = purpose;
  }

  prove(parts: readonly (string | null)[]): string {
    const kid = this.#ring.currentKid;
    return `${kid}.${this.#mac(kid, parts)?.toString('base64url')}`;
  }

  isProven(parts: readonly (string | null)[], proof: string | null): boolean {
    const [kid, mac] = split(proof ?? '');
    const expected = this.#mac(kid, parts);
    const given = Buffer.from(mac, 'base64url');
    return expected !== undefined && given.length === expected.length && timingSafeEqual(given, expected);
  }

  /** Was it made under the key that seals now? */
  isCurrent(proof: string | null): boolean {
    return split(proof ?? '')[0] === this.#ring.currentKid;
  }

  /** JSON, so that no choice of parts can look like another. */
  #mac(kid: string, parts: readonly (string | null)[]): Buffer | undefined {
    if (!this.#keys.has(kid) && this.#ring.get(kid)) this.#keys.set(kid, this.#ring.derive(kid, this.#purpose));
    const key = this.#keys.get(kid);
    return key && createHmac('sha256', key).update(JSON.stringify(parts)).digest();
  }
}

/** A `kid` may hold a dot, a mac holds none. */
function split(proof: string): [kid: string, mac: string] {
  const dot = proof.lastIndexOf('.');
  return dot < 0 ? ['', ''] : [proof.slice(0, dot), proof.slice(dot + 1)];
}
