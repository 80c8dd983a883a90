import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** What does not change how a plugin behaves: its packages, tests, hidden files and editors' copies. */
const LEFT_OUT = /^(\.|node_modules$|__fixtures__$|__tests__$)|\.test\.[cm]?[jt]s$|~$/;

/** SHA-256 (hex) over the names and bytes of a plugin folder's files: equal hash, equal behaviour. */
export async function contentHash(dir: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of (await filesUnder(dir)).sort()) {
    const bytes = await readFile(file);
    hash.update(`${relative(dir, file).replaceAll('\\', '/')}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

async function filesUnder(dir: string): Promise<string[]> {
  const entries = (await readdir(dir, { withFileTypes: true })).filter(({ name }) => !LEFT_OUT.test(name));
  const nested = entries.filter((entry) => entry.isDirectory()).map((entry) => filesUnder(join(dir, entry.name)));
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(dir, entry.name));
  return [...files, ...(await Promise.all(nested)).flat()];
}
