import type { SandboxRequest, SandboxResponse } from 'patchbay';
import { authorizationOf, consentError, consentPage } from 'patchbay/simulator';
import { ACCOUNTS, accountOf, DEMO_CLIENT_ID } from './demo.ts';
import type { OAuthDesk } from './token-endpoint.ts';

/** The page on which a person chooses an account and allows, or does not. */
export function consent(req: SandboxRequest, { codes, now }: Pick<OAuthDesk, 'codes' | 'now'>): SandboxResponse {
  const asked = authorizationOf(req);
  const { redirectUri } = asked;
  if (asked.clientId !== DEMO_CLIENT_ID) return fault(400, 'The client_id of this app is not known.');
  // An address of this machine must be written 127.0.0.1.
  if (!redirectUri || new URL(redirectUri).hostname === 'localhost')
    return fault(400, 'The redirect_uri is missing, or not one this app may be sent back to.');
  if (asked.responseType !== 'code') return asked.back({ error: 'unsupported_response_type' });
  if (req.method === 'GET') return chooser();
  if (req.method !== 'POST') return fault(405, 'This page is opened or sent, nothing else.');
  if (asked.decision === 'deny') return asked.back({ error: 'access_denied' });
  const account = accountOf(asked.form.get('account'));
  if (asked.decision !== 'allow' || !account) return chooser('Choose an account first.');
  return asked.back({ code: codes.issue(account.id, { redirectUri, now }) });
}

function fault(status: number, sentence: string): SandboxResponse {
  return consentError(status, { provider: 'Mailchimp', sentences: [sentence] });
}

function chooser(again?: string): SandboxResponse {
  const choices = ACCOUNTS.map(({ id, name, owner, dc }) => ({ value: id, title: name, about: `${owner}, ${dc}` }));
  return consentPage({
    provider: 'Mailchimp',
    heading: 'Choose an account',
    lead: 'The app “Sandbox app” asks for full access to one of your accounts.',
    fault: again,
    lists: [{ legend: 'Account', name: 'account', type: 'radio', choices }],
  });
}
