import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxRequest, SandboxResponse } from 'patchbay';
import { Refusal } from './answers.ts';

export const FAILURES = ['none', '429', '500', '503', 'garbage', 'cut JSON', 'first page again', 'hang up'] as const;
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

  /** The answer to this call, bad if it is to fail. */
  async answer(req: SandboxRequest, good: (req: SandboxRequest) => SandboxResponse): Promise<SandboxResponse> {
    const failure = this.#strike();
    if (failure === 'none') return good(req);
    if (failure === 'hang up') return { status: 502, hangUp: true };
    if (failure === 'garbage') return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Bad Gate' };
    if (failure === 'cut JSON') return cut(good(req));
    if (failure === 'first page again') return good(firstPage(req));
    if (failure === '429') return new Refusal(429, "Quota exceeded for quota metric 'Read requests' of service.").response;
    if (failure === '503') return new Refusal(503, 'The service is currently unavailable.').response;
    return new Refusal(500, 'Internal error encountered.').response;
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

  #strike(): Failure {
    const { failure } = this;
    if (failure === 'none' || this.left === undefined) return failure;
    this.left -= 1;
    if (this.left <= 0) this.clear();
    return failure;
  }
}

function cut(response: SandboxResponse): SandboxResponse {
  const text = JSON.stringify(response.body ?? {});
  return { ...response, body: text.slice(0, Math.ceil(text.length / 2)) };
}

/** As if nobody had asked for the next page. */
function firstPage(req: SandboxRequest): SandboxRequest {
  const query = new URLSearchParams(req.query);
  query.delete('pageToken');
  return { ...req, query, body: req.body.replace(/"offset":"?\d+"?/, '"offset":"0"') };
}
