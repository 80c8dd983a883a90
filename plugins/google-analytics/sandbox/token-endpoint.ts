import { type SandboxRequest, type SandboxResponse, sameText } from 'patchbay';
import { type AuthorizationCodes, type IssuedTokens, oauthError, type TokenStore } from 'patchbay/simulator';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET } from './demo.ts';

export const ACCESS_SECONDS = 3599;

/** What a person allowed. */
export interface Allowed {
  readonly sub: string;
  readonly scopes: readonly string[];
  readonly offline: boolean;
}

/** What consent page and token endpoint need of the simulator around them. */
export interface OAuthDesk {
  readonly codes: AuthorizationCodes<Allowed>;
  readonly tokens: TokenStore;
  /** Milliseconds. */
  readonly now: number;
}

/** oauth2.googleapis.com: `/token` and `/revoke`, form bodies both. */
export function oauthHost(req: SandboxRequest, desk: OAuthDesk): SandboxResponse {
  if (req.method !== 'POST') return oauthError(405, 'invalid_request', 'Only POST is supported.');
  const form = Object.fromEntries(new URLSearchParams(req.body));
  if (req.path === '/revoke') return revoke(form['token'] ?? req.query.get('token') ?? '', desk.tokens);
  if (req.path !== '/token') return oauthError(404, 'invalid_request', 'Not found.');
  return token(form, desk);
}

type Form = Readonly<Record<string, string>>;

function token(form: Form, desk: OAuthDesk): SandboxResponse {
  if (!sameText(form['client_id'], DEMO_CLIENT_ID)) return oauthError(401, 'invalid_client', 'The OAuth client was not found.');
  if (!sameText(form['client_secret'], DEMO_CLIENT_SECRET)) return oauthError(401, 'invalid_client', 'Unauthorized');
  if (form['grant_type'] === 'authorization_code') return redeem(form, desk);
  if (form['grant_type'] !== 'refresh_token') {
    return oauthError(400, 'unsupported_grant_type', `Invalid grant_type: ${form['grant_type'] ?? ''}`);
  }
  const issued = desk.tokens.renew(form['refresh_token'] ?? '', desk.now);
  if (typeof issued !== 'string') return answer(issued);
  return oauthError(400, 'invalid_grant', 'Token has been expired or revoked.');
}

const CODE_FAULTS = {
  unknown: 'Malformed auth code.',
  used: 'Malformed auth code.',
  expired: 'Malformed auth code.',
  redirect_uri: 'Bad Request',
  code_verifier: 'Invalid code verifier.',
} as const;

function redeem(form: Form, { codes, tokens, now }: OAuthDesk): SandboxResponse {
  const { code = '', redirect_uri: redirectUri = '', code_verifier: verifier } = form;
  const { given, fault } = codes.redeem(code, { redirectUri, verifier, now });
  if (fault === 'code_verifier' && !verifier) return oauthError(400, 'invalid_grant', 'Missing code verifier.');
  if (fault || !given) return oauthError(400, 'invalid_grant', CODE_FAULTS[fault ?? 'unknown']);
  return answer(tokens.open({ subject: given.sub, scopes: given.scopes, refreshable: given.offline }, now));
}

/** A renewal brings no new refresh token: the old one stays good. */
function answer({ accessToken, refreshToken, grant }: IssuedTokens): SandboxResponse {
  return {
    status: 200,
    headers: { 'cache-control': 'no-cache, no-store, max-age=0, must-revalidate' },
    body: {
      access_token: accessToken,
      expires_in: ACCESS_SECONDS,
      ...(refreshToken && { refresh_token: refreshToken }),
      scope: grant.scopes.join(' '),
      token_type: 'Bearer',
    },
  };
}

/** Handing back any token ends every grant of that person. */
function revoke(given: string, tokens: TokenStore): SandboxResponse {
  const owner = tokens.find(given)?.subject;
  if (owner === undefined) return oauthError(400, 'invalid_token', 'Token expired or revoked');
  tokens.revoke(({ subject }) => subject === owner);
  return { status: 200, body: {} };
}
