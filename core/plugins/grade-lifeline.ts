import { Socket } from 'node:net';
import { workerData } from 'node:worker_threads';
import { endGroup, LIFELINE_FD } from './grade-channel.ts';

const end = () => endGroup(process.pid);
// A thread of its own: a plugin that loops for ever would keep the first one from seeing that the hub is gone.
new Socket({ fd: LIFELINE_FD })
  .on('error', () => undefined)
  .on('close', end)
  .resume();
// Also where code of the plugin has closed what there is to be seen.
setTimeout(end, workerData as number);
