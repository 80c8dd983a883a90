import type { SandboxRequest, SandboxResponse } from 'patchbay';
import { dialogPage, faultPage } from './consent-page.ts';
import { DEMO_APP_ID, PEOPLE, SCOPES } from './demo.ts';
import type { Tokens } from './tokens.ts';

/** The login dialog: a person may untick single permissions and still be let in. */
export function consent(req: SandboxRequest, tokens: Tokens, now: number): SandboxResponse {
  if (!/^\/(v\d+\.\d+\/)?dialog\/oauth$/.test(req.path)) return page(404, faultPage('There is no such page.'));
  const { query } = req;
  if (query.get('client_id') !== DEMO_APP_ID) return page(400, faultPage('Invalid App ID: the app is not known.'));
  const redirectUri = usable(query.get('redirect_uri'));
  if (!redirectUri) return page(400, faultPage('URL blocked: the redirect URI is missing or not an absolute web address.'));
  const scopes = (query.get('scope') ?? '').split(/[,\s]+/).filter(Boolean);
  const unknown = scopes.filter((scope) => !(SCOPES as readonly string[]).includes(scope));
  if (unknown.length > 0) return page(400, faultPage('Invalid Scopes: the app asks for a permission that does not exist.'));
  const back = (params: Record<string, string>) => redirect(redirectUri, params, query.get('state'));
  if (req.method === 'GET') return page(200, dialogPage(scopes));
  if (req.method !== 'POST') return page(405, faultPage('This page is opened or sent, nothing else.'));
  const form = new URLSearchParams(req.body);
  if (form.get('decision') === 'deny') {
    return back({
      error: 'access_denied',
      error_code: '200',
      error_description: 'Permissions error',
      error_reason: 'user_denied',
    });
  }
  const person = PEOPLE.find(({ id }) => id === form.get('person'));
  if (form.get('decision') !== 'allow' || !person) return page(422, dialogPage(scopes, 'Choose a login first.'));
  const allowed = scopes.filter((scope) => form.getAll('scope').includes(scope));
  return back({ code: tokens.newCode({ user: person.id, redirectUri, scopes: allowed, now }) });
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
  return { status: 303, headers: { location: url.href } };
}

function page(status: number, html: string): SandboxResponse {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }, body: html };
}
