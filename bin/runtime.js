import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** With no more cores than this, one that helps V8 to collect memory is missing elsewhere, and helping has a price of its own. */
const FEW_CORES = 2;
/**
 * A hub's. The first lets an idle one hand back what it does not use (core/cli/idle-memory.ts). Young memory stays as small as
 * a processor's cache, so that collecting it takes a millisecond: left to itself it grows to 64 MB, six milliseconds each time,
 * and what a calm minute has shrunk promotes what it should drop. All memory is collected from 128 MB on, not from 60: that
 * goes on beside the hub and takes its core from it.
 */
export const V8_FLAGS = [
  '--expose-gc',
  '--min-semi-space-size=4',
  '--max-semi-space-size=4',
  '--initial-old-space-size=128',
  ...(availableParallelism() <= FEW_CORES ? ['--no-parallel-scavenge', '--no-concurrent-array-buffer-sweeping'] : []),
];
const NEEDED = 24;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The path of the Node that npm brought, or undefined where npm brings none (macOS). */
function bundledNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const file = join(ROOT, 'node_modules', `node-${platform}-${process.arch}`, 'bin', name);
  return existsSync(file) ? file : undefined;
}

/**
 * Makes sure that `script` runs on the Node the hub needs: true when this process already does; otherwise the
 * script is started again under the Node that npm brought, and this process ends as that one does.
 * @param flags for V8, which takes them safely at its start alone: a Node that is the needed one already goes without
 */
export function onNeededNode(script, flags = []) {
  if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
    endWithParent();
    endWithScript();
    return true;
  }
  const node = bundledNode();
  if (node) {
    // The channel carries no messages: its closing tells the child that this process was killed.
    endWith(spawn(node, [...flags, script, ...process.argv.slice(2)], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] }));
  } else {
    const remedy = existsSync(join(ROOT, 'node_modules')) ? `install Node ${NEEDED} or newer` : 'run npm ci first';
    console.error(`Patchbay needs Node ${NEEDED} and this is ${process.version}: ${remedy}, then try again.`);
    process.exitCode = 1;
  }
  return false;
}

function endWithParent() {
  if (!process.channel) return;
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}

/** npm hands its signals to the shell between it and us, which dies of them and tells nobody; we would keep the port. */
function endWithScript() {
  const shell = process.ppid;
  if (process.env.npm_lifecycle_event === undefined) return;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  watch.unref();
}

/** Ends this process as `child` ends, and hands it the signals that ask for an end. */
export function endWith(child) {
  const forward = (signal) => child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, forward);
  child.on('error', (error) => {
    console.error(`Patchbay could not start ${child.spawnfile}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    for (const name of SIGNALS) process.off(name, forward);
    if (signal) process.kill(process.pid, signal);
    else process.exitCode = code ?? 1;
  });
}
