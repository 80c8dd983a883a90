import { type SandboxRequest, type SandboxResponse, sameText } from 'patchbay';
import { type AuthorizationCodes, type IssuedTokens, jsonBody, oauthError, type TokenStore } from 'patchbay/simulator';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_COMPANY_ID } from './demo.ts';

export const ACCESS_SECONDS = 86_399;

/** What a person allowed; whoever shows its code again ends the grant that came of it. */
export interface Allowed {
  readonly location: string;
  readonly scopes: readonly string[];
  grant?: string;
}

/** What the endpoint needs of the simulator around it. */
export interface TokenDesk {
  readonly codes: AuthorizationCodes<Allowed>;
  readonly tokens: TokenStore;
  /** Milliseconds. */
  readonly now: number;
}

/** `POST /oauth/token`: form or JSON, the client named in the body. */
export function tokenEndpoint(req: SandboxRequest, desk: TokenDesk): SandboxResponse {
  const body = readBody(req);
  if (!body) return oauthError(400, 'invalid_request', 'The body must be a form or JSON object');
  if (!sameText(body['client_id'], DEMO_CLIENT_ID) || !sameText(body['client_secret'], DEMO_CLIENT_SECRET)) {
    return oauthError(401, 'invalid_client', 'Client authentication failed: client id or client secret is invalid');
  }
  const type = body['user_type'] ?? 'Location';
  if (type !== 'Location') return oauthError(400, 'invalid_request', 'The sandbox issues tokens for locations only');
  if (body['grant_type'] === 'authorization_code') return redeem(body, desk);
  if (body['grant_type'] === 'refresh_token') {
    const issued = desk.tokens.renew(body['refresh_token'] ?? '', desk.now);
    if (typeof issued !== 'string') return answer(issued);
    return invalidGrant(`refresh token ${issued === 'used' ? 'has already been used' : 'is invalid'}`);
  }
  return oauthError(400, 'unsupported_grant_type', 'Unsupported grant type: `grant_type` is invalid');
}

function readBody(req: SandboxRequest): Readonly<Record<string, string>> | undefined {
  if (!req.headers['content-type']?.includes('json')) return Object.fromEntries(new URLSearchParams(req.body));
  const entries = Object.entries(jsonBody(req) ?? {});
  return Object.fromEntries(entries.filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

const CODE_FAULTS = {
  unknown: 'authorization code is invalid',
  used: 'authorization code has already been used',
  expired: 'authorization code has expired',
  redirect_uri: '`redirect_uri` does not match',
  code_verifier: '`code_verifier` does not match',
} as const;

function redeem(body: Readonly<Record<string, string>>, { codes, tokens, now }: TokenDesk): SandboxResponse {
  const { code = '', redirect_uri: redirectUri = '' } = body;
  const { given, fault } = codes.redeem(code, { redirectUri, now });
  if (fault === 'used') tokens.revoke(({ id }) => id === given?.grant);
  if (fault || !given) return invalidGrant(CODE_FAULTS[fault ?? 'unknown']);
  const issued = tokens.open({ subject: given.location, scopes: given.scopes, refreshable: true }, now);
  given.grant = issued.grant.id;
  return answer(issued);
}

function answer({ accessToken, refreshToken, grant }: IssuedTokens): SandboxResponse {
  return {
    status: 200,
    headers: { 'cache-control': 'no-store' },
    body: {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: ACCESS_SECONDS,
      refresh_token: refreshToken,
      scope: grant.scopes.join(' '),
      userType: 'Location',
      companyId: DEMO_COMPANY_ID,
      locationId: grant.subject,
      userId: 'DemoUser000000000001',
      isBulkInstallation: false,
      traceId: crypto.randomUUID(),
    },
  };
}

function invalidGrant(why: string): SandboxResponse {
  return oauthError(400, 'invalid_grant', `Invalid grant: ${why}`);
}
