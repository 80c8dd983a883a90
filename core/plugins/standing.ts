import { contentHash } from './content-hash.ts';
import type { PluginFolder } from './discover.ts';

/** What stands for a folder now. */
export interface Standing {
  readonly folder: PluginFolder;
  /** Of the folder's content as it was judged. */
  readonly hash: string;
  readonly packages: readonly string[];
  readonly error: string | undefined;
  /** The generation an operator put back. */
  readonly putBack: string | undefined;
  /** The hash of what runs; undefined when nothing does. */
  readonly running: string | undefined;
}

interface Now {
  readonly folder: PluginFolder;
  /** Something happened in the folder: a broken one is tried again though its files are the same. */
  readonly touched: boolean;
}

/** @param over the hash of the folder's content now, its packages left out; empty when it could not be read */
export async function isAsBefore(before: Standing, { folder, touched }: Now, over: string): Promise<boolean> {
  if (before.hash === '' || (touched && before.error !== undefined)) return false;
  const same = before.folder.dir === folder.dir && before.folder.problem === folder.problem;
  if (!same) return false;
  if (before.packages.length === 0) return before.hash === over;
  return before.hash === (await contentHash(folder.dir, before.packages).catch(() => ''));
}
