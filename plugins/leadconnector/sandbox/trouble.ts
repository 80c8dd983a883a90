import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxResponse } from 'patchbay';
import { Refusal } from './answers.ts';

export const FAILURES = ['none', '429', '500', 'garbage', 'hang up'] as const;
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
    const failure = this.failure;
    if (this.left !== undefined) {
      this.left -= 1;
      if (this.left <= 0) this.clear();
    }
    if (failure === 'hang up') return { status: 502, hangUp: true };
    if (failure === 'garbage') return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Bad Gate' };
    return failure === '429'
      ? new Refusal(429, 'Too many requests').response
      : new Refusal(500, 'Something went wrong, please try again').response;
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
