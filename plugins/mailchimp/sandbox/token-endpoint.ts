import type { SandboxRequest, SandboxResponse } from 'patchbay';
import { type AuthorizationCodes, oauthError, type TokenStore } from 'patchbay/simulator';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET } from './demo.ts';

const TYPE = 'application/x-www-form-urlencoded';

/** What consent page and token endpoint need of the simulator around them. */
export interface OAuthDesk {
  /** For which account they are. */
  readonly codes: AuthorizationCodes<string>;
  readonly tokens: TokenStore;
  /** Milliseconds. */
  readonly now: number;
}

const CODE_FAULTS = {
  unknown: 'code is unknown or was used',
  used: 'code is unknown or was used',
  expired: 'code has expired',
  redirect_uri: 'redirect_uri does not match',
  code_verifier: 'code_verifier does not match',
} as const;

/** Codes for tokens, the client named in the body; there is nothing to refresh. */
export function tokenEndpoint(req: SandboxRequest, { codes, tokens, now }: OAuthDesk): SandboxResponse {
  if (!req.headers['content-type']?.startsWith(TYPE)) return oauthError(400, 'invalid_request', `Expected ${TYPE}`);
  const form = new URLSearchParams(req.body);
  if (form.get('client_id') !== DEMO_CLIENT_ID || form.get('client_secret') !== DEMO_CLIENT_SECRET) {
    return oauthError(401, 'invalid_client', 'Invalid client: client_id and client_secret do not match');
  }
  if (form.get('grant_type') !== 'authorization_code') {
    return oauthError(400, 'unsupported_grant_type', `${form.get('grant_type') ?? ''} is not an allowed grant type`);
  }
  const { given, fault } = codes.redeem(form.get('code') ?? '', { redirectUri: form.get('redirect_uri') ?? '', now });
  if (fault || !given) return oauthError(400, 'invalid_grant', `invalid grant, ${CODE_FAULTS[fault ?? 'unknown']}`);
  const { accessToken } = tokens.open({ subject: given, scopes: [], refreshable: false }, now);
  // 0 means that it does not expire.
  return { status: 200, body: { access_token: accessToken, expires_in: 0, scope: null } };
}
