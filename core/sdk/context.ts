import type { Account } from './account.ts';
import type { Http } from './http.ts';

/** Logs under the plugin's and integration's name; secrets are redacted. */
export interface PluginLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** What a handler gets before the account is known. */
export interface Link {
  readonly http: Http;
  readonly log: PluginLog;
  /** Aborts when the caller gives up, the hub stops, or the deadline passes. */
  readonly signal: AbortSignal;
  readonly method: 'oauth' | 'manual';
}

/** What a handler gets afterwards; `C` is the type of the manifest's `config` form. */
export interface Ctx<C = unknown> extends Link {
  readonly account: Account;
  readonly config: C;
  /**
   * Where the provider reports changes of this connection, as `subscribe` gets it: for calls that name their own call-back.
   * Undefined without a `webhook`, and in the `test` before anything is kept.
   */
  readonly webhookUrl?: string;
}
