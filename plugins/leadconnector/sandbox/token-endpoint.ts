import type { SandboxRequest, SandboxResponse } from 'patchbay';
import { sameText } from 'patchbay';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_COMPANY_ID } from './demo.ts';
import type { Issued, Tokens } from './tokens.ts';

/** `POST /oauth/token`: form or JSON, the client named in the body. */
export function tokenEndpoint(req: SandboxRequest, tokens: Tokens, now: number): SandboxResponse {
  const body = readBody(req);
  if (!body) return refused(400, 'invalid_request', 'The body must be a form or JSON object');
  if (!sameText(body['client_id'], DEMO_CLIENT_ID) || !sameText(body['client_secret'], DEMO_CLIENT_SECRET)) {
    return refused(401, 'invalid_client', 'Client authentication failed: client id or client secret is invalid');
  }
  const type = body['user_type'] ?? 'Location';
  if (type !== 'Location') return refused(400, 'invalid_request', 'The sandbox issues tokens for locations only');
  if (body['grant_type'] === 'authorization_code') {
    return answer(tokens.redeem(body['code'] ?? '', body['redirect_uri'] ?? '', now));
  }
  if (body['grant_type'] === 'refresh_token') return answer(tokens.refresh(body['refresh_token'] ?? '', now));
  return refused(400, 'unsupported_grant_type', 'Unsupported grant type: `grant_type` is invalid');
}

function readBody(req: SandboxRequest): Readonly<Record<string, string>> | undefined {
  if (!req.headers['content-type']?.includes('json')) return Object.fromEntries(new URLSearchParams(req.body));
  try {
    const body: unknown = JSON.parse(req.body);
    if (typeof body !== 'object' || body === null) return undefined;
    return Object.fromEntries(Object.entries(body).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
  } catch {
    return undefined;
  }
}

function answer(result: Issued | string): SandboxResponse {
  if (typeof result === 'string') return refused(400, 'invalid_grant', result);
  const { family } = result;
  return {
    status: 200,
    headers: { 'cache-control': 'no-store' },
    body: {
      access_token: result.accessToken,
      token_type: 'Bearer',
      expires_in: result.expiresIn,
      refresh_token: result.refreshToken,
      scope: family.scopes.join(' '),
      userType: 'Location',
      companyId: DEMO_COMPANY_ID,
      locationId: family.locationId,
      userId: 'DemoUser000000000001',
      isBulkInstallation: false,
      traceId: crypto.randomUUID(),
    },
  };
}

function refused(status: number, error: string, description: string): SandboxResponse {
  return { status, headers: { 'cache-control': 'no-store' }, body: { error, error_description: description } };
}
