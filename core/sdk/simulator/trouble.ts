import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxCommand, SandboxRequest, SandboxResponse } from '../sandbox.ts';
import { command } from './command.ts';

/** Answers a call. */
export type Handle = (req: SandboxRequest) => SandboxResponse | Promise<SandboxResponse>;

/** What a call gets that is to fail; `good` is what it would have got. */
export type Failure = (req: SandboxRequest, good: Handle) => SandboxResponse | Promise<SandboxResponse>;

/** The connection breaks. */
export const hangUp: Failure = () => ({ status: 502, hangUp: true });

/** A page of some proxy, with the status of success. */
export const garbage: Failure = () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Bad Gate' });

/** The good answer, broken off in the middle. */
export const cutJson: Failure = async (req, good) => {
  const response = await good(req);
  const text = JSON.stringify(response.body ?? {});
  return { ...response, body: text.slice(0, Math.ceil(text.length / 2)) };
};

/** As if these parameters had not been sent: lists answer with their first page again. */
export function without(...parameters: readonly string[]): Failure {
  return (req, good) => {
    const query = new URLSearchParams(req.query);
    for (const name of parameters) query.delete(name);
    return good({ ...req, query });
  };
}

/** Slowness and failures that a person switched on at the panel. */
export class Trouble<Name extends string = string> {
  /** What each call takes longer. */
  slowMs = 0;
  failure: Name | 'none' = 'none';
  /** Calls still to fail; `undefined` until switched off. */
  left: number | undefined;
  readonly #failures: Readonly<Record<Name, Failure>>;

  /** By the name the panel shows: `{ '429': () => ({ status: 429 }), 'hang up': hangUp }`. */
  constructor(failures: Readonly<Record<Name, Failure>>) {
    this.#failures = failures;
  }

  /** Every failure there is, `none` first. */
  get names(): readonly (Name | 'none')[] {
    return ['none', ...(Object.keys(this.#failures) as Name[])];
  }

  /** The answer to a call: slow if it is to be slow, bad if it is to fail. */
  async answer(req: SandboxRequest, good: Handle): Promise<SandboxResponse> {
    // Unreferenced: a slow demo must not keep a stopping hub alive.
    if (this.slowMs > 0) await sleep(this.slowMs, undefined, { signal: req.signal, ref: false }).catch(() => undefined);
    const { failure } = this;
    if (failure === 'none') return good(req);
    if (this.left !== undefined) {
      this.left -= 1;
      if (this.left <= 0) this.fail('none');
    }
    return this.#failures[failure](req, good);
  }

  /** From now on, for so many calls or until switched off. */
  fail(failure: Name | 'none', calls?: number): void {
    this.failure = failure;
    this.left = failure === 'none' ? undefined : calls;
  }

  /** Quick and good again. */
  clear(): void {
    this.slowMs = 0;
    this.fail('none');
  }

  /** For the panel: `500 (calls to go: 3), 2000 ms slow`. */
  get words(): string {
    const calls = this.left === undefined ? 'until switched off' : `(calls to go: ${this.left})`;
    const failing = this.failure === 'none' ? 'none' : `${this.failure} ${calls}`;
    return this.slowMs > 0 ? `${failing}, ${this.slowMs} ms slow` : failing;
  }
}

/** The buttons `slow` and `fail`. */
export function troubleCommands(trouble: Trouble): { readonly slow: SandboxCommand; readonly fail: SandboxCommand } {
  return { slow: slow(trouble), fail: fail(trouble) };
}

function slow(trouble: Trouble): SandboxCommand {
  return command({
    title: 'Slow down',
    input: {
      type: 'object',
      properties: {
        milliseconds: { type: 'integer', title: 'Milliseconds per call', default: 2000, minimum: 0, maximum: 120_000 },
      },
    },
    async run({ milliseconds = 2000 }) {
      trouble.slowMs = milliseconds;
      return { message: milliseconds > 0 ? `Every call takes ${milliseconds} ms longer.` : 'As fast as before.' };
    },
  });
}

function fail(trouble: Trouble): SandboxCommand {
  const { names } = trouble;
  const usual = names.includes('500') ? '500' : (names[1] ?? 'none');
  const count = { description: '0: until switched off.', default: 0, minimum: 0, maximum: 100_000 } as const;
  return command({
    title: 'Make calls fail',
    input: {
      type: 'object',
      properties: {
        how: { type: 'string', title: 'How', enum: names, default: usual },
        calls: { type: 'integer', title: 'How many calls', ...count },
      },
    },
    async run({ how = usual, calls = 0 }) {
      trouble.fail(how, calls > 0 ? calls : undefined);
      return { message: how === 'none' ? 'Calls are answered again.' : `Failing: ${trouble.words}.` };
    },
  });
}
