import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './runtime.js';

const QUIET_MS = 200;

/** Runs the hub and starts it again when the core, a view or a migration changes. Plugins need no restart. */
export function dev(args) {
  let hub = start(args);
  let timer;
  let ending = false;
  const restart = () => {
    if (hub.exitCode !== null || hub.signalCode !== null) {
      hub = start(args);
      return;
    }
    hub.once('exit', () => {
      if (!ending) hub = start(args);
    });
    hub.kill('SIGTERM');
  };
  for (const folder of ['core', 'views', 'migrations']) {
    watch(join(ROOT, folder), { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(restart, QUIET_MS);
    });
  }
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      ending = true;
      clearTimeout(timer);
      hub.once('exit', () => process.exit(0));
      if (!hub.kill(signal)) process.exit(0);
    });
  }
}

function start(args) {
  return spawn(process.execPath, [join(ROOT, 'bin', 'hub.js'), 'start', ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
}
