import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A folder of the package, from `core/web` and from `dist/core/web` alike. */
export function packageFolder(name: string): string {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'package.json'))) {
    if (dir === dirname(dir)) throw new Error(`The ${name} folder was not found beside package.json; reinstall the package.`);
    dir = dirname(dir);
  }
  return join(dir, name);
}
