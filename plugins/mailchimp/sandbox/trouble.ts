import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxResponse } from 'patchbay';
import { refusals } from './problems.ts';

export const FAILURES = ['none', '429', '429 of the network', '403 of the network', '500', '502', 'cut', 'hang up'] as const;
export type Failure = (typeof FAILURES)[number];

const HTML = { 'content-type': 'text/html' };

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
    return answers[failure]();
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

/** Neither limit says when to come back; the network in front of the API speaks no JSON. */
const answers: Readonly<Record<Exclude<Failure, 'none'>, () => SandboxResponse>> = {
  '429': () => refusals.busy().response,
  '429 of the network': () => ({ status: 429, headers: HTML, body: '<html><body>Too many requests</body></html>' }),
  '403 of the network': () => ({ status: 403, headers: HTML, body: '<html><body>Access Denied</body></html>' }),
  '500': () => refusals.broken().response,
  '502': () => ({ status: 502, headers: HTML, body: '<html><body>Bad Gateway</body></html>' }),
  cut: () => ({ status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: '{"members":[{"id":"a' }),
  'hang up': () => ({ status: 502, hangUp: true }),
};
