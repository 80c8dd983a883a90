import type { SandboxRequest, SandboxResponse } from 'patchbay';
import { chooserPage, faultPage } from './consent-page.ts';
import { DEMO_CLIENT_ID, placeOf } from './demo.ts';
import type { Tokens } from './tokens.ts';

const CHOOSER = ['/v2/oauth/chooselocation', '/oauth/chooselocation'];

/** What the page needs of the simulator around it. */
export interface ConsentDesk {
  readonly tokens: Tokens;
  readonly now: number;
  readonly knownScopes: readonly string[];
  installed(locationId: string): void;
}

/** The page on which a person chooses a location and allows, or does not. */
export function consent(req: SandboxRequest, desk: ConsentDesk): SandboxResponse {
  if (!CHOOSER.includes(req.path)) return page(404, faultPage('There is no such page.'));
  const { query } = req;
  if (query.get('client_id') !== DEMO_CLIENT_ID) return page(400, faultPage('No app with this client ID is known.'));
  const redirectUri = usable(query.get('redirect_uri'));
  if (!redirectUri) return page(400, faultPage('The redirect URI is missing or not an absolute web address.'));
  const back = (params: Record<string, string>) => redirect(redirectUri, params, query.get('state'));
  if (query.get('response_type') !== 'code') return back({ error: 'unsupported_response_type' });
  const scopes = (query.get('scope') ?? '').split(/[\s+]+/).filter(Boolean);
  if (scopes.length === 0 || scopes.some((scope) => !desk.knownScopes.includes(scope))) {
    return back({ error: 'invalid_scope', error_description: 'A requested scope is unknown' });
  }
  if (req.method === 'GET') return page(200, chooserPage(scopes));
  if (req.method !== 'POST') return { ...page(405, faultPage('This page is opened or sent, nothing else.')) };
  const form = new URLSearchParams(req.body);
  if (form.get('decision') === 'deny') {
    return back({ error: 'access_denied', error_description: 'The user denied the request' });
  }
  const place = placeOf(form.get('location') ?? undefined);
  if (form.get('decision') !== 'allow' || !place) return page(422, chooserPage(scopes, 'Choose a location first.'));
  const code = desk.tokens.newCode({ redirectUri, locationId: place.id, scopes }, desk.now);
  desk.installed(place.id);
  return back({ code });
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
