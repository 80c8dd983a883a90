import { existsSync } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** A folder that means to be a plugin. */
export interface PluginFolder {
  /** The folder's name; a valid plugin id unless there is a `problem`. */
  readonly id: string;
  /** How people know it: `plugins/acme`. Begins every message about it. */
  readonly label: string;
  /** Absolute, symbolic links resolved. */
  readonly dir: string;
  /** Where it was found; differs from `dir` where it is a symbolic link itself. */
  readonly path: string;
  /** `index.ts` or `index.js`. */
  readonly entry: string;
  /** `sandbox.ts` or `sandbox.js`, where there is one. */
  readonly sandbox: string | undefined;
  /** Why it cannot be loaded whatever it holds. */
  readonly problem?: string;
}

export const PLUGIN_ID = /^[a-z][a-z0-9-]{1,39}$/;

/**
 * Every folder with an `index.ts` or `index.js` directly under one of `dirs`, in their order and by name. Folders without
 * one, and those whose name begins with a dot or underscore, are somebody else's. A missing directory holds nothing; one that
 * cannot be read now says nothing of what it holds.
 * @throws Error of the system for the latter
 */
export async function discover(dirs: readonly string[]): Promise<PluginFolder[]> {
  const found = new Map<string, PluginFolder>();
  const seen = new Set<string>();
  for (const root of dirs) {
    const home = await realpath(root).catch(unlessMissing(undefined));
    if (home === undefined || seen.has(home)) continue;
    seen.add(home);
    for (const name of await folderNames(home)) {
      const folder = await readFolder(home, name, found);
      if (folder) found.set(folder.problem === undefined ? folder.id : folder.dir, folder);
    }
  }
  return [...found.values()];
}

async function readFolder(home: string, id: string, found: ReadonlyMap<string, PluginFolder>): Promise<PluginFolder | undefined> {
  const path = join(home, id);
  const entry = firstThere(path, ['index.ts', 'index.js']);
  if (entry === undefined) return undefined;
  const label = `${basename(home)}/${id}`;
  const problem = nameProblem(id, label, found.get(id));
  // It may be gone since its name was read.
  const dir = await realpath(path).catch(unlessMissing(undefined));
  if (dir === undefined) return undefined;
  return {
    id,
    label,
    dir,
    path,
    entry,
    sandbox: firstThere(path, ['sandbox.ts', 'sandbox.js']),
    ...(problem !== undefined && { problem }),
  };
}

function nameProblem(id: string, label: string, earlier: PluginFolder | undefined): string | undefined {
  if (!PLUGIN_ID.test(id)) {
    return `${label}: the folder's name is the plugin's id and must be 2 to 40 characters: a small letter, then small letters, digits and hyphens; rename the folder`;
  }
  if (!earlier) return undefined;
  const where = earlier.label === label ? earlier.dir : earlier.label;
  return `${label}: the id "${id}" is taken by ${where}, which comes earlier in PLUGIN_DIRS; rename or remove one of the two`;
}

async function folderNames(home: string): Promise<string[]> {
  const entries = await readdir(home, { withFileTypes: true }).catch(unlessMissing([]));
  return entries
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !/^[._]|^node_modules$/.test(entry.name))
    .map(({ name }) => name)
    .sort();
}

function firstThere(dir: string, names: readonly string[]): string | undefined {
  return names.find((name) => existsSync(join(dir, name)));
}

/** The answer for what is not there; anything else, such as too many open files, is no answer. */
function unlessMissing<T>(answer: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return answer;
    throw error;
  };
}
