import type { SandboxRequest, SandboxResponse } from 'patchbay';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET } from './demo.ts';
import type { Tokens } from './tokens.ts';

const TYPE = 'application/x-www-form-urlencoded';

/** Codes for tokens, the client named in the body; there is nothing to refresh. */
export function tokenEndpoint(req: SandboxRequest, tokens: Tokens, now: number): SandboxResponse {
  if (!req.headers['content-type']?.startsWith(TYPE)) return refused('invalid_request', `Expected ${TYPE}`);
  const form = new URLSearchParams(req.body);
  if (form.get('client_id') !== DEMO_CLIENT_ID || form.get('client_secret') !== DEMO_CLIENT_SECRET) {
    return refused('invalid_client', 'Invalid client: client_id and client_secret do not match', 401);
  }
  if (form.get('grant_type') !== 'authorization_code') {
    return refused('unsupported_grant_type', `${form.get('grant_type') ?? ''} is not an allowed grant type`);
  }
  const redeemed = tokens.redeem(form.get('code') ?? '', form.get('redirect_uri') ?? '', now);
  if (typeof redeemed === 'string') return refused('invalid_grant', redeemed);
  // 0 means that it does not expire.
  return { status: 200, body: { access_token: redeemed.token, expires_in: 0, scope: null } };
}

function refused(error: string, description: string, status = 400): SandboxResponse {
  return { status, body: { error, error_description: description } };
}
