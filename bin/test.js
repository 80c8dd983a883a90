#!/usr/bin/env node
// Runs jest in ES-module mode on the Node the hub needs; arguments go to jest. A folder may lie anywhere.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endWith, onNeededNode, ROOT } from './runtime.js';

const LEFT_OUT = /(^|[\\/])(node_modules|dist|data|__fixtures__)([\\/]|$)/;

if (onNeededNode(fileURLToPath(import.meta.url))) {
  const args = process.argv.slice(2);
  const folders = args.filter((arg) => !arg.startsWith('-') && isFolder(arg));
  const without = folders.filter((folder) => testsIn(folder).length === 0);
  for (const folder of without) console.error(noTests(folder));
  const absent = args.filter(isAbsent);
  for (const folder of absent) console.error(`There is no folder ${folder}.`);
  if (without.length + absent.length > 0) process.exitCode = 1;
  else run(args, folders);
}

function run(args, folders) {
  const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const named = args.map((arg) => (folders.includes(arg) ? realpathSync(arg) : arg));
  const all = [...flags, jest, ...named, ...rootsFor(folders), ...matchFor(folders), ...setUpFor(args, folders)];
  endWith(spawn(process.execPath, all, { stdio: 'inherit', cwd: ROOT }));
}

/** Jest looks below the hub only, unless told where else. */
function rootsFor(folders) {
  const outside = folders.map((folder) => realpathSync(folder)).filter((folder) => relative(ROOT, folder).startsWith('..'));
  return outside.length === 0 ? [] : ['--roots', ROOT, ...outside];
}

/** The hub's own tests are TypeScript; a plugin's need not be. */
function matchFor(folders) {
  const inJavaScript = folders.some((folder) => testsIn(folder).some((name) => name.endsWith('.js')));
  return inJavaScript ? ['--testMatch', '**/*.test.ts', '**/*.test.js'] : [];
}

/** Plugins know no database: their tests need not wait for one. */
function setUpFor(args, folders) {
  const named = args.filter((arg) => !arg.startsWith('-'));
  return named.every((arg) => folders.includes(arg) && isPlugin(arg)) && named.length > 0
    ? ['--globalSetup=', '--globalTeardown=']
    : [];
}

function isPlugin(folder) {
  const isOutsideCore = relative(join(ROOT, 'core'), realpathSync(folder)).startsWith('..');
  return isOutsideCore && ['index.ts', 'index.js'].some((file) => existsSync(join(folder, file)));
}

function noTests(folder) {
  const name = folder.replace(/[\\/]+$/, '');
  if (!isPlugin(folder)) return `${name} has no tests.`;
  const file = `${name}/${basename(resolve(name))}.test.ts`;
  return `${name} has no tests: write ${file}, which calls testPlugin(plugin, sandbox, { folder: import.meta.dirname }); docs/testing.md shows it.`;
}

function testsIn(folder) {
  const names = readdirSync(folder, { recursive: true });
  return names.filter((name) => /\.test\.[jt]s$/.test(name) && !LEFT_OUT.test(name));
}

/** Jest takes the beginning of a path as well; this is of nothing. */
function isAbsent(arg) {
  if (!/^[^-][\w./-]*\/[\w.-]+\/?$/.test(arg) || !isFolder(dirname(arg))) return false;
  return !readdirSync(dirname(arg)).some((name) => name.startsWith(basename(arg)));
}

function isFolder(path) {
  return existsSync(path) && statSync(path).isDirectory();
}
