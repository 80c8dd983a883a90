import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { stop } from 'esbuild';
import type { PluginFolder } from './discover.ts';
import { gradeFolder } from './grade.ts';
import { ANSWER_FD, type Answer, endGroup, type Task, writtenAnswer } from './grade-channel.ts';
import { messageOf } from './run.ts';

/** Only who started a process can take note of its end; what outlives that one stays in the table of some systems. */
const REAP_MS = 400;

const { folder, secret, timeoutMs } = JSON.parse(readFileSync(0, 'utf8')) as Task<PluginFolder>;
const lifeline = join(import.meta.dirname, `grade-lifeline${extname(import.meta.filename)}`);
new Worker(lifeline, { workerData: timeoutMs }).unref();

const helpers: Promise<unknown>[] = [];
subscribe('child_process', (message) => {
  const { process: helper } = message as { readonly process: ChildProcess };
  helpers.push(new Promise((ended) => helper.once('exit', ended)));
});

/** The last thing that happens here. */
function answer(said: Answer): void {
  writeFileSync(ANSWER_FD, writtenAnswer(secret, said));
  endGroup(process.pid);
}

process.on('uncaughtException', (error) => answer({ error: messageOf(error) }));
const { findings, hash = '' } = await gradeFolder(folder);
await stop();
await Promise.race([Promise.all(helpers), sleep(REAP_MS)]);
answer({ findings, hash });
