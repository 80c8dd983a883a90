import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Config } from '../config.ts';

/** What a command may use of the world. */
export interface Io {
  out(line: string): void;
  /** For people, not for pipes: prompts, progress. */
  err(line: string): void;
  /** One line that is not shown while it is typed. */
  readSecret(prompt: string): Promise<string>;
  /** What is typed on a terminal after each prompt; less when whoever types ends it. Undefined where there is no terminal. */
  readLines?(prompts: readonly string[]): Promise<string[] | undefined>;
  readConfig(): Config;
}

export interface Command {
  /** As typed after `hub`: one word or two. */
  readonly name: string;
  readonly summary: string;
  /** Options, one per line, as the usage shows them; empty where there are none. */
  readonly usage: string;
  /** @returns the exit code */
  run(args: string[], io: Io): Promise<number>;
}

/** The command line was wrong; the message says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Named options only; anything else is a {@link UsageError}. */
export function options<T extends NonNullable<ParseArgsConfig['options']>>(args: string[], spec: T) {
  try {
    return parseArgs({ args, options: spec, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The same with exactly one word before or after the options. */
export function positional<T extends NonNullable<ParseArgsConfig['options']>>(args: string[], what: string, spec: T) {
  try {
    const { values, positionals } = parseArgs({ args, options: spec, strict: true, allowPositionals: true });
    const [word, ...more] = positionals;
    if (word === undefined) throw new UsageError(`${what} is missing.`);
    if (more.length > 0) throw new UsageError(`One ${what} is expected; ${more.join(' ')} is too much.`);
    return { values, word };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

export function required(value: string | undefined, option: string): string {
  if (value === undefined || value === '') throw new UsageError(`${option} is missing.`);
  return value;
}
