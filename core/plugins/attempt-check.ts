import { hubError } from '../sdk/index.ts';
import type { Breach } from './check.ts';
import type { Path } from './locate.ts';
import type { RuleId } from './rules.ts';
import { messageOf } from './run.ts';

/** The longest one question to the plugin may take. */
const ANSWER_MS = 15_000;

export interface Attempt {
  readonly value?: unknown;
  readonly error?: string;
  readonly consequence?: string;
}

/** What became of a question to the plugin, within a bound. */
export async function attempt(work: Promise<unknown>): Promise<Attempt> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`no answer within ${ANSWER_MS / 1000} seconds`)), ANSWER_MS);
  });
  try {
    return { value: await Promise.race([work, late]) };
  } catch (error) {
    const consequence = hubError(error)?.consequence;
    // It is always said within a sentence.
    return { error: messageOf(error).replace(/\.$/, ''), ...(consequence && { consequence }) };
  } finally {
    clearTimeout(timer);
  }
}

export function said({ error, consequence }: Attempt): string {
  return error === undefined ? 'it succeeded' : `it threw ${consequence ?? 'an error of its own'}: ${error}`;
}

/** A breach of what the plugin does: by the handler at `path`, or by none in particular. */
export function silent(rule: RuleId, message: string, path?: Path): Breach {
  return { rule, file: 'index', message, ...(path && { path }) };
}

export function inSimulator(rule: RuleId, message: string): Breach {
  return { rule, file: 'sandbox', message };
}
