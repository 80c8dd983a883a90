/** A call about to go out, for `authorize`. */
export interface Outgoing {
  readonly method: 'oauth' | 'manual';
  /** Where it goes. */
  readonly host: string;
  readonly path: string;
  /** OAuth: `accessToken`. Manual: every field of the form, secret or not. The `token` of a call is `accessToken` in both. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The operator's `app` fields. */
  readonly app: Readonly<Record<string, string>>;
}

/** How a call shows who it is from. Values are never logged. */
export interface Authorization {
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
}

/** What `refresh` gives back; without a refresh token the one before stays. */
export interface OAuthTokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly expiresInSeconds?: number;
}
