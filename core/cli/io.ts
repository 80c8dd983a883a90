import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { readConfig } from '../config.ts';
import type { Io } from './command.ts';

// Whoever reads us may stop reading (`hub plugin list | head -1`): that is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/** The terminal or pipes this process has. */
export const processIo: Io = {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  readConfig: () => readConfig(),
  async readLines(prompts) {
    if (process.stdin.isTTY !== true) return undefined;
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    // Keeps what is typed ahead of its question.
    const lines = terminal[Symbol.asyncIterator]();
    const typed: string[] = [];
    try {
      for (const prompt of prompts) {
        terminal.setPrompt(prompt);
        terminal.prompt();
        const { value, done } = await lines.next();
        if (done) break;
        typed.push(value);
      }
      return typed;
    } finally {
      terminal.close();
    }
  },
  async readSecret(prompt) {
    const terminal = process.stdin.isTTY === true;
    if (terminal) process.stderr.write(prompt);
    // What is typed is echoed into nothing.
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    const lines = createInterface({ input: process.stdin, output: nowhere, terminal });
    try {
      for await (const line of lines) return line;
      return '';
    } finally {
      lines.close();
      if (terminal) process.stderr.write('\n');
    }
  },
};
