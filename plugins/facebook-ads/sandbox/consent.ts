import type { SandboxRequest, SandboxResponse } from 'patchbay';
import { authorizationOf, consentError, consentPage } from 'patchbay/simulator';
import { ACCOUNTS, DEMO_APP_ID, PAGES, PEOPLE, type Person, SCOPES } from './demo.ts';
import type { Tokens } from './tokens.ts';

/** The login dialog: a person may untick single permissions and still be let in. */
export function consent(req: SandboxRequest, tokens: Tokens, now: number): SandboxResponse {
  if (!/^\/(v\d+\.\d+\/)?dialog\/oauth$/.test(req.path)) return fault(404, 'There is no such page.');
  const asked = authorizationOf(req);
  const { redirectUri, form } = asked;
  // A configuration names the permissions in place of the address; the simulated one asks for all.
  const scopes = asked.scopes.length === 0 && req.query.get('config_id') ? [...SCOPES] : asked.scopes;
  if (asked.clientId !== DEMO_APP_ID) return fault(400, 'Invalid App ID: the app is not known.');
  if (!redirectUri) return fault(400, 'URL blocked: the redirect URI is missing or not an absolute web address.');
  const unknown = scopes.filter((scope) => !(SCOPES as readonly string[]).includes(scope));
  if (unknown.length > 0) return fault(400, 'Invalid Scopes: the app asks for a permission that does not exist.');
  if (req.method === 'GET') return dialog(scopes);
  if (req.method !== 'POST') return fault(405, 'This page is opened or sent, nothing else.');
  if (asked.decision === 'deny') {
    return asked.back({
      error: 'access_denied',
      error_code: '200',
      error_description: 'Permissions error',
      error_reason: 'user_denied',
    });
  }
  const person = PEOPLE.find(({ id }) => id === form.get('person'));
  if (asked.decision !== 'allow' || !person) return dialog(scopes, 'Choose a login first.');
  const allowed = scopes.filter((scope) => form.getAll('scope').includes(scope));
  return asked.back({ code: tokens.newCode({ user: person.id, redirectUri, scopes: allowed, now }) });
}

function fault(status: number, sentence: string): SandboxResponse {
  return consentError(status, { provider: 'Facebook', sentences: [sentence] });
}

function dialog(scopes: readonly string[], again?: string): SandboxResponse {
  const people = PEOPLE.map((person) => ({ value: person.id, title: person.name, about: reach(person) }));
  const permissions = scopes.map((scope) => ({ value: scope, title: scope }));
  return consentPage({
    provider: 'Facebook',
    heading: 'Continue as',
    lead: 'Sandbox app asks for access to ad accounts and pages.',
    fault: again,
    lists: [
      { legend: 'Login', name: 'person', type: 'radio', choices: people },
      {
        legend: 'Permissions',
        name: 'scope',
        type: 'checkbox',
        choices: permissions,
        folded: `Choose what it may do (${scopes.length})`,
      },
    ],
    deny: 'Not now',
  });
}

function reach(person: Person): string {
  const names = (ids: readonly string[], list: readonly { id: string; name: string }[]) =>
    list.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
  const accounts = names(person.accounts, ACCOUNTS);
  return `Ad accounts: ${accounts.join(', ')}. Pages: ${names(person.pages, PAGES).join(', ')}.`;
}
