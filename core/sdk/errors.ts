const BRAND = Symbol.for('patchbay.hub-error');

/**
 * What the hub does about a failure. Compare `consequence` (or use {@link hubError}), never `instanceof`:
 * a plugin's errors may come from another realm.
 * - `rejected`: tell the caller, never retry
 * - `not-found`: the same, for something that is not there (any more)
 * - `reconnect-needed`: flag the integration, stop its jobs, ask the owner to connect again
 * - `try-later`: back off and retry
 * - `plugin-fault`: a mistake in the plugin; counted on its card
 */
export type Consequence = 'rejected' | 'not-found' | 'reconnect-needed' | 'try-later' | 'plugin-fault';

/** The codes of API problems. */
export type ErrorCode =
  | 'INVALID_CREDENTIALS'
  | 'CONNECTION_FAILED'
  | 'RATE_LIMIT_EXCEEDED'
  | 'WEBHOOK_SIGNATURE_INVALID'
  | 'INTEGRATION_NOT_ACTIVE'
  | 'CONFIG_SCHEMA_INVALID'
  | 'RECONNECT_NEEDED'
  | 'PLUGIN_UNAVAILABLE'
  | 'NOT_FOUND'
  | 'FORBIDDEN'
  | 'CONFLICT'
  | 'VALIDATION_FAILED'
  | 'INTERNAL';

/** One field at fault: `pointer` is a JSON pointer into the caller's body (`/fields/locationId`). */
export interface FieldFault {
  readonly pointer: string;
  readonly message: string;
}

/** What an error may say beside its message. */
export interface HubErrorOptions {
  /** For the log only; never shown. */
  readonly cause?: unknown;
  readonly code?: ErrorCode;
  readonly fields?: readonly FieldFault[];
  /** `try-later` only: seconds to wait before the next attempt. */
  readonly afterSeconds?: number;
}

/** Base of every error the hub acts on. `message` is shown to people: what failed, for what, what to do; no secrets. */
export class HubError extends Error {
  readonly [BRAND] = true;
  readonly consequence: Consequence;
  readonly code: ErrorCode;
  readonly fields: readonly FieldFault[] | undefined;
  readonly afterSeconds: number | undefined;

  constructor(consequence: Consequence, code: ErrorCode, message: string, options: HubErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.consequence = consequence;
    this.code = options.code ?? code;
    this.fields = options.fields;
    this.afterSeconds = options.afterSeconds;
  }
}

/** The caller must change something; the same call will fail again. Default code `VALIDATION_FAILED`. */
export class Rejected extends HubError {
  override readonly name = 'Rejected';
  constructor(message: string, options?: HubErrorOptions) {
    super('rejected', 'VALIDATION_FAILED', message, options);
  }
}

/** What was asked for does not exist (any more). */
export class NotFound extends HubError {
  override readonly name = 'NotFound';
  constructor(message: string, options?: HubErrorOptions) {
    super('not-found', 'NOT_FOUND', message, options);
  }
}

/** The credential no longer opens the account; only a person can mend it. */
export class ReconnectNeeded extends HubError {
  override readonly name = 'ReconnectNeeded';
  constructor(message: string, options?: HubErrorOptions) {
    super('reconnect-needed', 'RECONNECT_NEEDED', message, options);
  }
}

/** The provider is busy or away; the same call may succeed later. Default code `CONNECTION_FAILED`. */
export class TryLater extends HubError {
  override readonly name = 'TryLater';
  constructor(message: string, options?: HubErrorOptions) {
    super('try-later', 'CONNECTION_FAILED', message, options);
  }
}

/** Anything else a plugin throws ends up wrapped in one of these, with the plugin's name. */
export class PluginFault extends HubError {
  override readonly name = 'PluginFault';
  constructor(message: string, options?: HubErrorOptions) {
    super('plugin-fault', 'INTERNAL', message, options);
  }
}

/** The value as a {@link HubError}, whichever realm threw it; `undefined` for anything else. */
export function hubError(value: unknown): HubError | undefined {
  return typeof value === 'object' && value !== null && BRAND in value ? (value as HubError) : undefined;
}
