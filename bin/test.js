#!/usr/bin/env node
// Runs jest in ES-module mode on the Node the hub needs; arguments go to jest.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endWith, onNeededNode, ROOT } from './runtime.js';

if (onNeededNode(fileURLToPath(import.meta.url))) {
  const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  endWith(spawn(process.execPath, [...flags, jest, ...process.argv.slice(2)], { stdio: 'inherit', cwd: ROOT }));
}
