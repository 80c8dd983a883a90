import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxResponse } from 'patchbay';
import { Refusal } from './answers.ts';

export const FAILURES = ['none', 'too many calls', 'transient', '500', 'garbage', 'hang up'] as const;
export type Failure = (typeof FAILURES)[number];

/** Slowness and failures a person switched on at the panel. */
export class Trouble {
  slowMs = 0;
  failure: Failure = 'none';
  /** Calls still to fail; `undefined` until switched off. */
  left: number | undefined;

  async wait(signal: AbortSignal): Promise<void> {
    // Unreferenced: a slow demo must not keep a stopping hub alive.
    if (this.slowMs > 0) await sleep(this.slowMs, undefined, { signal, ref: false }).catch(() => undefined);
  }

  /** The bad answer this call gets, if it is to fail. */
  strike(): SandboxResponse | undefined {
    if (this.failure === 'none') return undefined;
    const { failure } = this;
    if (this.left !== undefined) {
      this.left -= 1;
      if (this.left <= 0) this.clear();
    }
    return answerOf(failure);
  }

  clear(): void {
    this.failure = 'none';
    this.left = undefined;
  }

  get words(): string {
    const calls = this.left === undefined ? 'until switched off' : `(calls to go: ${this.left})`;
    const failing = this.failure === 'none' ? 'none' : `${this.failure} ${calls}`;
    return this.slowMs > 0 ? `${failing}, ${this.slowMs} ms slow` : failing;
  }
}

function answerOf(failure: Failure): SandboxResponse {
  if (failure === 'hang up') return { status: 502, hangUp: true };
  if (failure === 'garbage') return { status: 200, headers: { 'content-type': 'text/html' }, body: '{"data":[{"id":"12' };
  if (failure === 'transient') {
    const message = 'An unexpected error has occurred. Please retry your request later.';
    return new Refusal({ code: 2, message, transient: true, status: 500 }).response;
  }
  if (failure === '500') return { status: 500, body: 'Sorry, something went wrong.' };
  return new Refusal({
    code: 17,
    subcode: 2446079,
    message: '(#17) User request limit reached',
    transient: true,
  }).response;
}
