import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createLog } from '../log.ts';
import { Life } from './life.ts';
import { StrayErrors } from './stray.ts';

let strays: StrayErrors;
let counted: string[];

beforeEach(() => {
  counted = [];
  strays = new StrayErrors();
  const folders = () => [{ id: 'acme', dir: '/srv/plugins/acme' }] as never;
  const fault = (id: string, error: unknown) => counted.push(`${id}: ${error instanceof Error ? error.message : error}`);
  strays.attach({ registry: { folders, fault: fault as never, conceal: (error) => error }, log: createLog('silent') });
});
afterEach(() => strays.detach());

function thrown(message: string, ...frames: string[]): Error {
  const error = new Error(message);
  error.stack = [`Error: ${message}`, ...frames.map((frame) => `    at ${frame}`)].join('\n');
  return error;
}

async function isFatal(error: unknown): Promise<boolean> {
  process.emit('uncaughtException', error as Error);
  return Promise.race([strays.fatal.then(() => true), new Promise<false>((done) => setTimeout(done, 20, false))]);
}

it("takes an exception for a plugin's by the first line that is somebody's", async () => {
  const own = `x (${import.meta.dirname}/registry.js:1:1)`;
  expect(await isFatal(thrown('theirs', 'emit (node:events:1:1)', 'x (/srv/plugins/acme/index.ts:2:3)', own))).toBe(false);
  expect(counted).toEqual(['acme: theirs']);
  expect(await isFatal(thrown('ours', own, 'x (/srv/plugins/acme/index.ts:2:3)'))).toBe(true);
  expect(counted).toHaveLength(1);
});

it("takes one without lines for the plugin's whose code led to it, and for our own elsewhere", async () => {
  expect(await new Life('acme').inside(() => isFatal('only a text'))).toBe(false);
  expect(counted).toEqual(['acme: only a text']);
  expect(await isFatal('only a text')).toBe(true);
});

it('writes down a rejection of our own and goes on', async () => {
  process.emit('unhandledRejection', thrown('ours', `x (${import.meta.dirname}/registry.js:1:1)`), Promise.resolve());
  expect(await Promise.race([strays.fatal, new Promise((done) => setTimeout(done, 20, 'goes on'))])).toBe('goes on');
});
