import { setTimeout as sleep } from 'node:timers/promises';

const LONGEST_PAUSE_MS = 100;

export interface Patience {
  /** Default 60 s. */
  readonly withinMs?: number;
  /** Ends the sentence "Waited 60 s for …". */
  readonly what: string;
}

/**
 * Asks until the answer is something (not undefined, false or null) and returns it.
 * @throws Error naming `what` when the time is up; its cause is what the last attempt threw
 */
export async function until<T>(
  ask: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  { withinMs = 60_000, what }: Patience,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  let cause: unknown;
  let pause = 10;
  do {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== null && answer !== false) return answer;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await sleep(pause);
    // A busy machine that is asked all the time is slower still.
    pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS);
  } while (Date.now() < deadline);
  throw new Error(`Waited ${withinMs / 1000} s for ${what}.`, { cause });
}
