import type { Form } from './form.ts';

/** What a simulator may use of the hub. */
export interface SandboxEnv {
  /** Where the simulator is reached for one of its hosts: `…/sandbox/acme/api/api.example.com`. */
  urlOf(host: string): string;
  /** Delivers a webhook over HTTP to the hub's `/webhooks/<plugin>` + `path`; resolves with the status it got, 0 for none. */
  deliver(path: string, headers: Readonly<Record<string, string>>, body: string | Uint8Array): Promise<number>;
  /**
   * Asks the hub's `/webhooks/<plugin>` + `path` by GET, as providers do that check an address before they keep it. The
   * status is 0 when nothing answers.
   */
  ask(path: string): Promise<{ readonly status: number; readonly body: string }>;
  /** What was last saved, or undefined; so that a restart of the hub breaks no demo connection. */
  load(): unknown;
  /** Keeps `state` (plain JSON) soon after. */
  save(state: unknown): void;
  now(): Date;
}

/** A request to the simulated provider. */
export interface SandboxRequest {
  readonly method: string;
  /** The provider's host it was meant for. */
  readonly host: string;
  /** Path as the provider would see it, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

/** What the simulated provider answers. */
export interface SandboxResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  /** Break the connection instead of answering. */
  readonly hangUp?: true;
}

/** A button (with a small form) on the simulator's panel. */
export interface SandboxCommand {
  readonly title: string;
  readonly description?: string;
  readonly input: Form;
  /** Answers with a sentence that says what happened, and values a script may need. */
  run(input: Readonly<Record<string, unknown>>): Promise<{ readonly message: string; readonly [key: string]: unknown }>;
}

/** What a person sees of the simulator. */
export interface SandboxPanel {
  /** Fixed demo credentials a person (or script) may use: field → value. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Facts shown as a table: `{ contacts: 3412 }`. */
  readonly facts: Readonly<Record<string, string | number>>;
  /** Latest first: webhooks sent and requests answered. */
  readonly log: readonly { readonly at: string; readonly line: string }[];
}

/** A running simulator. */
export interface SandboxInstance {
  handle(req: SandboxRequest): Promise<SandboxResponse>;
  panel(): SandboxPanel;
  readonly commands: Readonly<Record<string, SandboxCommand>>;
  close?(): Promise<void>;
}

/** What the checker and the contract suite use on a fresh simulator. */
export interface SandboxDemo {
  /** The manual fields as a store owner would fill them in. Default: the panel's credentials. */
  readonly credentials?: Readonly<Record<string, string>>;
  /** Tokens a fresh simulator takes as they are, and what it answered beside them. */
  readonly oauth?: {
    readonly accessToken: string;
    readonly refreshToken?: string;
    readonly grant: Readonly<Record<string, unknown>>;
  };
  /** Settings over the form's defaults under which streams, actions and the webhook work. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** The command after which it sends a webhook. Default: the first one that does. */
  readonly webhook?: { readonly command: string; readonly input?: Readonly<Record<string, unknown>> };
  /** An input the simulator takes, for each action that needs one to succeed. */
  readonly actions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What a plugin folder's `sandbox.ts` exports by default: a simulator written from the provider's documentation. */
export interface Sandbox {
  /** Provider hosts it answers for. */
  readonly hosts: readonly string[];
  /** Values for the manifest's `app` fields while the sandbox is on; the operator's own win. */
  readonly app: Readonly<Record<string, string>>;
  /** How to connect to it without a person at the consent page. */
  readonly demo?: SandboxDemo;
  create(env: SandboxEnv): SandboxInstance;
}

/** Declares a simulator: `export default defineSandbox({ hosts, app, create })`. */
export function defineSandbox(sandbox: Sandbox): Sandbox {
  return sandbox;
}
