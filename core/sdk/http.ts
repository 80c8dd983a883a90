/** A value of a query string or a form; `undefined` leaves the parameter out, a list repeats it. */
export type QueryValue = string | number | boolean | undefined | readonly string[];

/** What a call may carry; `json` and `form` exclude each other. */
export interface HttpOptions {
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as `application/json`. */
  readonly json?: unknown;
  /** Sent as `application/x-www-form-urlencoded`; values as those of `query`. */
  readonly form?: Readonly<Record<string, QueryValue>>;
  /** May the call be repeated after an unclear failure? Default: true for GET, HEAD, PUT and DELETE. */
  readonly idempotent?: boolean;
  /**
   * Another token of the provider's to call with (a page's, a sub-account's) in place of the connection's. Never logged. Its
   * refusal renews nothing: it is `Rejected` with the code `INVALID_CREDENTIALS` unless `explain` says otherwise.
   */
  readonly token?: string;
  /** Total time for the call with its retries, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
}

/** An answer of the provider with a 2xx status. */
export interface Reply<T = unknown> {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, or the text where the answer is not JSON. */
  readonly data: T;
}

/**
 * The one way out. Adds the credential, renews it once on 401, keeps the account's rate budget, honours `Retry-After`,
 * times out, refuses hosts the manifest does not declare. Paths are relative to the manifest's `baseUrl`.
 * Resolves for 2xx only; throws `Rejected` (other 4xx), `NotFound` (404, 410), `ReconnectNeeded` (401), or `TryLater`
 * (429, 5xx, network, deadline). `T` is what the provider documents; check what matters before trusting it.
 */
export interface Http {
  get<T = unknown>(url: string, options?: HttpOptions): Promise<Reply<T>>;
  post<T = unknown>(url: string, options?: HttpOptions): Promise<Reply<T>>;
  put<T = unknown>(url: string, options?: HttpOptions): Promise<Reply<T>>;
  patch<T = unknown>(url: string, options?: HttpOptions): Promise<Reply<T>>;
  delete<T = unknown>(url: string, options?: HttpOptions): Promise<Reply<T>>;
}
