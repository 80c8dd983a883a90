import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Whom PostgreSQL runs as when we are root, whom it refuses. */
export interface PostgresUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Undefined when we are an ordinary user already. As root: the owner of the data when that is an ordinary user,
 * else `nobody`.
 * @param data the cluster's folder, which need not exist
 */
export function postgresUser(data: string): PostgresUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(data, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const entry = /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'));
  if (!entry)
    throw new Error(
      'The embedded PostgreSQL does not run as root and there is no user "nobody". Run the hub as an ordinary user.',
    );
  return { uid: Number(entry[1]), gid: Number(entry[2]) };
}

/** Whether `user` can enter `folder` by its absolute path. */
export function canReach(folder: string, user: PostgresUser | undefined): boolean {
  if (!user) return true;
  for (let current = folder; ; current = dirname(current)) {
    const found = statSync(current, { throwIfNoEntry: false });
    if (!found) return false;
    const bit = found.uid === user.uid ? 0o100 : found.gid === user.gid ? 0o010 : 0o001;
    if ((found.mode & bit) === 0) return false;
    if (current === dirname(current)) return true;
  }
}
