#!/usr/bin/env node
// The hub's command line, for any Node from 20 on: it finds the one the hub needs, builds what changed, and runs it.
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from './build.js';
import { onNeededNode, ROOT } from './runtime.js';

if (onNeededNode(fileURLToPath(import.meta.url))) {
  // As under npm, which runs scripts there: relative settings mean the same from wherever this was called.
  process.chdir(ROOT);
  if (build()) {
    const { main } = await import(pathToFileURL(join(ROOT, 'dist', 'core', 'main.js')).href);
    process.exitCode = await main(process.argv.slice(2));
  } else {
    process.exitCode = 1;
  }
}
