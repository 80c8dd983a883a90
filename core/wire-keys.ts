import type { DataSource } from 'typeorm';
import { AuditSealStore } from './access/audit-seal-store.ts';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import { GenerationStore } from './plugins/generation-store.ts';
import { GradeStore } from './plugins/grade-store.ts';
import { HostStore } from './vault/host-store.ts';
import { KeyRing } from './vault/key-ring.ts';
import { Prover } from './vault/prover.ts';
import { RingWatch } from './vault/ring-watch.ts';
import { Rotation } from './vault/rotation.ts';
import { RotationStore } from './vault/rotation-store.ts';
import { SealedStore } from './vault/sealed-store.ts';
import { Vault } from './vault/secret.ts';

/** The key ring and all that hangs on it. */
export function wireKeys(dataSource: DataSource, { keys }: Pick<Config, 'keys'>) {
  const ring = new KeyRing(keys);
  const vault = new Vault(ring);
  const generations = new GenerationStore(dataSource, new Prover(ring, 'plugin generation'));
  const grades = new GradeStore(dataSource, new Prover(ring, 'plugin grade'));
  const auditSeals = new AuditSealStore(dataSource, new Prover(ring, 'audit log'));
  const stores = { sealed: new SealedStore(dataSource), rotations: new RotationStore(dataSource) };
  const rotation = new Rotation({
    ring,
    vault,
    ...stores,
    also: () => Promise.all([generations.proveAnew(), grades.proveAnew()]),
  });
  return { ring, vault, generations, grades, auditSeals, rotation, hosts: new HostStore(dataSource), ...stores };
}

export type Keys = ReturnType<typeof wireKeys>;

/** What a running hub does about keys by itself. */
export function wireRingWatch(keys: Keys, { roles }: Pick<Config, 'roles'>, log: Log): RingWatch {
  return new RingWatch({ ...keys, log, worker: roles.includes('worker') });
}
