#!/usr/bin/env node
// Measures the budgets of the hub on the machine at hand: npm run bench -- reload
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from './build.js';
import { onNeededNode, ROOT } from './runtime.js';

if (onNeededNode(fileURLToPath(import.meta.url))) {
  const [name = '', ...rest] = process.argv.slice(2);
  const file = join(ROOT, 'bench', `${name}.ts`);
  if (!/^[a-z-]+$/.test(name) || !existsSync(file)) {
    const known = readdirSync(join(ROOT, 'bench')).flatMap((one) => one.match(/^([a-z-]+)\.ts$/)?.[1] ?? []);
    console.error(`There is no bench "${name}"; there are ${known.join(', ')}.`);
    process.exitCode = 2;
  } else if (build()) {
    const { bench } = await import(pathToFileURL(file).href);
    process.exitCode = await bench(rest);
  } else process.exitCode = 1;
}
