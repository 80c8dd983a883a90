import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxResponse } from 'patchbay';
import { Refusal } from './answers.ts';

export const FAILURES = [
  'none',
  '429',
  'lock',
  '409',
  '500',
  '500 never again',
  'cut JSON',
  'garbage',
  'hang up',
  'same page',
] as const;
export type Failure = (typeof FAILURES)[number];

const api = (status: number, retry: 'true' | 'false') =>
  new Refusal(status, 'An unknown error occurred', { type: 'api_error', headers: { 'stripe-should-retry': retry } }).response;

const ANSWERS: Readonly<Record<Exclude<Failure, 'none' | 'same page'>, () => SandboxResponse>> = {
  '429': () =>
    new Refusal(429, 'Request rate limit exceeded.', {
      code: 'rate_limit',
      headers: { 'stripe-rate-limited-reason': 'global-rate' },
    }).response,
  lock: () =>
    new Refusal(
      429,
      'This object cannot be accessed right now because another API request or Stripe process is currently accessing it.',
      {
        code: 'lock_timeout',
      },
    ).response,
  '409': () => new Refusal(409, 'Another request is being worked on.', { headers: { 'stripe-should-retry': 'true' } }).response,
  '500': () => api(500, 'true'),
  '500 never again': () => api(500, 'false'),
  'cut JSON': () => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"object":"list","data":[{"id":"ch_',
  }),
  garbage: () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Bad Gate' }),
  'hang up': () => ({ status: 502, hangUp: true }),
};

/** Slowness and failures a person switched on at the panel. */
export class Trouble {
  slowMs = 0;
  failure: Failure = 'none';
  /** Calls still to fail; `undefined` until switched off. */
  left: number | undefined;
  readonly #first = new Map<string, SandboxResponse>();

  async wait(signal: AbortSignal): Promise<void> {
    // Unreferenced: a slow demo must not keep a stopping hub alive.
    if (this.slowMs > 0) await sleep(this.slowMs, undefined, { signal, ref: false }).catch(() => undefined);
  }

  /** The bad answer this call gets, if it is to fail. */
  strike(): SandboxResponse | undefined {
    if (this.failure === 'none' || this.failure === 'same page') return undefined;
    const answer = ANSWERS[this.failure];
    if (this.left !== undefined) {
      this.left -= 1;
      if (this.left <= 0) this.clear();
    }
    return answer();
  }

  /** A cursor that leads nowhere: each list answers with its first page again. */
  repeated(path: string, answer: SandboxResponse): SandboxResponse {
    if (this.failure !== 'same page') return answer;
    const known = this.#first.get(path) ?? answer;
    this.#first.set(path, known);
    return known;
  }

  clear(): void {
    this.failure = 'none';
    this.left = undefined;
    this.#first.clear();
  }

  get words(): string {
    const calls = this.left === undefined ? 'until switched off' : `(calls to go: ${this.left})`;
    const failing = this.failure === 'none' ? 'none' : `${this.failure} ${calls}`;
    return this.slowMs > 0 ? `${failing}, ${this.slowMs} ms slow` : failing;
  }
}
