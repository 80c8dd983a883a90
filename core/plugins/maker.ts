import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { version } from 'esbuild';
import { contentHash } from './content-hash.ts';

let name: Promise<string> | undefined;

/**
 * Names the code that bundles and checks plugins, by its bytes. What it made of a folder once, it would make of the same
 * content again.
 */
export function maker(): Promise<string> {
  name ??= nameOf();
  return name;
}

async function nameOf(): Promise<string> {
  const [plugins, sdk] = await Promise.all([
    contentHash(import.meta.dirname),
    contentHash(join(import.meta.dirname, '..', 'sdk')),
  ]);
  return createHash('sha256').update(`${plugins} ${sdk} ${version}`).digest('hex');
}
