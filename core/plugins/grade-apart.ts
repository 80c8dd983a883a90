import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { PluginFolder } from './discover.ts';
import { graded } from './grade.ts';
import { ANSWER_FD, type Answer, endGroup, readAnswer, type Task } from './grade-channel.ts';
import type { Graded } from './rules.ts';

/** A check takes a second or two; one that takes this long never ends. */
const GRADE_MS = 60_000;
/** What the code and data of a plugin may take of V8's memory. */
const MEMORY_MB = 512;
/** In bytes; far more than any check has to say. */
const ANSWER_SIZE = 1024 * 1024;
/** How V8 ends a process whose memory is used up; Windows knows no signals. */
const ABORTED: readonly unknown[] = ['SIGABRT', 134];
const TOO_MUCH: Answer = { error: 'more was written to where it answers than a check has to say' };

export interface ApartOptions {
  readonly timeoutMs?: number;
  /** Gives up at once; the result is worth nothing then. */
  readonly signal?: AbortSignal;
}

interface Ending {
  readonly answer?: Answer | undefined;
  /** The signal that ended the process, else its exit code. */
  readonly by: NodeJS.Signals | number | null;
}

/**
 * Grades a folder in a process of its own, which is ended when it does not end by itself or grows too large, and does not
 * outlive this one.
 * @throws Error of the system where no process can be started
 */
export async function gradeApart(folder: PluginFolder, { timeoutMs = GRADE_MS, signal }: ApartOptions = {}): Promise<Graded> {
  const late = AbortSignal.timeout(timeoutMs);
  const bounds = { timeoutMs, over: AbortSignal.any([late, ...(signal ? [signal] : [])]) };
  let { answer, by } = await inProcess(folder, bounds);
  // V8 may fail, and a system short of memory chooses whom it ends: once says nothing of the plugin.
  if (!answer && typeof by === 'string' && !ABORTED.includes(by)) ({ answer, by } = await inProcess(folder, bounds));
  if (answer && 'findings' in answer) return { ...graded(answer.findings), hash: answer.hash };
  if (answer) return unfinished(folder, `ended the check: ${answer.error}`);
  if (signal?.aborted) return unfinished(folder, 'was not checked to the end');
  if (late.aborted) return unfinished(folder, `did not get through the check within ${timeoutMs / 1000} seconds`);
  return unfinished(folder, whyEnded(by));
}

interface Bounds {
  readonly timeoutMs: number;
  readonly over: AbortSignal;
}

/** A process for each folder: what a plugin has changed in one is no other plugin's grade. */
async function inProcess(folder: PluginFolder, { timeoutMs, over }: Bounds): Promise<Ending> {
  if (over.aborted) return { by: null };
  const secret = randomBytes(32).toString('hex');
  const child = start();
  const { pid } = child;
  // Where no file can be opened any more it has no pipes either; unheard, its error would end the hub.
  if (pid === undefined) throw (await once(child, 'error'))[0];
  const pipe = child.stdio[ANSWER_FD] as Readable;
  const end = () => {
    endGroup(pid);
    // Whoever has left the group may hold the other end of it.
    pipe.destroy();
  };
  over.addEventListener('abort', end);
  const said = upTo(ANSWER_SIZE, pipe, end);
  for (const stream of child.stdio) stream?.on('error', () => undefined);
  try {
    const by = await new Promise<Ending['by']>((resolve, fail) => {
      child.once('error', fail);
      child.once('exit', () => endGroup(pid));
      child.once('close', (code, signal) => resolve(signal ?? code));
      child.stdin?.end(JSON.stringify({ folder, secret, timeoutMs } satisfies Task<PluginFolder>));
    });
    return { by, answer: said.left < 0 ? TOO_MUCH : readAnswer(secret, Buffer.concat(said.chunks).toString()) };
  } finally {
    over.removeEventListener('abort', end);
  }
}

/** Its own group, so that what it starts ends with it. Nothing of our environment, where secrets are; nothing for our log. */
function start() {
  const file = join(import.meta.dirname, `grade-process${extname(import.meta.filename)}`);
  return spawn(process.execPath, [`--max-old-space-size=${MEMORY_MB}`, file], {
    env: {},
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['pipe', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
}

/** What comes from `stream`, as it comes; `end` is called, and `left` is negative, where it is more than `size`. */
function upTo(size: number, stream: Readable, end: () => void): { readonly chunks: Buffer[]; readonly left: number } {
  const said = { chunks: [] as Buffer[], left: size };
  stream.on('data', (chunk: Buffer) => {
    said.left -= chunk.length;
    if (said.left < 0) end();
    else said.chunks.push(chunk);
  });
  return said;
}

function whyEnded(by: Ending['by']): string {
  if (ABORTED.includes(by)) return `was ended by ${by}, as happens when the check takes more than ${MEMORY_MB} MB of memory`;
  return typeof by === 'string' ? `was ended by the signal ${by}` : `ended the check by itself (exit code ${by})`;
}

function unfinished({ label }: PluginFolder, why: string): Graded {
  const advice = 'look for a loop that waits for nothing outside the process, a process.exit or a stream without an end';
  return graded([{ rule: 'P106', level: 'bronze', file: label, message: `${why}; ${advice}` }]);
}
