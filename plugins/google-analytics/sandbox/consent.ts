import type { SandboxRequest, SandboxResponse } from 'patchbay';
import { consentPage, faultPage } from './consent-page.ts';
import { DEMO_CLIENT_ID, HOSTS, loginOf, SCOPE_WORDS, SCOPES } from './demo.ts';
import type { Tokens } from './tokens.ts';

/** accounts.google.com: the page on which a person chooses an account, ticks what is allowed, and goes on or not. */
export function consent(req: SandboxRequest, tokens: Tokens, now: number): SandboxResponse {
  const { query } = req;
  if (req.path !== '/o/oauth2/v2/auth') return page(404, faultPage('404', 'There is no such page.'));
  if (query.get('client_id') !== DEMO_CLIENT_ID)
    return page(401, faultPage('401: invalid_client', 'The OAuth client was not found.'));
  const redirectUri = usable(query.get('redirect_uri'));
  if (!redirectUri)
    return page(400, faultPage('400: redirect_uri_mismatch', 'The redirect URI is missing or no absolute web address.'));
  if (query.get('response_type') !== 'code')
    return page(400, faultPage('400: invalid_request', 'Invalid value for response_type.'));
  const scopes = (query.get('scope') ?? '').split(/\s+/).filter(Boolean);
  if (scopes.length === 0 || scopes.some((scope) => !(scope in SCOPE_WORDS)))
    return page(400, faultPage('400: invalid_scope', 'Some requested scopes were invalid.'));
  if (query.get('code_challenge') && query.get('code_challenge_method') !== 'S256')
    return page(400, faultPage('400: invalid_request', 'Only S256 is supported here.'));
  if (req.method === 'GET') return page(200, consentPage(scopes));
  return decide(req, { scopes, redirectUri, tokens, now });
}

interface Asked {
  readonly scopes: readonly string[];
  readonly redirectUri: string;
  readonly tokens: Tokens;
  readonly now: number;
}

function decide({ query, body }: SandboxRequest, { scopes, redirectUri, tokens, now }: Asked): SandboxResponse {
  const form = new URLSearchParams(body);
  const back = (params: Record<string, string>) => redirect(redirectUri, params, query.get('state'));
  if (form.get('decision') === 'deny') return back({ error: 'access_denied' });
  const login = loginOf(form.get('login') ?? undefined);
  if (form.get('decision') !== 'allow' || !login) return page(422, consentPage(scopes, 'Choose an account first.'));
  const ticked = [SCOPES.openid, SCOPES.email, ...form.getAll('scope')];
  const granted = scopes.filter((scope) => ticked.includes(scope));
  const asked = (query.get('prompt') ?? '').split(' ').includes('consent') || !tokens.hasConsented(login.sub);
  const offline = query.get('access_type') === 'offline' && asked;
  const challenge = query.get('code_challenge') ?? undefined;
  const code = tokens.newCode({ redirectUri, sub: login.sub, scopes: granted, challenge, offline }, now);
  return back({ iss: `https://${HOSTS.consent}`, code, scope: granted.join(' '), authuser: '0', prompt: 'consent' });
}

function usable(value: string | null): string | undefined {
  if (!value || !URL.canParse(value)) return undefined;
  const url = new URL(value);
  return /^https?:$/.test(url.protocol) && url.hash === '' ? value : undefined;
}

function redirect(to: string, params: Record<string, string>, state: string | null): SandboxResponse {
  const url = new URL(to);
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
  if (state !== null) url.searchParams.set('state', state);
  return { status: 302, headers: { location: url.href } };
}

function page(status: number, html: string): SandboxResponse {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }, body: html };
}
