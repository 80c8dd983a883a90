import type { SandboxRequest, SandboxResponse } from 'patchbay';
import { accountPage, faultPage } from './consent-page.ts';
import { accountOf, DEMO_CLIENT_ID } from './demo.ts';
import type { Tokens } from './tokens.ts';

/** What the page needs of the simulator around it. */
export interface ConsentDesk {
  readonly tokens: Tokens;
  readonly now: number;
}

/** The page on which a person chooses an account and allows, or does not. */
export function consent(req: SandboxRequest, { tokens, now }: ConsentDesk): SandboxResponse {
  const { query } = req;
  if (query.get('client_id') !== DEMO_CLIENT_ID) return page(400, faultPage('The client_id of this app is not known.'));
  const redirectUri = usable(query.get('redirect_uri'));
  if (!redirectUri) return page(400, faultPage('The redirect_uri is missing, or not one this app may be sent back to.'));
  const back = (params: Record<string, string>) => redirect(redirectUri, params, query.get('state'));
  if (query.get('response_type') !== 'code') return back({ error: 'unsupported_response_type' });
  if (req.method === 'GET') return page(200, accountPage());
  if (req.method !== 'POST') return page(405, faultPage('This page is opened or sent, nothing else.'));
  const form = new URLSearchParams(req.body);
  if (form.get('decision') === 'deny') return back({ error: 'access_denied' });
  const account = accountOf(form.get('account'));
  if (form.get('decision') !== 'allow' || !account) return page(422, accountPage('Choose an account first.'));
  return back({ code: tokens.newCode({ redirectUri, account: account.id }, now) });
}

/** An address of this machine must be written `127.0.0.1`: `localhost` is refused. */
function usable(value: string | null): string | undefined {
  if (!value || !URL.canParse(value)) return undefined;
  const url = new URL(value);
  return /^https?:$/.test(url.protocol) && url.hostname !== 'localhost' && url.hash === '' ? value : undefined;
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
