import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { stop } from 'esbuild';
import type { PluginFolder } from './discover.ts';
import { gradeFolder } from './grade.ts';

/** Only the thread that started a process can take note of its end; what outlives its thread stays in the system's table. */
const REAP_MS = 400;

// A thread of its own: a plugin that never answers costs nobody anything but this thread's time.
const result = await gradeFolder(workerData as PluginFolder);
await stop();
await sleep(REAP_MS);
parentPort?.postMessage(result);
