import type { SandboxEnv, SandboxRequest, SandboxResponse } from '../sandbox.ts';

const MOST_LINES = 200;

/** What the panel shows of calls and webhooks, the latest first. */
export class CallLog {
  readonly lines: { at: string; line: string }[] = [];
  readonly #env: Pick<SandboxEnv, 'now'>;

  constructor(env: Pick<SandboxEnv, 'now'>) {
    this.#env = env;
  }

  note(line: string): void {
    this.lines.unshift({ at: this.#env.now().toISOString(), line });
    if (this.lines.length > MOST_LINES) this.lines.pop();
  }

  /** Notes a call and hands its answer on. */
  answered(req: Pick<SandboxRequest, 'method' | 'path'>, response: SandboxResponse): SandboxResponse {
    this.note(`${req.method} ${req.path} → ${response.hangUp ? 'hung up' : response.status}`);
    return response;
  }
}
