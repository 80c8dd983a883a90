import type { PluginLog } from '../sdk/context.ts';
import type { Authorization, Outgoing } from '../sdk/credential.ts';
import type { HubError } from '../sdk/errors.ts';
import type { Reply } from '../sdk/http.ts';
import type { Priority } from './budget.ts';

/** What opens an account at a provider, by name: `accessToken`, or the fields of its keys. */
export type Secrets = Outgoing['secrets'];

/** A call that is to show who it is from. */
export interface Showing extends Pick<Outgoing, 'host' | 'path' | 'secrets'> {
  /** The call's own token, where it named one; it is among the `secrets` too. */
  readonly token: string | undefined;
}

/** The credential of a plugin's calls: what it is, and how it goes into each of them. */
export interface Access {
  /**
   * What opens the account just now, or for a call with a `token` of its own; undefined: calls go out bare. `refused` is
   * what the provider has just turned down: the same again says that there is nothing newer.
   */
  secrets(wanted: { readonly token?: string | undefined; readonly refused?: Secrets | undefined }): Promise<Secrets | undefined>;
  /** @throws HubError `rejected` for a key that cannot be right, `plugin-fault` for a plugin that breaks */
  authorize(showing: Showing): Promise<Authorization>;
  /** Which of its secrets nobody need see again: they are taken out of what the provider answers. */
  unseen?(secrets: Secrets): readonly string[];
}

/** For whom a plugin's `Http` speaks. */
export interface HttpFor {
  readonly plugin: string;
  /** What people call it in messages; default: the plugin's id. */
  readonly name?: string;
  /** Words no message may hold. */
  readonly never?: readonly string[] | undefined;
  readonly baseUrl: string;
  /** Declared besides the base URL's own; may begin with `*.`. */
  readonly hosts: readonly string[];
  /** Sent on every call. */
  readonly headers: Readonly<Record<string, string>>;
  /** `key` names the provider account whose budget it is. */
  readonly budget: {
    readonly key: string;
    readonly requests: number;
    readonly seconds: number;
    /** Calls under way at a time. */
    readonly concurrent: number;
  };
  readonly signal: AbortSignal;
  readonly log: Pick<PluginLog, 'debug'>;
  readonly access?: Access;
  /** Told of every value that shows who a call is from, before the call goes out. */
  readonly hide?: (values: readonly string[]) => void;
  readonly explain?: ((reply: Reply) => 'expired' | HubError | undefined) | undefined;
  /** Seconds the account should rest after an answer, whatever its status; does not throw. */
  readonly pace?: ((reply: Reply) => number | undefined) | undefined;
  readonly priority?: Priority;
}
