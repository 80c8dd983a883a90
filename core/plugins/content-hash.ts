import { createHash } from 'node:crypto';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';

/** What does not change how a plugin behaves: its packages, tests, hidden files, and what editors and copiers leave beside. */
const LEFT_OUT = /^(\.|#|node_modules$|__fixtures__$|__tests__$|4913$)|\.test\.[cm]?[jt]s$|~$|\.(sw[a-p]|tmp|bak|orig|part)$/;

/** Does a change of the file or folder of this name leave the plugin as it is? */
export function isLeftOut(name: string): boolean {
  return LEFT_OUT.test(name);
}

/**
 * SHA-256 (hex) over the names and bytes of a plugin folder's files: equal hash, equal behaviour.
 * @param packages files of its own packages that belong to it as well, relative to `dir`
 * @throws Error naming a symbolic link that leads out of the folder
 */
export async function contentHash(dir: string, packages: readonly string[] = []): Promise<string> {
  const hash = createHash('sha256');
  const files = [...(await filesUnder(dir, dir)), ...packages.map((file) => join(dir, file))].sort();
  for (const file of files) {
    const bytes = await readFile(file);
    hash.update(`${relative(dir, file).replaceAll('\\', '/')}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

async function filesUnder(dir: string, home: string): Promise<string[]> {
  const entries = (await readdir(dir, { withFileTypes: true })).filter(({ name }) => !isLeftOut(name));
  const nested = await Promise.all(
    entries.map(async (entry): Promise<string[]> => {
      const path = join(dir, entry.name);
      if (entry.isDirectory()) return filesUnder(path, home);
      if (entry.isSymbolicLink()) return linked(path, home);
      return entry.isFile() ? [path] : [];
    }),
  );
  return nested.flat();
}

/** A link to a file of the folder counts as that file; one to a folder of it is met there. */
async function linked(path: string, home: string): Promise<string[]> {
  const target = await realpath(path).catch(() => undefined);
  const name = relative(home, path).replaceAll('\\', '/');
  if (target === undefined) throw new Error(`${name} is a symbolic link that leads nowhere; copy the file here`);
  if (!isWithin(home, target)) {
    throw new Error(`${name} is a symbolic link out of the plugin's folder; copy what it points to into the folder`);
  }
  return (await stat(target)).isFile() ? [path] : [];
}

/** Does `path` lie in `dir`? Both absolute, links resolved. */
export function isWithin(dir: string, path: string): boolean {
  const from = relative(dir, path);
  return from !== '..' && !from.startsWith(`..${sep}`) && !isAbsolute(from);
}
