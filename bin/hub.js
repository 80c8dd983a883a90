#!/usr/bin/env node
// The hub's command line, for any Node from 20 on: it finds the one the hub needs, builds what changed, and runs it.
import module from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from './build.js';
import { dev } from './dev.js';
import { onNeededNode, ROOT, V8_FLAGS } from './runtime.js';

/** A hub has loaded all it needs by then. */
const KEPT_AFTER_MS = 20_000;

if (onNeededNode(fileURLToPath(import.meta.url), V8_FLAGS)) {
  // As under npm, which runs scripts there: relative settings mean the same from wherever this was called.
  process.chdir(ROOT);
  const [command, ...rest] = process.argv.slice(2);
  if (command === 'dev') dev(rest);
  else if (build()) await run(process.argv.slice(2));
  else process.exitCode = 1;
}

async function run(args) {
  // A fifth of a start is reading our libraries' sources.
  module.enableCompileCache?.(join(ROOT, 'node_modules', '.cache', 'patchbay'));
  const { main } = await import(pathToFileURL(join(ROOT, 'dist', 'core', 'main.js')).href);
  // By itself it is kept at the end, which a process that is killed never comes to.
  setTimeout(() => module.flushCompileCache?.(), KEPT_AFTER_MS).unref();
  process.exitCode = await main(args);
  // Everything is closed by now; a forgotten timer must not keep a command from ending.
  setTimeout(() => process.exit(), 2000).unref();
}
