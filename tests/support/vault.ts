import { randomBytes } from 'node:crypto';
import type { RingKey } from '../../core/config.ts';
import { KeyRing } from '../../core/vault/key-ring.ts';
import { Prover } from '../../core/vault/prover.ts';
import { Vault } from '../../core/vault/secret.ts';

/** A ring with a key of its own. */
export function testKeys(kid = 't'): readonly [RingKey] {
  return [{ kid, key: randomBytes(32) }];
}

/** A vault with a key of its own. */
export function testVault(): Vault {
  return new Vault(new KeyRing(testKeys()));
}

/** What proves generations of plugins, or their grades. Default: under a key of its own. */
export function testProofs(
  keys: readonly RingKey[] = testKeys(),
  purpose: 'plugin generation' | 'plugin grade' = 'plugin generation',
): Prover {
  return new Prover(new KeyRing(keys), purpose);
}
