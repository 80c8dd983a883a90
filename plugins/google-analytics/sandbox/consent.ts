import type { SandboxRequest, SandboxResponse } from 'patchbay';
import { type Authorization, authorizationOf, consentError, consentPage } from 'patchbay/simulator';
import { DEMO_CLIENT_ID, HOSTS, LOGINS, loginOf, SCOPE_WORDS, SCOPES } from './demo.ts';
import type { OAuthDesk } from './token-endpoint.ts';

/** accounts.google.com: the page on which a person chooses an account, ticks what is allowed, and goes on or not. */
export function consent(req: SandboxRequest, desk: OAuthDesk): SandboxResponse {
  if (req.path !== '/o/oauth2/v2/auth') return blocked(404, 'not_found', 'There is no such page.');
  const asked = authorizationOf(req);
  const { redirectUri, scopes } = asked;
  if (asked.clientId !== DEMO_CLIENT_ID) return blocked(401, 'invalid_client', 'The OAuth client was not found.');
  if (!redirectUri) return blocked(400, 'redirect_uri_mismatch', 'The redirect URI is missing or no absolute web address.');
  if (asked.responseType !== 'code') return blocked(400, 'invalid_request', 'Invalid value for response_type.');
  if (scopes.length === 0 || scopes.some((scope) => !(scope in SCOPE_WORDS)))
    return blocked(400, 'invalid_scope', 'Some requested scopes were invalid.');
  if (asked.challenge && req.query.get('code_challenge_method') !== 'S256')
    return blocked(400, 'invalid_request', 'Only S256 is supported here.');
  if (req.method === 'GET') return chooser(scopes);
  return decide(req.query, { ...asked, redirectUri }, desk);
}

function decide(
  query: URLSearchParams,
  { redirectUri, scopes, challenge, form, decision, back }: Authorization & { readonly redirectUri: string },
  { codes, tokens, now }: OAuthDesk,
): SandboxResponse {
  if (decision === 'deny') return back({ error: 'access_denied' }, 302);
  const login = loginOf(form.get('login') ?? undefined);
  if (decision !== 'allow' || !login) return chooser(scopes, 'Choose an account first.');
  const ticked = [SCOPES.openid, SCOPES.email, ...form.getAll('scope')];
  const granted = scopes.filter((scope) => ticked.includes(scope));
  const consented = tokens.living.some(({ subject, refresh }) => subject === login.sub && refresh !== undefined);
  const isAsked = (query.get('prompt') ?? '').split(' ').includes('consent') || !consented;
  const offline = query.get('access_type') === 'offline' && isAsked;
  const code = codes.issue({ sub: login.sub, scopes: granted, offline }, { redirectUri, challenge, now, prefix: '4/0' });
  return back({ iss: `https://${HOSTS.consent}`, code, scope: granted.join(' '), authuser: '0', prompt: 'consent' }, 302);
}

function blocked(status: number, code: string, sentence: string): SandboxResponse {
  const heading = 'Access blocked: Authorization Error';
  return consentError(status, { provider: 'Google', heading, sentences: [sentence, `Error ${status}: ${code}`] });
}

/** Google lets people untick each scope but those of the sign-in itself. */
function chooser(scopes: readonly string[], again?: string): SandboxResponse {
  const open = scopes.filter((scope) => scope !== SCOPES.openid && scope !== SCOPES.email);
  const logins = LOGINS.map(({ sub, email, about }) => ({ value: sub, title: email, about }));
  return consentPage({
    provider: 'Google',
    heading: 'Sandbox app wants access to your Google Account',
    fault: again,
    lists: [
      { legend: 'Choose an account', name: 'login', type: 'radio', choices: logins },
      {
        legend: 'Select what Sandbox app can access',
        name: 'scope',
        type: 'checkbox',
        choices: open.map((scope) => ({ value: scope, title: SCOPE_WORDS[scope] ?? scope })),
      },
    ],
    allow: 'Continue',
    deny: 'Cancel',
  });
}
