import { parentPort, workerData } from 'node:worker_threads';
import type { PluginFolder } from './discover.ts';
import { gradeFolder } from './grade.ts';

// A thread of its own: a plugin that never answers costs nobody anything but this thread's time.
parentPort?.postMessage(await gradeFolder(workerData as PluginFolder));
