import { type SandboxRequest, type SandboxResponse, sameText } from 'patchbay';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET } from './demo.ts';
import { ACCESS_SECONDS, type Issued, type Tokens } from './tokens.ts';

/** oauth2.googleapis.com: `/token` and `/revoke`, form bodies both. */
export function oauthHost(req: SandboxRequest, tokens: Tokens, now: number): SandboxResponse {
  if (req.method !== 'POST') return refused(405, 'invalid_request', 'Only POST is supported.');
  const form = Object.fromEntries(new URLSearchParams(req.body));
  if (req.path === '/revoke') return revoke(form['token'] ?? req.query.get('token') ?? '', tokens);
  if (req.path !== '/token') return refused(404, 'invalid_request', 'Not found.');
  return token(form, tokens, now);
}

function token(form: Readonly<Record<string, string>>, tokens: Tokens, now: number): SandboxResponse {
  if (!sameText(form['client_id'], DEMO_CLIENT_ID)) return refused(401, 'invalid_client', 'The OAuth client was not found.');
  if (!sameText(form['client_secret'], DEMO_CLIENT_SECRET)) return refused(401, 'invalid_client', 'Unauthorized');
  if (form['grant_type'] === 'authorization_code') {
    const { code = '', redirect_uri: redirectUri = '', code_verifier: verifier } = form;
    const issued = tokens.redeem({ code, redirectUri, verifier }, now);
    return typeof issued === 'string' ? refused(400, 'invalid_grant', issued) : answer(issued);
  }
  if (form['grant_type'] !== 'refresh_token') {
    return refused(400, 'unsupported_grant_type', `Invalid grant_type: ${form['grant_type'] ?? ''}`);
  }
  const issued = tokens.refresh(form['refresh_token'] ?? '', now);
  return issued ? answer(issued) : refused(400, 'invalid_grant', 'Token has been expired or revoked.');
}

/** A renewal brings no new refresh token: the old one stays good. */
function answer({ accessToken, refreshToken, grant }: Issued): SandboxResponse {
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

function revoke(given: string, tokens: Tokens): SandboxResponse {
  return tokens.revoke(given) ? { status: 200, body: {} } : refused(400, 'invalid_token', 'Token expired or revoked');
}

function refused(status: number, error: string, description: string): SandboxResponse {
  return { status, headers: { 'cache-control': 'no-store' }, body: { error, error_description: description } };
}
