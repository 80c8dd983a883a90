import { randomBytes } from 'node:crypto';
import { KeyRing } from '../../core/vault/key-ring.ts';
import { Vault } from '../../core/vault/secret.ts';

/** A vault with a key of its own. */
export function testVault(): Vault {
  return new Vault(new KeyRing([{ kid: 't', key: randomBytes(32) }]));
}
