import { type SandboxRequest, type SandboxResponse, sameText } from 'patchbay';
import { ok, Refusal } from './answers.ts';
import { DEMO_APP_ID, DEMO_APP_SECRET, SCOPES } from './demo.ts';
import type { Tokens } from './tokens.ts';

/** `GET|POST /oauth/access_token`: a code for a short-lived token, or a living token for a long-lived one. */
export function tokenEndpoint(req: SandboxRequest, tokens: Tokens, now: number): SandboxResponse {
  const params = new URLSearchParams(req.method === 'GET' ? req.query : req.body);
  const given = (name: string) => params.get(name) ?? '';
  if (given('client_id') !== DEMO_APP_ID) {
    throw new Refusal({ code: 101, message: 'Error validating application. Cannot get application info due to a system error.' });
  }
  if (!sameText(given('client_secret'), DEMO_APP_SECRET)) {
    throw new Refusal({ code: 1, message: 'Error validating client secret.' });
  }
  if (given('grant_type') === 'fb_exchange_token') return ok(tokens.exchange(given('fb_exchange_token'), now));
  if (given('refresh_token')) throw new Refusal({ code: 100, message: 'Missing authorization code' });
  if (!given('code')) throw new Refusal({ code: 1, message: 'Missing authorization code' });
  return ok(tokens.redeem(given('code'), given('redirect_uri'), now));
}

/** `GET /debug_token`: what a token is, told to whoever holds the app's own token. */
export function debugToken(req: SandboxRequest, tokens: Tokens, now: number): SandboxResponse {
  if (!sameText(req.query.get('access_token') ?? '', `${DEMO_APP_ID}|${DEMO_APP_SECRET}`)) {
    throw new Refusal({ code: 190, message: 'Invalid OAuth access token signature.' });
  }
  const token = tokens.find(req.query.get('input_token') ?? '');
  if (!token) {
    const error = { code: 190, message: 'Malformed access token' };
    return ok({ data: { error, is_valid: false, scopes: [] } });
  }
  const living = !token.dead && (token.expires === 0 || token.expires > now);
  return ok({
    data: {
      app_id: DEMO_APP_ID,
      application: 'Sandbox app',
      type: token.kind === 'page' ? 'PAGE' : token.kind === 'system' ? 'SYSTEM_USER' : 'USER',
      is_valid: living,
      expires_at: Math.floor(token.expires / 1000),
      scopes: SCOPES.filter((scope) => tokens.granted(token.user).includes(scope)),
      user_id: token.user,
    },
  });
}
