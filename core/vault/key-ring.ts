import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { RingKey } from '../config.ts';

/** The keys of the hub by `kid`; key objects keep the bytes out of logs and dumps. */
export class KeyRing {
  readonly #keys: ReadonlyMap<string, KeyObject>;
  #currentKid: string;

  constructor(keys: readonly RingKey[]) {
    const [first] = keys;
    if (!first) throw new Error('The key ring is empty; HUB_KEYS needs at least one key.');
    this.#keys = new Map(keys.map(({ kid, key }) => [kid, createSecretKey(key)]));
    this.#currentKid = first.kid;
  }

  /** The key that seals from now on. */
  get currentKid(): string {
    return this.#currentKid;
  }

  /** In the order of the settings. */
  get kids(): readonly string[] {
    return [...this.#keys.keys()];
  }

  get(kid: string): KeyObject | undefined {
    return this.#keys.get(kid);
  }

  /** Seals with this key of the ring from now on: the first one that every host has, which need not be our first. */
  sealWith(kid: string): void {
    if (!this.#keys.has(kid)) throw new Error(`The key ring has no key "${kid}".`);
    this.#currentKid = kid;
  }

  /** 32 bytes for this purpose and no other; undefined for a key that is not in the ring. */
  derive(kid: string, purpose: string): Buffer | undefined {
    const key = this.#keys.get(kid);
    return key && Buffer.from(hkdfSync('sha256', key, '', `patchbay ${purpose}`, 32));
  }

  /** Tells keys of one name apart and nothing else about them. */
  fingerprint(kid: string): string | undefined {
    return this.derive(kid, 'fingerprint')?.toString('base64url');
  }
}
