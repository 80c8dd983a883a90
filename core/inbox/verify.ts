import { verify } from 'node:crypto';
import { type SlowCheck, withSlowChecks } from '../sdk/slow-check.ts';
import type { Soon } from './soon.ts';

/** More signatures than any provider puts on one call. */
const MOST_CHECKS = 8;

/** Unwinds `verify` of a plugin at a check that is made elsewhere. */
class Elsewhere extends Error {
  override readonly name = 'Elsewhere';
}

/**
 * What a plugin's `verify` says. RSA and Ed25519 take the time of several calls: such a check is made by the thread pool, and
 * `verify`, which is pure, is asked again once the result is known.
 */
export function verified(work: () => boolean): Soon<boolean> {
  const first = attempt(work, []);
  return first.slow ? afterChecks(work, first) : first.answer === true;
}

async function afterChecks(work: () => boolean, first: Attempt): Promise<boolean> {
  const results: boolean[] = [];
  for (let last = first; ; last = attempt(work, results)) {
    if (!last.slow) return last.answer === true;
    // It caught what was to unwind it, or asks without end: then it is done here after all.
    if (last.answer !== undefined || results.length === MOST_CHECKS) return work() === true;
    results.push(await offLoop(last.slow));
  }
}

interface Attempt {
  readonly answer?: boolean | undefined;
  readonly slow?: SlowCheck | undefined;
}

/** `slow` is the first check without a result yet; `answer` is what was returned. @throws what `work` throws by itself */
function attempt(work: () => boolean, results: readonly boolean[]): Attempt {
  let asked = 0;
  let slow: SlowCheck | undefined;
  const take = (check: SlowCheck): boolean => {
    const known = results[asked];
    asked += 1;
    if (known !== undefined) return known;
    slow = check;
    throw new Elsewhere();
  };
  try {
    const answer = withSlowChecks(take, work);
    return { answer, slow };
  } catch (error) {
    if (slow) return { slow };
    throw error;
  }
}

function offLoop({ algorithm, data, key, signature }: SlowCheck): Promise<boolean> {
  return new Promise((resolve, reject) => {
    verify(algorithm, data, key, signature, (error, right) => (error ? reject(error) : resolve(right)));
  });
}
