import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PluginFolder } from './discover.ts';
import { graded } from './grade.ts';
import type { Finding, Graded } from './rules.ts';

/** A check takes a second or two; one that takes this long never ends. */
const GRADE_MS = 60_000;

export interface ApartOptions {
  readonly timeoutMs?: number;
  /** Gives up at once; the result is worth nothing then. */
  readonly signal?: AbortSignal;
}

/** Grades a folder in a thread of its own, which is ended when it does not end by itself or grows too large. Never throws. */
export async function gradeApart(folder: PluginFolder, { timeoutMs = GRADE_MS, signal }: ApartOptions = {}): Promise<Graded> {
  const file = join(import.meta.dirname, `grade-worker${extname(import.meta.filename)}`);
  const options = {
    workerData: { ...folder },
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  };
  const worker = new Worker(file, options);
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Graded>((resolve) => {
      const failed = (why: string) => resolve(graded([unfinished(folder, why)]));
      worker.once('message', resolve);
      worker.once('error', (error) => failed(`ended the check: ${error.message}`));
      worker.once('exit', () => failed('ended the check by itself'));
      signal?.addEventListener('abort', () => failed('was not checked to the end'), { once: true });
      timer = setTimeout(failed, timeoutMs, `did not get through the check within ${timeoutMs / 1000} seconds`);
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

function unfinished({ label }: PluginFolder, why: string): Finding {
  const advice = 'look for a loop that waits for nothing outside the process, a process.exit or a stream without an end';
  return { rule: 'P106', level: 'bronze', file: label, message: `${why}; ${advice}` };
}
