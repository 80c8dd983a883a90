import type { DataSource } from 'typeorm';
import type { RingKey } from '../../core/config.ts';
import { createLog } from '../../core/log.ts';
import type { RingWatch } from '../../core/vault/ring-watch.ts';
import { type Keys, wireKeys, wireRingWatch } from '../../core/wire-keys.ts';

export type VaultRoom = Keys;

/** The keys of a host with this ring, wired as a hub wires them. */
export function vaultRoom(dataSource: DataSource, ...keys: [RingKey, ...RingKey[]]): VaultRoom {
  return wireKeys(dataSource, { keys });
}

/** What a worker with these keys does about them by itself, silently. */
export function ringWatch(room: VaultRoom): RingWatch {
  return wireRingWatch(room, { roles: ['worker'] }, createLog('silent'));
}
