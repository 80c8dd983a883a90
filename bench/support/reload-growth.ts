import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { createApp } from '../../core/app.ts';
import type { readConfig } from '../../core/config.ts';
import { writePlugin } from '../../tests/support/hot-plugin.ts';
import { compiled, type HubSettings, hubEnv } from './bench-hub.ts';
import { untilAnswer } from './calls.ts';

const WARM_UP = 100;
/** Longer than a generation lingers after its last call. */
const DRAIN_MS = 2500;
/** What each generation leaves behind if nobody cleans up after it. */
const TOP = [
  "import { createServer } from 'node:net';",
  'setInterval(() => ANSWER.length, 50);',
  "process.on('SIGUSR2', () => undefined);",
  "createServer().listen(0, '127.0.0.1');",
].join('\n');

interface Level {
  readonly heapMb: number;
  readonly handles: number;
  readonly timers: number;
  readonly files: number;
}

const { settings, reloads } = JSON.parse(process.argv[2] ?? '{}') as { settings: HubSettings; reloads: number };
const { createApp: create } = await compiled<{ createApp: typeof createApp }>('core/app.js');
const { readConfig: read } = await compiled<{ readConfig: typeof readConfig }>('core/config.js');
// As `hub start` does: the caches of source maps are part of what may grow.
process.setSourceMapsEnabled(true);
const app = await create(read(hubEnv(settings)));
await app.listen();

const reloadMs: number[] = [];
await reload(WARM_UP, 'warm');
const before = await level();
await reload(reloads, 'hot');
const after = await level();
console.log(
  JSON.stringify({
    reloadMs: reloadMs.slice(WARM_UP),
    heapMb: after.heapMb - before.heapMb,
    handles: after.handles - before.handles,
    timers: after.timers - before.timers,
    files: after.files - before.files,
  }),
);
await app.close();
process.exit(0);

async function reload(times: number, name: string): Promise<void> {
  for (let at = 0; at < times; at += 1) {
    const answer = `${name} ${at}`;
    const begin = performance.now();
    writePlugin(settings.pluginDirs, 'steady', { answer, top: TOP });
    await untilAnswer(app.url, 'steady', answer);
    reloadMs.push(performance.now() - begin);
  }
}

async function level(): Promise<Level> {
  await sleep(DRAIN_MS);
  for (let round = 0; round < 5; round += 1) {
    globalThis.gc?.();
    await sleep(100);
  }
  const open = process.getActiveResourcesInfo();
  const timers = open.filter((one) => one === 'Timeout' || one === 'Immediate').length;
  return {
    heapMb: process.memoryUsage().heapUsed / 2 ** 20,
    handles: open.length - timers,
    timers,
    files: existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0,
  };
}
