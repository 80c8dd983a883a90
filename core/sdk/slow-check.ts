import { type KeyObject, verify } from 'node:crypto';

/** A check that takes long enough to be made off the event loop. */
export interface SlowCheck {
  readonly algorithm: 'RSA-SHA256' | null;
  readonly data: Uint8Array;
  readonly key: KeyObject;
  readonly signature: Uint8Array;
}

let takeOver: ((slow: SlowCheck) => boolean) | undefined;

/** For the hub: while `work` runs, `take` answers the slow checks it asks for. */
export function withSlowChecks<T>(take: (slow: SlowCheck) => boolean, work: () => T): T {
  const before = takeOver;
  takeOver = take;
  try {
    return work();
  } finally {
    takeOver = before;
  }
}

export function check(slow: SlowCheck): boolean {
  if (takeOver) return takeOver(slow);
  const { algorithm, data, key, signature } = slow;
  return verify(algorithm, data, key, signature);
}
