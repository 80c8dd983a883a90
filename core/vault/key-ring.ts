import { createSecretKey, type KeyObject } from 'node:crypto';
import type { RingKey } from '../config.ts';

/** The keys of the hub by `kid`; key objects keep the bytes out of logs and dumps. */
export class KeyRing {
  readonly #keys: ReadonlyMap<string, KeyObject>;
  /** The key that seals from now on. */
  readonly currentKid: string;

  constructor(keys: readonly RingKey[]) {
    const [first] = keys;
    if (!first) throw new Error('The key ring is empty; HUB_KEYS needs at least one key.');
    this.#keys = new Map(keys.map(({ kid, key }) => [kid, createSecretKey(key)]));
    this.currentKid = first.kid;
  }

  get(kid: string): KeyObject | undefined {
    return this.#keys.get(kid);
  }
}
