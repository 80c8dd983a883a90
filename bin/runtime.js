import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const NEEDED = 24;

/** The path of the Node that npm brought, or undefined where npm brings none (macOS). */
export function bundledNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const file = join(
    ROOT,
    'node_modules',
    `node-${platform}-${process.arch}`,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  return existsSync(file) ? file : undefined;
}

/**
 * Makes sure that `script` runs on the Node the hub needs: true when this process already is one; otherwise the
 * script is started again under the Node npm brought and this process ends as that one does.
 */
export function onNeededNode(script) {
  if (Number(process.versions.node.split('.')[0]) >= NEEDED) return true;
  const node = bundledNode();
  if (node) {
    endWith(spawn(node, [script, ...process.argv.slice(2)], { stdio: 'inherit' }));
  } else {
    const why = existsSync(join(ROOT, 'node_modules')) ? `install Node ${NEEDED} or newer` : 'run npm ci first';
    console.error(`Patchbay needs Node ${NEEDED} and this is ${process.version}: ${why}, then try again.`);
    process.exitCode = 1;
  }
  return false;
}

/** Ends this process as `child` ends, and hands it the signals that ask for an end. */
export function endWith(child) {
  const forward = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
  child.on('error', (error) => {
    console.error(`Patchbay could not start ${child.spawnfile}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, forward);
    if (signal) process.kill(process.pid, signal);
    else process.exitCode = code ?? 1;
  });
}
