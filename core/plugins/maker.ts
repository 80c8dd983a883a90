import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
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
  // Of its package: every start asks, and most have no use for the bundler itself.
  const { version } = createRequire(import.meta.url)('esbuild/package.json') as { readonly version: string };
  return createHash('sha256').update(`${plugins} ${sdk} ${version}`).digest('hex');
}
